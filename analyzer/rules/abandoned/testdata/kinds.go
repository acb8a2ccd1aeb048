package abandoned

import (
	"context"
	"io/fs"
	"path/filepath"
	"sync"
	"time"
)

// A stopped timer does not fire.

func warnedNever(job func() error) error {
	late := time.NewTimer(time.Minute)
	defer late.Stop()
	go func() { // want "the goroutine waits forever on late.C when warnedNever returns at line \\d+: a stopped timer never fires"
		<-late.C
		print("late")
	}()
	return job()
}

func warnedLate(job func() error) error {
	late := time.NewTimer(time.Minute)
	go func() {
		<-late.C
		print("late")
	}()
	return job()
}

func drainedTimer(job func() error) error {
	late := time.NewTimer(time.Minute)
	err := job()
	if !late.Stop() {
		<-late.C
	}
	return err
}

func wound(job func() error) error {
	late := time.NewTimer(time.Minute)
	late.Stop()
	late.Reset(time.Hour)
	go func() { <-late.C }()
	return job()
}

// A ticker in a field is stopped by a method, and closes nothing.

type meter struct {
	every *time.Ticker
	read  func()
}

func (m *meter) start() {
	m.every = time.NewTicker(time.Second)
	go func() { // want "the goroutine waits forever on every.C once that is stopped: stopping a ticker does not close its channel"
		for range m.every.C {
			m.read()
		}
	}()
}

func (m *meter) Stop() { m.every.Stop() }

type gauge struct {
	every *time.Ticker
	quit  chan struct{}
	read  func()
}

func (g *gauge) start() {
	g.every, g.quit = time.NewTicker(time.Second), make(chan struct{})
	go func() {
		for {
			select {
			case <-g.every.C:
				g.read()
			case <-g.quit:
				return
			}
		}
	}()
}

func (g *gauge) Stop() {
	g.every.Stop()
	close(g.quit)
}

// Two channels by index.

func bothHalves(halves [2]func() error) error {
	var said [2]chan error
	for i, half := range halves {
		said[i] = make(chan error)
		go func() { said[i] <- half() }() // want "the goroutine blocks forever sending on its channel when bothHalves returns at line \\d+ without receiving"
	}
	for _, c := range said {
		if err := <-c; err != nil {
			return err
		}
	}
	return nil
}

func bothHalvesHeard(halves [2]func() error) (err error) {
	var said [2]chan error
	for i, half := range halves {
		said[i] = make(chan error)
		go func() { said[i] <- half() }()
	}
	for _, c := range said {
		if e := <-c; e != nil {
			err = e
		}
	}
	return err
}

// Who is forgotten is not told.

type theatre struct {
	mu    sync.Mutex
	seats map[int]chan string
}

func (t *theatre) Sit(seat int, hear func(string)) {
	lines := make(chan string, 4)
	t.mu.Lock()
	t.seats[seat] = lines
	t.mu.Unlock()
	go func() { // want "the goroutine waits forever on lines when Sit returns at line \\d+, because nobody sends on it or closes it after that"
		for line := range lines {
			hear(line)
		}
	}()
}

func (t *theatre) Say(line string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, c := range t.seats {
		select {
		case c <- line:
		default:
		}
	}
}

func (t *theatre) Leave(seat int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.seats, seat)
}

type cinema struct {
	mu    sync.Mutex
	seats map[int]chan string
}

func (t *cinema) Sit(seat int, hear func(string)) {
	lines := make(chan string, 4)
	t.mu.Lock()
	t.seats[seat] = lines
	t.mu.Unlock()
	go func() {
		for line := range lines {
			hear(line)
		}
	}()
}

func (t *cinema) Say(line string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, c := range t.seats {
		select {
		case c <- line:
		default:
		}
	}
}

func (t *cinema) Leave(seat int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if c, ok := t.seats[seat]; ok {
		close(c)
		delete(t.seats, seat)
	}
}

// A callback is called for each entry.

func firstFile(root string, want func(string) bool) string {
	files := make(chan string)
	go func() { // want "the goroutine blocks forever sending on files when firstFile returns at line \\d+"
		defer close(files)
		_ = filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
			if err == nil {
				files <- path
			}
			return nil
		})
	}()
	return <-files
}

func allFiles(root string, want func(string) bool) (all []string) {
	files := make(chan string)
	go func() {
		defer close(files)
		_ = filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
			if err == nil {
				files <- path
			}
			return nil
		})
	}()
	for f := range files {
		if want(f) {
			all = append(all, f)
		}
	}
	return all
}

// The context is asked before each, and not while it is sent; a number counts nothing.

func recent(ctx context.Context, next func() (int, error), since int) (all []int) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ages := make(chan int)
	go func() { // want "the goroutine blocks forever sending on ages when recent returns at line \\d+ before receiving everything"
		defer close(ages)
		for ctx.Err() == nil {
			age, err := next()
			if err != nil {
				return
			}
			ages <- age
		}
	}()
	for age := range ages {
		if age > since {
			return all
		}
		all = append(all, age)
	}
	return all
}

func recentSelected(ctx context.Context, next func() (int, error), since int) (all []int) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ages := make(chan int)
	go func() {
		defer close(ages)
		for {
			age, err := next()
			if err != nil {
				return
			}
			select {
			case ages <- age:
			case <-ctx.Done():
				return
			}
		}
	}()
	for age := range ages {
		if age > since {
			return all
		}
		all = append(all, age)
	}
	return all
}

// One task of a local function may say nothing.

func oneAnswer(left, right func() bool) string {
	yes := make(chan string, 2)
	ask := func(name string, who func() bool) {
		if who() {
			yes <- name
		}
	}
	go ask("left", left) // want "oneAnswer waits forever on yes at line \\d+ if this goroutine returns without sending"
	go ask("right", right)
	return <-yes
}

// A stream does not fit into a buffer.

func firstOfStream(next func() (string, bool), ok func(string) bool) string {
	lines := make(chan string, 8)
	go func() { // want "the goroutine blocks forever sending on lines when firstOfStream returns at line \\d+ before receiving everything"
		defer close(lines)
		for {
			line, more := next()
			if !more {
				return
			}
			lines <- line
		}
	}()
	for line := range lines {
		if ok(line) {
			return line
		}
	}
	return ""
}

// One of many branches says no Done.

func sorted(names [24]string, kind func(string) int, work func(string) error) {
	var wg sync.WaitGroup
	wg.Add(len(names))
	for _, name := range names {
		go func() { // want "sorted waits forever for wg at line \\d+"
			switch kind(name) {
			case 1, 2:
				_ = work(name)
			case 3:
				if work(name) != nil {
					print("failed")
				}
				return
			default:
				print("ignored")
			}
			wg.Done()
		}()
	}
	wg.Wait()
}
