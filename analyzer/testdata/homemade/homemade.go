// Package homemade has pools, groups, futures and semaphores of a program's own, in the shapes that real ones
// have, and beside each wrong use the right one. What they are is read from their bodies.
package homemade

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// 1. jobs channel in a field, Start and Stop.

type pool struct {
	jobs chan func()
	n    int
	wg   sync.WaitGroup
}

func newPool(n int) *pool { return &pool{jobs: make(chan func(), n), n: n} }

func (p *pool) Start() {
	for range p.n {
		p.wg.Add(1)
		go func() { // want `abandoned: the goroutine waits forever on jobs when poolLeft returns at line \d+, because nobody sends on it or closes it after that; close jobs on every path`
			defer p.wg.Done()
			for job := range p.jobs {
				job()
			}
		}()
	}
}

func (p *pool) Submit(job func()) { p.jobs <- job }

func (p *pool) Stop() {
	close(p.jobs)
	p.wg.Wait()
}

func poolLeft(f func()) {
	p := newPool(4)
	p.Start()
	p.Submit(f)
}

func poolStopped(f func()) {
	p := newPool(4)
	p.Start()
	defer p.Stop()
	p.Submit(f) // silent: afterclose "closed when poolStopped ends"
}

func poolLate(f func()) {
	p := newPool(4)
	p.Start()
	p.Stop()
	p.Submit(f) // want `afterclose: p is given a task after p.Stop\(\) at line \d+: it panics; submit it earlier, or keep the pool open`
}

// 2. dispatcher: channel of channels

type worker struct {
	ready chan chan func()
	jobs  chan func()
	quit  chan struct{}
}

func (w *worker) start() {
	go func() {
		for {
			select {
			case w.ready <- w.jobs:
			case <-w.quit:
				return
			}
			select {
			case job := <-w.jobs:
				job()
			case <-w.quit:
				return
			}
		}
	}()
}

type dispatcher struct {
	ready chan chan func()
	queue chan func()
	quit  chan struct{}
	n     int
}

func newDispatcher(n int) *dispatcher {
	d := &dispatcher{ready: make(chan chan func(), n), queue: make(chan func()), quit: make(chan struct{}), n: n}
	for range n {
		w := &worker{ready: d.ready, jobs: make(chan func()), quit: d.quit}
		w.start()
	}
	go d.dispatch()
	return d
}

func (d *dispatcher) dispatch() {
	for {
		select {
		case job := <-d.queue:
			select {
			case jobs := <-d.ready:
				select {
				case jobs <- job:
				case <-d.quit:
					return
				}
			case <-d.quit:
				return
			}
		case <-d.quit:
			return
		}
	}
}

func (d *dispatcher) Do(job func()) { d.queue <- job }
func (d *dispatcher) Close()        { close(d.quit) }

func dispatcherLeft(f func()) {
	d := newDispatcher(3) // want `unclosed: d is never closed: its goroutines leak when dispatcherLeft returns; defer d.Close\(\) here`
	d.Do(f)
}

func dispatcherClosed(f func()) {
	d := newDispatcher(3) // silent: unclosed "closed on every path"
	defer d.Close()
	d.Do(f)
}

// 3. queue under a condition variable

type condPool struct {
	mu     sync.Mutex
	cond   *sync.Cond
	queue  []func()
	closed bool
}

func newCondPool(n int) *condPool {
	p := &condPool{}
	p.cond = sync.NewCond(&p.mu)
	for range n {
		go p.run()
	}
	return p
}

func (p *condPool) run() {
	for {
		p.mu.Lock()
		for len(p.queue) == 0 && !p.closed {
			p.cond.Wait()
		}
		if len(p.queue) == 0 {
			p.mu.Unlock()
			return
		}
		job := p.queue[0]
		p.queue = p.queue[1:]
		p.mu.Unlock()
		job()
	}
}

func (p *condPool) Add(job func()) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return false
	}
	p.queue = append(p.queue, job)
	p.cond.Signal()
	return true
}

func (p *condPool) Close() {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.cond.Broadcast()
}

func condClosed(f func()) {
	p := newCondPool(2) // silent: unclosed "closed on every path"
	defer p.Close()
	if !p.Add(f) {
		f()
	}
}

