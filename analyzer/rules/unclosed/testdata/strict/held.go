package strict

import "github.com/gammazero/workerpool"

// Nobody who has the owner can close its pool.

type archive struct{ pool *workerpool.WorkerPool }

func newArchive() *archive {
	return &archive{pool: workerpool.New(4)} // want `unclosed: the pool in pool is never closed, and nobody who has it could: give its owner a Close that calls pool\.StopWait\(\)`
}

func (a *archive) store(f func()) { a.pool.Submit(f) }

type tenants struct {
	pools map[string]*workerpool.WorkerPool
}

func (t *tenants) of(name string) *workerpool.WorkerPool {
	p := t.pools[name]
	if p == nil {
		p = workerpool.New(4) // want `unclosed: the pool in pools is never closed`
		t.pools[name] = p
	}
	return p
}

func submitter() func(func()) {
	p := workerpool.New(4) // want `unclosed: the pool in p is never closed`
	return func(f func()) { p.Submit(f) }
}

func submitterAndStop() (submit func(func()), stop func()) {
	p := workerpool.New(4)
	return p.Submit, p.StopWait
}

type library struct{ pool *workerpool.WorkerPool }

func newLibrary() *library { return &library{workerpool.New(4)} }

func (l *library) lend(f func()) { l.pool.Submit(f) }

func (l *library) end() { l.pool.StopWait() }

// The process has this one.
var everybody = workerpool.New(4)

func initialize() { everybody = workerpool.New(8) }
