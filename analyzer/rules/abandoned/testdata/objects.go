package abandoned

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// What two structs of one type hold is not the same, and what a function only keeps is kept.

type carrier struct {
	handler func(context.Context, int) error
	tasks   chan int
	wg      *sync.WaitGroup
	err     error
}

func newCarrier(handler func(context.Context, int) error, tasks chan int, wg *sync.WaitGroup) *carrier {
	return &carrier{handler: handler, tasks: tasks, wg: wg}
}

func (c *carrier) run(ctx context.Context, cancel context.CancelFunc) {
	defer c.wg.Done()
	for n := range c.tasks {
		select {
		case <-ctx.Done():
			c.err = ctx.Err()
			return
		default:
		}
		if err := c.handler(ctx, n); err != nil {
			c.err = err
			cancel()
			break
		}
	}
}

func Carry(ctx context.Context, carriers int, handler func(context.Context, int) error, next func() (int, error)) error {
	ctx, cancel := context.WithCancel(ctx)
	tasks := make(chan int, carriers)
	var wg sync.WaitGroup
	var all []*carrier
	for range carriers {
		c := newCarrier(handler, tasks, &wg)
		all = append(all, c)
		wg.Add(1)
		go c.run(ctx, cancel)
	}
	closed := false
	defer func() {
		if !closed {
			close(tasks)
			wg.Wait()
		}
		cancel()
	}()
	for {
		n, err := next()
		if err != nil {
			return err
		}
		if n == 0 {
			break
		}
		select {
		case tasks <- n:
			continue
		case <-ctx.Done():
		}
		break
	}
	closed = true
	close(tasks)
	wg.Wait()
	return nil
}

func CarryAndForget(carriers int, handler func(context.Context, int) error, next func() (int, error)) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	tasks := make(chan int, carriers)
	var wg sync.WaitGroup
	for range carriers {
		c := newCarrier(handler, tasks, &wg)
		wg.Add(1)
		go c.run(ctx, cancel) // want `abandoned: the goroutine waits forever on tasks when CarryAndForget returns at line \d+, because nobody sends on it or closes it after that; close tasks on every path`
	}
	for {
		n, err := next()
		if err != nil {
			return err
		}
		if n == 0 {
			break
		}
		tasks <- n
	}
	close(tasks)
	wg.Wait()
	return nil
}

type writer struct {
	places chan struct{}
	wg     sync.WaitGroup
}

func newWriter(n int) *writer { return &writer{places: make(chan struct{}, n)} }

func (w *writer) put(f func()) {
	w.places <- struct{}{}
	w.wg.Add(1)
	go func() {
		defer w.wg.Done()
		defer func() { <-w.places }()
		f()
	}()
}

func twoWriters(f func()) {
	a := newWriter(2)
	a.put(f)
	b := newWriter(2)
	b.put(f)
	a.wg.Wait()
	b.wg.Wait()
}

// A promise of another caller is another promise.
type promise struct {
	done  chan struct{}
	value int
}

func promised(all *sync.Map, key string, f func() int) int {
	mine := &promise{done: make(chan struct{})}
	defer close(mine.done)
	old, ok := all.LoadOrStore(key, mine)
	if !ok {
		mine.value = f()
		return mine.value
	}
	<-old.(*promise).done
	return old.(*promise).value
}

// A pool whose end is a cancel function in a field.
type lazyPool struct {
	once   sync.Once
	ctx    context.Context
	work   chan func()
	cancel context.CancelFunc
}

func NewLazyPool(n uint) *lazyPool {
	ctx, cancel := context.WithCancel(context.Background())
	return &lazyPool{ctx: ctx, cancel: cancel, work: make(chan func(), n)}
}

func (p *lazyPool) init() {
	p.once.Do(func() {
		for range cap(p.work) {
			go func() {
				for {
					select {
					case <-p.ctx.Done():
						return
					case w := <-p.work:
						w()
					}
				}
			}()
		}
	})
}

func (p *lazyPool) Go(w func()) {
	p.init()
	p.work <- w
}

func (p *lazyPool) Close() { p.cancel() }

// Requests that carry their answer, of several types, to one goroutine.
type (
	moveRequest struct {
		n    int
		done chan struct{}
	}
	askRequest struct {
		n      int
		answer chan int
	}
	dropRequest struct {
		done chan struct{}
	}
)

type Registry struct {
	requests chan any
	closed   chan struct{}
	all      map[int]int
}

func NewRegistry() *Registry {
	r := &Registry{requests: make(chan any), closed: make(chan struct{}), all: map[int]int{}}
	go r.loop()
	return r
}