// 4. goroutines behind an interface

type runner interface {
	Run(job func()) error
	Close()
}

var errFull = errors.New("full")

type runners struct {
	jobs chan func()
	done chan struct{}
	once sync.Once
}

func newRunner(n int) runner {
	r := &runners{jobs: make(chan func(), n), done: make(chan struct{})}
	for range n {
		go r.loop()
	}
	return r
}

func (r *runners) loop() {
	for {
		select {
		case <-r.done:
			return
		case job := <-r.jobs:
			job()
		}
	}
}

func (r *runners) Run(job func()) error {
	select {
	case r.jobs <- job:
		return nil
	default:
		return errFull
	}
}

func (r *runners) Close() { r.once.Do(func() { close(r.done) }) }

func runnerLeft(f func()) error {
	r := newRunner(2) // want `unclosed: r is never closed: its goroutines leak when runnerLeft returns; close it here`
	return r.Run(f)
}

func runnerClosed(f func()) error {
	r := newRunner(2) // silent: unclosed "closed on every path"
	defer r.Close()
	return r.Run(f)
}

func runnerIgnored(r runner, f func()) {
	r.Run(f) // want `rejected: r.Run can reject the task, and that is ignored: the task is dropped silently; check the error`
}

func runnerCounted(r runner, fs []func()) {
	var wg sync.WaitGroup
	for _, f := range fs {
		wg.Add(1)
		r.Run(func() { defer wg.Done(); f() }) // want `rejected: r.Run can reject the task, and that is ignored: the task is dropped and wg.Wait\(\) waits for it forever; check the error, and call wg.Done\(\) if it is rejected`
	}
	wg.Wait()
}

// 5. semaphore struct with Go and Wait

type limited struct {
	sem chan struct{}
	wg  sync.WaitGroup
}

func newLimited(n int) *limited { return &limited{sem: make(chan struct{}, n)} }

func (l *limited) Go(f func()) {
	l.sem <- struct{}{}
	l.wg.Add(1)
	go func() {
		defer func() { <-l.sem; l.wg.Done() }()
		f()
	}()
}

func (l *limited) Wait() { l.wg.Wait() }

func limitedWaited(ch <-chan int) {
	l := newLimited(4)
	for x := range ch {
		l.Go(func() { work(x) }) // silent: unawaited "Wait waits for it on every path"
	}
	l.Wait()
}

func limitedLeft(xs []int) int {
	l := newLimited(4)
	n := 0
	for _, x := range xs {
		l.Go(func() { n += x }) // want `unawaited: l is given work and never waited for: its tasks outlive the function; wait for it before every return`
	}
	return n
}

type unlimited struct{ wg sync.WaitGroup }

func (l *unlimited) Go(f func()) {
	l.wg.Add(1)
	go func() {
		defer l.wg.Done()
		f()
	}()
}
func (l *unlimited) Wait() { l.wg.Wait() }

func unlimitedWaited(ch <-chan int) {
	var l unlimited
	for x := range ch {
		l.Go(func() { work(x) }) // want `unbounded: one goroutine per element of ch \(a channel\)`
	}
	l.Wait()
}

// 6. results channel as a future

type answers struct{ jobs chan request }
type request struct {
	in    int
	reply chan result
}
type result struct {
	out int
	err error
}

func (a *answers) serve(n int) {
	for range n {
		go func() {
			for r := range a.jobs {
				r.reply <- work(r.in)
			}
		}()
	}
}

func work(n int) result { time.Sleep(time.Duration(n)); return result{out: n} }

func (a *answers) Ask(n int) <-chan result {
	r := request{n, make(chan result, 1)}
	a.jobs <- r
	return r.reply
}

func (a *answers) Close() { close(a.jobs) }

func askedDropped(a *answers) {
	a.Ask(1) // want `unawaited: the future of Ask is dropped, losing its result; await it, or mark it //poollint:detached <reason>`
}

func askedAwaited(a *answers) (int, error) {
	r := <-a.Ask(1) // silent: unawaited "awaited, cancelled or handed on"
	return r.out, r.err
}

func askedOneBranch(a *answers, ok bool) (int, error) {
	f := a.Ask(1) // want `unawaited: f, from Ask, is not awaited on the path that returns at line \d+, losing its result; await it there too`
	if !ok {
		return 0, nil
	}
	r := <-f
	return r.out, r.err
}

