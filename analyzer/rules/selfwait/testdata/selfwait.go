package selfwait

import (
	"context"
	"errors"
	"log"
	"sync"

	"github.com/alitto/pond/v2"
	"github.com/gammazero/workerpool"
	"github.com/panjf2000/ants/v2"
	concpool "github.com/sourcegraph/conc/pool"
	"golang.org/x/sync/errgroup"

	"github.com/poollint/poollint/pool"
)

func work() error { return nil }

// A limited group whose task calls its Go.

func nestedGo(names [4]string) error {
	var g errgroup.Group
	g.SetLimit(2)
	for range names {
		g.Go(func() error {
			g.Go(work) // want `selfwait: a task of g submits to g and waits: when all workers do so, none is left and all wait forever`
			return work()
		})
	}
	return g.Wait()
}

func nestedGoUnlimited(names [4]string) error {
	var g errgroup.Group
	for range names {
		g.Go(func() error {
			g.Go(work)
			return work()
		})
	}
	return g.Wait()
}

func nestedTryGo(names [4]string) error {
	var g errgroup.Group
	g.SetLimit(2)
	for range names {
		g.Go(func() error {
			if !g.TryGo(work) {
				return work()
			}
			return nil
		})
	}
	return g.Wait()
}

func otherGroup(names [4]string) error {
	var outer, inner errgroup.Group
	outer.SetLimit(2)
	inner.SetLimit(2)
	for range names {
		outer.Go(func() error {
			inner.Go(work)
			return work()
		})
	}
	return errors.Join(outer.Wait(), inner.Wait())
}

func roomForTheCoordinator(names [4]string) error {
	var g errgroup.Group
	g.SetLimit(3)
	g.Go(func() error {
		for range names {
			g.Go(work)
		}
		return nil
	})
	return g.Wait()
}

func noRoomForTheCoordinator(names [4]string) error {
	var g errgroup.Group
	g.SetLimit(1)
	g.Go(func() error {
		for range names {
			g.Go(work) // want `selfwait: a task of g submits to g`
		}
		return nil
	})
	return g.Wait()
}

func fewerTasksThanWorkers() error {
	var g errgroup.Group
	g.SetLimit(8)
	for range 4 {
		g.Go(func() error {
			g.Go(work)
			return nil
		})
	}
	return g.Wait()
}

func waitsForItself() error {
	var g errgroup.Group
	g.Go(work)
	g.Go(func() error {
		return g.Wait() // want `selfwait: a task of g waits for g, and so for itself, forever; wait outside the group`
	})
	return g.Wait()
}

func closerInTheGroup(out chan int) {
	var wg sync.WaitGroup
	wg.Go(func() { out <- 1 })
	wg.Go(func() {
		wg.Wait() // want `selfwait: a task of wg waits for wg`
		close(out)
	})
	wg.Wait()
}

func closerBesideTheGroup(out chan int) {
	var wg sync.WaitGroup
	wg.Go(func() { out <- 1 })
	go func() {
		wg.Wait()
		close(out)
	}()
}

func ownGoroutine(names [4]string) error {
	var g errgroup.Group
	g.SetLimit(2)
	for range names {
		g.Go(func() error {
			go g.Go(work) // the task does not wait
			return nil
		})
	}
	return g.Wait()
}

// Through calls, and recursion.

type tree struct{ children [2]*tree }

type walker struct {
	group errgroup.Group
	other errgroup.Group
}

func newWalker() *walker {
	w := new(walker)
	w.group.SetLimit(4)
	w.other.SetLimit(4)
	return w
}

func (w *walker) walk(t *tree) error {
	for _, child := range t.children {
		w.group.Go(func() error {
			return w.walk(child) // want `selfwait: a task of w.group submits to w.group`
		})
	}
	return nil
}

// A group that each call makes for itself is another one at each depth.
func groupPerCall(t *tree) error {
	var g errgroup.Group
	g.SetLimit(2)
	for _, child := range t.children {
		g.Go(func() error { return groupPerCall(child) })
	}
	return g.Wait()
}

func waitGroupPerCall(t *tree) {
	var wg sync.WaitGroup
	for _, child := range t.children {
		wg.Go(func() { waitGroupPerCall(child) })
	}
	wg.Wait()
}

func (w *walker) fill(t *tree) {
	for range t.children {
		w.group.Go(func() error {
			w.add() // want `selfwait: a task of w.group submits to w.group`
			return nil
		})
	}
}

func (w *walker) add() { w.group.Go(work) }

func (w *walker) addOther() { w.other.Go(work) }

func (w *walker) fillOther(t *tree) {
	for range t.children {
		w.group.Go(func() error {
			w.addOther()
			return nil
		})
	}
}

func (w *walker) anotherWalker(v *walker, t *tree) {
	for range t.children {
		w.group.Go(func() error {
			v.add() // a group of another value
			return nil
		})
	}
}

func addTo(g *errgroup.Group) { g.Go(work) }

func throughParameter(names [4]string) error {
	g := new(errgroup.Group)
	g.SetLimit(2)
	for range names {
		g.Go(func() error {
			addTo(g) // want `selfwait: a task of g submits to g`
			return nil
		})
	}
	return g.Wait()
}

