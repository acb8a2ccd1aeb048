package rejected

import (
	"context"
	"log"
	"sync"

	"github.com/alitto/pond/v2"
	"github.com/panjf2000/ants/v2"
	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"

	"github.com/poollint/poollint/pool"
)

func task() {}

func failing() error { return nil }

// A pool that waits for room refuses only once it is closed.

type waiting struct{ pool *ants.Pool }

func newWaiting() (*waiting, error) {
	p, err := ants.NewPool(8)
	return &waiting{p}, err
}

func (w *waiting) ignored() { w.pool.Submit(task) }

// A pool that does not wait refuses.

type refusing struct{ pool *ants.Pool }

func (r *refusing) init(nonblocking bool) (err error) {
	r.pool, err = ants.NewPool(8, ants.WithNonblocking(nonblocking))
	return err
}

func (r *refusing) ignored() {
	r.pool.Submit(task) // want `rejected: r\.pool.Submit can reject the task, and that is ignored: the task is dropped silently; check the error`
}

func (r *refusing) blank() {
	_ = r.pool.Submit(task) // want `rejected: r\.pool.Submit can reject the task`
}

func (r *refusing) inGoroutine() {
	go r.pool.Submit(task) // want `rejected: r\.pool.Submit can reject the task`
}

func (r *refusing) checked() error {
	if err := r.pool.Submit(task); err != nil {
		return err
	}
	return r.pool.Submit(task)
}

func (r *refusing) onPurpose() {
	//poollint:detached a lost sample does not matter
	r.pool.Submit(task)
}

type viaLocal struct{ pool *ants.Pool }

func newViaLocal() (*viaLocal, error) {
	p, err := ants.NewPool(8, ants.WithNonblocking(true))
	if err != nil {
		return nil, err
	}
	return &viaLocal{pool: p}, nil
}

func (v *viaLocal) ignored() {
	v.pool.Submit(task) // want `rejected: v\.pool.Submit can reject the task`
}

type explicit struct{ pool *ants.Pool }

func (e *explicit) init() (err error) {
	e.pool, err = ants.NewPool(8, ants.WithNonblocking(false))
	return err
}

func (e *explicit) ignored() { e.pool.Submit(task) }

type unlimited struct{ pool *ants.Pool }

func (u *unlimited) init() (err error) {
	u.pool, err = ants.NewPool(0, ants.WithNonblocking(true)) // want `limit: `
	return err
}

func (u *unlimited) ignored() { u.pool.Submit(task) } // there is always room

type byOptions struct{ pool *ants.Pool }

func (o *byOptions) init() (err error) {
	o.pool, err = ants.NewPool(8, ants.WithOptions(ants.Options{Nonblocking: true}))
	return err
}

func (o *byOptions) ignored() {
	o.pool.Submit(task) // want `rejected: o\.pool.Submit can reject the task`
}

// The answer of a try.

func try(g *errgroup.Group) {
	g.TryGo(failing) // want `rejected: g.TryGo can reject the task, and that is ignored: the task is dropped silently; check the bool`
}

func tryInline(g *errgroup.Group) error {
	if !g.TryGo(failing) {
		return failing()
	}
	return nil
}

func tryAcquire(s *semaphore.Weighted) {
	s.TryAcquire(1) // want `rejected: the result of s.TryAcquire is ignored: the code continues without a token`
	defer s.Release(1)
	task()
}

func tryAcquireChecked(s *semaphore.Weighted) {
	if s.TryAcquire(1) {
		defer s.Release(1)
		task()
	}
}

func contextCanEnd(ctx context.Context, p *pool.IO) {
	_ = p.Go(ctx, func(context.Context) error { return nil }) // want `rejected: p.Go can reject the task`
}

// A namesake refuses nothing.

type processor struct{}

func (processor) Submit(func()) error { return nil }

func namesake(p processor) { p.Submit(task) }

// A wait group has counted the task.

type counting struct {
	pool *ants.Pool
	wg   sync.WaitGroup
}

func (c *counting) ignored() {
	c.wg.Add(1)
	c.pool.Submit(func() { // want `rejected: c\.pool.Submit can reject the task, and that is ignored: the task is dropped and c.wg.Wait\(\) waits for it forever; check the error, and call c.wg.Done\(\) if it is rejected`
		defer c.wg.Done()
		task()
	})
}

func (c *counting) logged() {
	c.wg.Add(1)
	err := c.pool.Submit(func() { // want `rejected: when c\.pool.Submit rejects the task, the path to line \d+ leaves it counted in c.wg, whose Wait then never returns; call c.wg.Done\(\) there`
		defer c.wg.Done()
		task()
	})
	if err != nil {
		log.Print(err)
	}
}

func (c *counting) countedOut() {
	c.wg.Add(1)
	if err := c.pool.Submit(func() {
		defer c.wg.Done()
		task()
	}); err != nil {
		c.wg.Done()
		log.Print(err)
	}
}

func (c *counting) countedOutByHelper() {
	c.wg.Add(1)
	if err := c.pool.Submit(func() {
		defer c.wg.Done()
		task()
	}); err != nil {
		c.undo(err)
	}
}

func (c *counting) undo(err error) {
	log.Print(err)
	c.wg.Done()
}

func (c *counting) countedOutByClosure() {
	cleanup := func() { c.wg.Done() }
	c.wg.Add(1)
	if err := c.pool.Submit(func() {
		defer cleanup()
		task()
	}); err != nil {
		cleanup()
	}
}

func (c *counting) addedAfter() {
	if err := c.pool.Submit(task); err != nil {
		return
	}
	c.wg.Add(1)
	go func() {
		defer c.wg.Done()
		task()
	}()
}

