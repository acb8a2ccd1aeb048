package abandoned

import (
	"errors"
	"log"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"poollint.test/analyzer/rules/abandoned/testdata/help"
)

// What is found out in one turn of a loop says nothing in the next.
func shelve(crates crateSource, shelvers int) error {
	found := make(chan string, 64)
	var broken, shelved atomic.Uint64
	var g errgroup.Group
	for range shelvers {
		g.Go(func() error { // want `abandoned: the goroutine waits forever on found while shelve waits at line \d+, because nobody sends on it or closes it after that; close found on every path`
			for crate := range found {
				if err := crates.shelve(crate); err != nil {
					broken.Add(1)
					continue
				}
				if n := shelved.Add(1); n%64 == 0 {
					log.Print(n)
				}
			}
			return nil
		})
	}
	err := crates.each(func(crate string) error {
		found <- crate
		return nil
	})
	if failed := g.Wait(); failed != nil {
		return failed
	}
	if broken.Load() > 0 {
		return errors.New("some are broken")
	}
	return err
}

func shelveAll(crates crateSource, shelvers int) error {
	found := make(chan string, 64)
	var broken, shelved atomic.Uint64
	var g errgroup.Group
	for range shelvers {
		g.Go(func() error {
			for crate := range found {
				if err := crates.shelve(crate); err != nil {
					broken.Add(1)
					continue
				}
				if n := shelved.Add(1); n%64 == 0 {
					log.Print(n)
				}
			}
			return nil
		})
	}
	err := crates.each(func(crate string) error {
		found <- crate
		return nil
	})
	close(found)
	if failed := g.Wait(); failed != nil {
		return failed
	}
	return err
}

// What a turn of a loop makes is closed at the end, whatever the next one has made.
func aisles(names []string, stock func(string, <-chan struct{})) {
	for _, name := range names {
		shut := make(chan struct{})
		go stock(name, shut)
		go func() {
			<-shut
			log.Print(name)
		}()
		defer func() { close(shut) }()
	}
}

type crateSource interface {
	each(func(string) error) error
	shelve(string) error
}

// The timer of time.AfterFunc has no channel.

func patience(read func() error, giveUp func()) {
	go func() { // want `abandoned: the goroutine waits forever on t\.C, which is nil: the timer of time\.AfterFunc calls its function and sends nothing; do not receive from it`
		t := time.AfterFunc(time.Second, giveUp)
		for read() == nil {
			t.Reset(time.Second)
		}
		if !t.Stop() {
			<-t.C
		}
	}()
}

func patienceAsked(read func() error, giveUp func()) {
	go func() {
		t := time.AfterFunc(time.Second, giveUp)
		for read() == nil {
			t.Reset(time.Second)
		}
		if !t.Stop() && t.C != nil {
			<-t.C
		}
	}()
}

func patienceDrained(read func() error) {
	go func() {
		t := time.NewTimer(time.Second)
		for read() == nil {
			t.Reset(time.Second)
		}
		if !t.Stop() {
			<-t.C
		}
	}()
}

// A timer that another package sets anew fires again.
func twiceByHelper(tick func()) {
	t := time.NewTimer(time.Second)
	done := make(chan struct{})
	go func() {
		<-t.C
		tick()
		help.Again(t, time.Second)
		<-t.C
		close(done)
	}()
	<-done
}

func twiceByNobody(tick func()) {
	t := time.NewTimer(time.Second)
	done := make(chan struct{})
	go func() { // want `the goroutine waits forever on t\.C while twiceByNobody waits at line \d+: a stopped timer never fires`
		<-t.C
		tick()
		<-t.C
		close(done)
	}()
	<-done
}