func (r *Registry) loop() {
	for {
		select {
		case request := <-r.requests:
			switch request := request.(type) {
			case *moveRequest:
				r.all[request.n]++
				close(request.done)
			case *askRequest:
				request.answer <- r.all[request.n]
			case *dropRequest:
				clear(r.all)
				close(request.done)
			}
		case <-r.closed:
			return
		}
	}
}

func (r *Registry) Move(n int) {
	request := &moveRequest{n, make(chan struct{})}
	r.requests <- request
	<-request.done
}

func (r *Registry) Ask(n int) int {
	request := &askRequest{n, make(chan int)}
	r.requests <- request
	return <-request.answer
}

func (r *Registry) Drop() {
	request := &dropRequest{make(chan struct{})}
	r.requests <- request
	<-request.done
}

func (r *Registry) Close() { close(r.closed) }

// What is in an exported field, strangers have.
type Ticks struct {
	C    <-chan int
	send chan int
	done chan struct{}
}

func NewTicks() *Ticks {
	t := &Ticks{send: make(chan int, 1), done: make(chan struct{})}
	t.C = t.send
	go t.run()
	return t
}

func (t *Ticks) run() {
	for n := 0; ; n++ {
		select {
		case <-t.done:
			return
		default:
			t.send <- n
		}
	}
}

func (t *Ticks) Close() { close(t.done) }

// An answer that is found in a map may come from whoever has the map.
type session struct {
	mu      sync.Mutex
	pending map[int]chan int
	recv    func() (int, error)
	send    func(int) error
}

func newSession(recv func() (int, error), send func(int) error) *session {
	s := &session{pending: map[int]chan int{}, recv: recv, send: send}
	go s.read()
	return s
}

func (s *session) read() {
	for {
		id, err := s.recv()
		if err != nil {
			break
		}
		if c := s.take(id); c != nil {
			c <- id
		}
	}
	for id := range s.pending {
		if c := s.take(id); c != nil {
			close(c)
		}
	}
}

func (s *session) take(id int) chan int {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.pending[id]
	delete(s.pending, id)
	return c
}

func (s *session) Get(id int) int {
	c := make(chan int, 1)
	s.mu.Lock()
	s.pending[id] = c
	s.mu.Unlock()
	if err := s.send(id); err != nil {
		if c := s.take(id); c != nil {
			close(c)
		}
	}
	return <-c
}

// As many answers as there are keys.
func byOwner(owners map[string]int, ask func([]string) error) error {
	lists := map[int][]string{}
	for name, owner := range owners {
		lists[owner] = append(lists[owner], name)
	}
	failures := make(chan error, len(lists))
	for _, list := range lists {
		go func() { failures <- ask(list) }()
	}
	var first error
	for i := 0; i < len(lists); i++ {
		if err := <-failures; err != nil {
			first = err
		}
	}
	return first
}

// A buffer of unknown size may be large enough for what is sent, but not for what has no end.
func twoKept(size, x, y int) chan int {
	kept := make(chan int, size)
	kept <- x
	kept <- y
	return kept
}

func useKept(size int) int {
	kept := twoKept(size, 1, 2)
	return <-kept + <-kept
}

func allKept(size int, next func() (int, bool), ready func() error) (int, error) {
	kept := make(chan int, size)
	go func() { // want `abandoned: the goroutine blocks forever sending on kept when allKept returns at line \d+ `
		for n, ok := next(); ok; n, ok = next() {
			kept <- n
		}
		close(kept)
	}()
	if err := ready(); err != nil {
		return 0, err
	}
	sum := 0
	for n := range kept {
		sum += n
	}
	return sum, nil
}

// An error beside nil is one.
func absent(n int, has func(int) (bool, error), wrap func(error) error) (<-chan int, error) {
	list := make(chan int, n)
	defer close(list)
	for i := range n {
		ok, err := has(i)
		if err != nil {
			return nil, wrap(err)
		}
		if !ok {
			list <- i
		}
	}
	return list, nil
}

func fetchAbsent(n int, has func(int) (bool, error), wrap func(error) error) error {
	list, err := absent(n, has, wrap)
	if err != nil {
		return err
	}
	var g errgroup.Group
	for range 3 {
		g.Go(func() error {
			for range list {
			}
			return nil
		})
	}
	return g.Wait()
}

// A nil that is returned is nil.
func popped(end chan struct{}, more chan int) []int {
	select {
	case <-end:
		return nil
	case n := <-more:
		return []int{n}
	}
}

func popAll() {
	more, end := make(chan int, 2), make(chan struct{}, 1)
	more <- 1
	more <- 2
	time.AfterFunc(time.Second, func() { end <- struct{}{} })
	for list := popped(end, more); list != nil; list = popped(end, more) {
	}
}

