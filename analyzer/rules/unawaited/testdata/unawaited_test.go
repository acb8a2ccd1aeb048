package unawaited

import (
	"errors"
	"log"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/raft"
	"golang.org/x/sync/errgroup"
)

func TestDropped(t *testing.T) {
	var r *raft.Raft
	r.Apply(cmd, time.Second) // want `unawaited: the future of Apply is dropped`
}

func TestChecksTheOutcome(t *testing.T) {
	var r *raft.Raft
	r.Apply(cmd, time.Second)
	if r.LastIndex() != 1 {
		t.Error("not applied")
	}
}

func TestChecksBefore(t *testing.T) {
	var r *raft.Raft
	if r.LastIndex() != 1 {
		t.Error("not there")
	}
	r.Apply(cmd, time.Second) // want `unawaited: the future of Apply is dropped`
}

func TestFatalIsNoPath(t *testing.T) {
	var r *raft.Raft
	f := r.Apply(cmd, time.Second)
	if err := check(); err != nil {
		t.Fatal(err)
	}
	if err := f.Error(); err != nil {
		t.Fatal(err)
	}
}

func TestCleansUp(t *testing.T) {
	var r *raft.Raft
	defer r.Shutdown() // the process ends soon
	if err := r.Apply(cmd, time.Second).Error(); err != nil {
		t.Fatal(err)
	}
}

func TestLastStandsForAll(t *testing.T) {
	var r *raft.Raft
	var f raft.Future
	for range 10 {
		f = r.Apply(cmd, time.Second)
	}
	if err := f.Error(); err != nil {
		t.Fatal(err)
	}
}

func TestHelpersOutliveIt(t *testing.T) {
	var wg sync.WaitGroup
	wg.Go(func() { log.Print("working") })
	if !t.Failed() {
		wg.Wait()
	}
}

func TestLeavesEarly(t *testing.T) {
	err := func() error {
		var g errgroup.Group
		g.Go(check)
		if err := check(); err != nil {
			return err // the test fails
		}
		return g.Wait()
	}()
	if err != nil {
		t.Fatal(err)
	}
}

func TestNeverWaits(t *testing.T) {
	var g errgroup.Group
	g.Go(check) // want `unawaited: g is given work and never waited for`
}

func begun(fail bool) (<-chan error, error) {
	if fail {
		return nil, errRefused
	}
	done := make(chan error, 1)
	go func() { done <- check() }()
	return done, nil
}

var errRefused = errors.New("refused")

// A suite of its own asks only for the error.
func specRefuses(expect func(error)) {
	_, err := begun(true)
	expect(err)
}

func specForgets() {
	_, _ = begun(false) // want `unawaited: the future of begun is assigned to _, losing its result`
}