// 7. future struct with Get

type future[T any] struct {
	done chan struct{}
	val  T
	err  error
}

func async[T any](f func() (T, error)) *future[T] {
	fu := &future[T]{done: make(chan struct{})}
	go func() {
		defer close(fu.done)
		fu.val, fu.err = f()
	}()
	return fu
}

func (f *future[T]) Get() (T, error) {
	<-f.done
	return f.val, f.err
}

func futureDropped(f func() (int, error)) {
	async(f) // want `unawaited: the future of async is dropped, losing its result; await it, or mark it //poollint:detached <reason>`
}

func futureAwaited(f func() (int, error)) (int, error) { return async(f).Get() } // silent: unawaited "awaited, cancelled or handed on"

func futureLeft(f, g func() (int, error)) (int, error) {
	a := async(f) // want `unawaited: a, from async, is not awaited on the path that returns at line \d+, losing its result; await it there too`
	b := async(g)
	y, err := b.Get()
	if err != nil {
		return 0, err
	}
	x, err := a.Get()
	return x + y, err
}

func futureBoth(f, g func() (int, error)) (int, error) {
	a := async(f)
	b := async(g)
	y, err := b.Get()
	x, err2 := a.Get()
	return x + y, errors.Join(err, err2)
}

// 8. pool with context and errgroup inside

type batch struct {
	eg  *errgroup.Group
	ctx context.Context
}

func newBatch(ctx context.Context, n int) *batch {
	eg, ctx := errgroup.WithContext(ctx)
	eg.SetLimit(n)
	return &batch{eg, ctx}
}

func (b *batch) Go(f func(context.Context) error) { b.eg.Go(func() error { return f(b.ctx) }) }
func (b *batch) Wait() error                      { return b.eg.Wait() }

func batchLeft(ctx context.Context, xs []int, f func(context.Context, int) error) {
	b := newBatch(ctx, 3)
	for _, x := range xs {
		b.Go(func(ctx context.Context) error { return f(ctx, x) }) // want `unawaited: b is given work and never waited for: its tasks outlive the function, losing the first error; wait for it before every return`
	}
}

func batchWaited(ctx context.Context, xs []int, f func(context.Context, int) error) error {
	b := newBatch(ctx, 3)
	for _, x := range xs {
		b.Go(func(ctx context.Context) error { return f(ctx, x) }) // silent: unawaited "Wait waits for it on every path"
	}
	return b.Wait()
}

// 9. a generic pool

type typed[In, Out any] struct {
	in  chan In
	out chan Out
	wg  sync.WaitGroup
}

func newTyped[In, Out any](n int, f func(In) Out) *typed[In, Out] {
	t := &typed[In, Out]{in: make(chan In), out: make(chan Out, n)}
	t.wg.Add(n)
	for i := 0; i < n; i++ {
		go func() {
			defer t.wg.Done()
			for x := range t.in {
				t.out <- f(x)
			}
		}()
	}
	return t
}

func (t *typed[In, Out]) Put(x In) { t.in <- x }
func (t *typed[In, Out]) Close() {
	close(t.in)
	go func() { t.wg.Wait(); close(t.out) }()
}

func typedLeft(f func(int) int) int {
	t := newTyped(2, f) // want `unclosed: t is never closed: its goroutines leak when typedLeft returns; defer t.Close\(\) here`
	t.Put(1)
	return <-t.out
}

func typedClosed(f func(int) int) int {
	t := newTyped(2, f) // silent: unclosed "closed on every path"
	defer t.Close()
	t.Put(1)
	return <-t.out
}

func typedLate(f func(int) int) {
	t := newTyped(2, f)
	t.Close()
	t.Put(1) // want `afterclose: t is given a task after t.Close\(\) at line \d+: it panics; submit it earlier, or keep the pool open`
}

// 10. ring buffer and sync.Cond

type ring struct {
	mu             sync.Mutex
	notEmpty, room sync.Cond
	buf            [64]func()
	head, n        int
	stop           bool
}

func newRing(workers int) *ring {
	r := new(ring)
	r.notEmpty.L, r.room.L = &r.mu, &r.mu
	for i := 0; i < workers; i++ {
		go func() {
			for {
				job, ok := r.take()
				if !ok {
					return
				}
				job()
			}
		}()
	}
	return r
}

