package strict

import "github.com/gammazero/workerpool"

// Nobody who has the owner can close its pool.

type archive struct{ pool *workerpool.WorkerPool }

func newArchive() *archive {
	return &archive{pool: workerpool.New(4)} // want `unclosed: the pool in pool is never closed, and no code that has it can close it; give its owner a Close method that calls pool\.StopWait\(\)`
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

// One of many in a field, and one of one's own.

type bells struct {
	ringers []*workerpool.WorkerPool
}

func newBells() *bells {
	b := &bells{}
	for range 3 {
		p := workerpool.New(1) // want `unclosed: the pool in ringers is never closed, and no code that has it can close it`
		b.ringers = append(b.ringers, p)
	}
	return b
}

type chimes struct {
	ringers []*workerpool.WorkerPool
}

func newChimes() *chimes {
	c := &chimes{}
	for range 3 {
		p := workerpool.New(1) // silent: unclosed "closed on every path, or handed on"
		c.ringers = append(c.ringers, p)
	}
	return c
}

func (c *chimes) hush() {
	for _, p := range c.ringers {
		p.StopWait()
	}
}

type oxen struct{ loads chan func() }

func yoke() *oxen {
	o := &oxen{loads: make(chan func())}
	go func() {
		for pull := range o.loads {
			pull()
		}
	}()
	return o
}

func (o *oxen) haul(load func()) { o.loads <- load }

func (o *oxen) unyoke() { close(o.loads) }

type cart struct {
	team *oxen
	name string
}

func newCart(name string) *cart {
	return &cart{team: yoke(), name: name} // want `unclosed: the pool in team is never closed, and no code that has it can close it; give its owner a Close method that calls team\.unyoke\(\)`
}

func (c *cart) load(job func()) { c.team.haul(job) }

type plough struct{ team *oxen }

func newPlough() *plough {
	return &plough{team: yoke()} // silent: unclosed "closed on every path, or handed on"
}

func (p *plough) park() { p.team.unyoke() }
