// Package plan turns the arguments of a command line into runs of the go command: packages and
// files are grouped by the workspace or module that they belong to, since one go command
// checks one of these.
package plan

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/poollint/poollint/cmd/poollint/internal/config"
)

// A Run is one go command.
type Run struct {
	Dir      string   // where it runs: the root of a workspace or module
	Patterns []string // the packages, as seen from Dir
	NoWork   bool     // the module stands outside the workspace around it
	Files    bool     // every pattern stands for files: a package that no build includes is no error
}

// Arguments plans the runs for the packages and files named, as seen from dir.
// An argument that names nothing is an error; the others are still planned.
func Arguments(dir string, args []string) ([]Run, []error) {
	p := planner{cwd: dir}
	for _, arg := range args {
		if err := p.add(arg); err != nil {
			p.errs = append(p.errs, err)
		}
	}
	for i := range p.runs {
		slices.Sort(p.runs[i].Patterns)
		p.runs[i].Patterns = slices.Compact(p.runs[i].Patterns)
	}
	return p.runs, p.errs
}

type planner struct {
	cwd  string
	runs []Run
	errs []error
}

func (p *planner) add(arg string) error {
	switch {
	case strings.HasSuffix(arg, ".go"):
		return p.addFile(arg)
	case arg == "":
		return errors.New(`an empty package pattern matches nothing: name a package, such as "."`)
	case !isLocal(arg):
		p.addPattern(arg)
		return nil
	}
	dir, all := strings.CutSuffix(arg, "...")
	if strings.Contains(dir, "...") { // ./a.../b: only the go command can say what it matches
		p.addPattern(arg)
		return nil
	}
	abs := p.abs(dir)
	info, err := os.Stat(abs)
	if err != nil || !info.IsDir() {
		if all && !strings.HasSuffix(dir, "/") && dir != "" { // ./pre...
			p.addPattern(arg)
			return nil
		}
		return fmt.Errorf("%s matches no packages: there is no folder %s", arg, abs)
	}
	switch root := config.Module(abs); {
	case root != "":
		p.addDir(root, abs, all, false)
		return nil
	case all:
		return p.addModulesBelow(arg, abs)
	default:
		return noModule(arg, abs)
	}
}

func noModule(arg, dir string) error {
	return fmt.Errorf("%s is not in a module: there is no go.mod in %s or above it; "+
		"create one with \"go mod init\", or name a folder inside a module", arg, dir)
}

// isLocal reports whether the go command would take arg as a path and not as an import path.
func isLocal(arg string) bool {
	return arg == "." || arg == ".." || filepath.IsAbs(arg) ||
		strings.HasPrefix(arg, "./") || strings.HasPrefix(arg, "../") ||
		strings.HasPrefix(arg, `.\`) || strings.HasPrefix(arg, `..\`)
}

func (p *planner) abs(path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(p.cwd, path)
}

// addPattern plans a pattern that only the go command understands: an import path, all, std.
func (p *planner) addPattern(pattern string) {
	root := config.Root(p.cwd)
	if root == "" || isLocal(pattern) {
		root = p.cwd
	}
	p.append(root, pattern, false, false)
}

// addFile plans the package of a file. Files that ./... would pass over are passed over here
// too: a list of changed files, as pre-commit gives it, also names testdata.
func (p *planner) addFile(arg string) error {
	abs := p.abs(arg)
	if info, err := os.Stat(abs); err != nil || info.IsDir() {
		return fmt.Errorf("there is no file %s", arg)
	}
	dir := filepath.Dir(abs)
	root := config.Module(dir)
	if root == "" {
		return noModule(arg, dir)
	}
	if rel, err := filepath.Rel(root, abs); err == nil && passedOver(rel) {
		return nil
	}
	p.addDir(root, dir, false, true)
	return nil
}

func passedOver(rel string) bool {
	elems := strings.Split(filepath.ToSlash(rel), "/")
	for i, e := range elems {
		if e[0] == '_' || e[0] == '.' || i < len(elems)-1 && (e == "testdata" || e == "vendor") {
			return true
		}
	}
	return false
}

// addDir plans a folder of the module at root.
func (p *planner) addDir(root, dir string, all, file bool) {
	at, noWork := root, false
	if work := config.Workspace(dir); work != "" {
		if uses(work, root) {
			at = filepath.Dir(work)
		} else {
			noWork = true
		}
	}
	rel, err := filepath.Rel(at, dir)
	if err != nil { // another volume
		rel = dir
	}
	pattern := filepath.ToSlash(rel)
	if pattern != "." && !strings.HasPrefix(pattern, "../") && !filepath.IsAbs(rel) {
		pattern = "./" + pattern
	}
	if all {
		pattern += "/..."
	}
	p.append(at, pattern, noWork, file)
}

func (p *planner) append(dir, pattern string, noWork, file bool) {
	for i := range p.runs {
		if r := &p.runs[i]; r.Dir == dir && r.NoWork == noWork && r.Files == file {
			r.Patterns = append(r.Patterns, pattern)
			return
		}
	}
	p.runs = append(p.runs, Run{dir, []string{pattern}, noWork, file})
}

// addModulesBelow plans every module under a folder that is in none itself: the root of a
// workspace, or of a repository with several modules.
func (p *planner) addModulesBelow(arg, dir string) error {
	work := config.Workspace(dir)
	found := false
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if !d.IsDir() {
			return nil
		}
		if rel, _ := filepath.Rel(dir, path); rel != "." && (passedOver(rel+"/x") || d.Name() == "node_modules") {
			return fs.SkipDir
		}
		if config.Module(path) == path && (work == "" || uses(work, path)) {
			found = true
			p.addDir(path, path, true, false)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("cannot look for modules: %v", err)
	}
	if !found {
		return noModule(arg, dir)
	}
	return nil
}

// uses reports whether a go.work file lists the module at root. A file that cannot be read or
// parsed is taken to list it: the go command will say what is wrong.
func uses(work, root string) bool {
	data, err := os.ReadFile(work)
	if err != nil {
		return true
	}
	f, err := modfile.ParseWork(work, data, nil)
	if err != nil {
		return true
	}
	return slices.ContainsFunc(f.Use, func(u *modfile.Use) bool {
		path := filepath.FromSlash(u.Path)
		if !filepath.IsAbs(path) {
			path = filepath.Join(filepath.Dir(work), path)
		}
		return path == root || sameFile(path, root)
	})
}

func sameFile(a, b string) bool {
	x, err1 := os.Stat(a)
	y, err2 := os.Stat(b)
	return err1 == nil && err2 == nil && os.SameFile(x, y)
}