func (r *ring) take() (func(), bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for r.n == 0 {
		if r.stop {
			return nil, false
		}
		r.notEmpty.Wait()
	}
	job := r.buf[r.head]
	r.head, r.n = (r.head+1)%len(r.buf), r.n-1
	r.room.Signal()
	return job, true
}

func (r *ring) Put(job func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for r.n == len(r.buf) {
		r.room.Wait()
	}
	r.buf[(r.head+r.n)%len(r.buf)] = job
	r.n++
	r.notEmpty.Signal()
}

func (r *ring) Stop() {
	r.mu.Lock()
	r.stop = true
	r.mu.Unlock()
	r.notEmpty.Broadcast()
}

func ringStopped(f func()) {
	r := newRing(2) // silent: unclosed "closed on every path"
	defer r.Stop()
	r.Put(f)
}

// 11. token limiter with Acquire and Release

type tokens struct{ c chan struct{} }

func newTokens(n int) *tokens { return &tokens{make(chan struct{}, n)} }

func (t *tokens) Acquire(ctx context.Context) error {
	select {
	case t.c <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
func (t *tokens) TryAcquire() bool {
	select {
	case t.c <- struct{}{}:
		return true
	default:
		return false
	}
}
func (t *tokens) Release() { <-t.c }

func tokenIgnored(ctx context.Context, t *tokens, f func()) {
	t.Acquire(ctx) // want `rejected: the result of t.Acquire is ignored: the code continues without a token, and later releases one that it does not hold; check the error`
	defer t.Release()
	f()
}

func tokenTried(t *tokens, f func()) {
	t.TryAcquire() // want `rejected: the result of t.TryAcquire is ignored: the code continues without a token, and later releases one that it does not hold; check the bool`
	defer t.Release()
	f()
}

func tokenHeard(ctx context.Context, t *tokens, f func()) error {
	if err := t.Acquire(ctx); err != nil { // silent: rejected "its result is checked"
		return err
	}
	defer t.Release()
	f()
	return nil
}

func tokenBefore(ctx context.Context, t *tokens, f func()) error {
	defer t.Release()
	if err := t.Acquire(ctx); err != nil { // want `rejected: when t.Acquire does not get a token, the release at line \d+ returns one anyway, which admits one task too many, or panics; return before it`
		return err
	}
	f()
	return nil
}

func tokenSpawn(ctx context.Context, ch <-chan int, f func(int)) {
	t := newTokens(8)
	for x := range ch {
		if t.Acquire(ctx) != nil {
			return
		}
		go func() {
			defer t.Release()
			f(x)
		}()
	}
}

// 12. TrySubmit that answers false when full

type try struct {
	jobs chan func()
	quit chan struct{}
}

func newTry(n int) *try {
	t := &try{jobs: make(chan func(), n), quit: make(chan struct{})}
	go func() {
		for {
			select {
			case f := <-t.jobs:
				f()
			case <-t.quit:
				return
			}
		}
	}()
	return t
}

func (t *try) Submit(f func()) bool {
	select {
	case t.jobs <- f:
		return true
	default:
		return false
	}
}
func (t *try) Close() { close(t.quit) }

func tryIgnored(t *try, f func()) {
	t.Submit(f) // want `rejected: t.Submit can reject the task, and that is ignored: the task is dropped silently; check the bool`
}

func tryHeard(t *try, f func()) {
	if !t.Submit(f) { // silent: rejected "its result is checked"
		f()
	}
}

func tryCounted(t *try, fs []func()) {
	var wg sync.WaitGroup
	for _, f := range fs {
		wg.Add(1)
		if !t.Submit(func() { defer wg.Done(); f() }) { // want `rejected: when t.Submit rejects the task, the path to line \d+ leaves it counted in wg, whose Wait then never returns; call wg.Done\(\) there`
			continue
		}
	}
	wg.Wait()
}

func uses(f func(), fs []func()) {
	runnerIgnored(newRunner(2), f)
	runnerCounted(newRunner(2), fs)
	a := &answers{jobs: make(chan request)}
	a.serve(3)
	defer a.Close()
}
