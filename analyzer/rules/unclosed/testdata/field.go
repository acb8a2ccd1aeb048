package unclosed

import (
	"context"

	"github.com/gammazero/workerpool"
	"github.com/panjf2000/ants/v2"

	"poollint.test/analyzer/rules/unclosed/testdata/help"
)

// What is in a field of a literal is left with it.
type kennel struct {
	walkers *workerpool.WorkerPool
	name    string
}

func openKennel(find func() (string, error)) (*kennel, error) {
	k := &kennel{walkers: workerpool.New(2)} // want `unclosed: k\.walkers is not closed on the path that exits at line \d+, and nobody else has it: its goroutines leak; call k\.walkers\.StopWait\(\) before that return`
	name, err := find()
	if err != nil {
		return nil, err
	}
	k.name = name
	return k, nil
}

func openKennelOrNot(find func() (string, error)) (*kennel, error) {
	k := &kennel{walkers: workerpool.New(2)} // silent: unclosed "closed on every path, or handed on"
	name, err := find()
	if err != nil {
		k.walkers.Stop()
		return nil, err
	}
	k.name = name
	return k, nil
}

func openKennelByMethod(find func() (string, error)) (*kennel, error) {
	k := &kennel{walkers: workerpool.New(2)} // silent: unclosed "closed on every path, or handed on"
	name, err := find()
	if err != nil {
		k.close()
		return nil, err
	}
	k.name = name
	return k, nil
}

func (k *kennel) close() { k.walkers.StopWait() }

// A pool with a name and a method that closes it is a pool as any.
type pack struct {
	name  string
	hands *workerpool.WorkerPool
}

func newPack(name string) *pack { return &pack{name, workerpool.New(2)} }

func newLargePack(name string) *pack {
	hands := workerpool.New(8)
	p := &pack{name: name, hands: hands}
	return p
}

func (p *pack) walk(dog func()) { p.hands.Submit(dog) }

func (p *pack) home() { p.hands.StopWait() }

func packLeft(dogs []func(), ask func(string) error) error {
	p := newPack("north") // want `unclosed: p is not closed on the path that exits at line \d+: its goroutines leak; defer p\.home\(\) here`
	if err := ask(p.name); err != nil {
		return err
	}
	for _, dog := range dogs {
		p.walk(dog)
	}
	p.home()
	return nil
}

func packHome(dogs []func(), ask func(string) error) error {
	p := newLargePack("north") // silent: unclosed "closed on every path, or handed on"
	defer p.home()
	if err := ask(p.name); err != nil {
		return err
	}
	for _, dog := range dogs {
		p.walk(dog)
	}
	return nil
}

func packKept(keep func(*pack)) {
	p := newPack("south") // silent: unclosed "closed on every path, or handed on"
	keep(p)
}

// One that ends with something else, and one that nobody has alone, are no caller's to close.
func packFor(ctx context.Context) *pack {
	p := newPack("east")
	context.AfterFunc(ctx, p.home)
	return p
}

func packUntil(ctx context.Context, ask func(string) error) error {
	p := packFor(ctx)
	if err := ask(p.name); err != nil {
		return err
	}
	p.home()
	return nil
}

// In another package it is the same.
func stableLeft(ask func(string) error) error {
	s := help.NewStable("west") // want `unclosed: s is not closed on the path that exits at line \d+: its goroutines leak; defer s\.Lock\(\) here`
	if err := ask(s.Name); err != nil {
		return err
	}
	s.Lock()
	return nil
}

func stableLocked(ask func(string) error) error {
	s := help.NewStable("west") // silent: unclosed "closed on every path, or handed on"
	if err := ask(s.Name); err != nil {
		s.Lock()
		return err
	}
	s.Feed(func() {})
	s.Lock()
	return nil
}

// The field may be set after the struct is made, and the pool be made before it.
func openKennelLater(find func() (string, error)) (*kennel, error) {
	k := &kennel{name: "?"}
	k.walkers = workerpool.New(2) // want `unclosed: k\.walkers is not closed on the path that exits at line \d+, and nobody else has it`
	name, err := find()
	if err != nil {
		return nil, err
	}
	k.name = name
	return k, nil
}

func openKennelFirst(find func() (string, error)) (*kennel, error) {
	w := workerpool.New(2) // want `unclosed: k\.walkers is not closed on the path that exits at line \d+, and nobody else has it`
	k := &kennel{walkers: w}
	if _, err := find(); err != nil {
		return nil, err
	}
	return k, nil
}

func openKennelStopped(find func() (string, error)) (*kennel, error) {
	w := workerpool.New(2) // silent: unclosed "closed on every path, or handed on"
	k := &kennel{walkers: w}
	if _, err := find(); err != nil {
		w.StopWait()
		return nil, err
	}
	return k, nil
}

func (k *kennel) reopen(find func() (string, error)) error {
	k.walkers = workerpool.New(2) // silent: unclosed "closed on every path, or handed on"
	_, err := find()
	return err
}

// A named result is handed on where a return names it, or says nothing.
func openTwo() (a, b *ants.Pool, err error) {
	a, err = ants.NewPool(2) // want `unclosed: a is not closed on the path that exits at line \d+, and nobody else has it`
	if err != nil {
		return nil, nil, err
	}
	b, err = ants.NewPool(3)
	if err != nil {
		return nil, nil, err
	}
	return a, b, nil
}

func openBoth() (a, b *ants.Pool, err error) {
	a, err = ants.NewPool(2) // silent: unclosed "closed on every path, or handed on"
	if err != nil {
		return
	}
	b, err = ants.NewPool(3)
	return
}
