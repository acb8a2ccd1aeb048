package unawaited

import (
	"context"
	"errors"
	"log"
	"os"
	"sync"

	"golang.org/x/sync/errgroup"
)

// A wait group counts goroutines, whoever starts them: what they write and the function reads must be there.

func neverWaited(names []string) []int {
	var wg sync.WaitGroup
	sizes := make([]int, len(names))
	for i, name := range names {
		wg.Add(1)
		go func() { // want `unawaited: wg is given work and never waited for: its tasks outlive the function`
			defer wg.Done()
			sizes[i] = len(name)
		}()
	}
	return sizes
}

func leftByAnError(names []string) (map[string]int, error) {
	var wg sync.WaitGroup
	var mu sync.Mutex
	sizes := map[string]int{}
	for _, name := range names {
		if err := check(); err != nil {
			return nil, err
		}
		wg.Add(1)
		go func() { // want `unawaited: wg is not waited for on the path that exits at line \d+`
			defer wg.Done()
			mu.Lock()
			defer mu.Unlock()
			sizes[name] = len(name)
		}()
	}
	wg.Wait()
	return sizes, nil
}

func waitedByADefer(names []string) (all []error, err error) {
	var wg sync.WaitGroup
	defer func() {
		wg.Wait()
		err = errors.Join(all...)
	}()
	for range names {
		if err := check(); err != nil {
			return nil, err
		}
		wg.Add(1)
		go func() {
			defer wg.Done()
			all = append(all, check())
		}()
	}
	return all, nil
}

func waitedByAnother(names []string) <-chan string {
	var wg sync.WaitGroup
	out := make(chan string)
	for _, name := range names {
		wg.Add(1)
		go func() {
			defer wg.Done()
			out <- name
		}()
	}
	go func() {
		wg.Wait()
		close(out)
	}()
	return out
}

func inADeclaredFunction(names []string) []int {
	var wg sync.WaitGroup
	sizes := make([]int, len(names))
	wg.Add(1)
	go measure(&wg, names, sizes) // want `unawaited: wg is given work and never waited for`
	return sizes
}

func measure(wg *sync.WaitGroup, names []string, sizes []int) {
	defer wg.Done()
	for i, name := range names {
		sizes[i] = len(name)
	}
}

// What they only log nobody misses.
func leftWithNothingToRead(names []string) error {
	var wg sync.WaitGroup
	for _, name := range names {
		if err := check(); err != nil {
			return err
		}
		wg.Add(1)
		go func() {
			defer wg.Done()
			log.Print(name)
		}()
	}
	wg.Wait()
	return nil
}

// A branch on what the tasks write says nothing of whether they were started.
func branchOnResults(names []string) string {
	var g errgroup.Group
	got := 0
	for _, name := range names {
		g.Go(func() error { // want `unawaited: g is given work and never waited for`
			got += len(name)
			return nil
		})
	}
	if got > 3 {
		return "many"
	}
	return "few"
}

func endsTheProgram(names []string) {
	var g errgroup.Group
	code := 0
	for range names {
		g.Go(check) // want `unawaited: g is given work and never waited for`
	}
	os.Exit(code)
}

func endsTheProgramBeforeACleanup(names []string, cleanup func()) {
	var g errgroup.Group
	for range names {
		g.Go(check) // want `unawaited: g is given work and never waited for`
	}
	{
		os.Exit(0)
	}
	cleanup()
}

func endsTheProgramWaited(names []string) {
	var g errgroup.Group
	for range names {
		g.Go(check)
	}
	if err := g.Wait(); err != nil {
		os.Exit(1)
	}
	os.Exit(0)
}

// The tasks hear nothing of a context that they never get.
func cancelUnheard(ctx context.Context, n int) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	g, _ := errgroup.WithContext(ctx)
	for i := range n {
		g.Go(func() error { return use(context.Background(), i) }) // want `unawaited: g is not waited for on the path that exits at line \d+`
		if err := check(); err != nil {
			return err
		}
	}
	return g.Wait()
}

// That the workers run out of jobs says nothing of whether they have written.
func outOfJobs(names []string) map[string]int {
	jobs := make(chan string)
	sizes := map[string]int{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() { // want `unawaited: wg is given work and never waited for`
			for name := range jobs {
				mu.Lock()
				sizes[name] = len(name)
				mu.Unlock()
			}
		})
	}
	for _, name := range names {
		jobs <- name
	}
	close(jobs)
	return sizes
}
