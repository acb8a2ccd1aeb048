package unbounded

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"

	concpool "github.com/sourcegraph/conc/pool"
	"golang.org/x/sync/errgroup"
)

// A limit is advised only where it mends: tasks that start more of their kind would wait for each other.

type dirs struct{ group errgroup.Group }

func (c *dirs) walk(dir string) error {
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		c.group.Go(func() error { return c.walk(filepath.Join(dir, e.Name())) }) // want `unbounded: .*: hold a semaphore only around the work itself, or bound the input: `
	}
	return err
}

func throughAHelper(dir string) error {
	var g errgroup.Group
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		g.Go(func() error { // want `unbounded: .*: hold a semaphore only around the work itself, or bound the input: `
			another(&g, e.Name())
			return os.Remove(e.Name())
		})
	}
	return g.Wait()
}

func another(g *errgroup.Group, name string) {
	g.Go(func() error { return os.Remove(name + ".bak") })
}

func concAgain(dir string) error {
	p := concpool.New()
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		p.Go(func() { // want `unbounded: .*: hold a semaphore only around the work itself, or bound the input: `
			p.Go(func() { os.Remove(e.Name() + ".bak") })
			os.Remove(e.Name())
		})
	}
	p.Wait()
	return err
}

func closureAgain(root string) {
	var wg sync.WaitGroup
	var visit func(string)
	visit = func(dir string) {
		entries, _ := os.ReadDir(dir)
		for _, e := range entries {
			wg.Go(func() { visit(filepath.Join(dir, e.Name())) }) // want `unbounded: .*: hold a semaphore only around the work itself, or bound the input: `
		}
	}
	visit(root)
	wg.Wait()
}

func goAgain(wg *sync.WaitGroup, dir string) {
	defer wg.Done()
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		wg.Add(1)
		go goAgain(wg, filepath.Join(dir, e.Name())) // want `unbounded: .*: hold a semaphore only around the work itself, or bound the input: `
	}
}

// A token taken before the start would be held while the task waits for the next.
func (c *dirs) tokenAgain(sem chan struct{}, dir string) {
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		go func() { // want `unbounded: .* waits for its token only after it has started, .*: bound the input: the tasks start more tasks of the same kind, and would wait for each other if the token were acquired first`
			sem <- struct{}{}
			defer func() { <-sem }()
			c.tokenAgain(sem, filepath.Join(dir, e.Name()))
		}()
	}
}

// A submit that does not wait leaves the limit a remedy.
func limitMends(dir string) error {
	var g errgroup.Group
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		g.Go(func() error { // want `unbounded: .*: set a limit with g.SetLimit`
			backup := func() error { return os.Remove(e.Name() + ".bak") }
			if !g.TryGo(backup) {
				return backup()
			}
			return os.Remove(e.Name())
		})
	}
	return g.Wait()
}

// A tree's nodes are no machines.
type sprout struct {
	leaf     string
	children []*stemNode
}

type stemNode struct{ sprout }

func (s *stemNode) water(ctx context.Context) error {
	done := make(chan error, len(s.children))
	for _, c := range s.children {
		go func() { done <- c.water(ctx) }() // want `unbounded: one goroutine per element of s.children \(one for each that the recursion finds\)`
	}
	err := fetch(ctx, s.leaf)
	for range s.children {
		err = errors.Join(err, <-done)
	}
	return err
}
