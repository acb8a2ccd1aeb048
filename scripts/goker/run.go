package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/poollint/poollint/scripts/internal/leak"
)

// run notes the leaks that are seen when the programs are run.
func (all *benchmark) run(rounds int) error {
	patterns, err := all.build("patterns", ".")
	if err != nil {
		return err
	}
	goker, err := all.build("bugs", "./goker")
	if err != nil {
		return err
	}
	for _, b := range all.bugs {
		if b.program == "" {
			continue
		}
		binary := goker
		if b.typ == commonPattern {
			binary = patterns
		}
		for range rounds {
			if err := b.run(binary); err != nil {
				return fmt.Errorf("%s: %w", b.name, err)
			}
		}
	}
	return nil
}

func (all *benchmark) build(name, pkg string) (string, error) {
	build := exec.Command("go", "build", "-o", name, pkg)
	build.Dir = all.module
	build.Env = append(os.Environ(), "GOEXPERIMENT=goroutineleakprofile")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return filepath.Join(all.module, name), nil
}

func (b *bug) run(binary string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	run := exec.CommandContext(ctx, binary, b.program)
	run.Env = append(os.Environ(), "GODEBUG=asyncpreemptoff=1") // as the runtime's own test does
	out, err := run.Output()
	leaks, damaged := leak.Parse(string(out))
	b.seen = append(b.seen, leaks...)
	return errors.Join(err, damaged)
}
