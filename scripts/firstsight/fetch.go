package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"time"
)

// A fetcher keeps checkouts in a folder.
type fetcher struct {
	dir      string
	patience time.Duration // for each command
}

// checkout is the folder of the repository at its commit. It is cloned, without its history, unless it is
// there.
func (f fetcher) checkout(e entry) (string, error) {
	dir, err := filepath.Abs(filepath.Join(f.dir, path.Base(path.Dir(e.repository))+"__"+path.Base(e.repository)))
	if err != nil {
		return "", err
	}
	_, err = os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		err = f.clone(e, dir)
	}
	if err != nil {
		return "", err
	}
	if dir, err = filepath.EvalSymlinks(dir); err != nil { // as the go command names it
		return "", err
	}
	return dir, f.verify(e, dir)
}

// clone makes the checkout next to its place and moves it there when it is whole.
func (f fetcher) clone(e entry, dir string) error {
	if err := os.MkdirAll(f.dir, 0o777); err != nil {
		return err
	}
	part, err := os.MkdirTemp(f.dir, "part-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(part)
	for _, args := range [][]string{
		{"init", "-q"},
		{"fetch", "-q", "--depth", "1", "https://" + e.repository, e.commit},
		{"checkout", "-q", "--detach", "FETCH_HEAD"},
	} {
		if _, err := f.command(part, "git", args...); err != nil {
			return fmt.Errorf("cannot clone %s: %w\nclone it into %s by hand, or strike it from the batch", e.commit, err, dir)
		}
	}
	return os.Rename(part, dir)
}

// verify makes sure that the sources are those of the commit. The go command may have completed go.sum.
func (f fetcher) verify(e entry, dir string) error {
	if _, err := os.Stat(filepath.Join(dir, ".git")); err != nil {
		return fmt.Errorf("%s is no git checkout, so that its commit cannot be verified: move it away, and it will be cloned", dir)
	}
	head, err := f.command(dir, "git", "rev-parse", "HEAD")
	if err != nil {
		return fmt.Errorf("%s: %w", dir, err)
	}
	if head := strings.TrimSpace(head); head != e.commit {
		return fmt.Errorf("%s is at %s and not at %s: move it away, or check out that commit", dir, head, e.commit)
	}
	changed, err := f.command(dir, "git", "status", "--porcelain", "--", "*.go")
	if err != nil {
		return fmt.Errorf("%s: %w", dir, err)
	}
	if changed != "" {
		return fmt.Errorf("%s is not what the commit holds: move it away, or undo these changes:\n%s", dir, strings.TrimRight(changed, "\n"))
	}
	return nil
}

// environment is that for the go command in a module: alone, not as part of a workspace, and with a go.mod
// that may be completed unless all that it needs is in its folder vendor.
func environment(module string) []string {
	env := []string{"GOWORK=off"}
	if _, err := os.Stat(filepath.Join(module, "vendor", "modules.txt")); err != nil {
		env = append(env, "GOFLAGS="+strings.TrimSpace(os.Getenv("GOFLAGS")+" -mod=mod"))
	}
	return env
}

// command runs a command in a folder and returns what it prints.
func (f fetcher) command(dir, name string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), f.patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_TERMINAL_PROMPT=0")
	if name == "go" {
		cmd.Env = append(cmd.Env, environment(dir)...)
	}
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	cmd.WaitDelay = time.Second // what it started may hold its output open
	err := cmd.Run()
	if ctx.Err() != nil {
		return "", fmt.Errorf("%s %s took longer than %s; give more with -patience", name, args[0], f.patience)
	}
	if err != nil {
		return "", fmt.Errorf("%s %s: %w: %s", name, args[0], err, strings.TrimSpace(said.String()))
	}
	return out.String(), nil
}