// A function that is handed on may be called by whoever has it, also through others.
type launcher interface{ Go(func()) error }

type launching struct {
	by  launcher
	all sync.WaitGroup
}

func (l *launching) start(f func()) error {
	l.all.Add(1)
	err := l.by.Go(func() {
		defer l.all.Done()
		f()
	})
	if err != nil {
		l.all.Done()
	}
	return err
}

func (l *launching) each(list []int, work func(int)) {
	each := func() {
		places := make(chan struct{}, min(10, len(list)))
		var wg sync.WaitGroup
		for _, n := range list {
			places <- struct{}{}
			wg.Add(1)
			err := l.start(func() {
				defer wg.Done()
				defer func() { <-places }()
				work(n)
			})
			if err != nil {
				<-places
				wg.Done()
			}
		}
		wg.Wait()
	}
	if err := l.start(each); err != nil {
		println(err.Error())
	}
}

// A setting that is asked twice is the same.
type cfg struct{ n int }

func (c *cfg) enabled() bool { return c.n > 0 }

type Logger struct {
	c  *cfg
	in chan int
}

func NewLogger(c *cfg) *Logger {
	t := &Logger{c, make(chan int)}
	t.setup()
	return t
}
func (t *Logger) setup() {
	if t.c.enabled() {
		go t.work()
	}
}
func (t *Logger) work() {
	for range t.in {
	}
}
func (t *Logger) Log(i int) {
	if t.c.enabled() {
		t.in <- i
	}
}
func (t *Logger) Close() { close(t.in) }

// As many as are left are received.
type race struct {
	res  chan int
	left int
}

func (p *race) add(f func() int) { p.left++; go func() { p.res <- f() }() }
func (p *race) first() (r int) {
	for p.left > 0 && r == 0 {
		r = <-p.res
		p.left--
	}
	return
}
func (p *race) drain() {
	for p.left > 0 {
		<-p.res
		p.left--
	}
}
func Race(fs []func() int) int {
	p := &race{res: make(chan int)}
	defer func() { go p.drain() }()
	for _, f := range fs {
		p.add(f)
	}
	return p.first()
}

// Who is given a function that sends may send, but does not close.
type lister interface {
	Each(func(string) error) error
}

func listed(l lister, workers int, keep func(string)) error {
	names := make(chan string)
	var g errgroup.Group
	for range workers {
		g.Go(func() error { // want `abandoned: the goroutine waits forever on names while listed waits at line \d+, because nobody sends on it or closes it after that; close names on every path`
			for name := range names {
				keep(name)
			}
			return nil
		})
	}
	err := l.Each(func(name string) error {
		names <- name
		return nil
	})
	if err != nil {
		return err
	}
	return g.Wait()
}

func listedAndClosed(l lister, workers int, keep func(string)) error {
	names := make(chan string)
	var g errgroup.Group
	for range workers {
		g.Go(func() error {
			for name := range names {
				keep(name)
			}
			return nil
		})
	}
	err := l.Each(func(name string) error {
		names <- name
		return nil
	})
	close(names)
	if err := g.Wait(); err != nil {
		return err
	}
	return err
}

func firstListed(l lister, found func(string) bool) string {
	names := make(chan string)
	if err := l.Each(func(name string) error { names <- name; return nil }); err != nil {
		return ""
	}
	for name := range names {
		if found(name) {
			return name
		}
	}
	return ""
}

// A start that happens once, and locks that are held while somebody waits.
type gate struct {
	mu   sync.Mutex
	open chan bool
}

func newGate() *gate { return &gate{open: make(chan bool)} }

func (g *gate) set() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.open <- true
}

func (g *gate) take() {
	<-g.open
	g.mu.Lock()
	defer g.mu.Unlock()
}

func gates() {
	g := newGate()
	go func() {
		g.take()
		g.take()
	}()
	go g.set() // want `abandoned: the goroutine blocks forever sending on open when gates returns at line \d+ `
	go g.set()
}

func gatesInOrder() {
	g := newGate()
	go func() {
		<-g.open
		<-g.open
		g.mu.Lock()
		defer g.mu.Unlock()
	}()
	go g.set()
	go g.set()
}

func listedByBoth(l lister, more []string, workers int, keep func(string)) {
	names := make(chan string)
	go func() {
		defer close(names)
		for _, name := range more {
			names <- name
		}
		_ = l.Each(func(name string) error {
			names <- name
			return nil
		})
	}()
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for name := range names {
				keep(name)
			}
		})
	}
	wg.Wait()
}