var shared = func() *errgroup.Group {
	g := new(errgroup.Group)
	g.SetLimit(2)
	return g
}()

func packageVariable() {
	shared.Go(func() error {
		shared.Go(work)
		return nil
	})
}

// Pools.

func antsNested(names [4]string) error {
	p, err := ants.NewPool(2)
	if err != nil {
		return err
	}
	defer p.Release()
	for range names {
		err := p.Submit(func() {
			if err := p.Submit(func() {}); err != nil { // want `selfwait: a task of p submits to p`
				log.Print(err)
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func antsNonblocking(names [4]string) error {
	p, err := ants.NewPool(2, ants.WithNonblocking(true))
	if err != nil {
		return err
	}
	defer p.Release()
	for range names {
		err := p.Submit(func() {
			if err := p.Submit(func() {}); err != nil {
				log.Print(err)
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func workerpoolNested(names [4]string) {
	p := workerpool.New(2)
	defer p.StopWait()
	for range names {
		p.Submit(func() {
			p.Submit(func() {}) // queued without end: it never blocks
		})
	}
}

func workerpoolWaits(names [4]string) {
	p := workerpool.New(2)
	defer p.StopWait()
	for range names {
		p.Submit(func() {
			p.SubmitWait(func() {}) // want `selfwait: a task of p submits to p`
		})
	}
}

func pondNested(names [4]string) {
	p := pond.NewPool(2)
	defer p.StopAndWait()
	for range names {
		p.Submit(func() {
			p.Submit(func() {})
		})
	}
}

func pondAwaits(names [4]string) {
	p := pond.NewPool(2)
	defer p.StopAndWait()
	for range names {
		p.Submit(func() {
			if err := p.SubmitErr(work).Wait(); err != nil { // want `selfwait: a task of p submits to p`
				log.Print(err)
			}
		})
	}
}

func concNested(names [4]string) {
	p := concpool.New().WithMaxGoroutines(2)
	for range names {
		p.Go(func() {
			p.Go(func() {}) // want `selfwait: a task of p submits to p`
		})
	}
	p.Wait()
}

func value(context.Context) (int, error) { return 1, nil }

func ownContext(ctx context.Context, names [4]string) error {
	p := pool.NewIO(2)
	defer p.Close()
	var fs []*pool.Future[int]
	for range names {
		fs = append(fs, pool.Submit(ctx, p, func(ctx context.Context) (int, error) {
			return pool.Submit(ctx, p, value).Await(ctx) // safe: waiting with the task's context makes room
		}))
	}
	_, err := pool.All(ctx, fs...)
	return err
}

func foreignContext(ctx context.Context, names [4]string) error {
	p := pool.NewIO(2)
	defer p.Close()
	var fs []*pool.Future[int]
	for range names {
		fs = append(fs, pool.Submit(ctx, p, func(context.Context) (int, error) {
			return pool.Submit(ctx, p, value).Await(ctx) // want `selfwait: a task of p submits to p`
		}))
	}
	_, err := pool.All(ctx, fs...)
	return err
}

// Waiting with the task's own context runs what it waits for, however many there are.

type batch struct{ io *pool.IO }

func newBatch() *batch { return &batch{io: pool.NewIO(2)} }

func one(context.Context) (int, error) { return 1, nil }

func (b *batch) allOwn(ctx context.Context) ([]int, error) {
	return pool.Submit(ctx, b.io, func(ctx context.Context) ([]int, error) {
		x, y := pool.Submit(ctx, b.io, one), pool.Submit(ctx, b.io, one)
		return pool.All(ctx, x, y)
	}).Await(ctx)
}

func (b *batch) allOthers(outer context.Context) ([]int, error) {
	return pool.Submit(outer, b.io, func(ctx context.Context) ([]int, error) {
		x := pool.Submit(ctx, b.io, one) // want `selfwait: a task of b.io submits to b.io and waits`
		return pool.All(outer, x)
	}).Await(outer)
}

// A helper may submit for its caller, which waits.

type step struct {
	needs []*step
	run   func(context.Context) (int, error)
}

func (b *batch) build(ctx context.Context, s *step) *pool.Future[int] {
	return pool.Submit(ctx, b.io, func(ctx context.Context) (int, error) {
		for _, n := range s.needs {
			if _, err := b.build(ctx, n).Await(ctx); err != nil {
				return 0, err
			}
		}
		return s.run(ctx)
	})
}

func (b *batch) buildFor(outer context.Context, s *step) *pool.Future[int] {
	return pool.Submit(outer, b.io, func(ctx context.Context) (int, error) {
		for _, n := range s.needs {
			if _, err := b.buildFor(outer, n).Await(outer); err != nil { // want `selfwait: a task of b.io submits to b.io and waits`
				return 0, err
			}
		}
		return s.run(ctx)
	})
}

// A group of a pool runs on the pool.

type grouped struct{ pool pond.Pool }

func newGrouped() *grouped { return &grouped{pool: pond.NewPool(2)} }

func (g *grouped) nested() error {
	return g.pool.SubmitErr(func() error {
		part := g.pool.NewGroup()
		part.SubmitErr(work) // want `selfwait: a task of g.pool submits to g.pool and waits`
		return part.Wait()
	}).Wait()
}

func (g *grouped) besides() error {
	other := pond.NewPool(2)
	return g.pool.SubmitErr(func() error {
		part := other.NewGroup()
		part.SubmitErr(work)
		return part.Wait()
	}).Wait()
}

// A pool that is made with its task.

func invokesItself(names []string) error {
	var p *ants.PoolWithFunc
	p, err := ants.NewPoolWithFunc(4, func(x any) {
		if name := x.(string); len(name) > 3 {
			_ = p.Invoke(name[1:]) // want `selfwait: a task of p submits to p and waits`
		}
	})
	if err != nil {
		return err
	}
	defer p.Release()
	for _, name := range names {
		if err := p.Invoke(name); err != nil {
			return err
		}
	}
	return nil
}

func refusesItself(names []string) error {
	var p *ants.PoolWithFunc
	p, err := ants.NewPoolWithFunc(4, func(x any) {
		if name := x.(string); len(name) > 3 && p.Invoke(name[1:]) != nil {
			log.Print(name)
		}
	}, ants.WithNonblocking(true))
	if err != nil {
		return err
	}
	defer p.Release()
	for _, name := range names {
		if err := p.Invoke(name); err != nil {
			return err
		}
	}
	return nil
}

// A group that a type of its own embeds, with a method that submits.

type guarded struct{ errgroup.Group }

func (g *guarded) run(f func()) {
	g.Go(func() error {
		defer func() {
			if r := recover(); r != nil {
				log.Print(r)
			}
		}()
		f()
		return nil
	})
}

func embeddedGroup(names []string) error {
	g := guarded{}
	g.SetLimit(5)
	for range names {
		g.run(func() {
			g.run(func() { log.Print("one") }) // want `selfwait: a task of g submits to g and waits`
		})
	}
	return g.Wait()
}

// The same, with the field by its name.
func (g *guarded) runNamed(f func()) {
	g.Group.Go(func() error {
		f()
		return nil
	})
}

func embeddedGroupNamed(names []string) error {
	g := guarded{}
	g.SetLimit(5)
	for range names {
		g.runNamed(func() {
			g.runNamed(func() { log.Print("one") }) // want `selfwait: a task of g submits to g and waits`
		})
	}
	return g.Wait()
}

// The other group has room.
func embeddedGroupOther(names []string) error {
	g, other := guarded{}, guarded{}
	g.SetLimit(5)
	other.SetLimit(5)
	for range names {
		g.runNamed(func() {
			other.runNamed(func() { log.Print("one") })
		})
	}
	return errors.Join(g.Wait(), other.Wait())
}

func embeddedGroupTries(names []string) error {
	g := guarded{}
	g.SetLimit(5)
	for range names {
		g.run(func() {
			if !g.TryGo(work) {
				_ = work()
			}
		})
	}
	return g.Wait()
}

// A task that calls back into the queue that runs it.

type crawler struct{ tasks *errgroup.Group }

type page struct {
	links []string
	found func(link string)
}

func newCrawler() *crawler {
	c := &crawler{tasks: new(errgroup.Group)}
	c.tasks.SetLimit(4)
	return c
}

func (c *crawler) enqueue(p *page) {
	c.tasks.Go(func() error {
		p.found = c.follow
		for _, link := range p.links {
			c.visit(p, link)
		}
		return nil
	})
}

func (c *crawler) follow(link string) { c.enqueue(&page{links: []string{link}}) }

func (c *crawler) visit(p *page, link string) { p.found(link) }

func (c *crawler) directly(p *page) {
	c.tasks.Go(func() error {
		for range p.links {
			c.enqueue(p) // want `selfwait: a task of c.tasks submits to c.tasks and waits`
		}
		return nil
	})
}

// A task that closes its own pool, which waits for all tasks.

type ferry struct {
	crew *workerpool.WorkerPool
	jobs *pool.IO
}

func (f *ferry) lastTrip(row func() error) {
	f.crew.Submit(func() {
		if row() != nil {
			f.crew.StopWait() // want `selfwait: a task of f\.crew waits in StopWait for all tasks of f\.crew, and so for itself, forever; close it from outside`
		}
	})
}

func (f *ferry) lastTripTold(row func() error) {
	f.crew.Submit(func() {
		if row() != nil {
			go f.crew.StopWait() // another goroutine waits
		}
	})
}

func (f *ferry) moor(ctx context.Context) error {
	return f.jobs.Go(ctx, func(ctx context.Context) error {
		return f.jobs.Close() // want `selfwait: a task of f\.jobs waits in Close`
	})
}

func (f *ferry) moorSoon(ctx context.Context) error {
	return f.jobs.Go(ctx, func(ctx context.Context) error {
		return f.jobs.Shutdown(ctx) // until the task's context ends
	})
}

func (f *ferry) moorOther(ctx context.Context) error {
	return f.jobs.Go(ctx, func(context.Context) error {
		f.crew.StopWait()
		return nil
	})
}