func (c *counting) countedOutByAdd() {
	c.wg.Add(1)
	if c.pool.Submit(func() { defer c.wg.Done(); task() }) != nil {
		c.wg.Add(-1)
	}
}

func localGroup(p *ants.Pool, names [4]string) {
	var wg sync.WaitGroup
	for range names {
		wg.Add(1)
		err := p.Submit(func() { // want `rejected: when p.Submit rejects the task, the path to line \d+ leaves it counted in wg`
			defer wg.Done()
			task()
		})
		if err != nil {
			log.Print(err)
			continue
		}
	}
	wg.Wait()
}

func localGroupLeft(p *ants.Pool) error {
	var wg sync.WaitGroup
	wg.Add(1)
	if err := p.Submit(func() { defer wg.Done(); task() }); err != nil {
		return err // nobody waits for wg any more
	}
	wg.Wait()
	return nil
}

func localPool(names [4]string) error {
	p, err := ants.NewPool(2)
	if err != nil {
		return err
	}
	defer p.Release()
	var wg sync.WaitGroup
	for range names {
		wg.Add(1)
		_ = p.Submit(func() { // it waits for room, and nobody closes it meanwhile
			defer wg.Done()
			task()
		})
	}
	wg.Wait()
	return nil
}

// A task that is refused is submitted again until it is accepted, or run at once.

func (c *counting) untilAccepted() {
	c.wg.Add(1)
	run := func() { defer c.wg.Done() }
	for {
		if err := c.pool.Submit(run); err == nil {
			return
		}
		log.Print("busy")
	}
}

func (c *counting) whileRefused() {
	c.wg.Add(1)
	run := func() { defer c.wg.Done() }
	err := c.pool.Submit(run)
	for err != nil {
		err = c.pool.Submit(run)
	}
}

func (c *counting) thriceThenHere() {
	c.wg.Add(1)
	run := func() { defer c.wg.Done() }
	for range 3 {
		if err := c.pool.Submit(run); err == nil {
			return
		}
	}
	run()
}

func (c *counting) countedAgain(names []string) {
	for range names {
		c.wg.Add(1)
		if err := c.pool.Submit(func() { defer c.wg.Done() }); err != nil { // want `rejected: when c.pool.Submit rejects the task, the path to line \d+ leaves it counted in c.wg`
			continue
		}
	}
	c.wg.Wait()
}

// What only the task would send does not come when it was refused.

func (r *refusing) measured(weigh func() int) int {
	weight := make(chan int, 1)
	if err := r.pool.Submit(func() { weight <- weigh() }); err != nil { // want `rejected: when r\.pool\.Submit rejects the task, the path to line \d+ waits on weight, on which only the task would send or which only it would close, and blocks forever; return before it`
		log.Print(err)
	}
	return <-weight
}

func (r *refusing) measuredOrNot(weigh func() int) int {
	weight := make(chan int, 1)
	if err := r.pool.Submit(func() { weight <- weigh() }); err != nil { // silent: rejected "its result is checked"
		log.Print(err)
		return 0
	}
	return <-weight
}

func (r *refusing) measuredHere(weigh func() int) int {
	weight := make(chan int, 2)
	if err := r.pool.Submit(func() { weight <- weigh() }); err != nil { // silent: rejected "its result is checked"
		weight <- 0
	}
	return <-weight
}

func (r *refusing) measuredByItself(weigh func() int) int {
	weight := make(chan int, 1)
	do := func() { weight <- weigh() }
	if err := r.pool.Submit(do); err != nil { // silent: rejected "its result is checked"
		do()
	}
	return <-weight
}

func (r *refusing) measuredInTime(ctx context.Context, weigh func() int) int {
	weight := make(chan int, 1)
	if err := r.pool.Submit(func() { weight <- weigh() }); err != nil { // silent: rejected "its result is checked"
		log.Print(err)
	}
	select {
	case n := <-weight:
		return n
	case <-ctx.Done():
		return 0
	}
}

// Of a future that is dropped beside the answer, unawaited speaks; where there is nothing to await, the task is.

type scale struct{ pool pond.Pool }

func newScale() *scale {
	return &scale{pond.NewPool(2, pond.WithQueueSize(4), pond.WithNonBlocking(true))}
}

func (s *scale) close() { s.pool.StopAndWait() }

func (s *scale) tare() {
	_, _ = s.pool.TrySubmit(task) // want `rejected: s\.pool\.TrySubmit can reject the task, and that is ignored: the task is dropped silently; check the bool`
}

func (s *scale) calibrate() {
	_, _ = s.pool.TrySubmitErr(failing) // want `unawaited: the future of TrySubmitErr is assigned to _`
}

func (s *scale) tareAndTell() bool {
	_, ok := s.pool.TrySubmit(task) // silent: rejected "its result is checked"
	return ok
}

// Pools that last as long as the process refuse nothing while it runs.
var crawlers, _ = ants.NewPool(100, ants.WithNonblocking(false))

// Unless they are closed.
var mailers, _ = ants.NewPool(100)

func crawlAndWait() {
	var wg sync.WaitGroup
	wg.Add(1)
	err := crawlers.Submit(func() { defer wg.Done() })
	wg.Wait()
	if err != nil {
		panic(err)
	}
}

func mailAndWait() {
	var wg sync.WaitGroup
	wg.Add(1)
	err := mailers.Submit(func() { defer wg.Done() }) // want `rejected: when mailers.Submit rejects the task, the path to line \d+ leaves it counted in wg`
	wg.Wait()
	if err != nil {
		panic(err)
	}
}

func StopMails() { mailers.Release() }
