package unawaited

import (
	"context"
	"errors"
	"log"
	"net/http"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"

	"poollint.test/analyzer/rules/unawaited/testdata/help"
)

func groupForgotten() {
	var g errgroup.Group
	g.Go(check) // want `unawaited: g is given work and never waited for: its tasks outlive the function, losing the first error; wait for it before every return`
}

func groupWaited() error {
	var g errgroup.Group
	g.Go(check)
	g.Go(check)
	return g.Wait()
}

func groupLeft(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return ctx.Err() }) // want `unawaited: g is not waited for on the path that exits at line \d+`
	if err := check(); err != nil {
		return err
	}
	return g.Wait()
}

func groupFirstOnFailingPath(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	if err := check(); err != nil {
		return err // nothing in it yet
	}
	g.Go(func() error { return ctx.Err() })
	return g.Wait()
}

func groupInLoop(ctx context.Context, batches [][3]int) error {
	for _, batch := range batches {
		g, ctx := errgroup.WithContext(ctx)
		for i := range batch {
			if err := check(); err != nil {
				return err
			}
			g.Go(func() error { return use(ctx, batch[i]) }) // want `unawaited: g is not waited for on the path that exits at line \d+`
		}
		if err := g.Wait(); err != nil {
			return err
		}
	}
	return nil
}

func use(context.Context, int) error { return nil }

func groupDeferred() error {
	var g errgroup.Group
	defer g.Wait()
	g.Go(check)
	if err := check(); err != nil {
		return err
	}
	return nil
}

func groupDeferredClosure() (err error) {
	var g errgroup.Group
	defer func() { err = errors.Join(err, g.Wait()) }()
	g.Go(check)
	if err := check(); err != nil {
		return err
	}
	return nil
}

func groupCanceled(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { <-ctx.Done(); return ctx.Err() })
	if err := check(); err != nil {
		return err // its tasks are told to end
	}
	return g.Wait()
}

func groupSequentialMode(steps []int, parallel bool) error {
	var g errgroup.Group
	for range steps {
		if parallel {
			g.Go(check)
		} else if err := check(); err != nil {
			return err // nothing was started in this mode
		}
	}
	return g.Wait()
}

func groupCloser(out chan int) {
	var g errgroup.Group
	g.Go(check)
	g.Go(check)
	go func() {
		if err := g.Wait(); err != nil {
			log.Print(err)
		}
		close(out)
	}()
}

func groupReturned() *errgroup.Group {
	g := new(errgroup.Group)
	g.Go(check)
	return g
}

type service struct{ g *errgroup.Group }

func groupStored() *service {
	g := new(errgroup.Group)
	g.Go(check)
	return &service{g}
}

func (s *service) start() { s.g.Go(check) }

func groupParameter(g *errgroup.Group) { g.Go(check) }

func groupHelperWaits() error {
	var g errgroup.Group
	g.Go(check)
	return help.Wait(&g)
}

func groupHelperFills() {
	var g errgroup.Group
	help.Fill(&g, check) // want `unawaited: g is given work and never waited for`
}

func groupHelperFillsWaited() error {
	var g errgroup.Group
	help.Fill(&g, check)
	return g.Wait()
}

func groupTaskOfItself() error {
	var g errgroup.Group
	g.Go(func() error {
		g.Go(check)
		return check()
	})
	return g.Wait()
}

func groupCallback(each func(func(int) error) error) error {
	var g errgroup.Group
	if err := each(func(int) error { g.Go(check); return nil }); err != nil { // want `unawaited: g is not waited for on the path that exits at line \d+`
		return err
	}
	return g.Wait()
}

func groupServes(ctx context.Context) error {
	var g errgroup.Group
	g.Go(check)
	for { // never leaves
		select {
		case <-ctx.Done():
			return g.Wait()
		default:
		}
	}
}

func waitGroup() {
	var wg sync.WaitGroup
	wg.Go(func() { log.Print("working") })
	wg.Go(func() { log.Print("working") })
	wg.Wait()
}

func waitGroupForgotten() error {
	var wg sync.WaitGroup
	var err error
	wg.Go(func() { err = check() }) // want `unawaited: wg is given work and never waited for: its tasks outlive the function; wait for it before every return`
	return err
}

type gauge struct{ name, level string }

// Who is given what the tasks write to has all that they write.
func waitGroupFilling(read func() string) *gauge {
	g := &gauge{name: "tank"}
	var wg sync.WaitGroup
	wg.Go(func() { g.level = read() }) // want `unawaited: wg is given work and never waited for`
	return g
}

func waitGroupFillingAnother(read func() string) string {
	g := &gauge{name: "tank"}
	var wg sync.WaitGroup
	wg.Go(func() { g.level = read() }) // silent: unawaited "leave nothing that is read afterwards"
	return g.name
}

// What leaves nothing to read is started and left alone, whatever starts it.
func waitGroupLeftAlone() {
	var wg sync.WaitGroup
	wg.Go(func() { log.Print("working") }) // silent: unawaited "leave nothing that is read afterwards"
}

func waitGroupInClosure() {
	var wg sync.WaitGroup
	start := func() { wg.Go(func() { log.Print("working") }) }
	start()
	wg.Wait()
}

// A closure that is kept runs later, or never: whoever calls it may wait.
func groupStartedLater(onExit func(func()), wait bool) func() {
	wg := new(sync.WaitGroup)
	start := struct{ sweep func() }{
		sweep: func() { wg.Go(func() { log.Print("sweeping") }) },
	}
	if wait {
		onExit(wg.Wait)
	}
	return start.sweep
}

// What the tasks are told to end by is as good as a wait: no token, since the context has ended.

func groupToken(ctx context.Context, names []string) error {
	tokens := semaphore.NewWeighted(4)
	g, taskCtx := errgroup.WithContext(ctx)
	for i := range names {
		if err := tokens.Acquire(ctx, 1); err != nil {
			return err
		}
		g.Go(func() error {
			defer tokens.Release(1)
			return use(taskCtx, i)
		})
	}
	return g.Wait()
}

func groupTokenAndMore(ctx context.Context, names []string) error {
	tokens := semaphore.NewWeighted(4)
	g, taskCtx := errgroup.WithContext(ctx)
	for i := range names {
		if err := tokens.Acquire(ctx, 1); err != nil {
			return err
		}
		if err := check(); err != nil {
			return err
		}
		g.Go(func() error { // want `unawaited: g is not waited for on the path that exits at line \d+`
			defer tokens.Release(1)
			return use(taskCtx, i)
		})
	}
	return g.Wait()
}

// These tasks are told nothing.
func groupTokenOnly(ctx context.Context, names []string) error {
	tokens := semaphore.NewWeighted(4)
	var g errgroup.Group
	for range names {
		if err := tokens.Acquire(ctx, 1); err != nil {
			return err
		}
		g.Go(func() error { // want `unawaited: g is not waited for on the path that exits at line \d+`
			defer tokens.Release(1)
			return check()
		})
	}
	return g.Wait()
}

func groupContextEnds(ctx context.Context, names []string) error {
	g, taskCtx := errgroup.WithContext(ctx)
	for i := range names {
		g.Go(func() error { return use(taskCtx, i) })
		select {
		case <-taskCtx.Done():
			return taskCtx.Err()
		default:
		}
		if taskCtx.Err() != nil {
			return taskCtx.Err()
		}
	}
	return g.Wait()
}

func groupStopped(names []string) error {
	stop := make(chan struct{})
	defer close(stop)
	var g errgroup.Group
	for range names {
		g.Go(func() error { // want `abandoned: the goroutine waits forever on stop while groupStopped waits at line \d+, because nobody sends on it or closes it after that; close stop on every path`
			<-stop
			return nil
		})
		if err := check(); err != nil {
			return err
		}
	}
	return g.Wait()
}

func workersOutOfJobs(names []string) error {
	jobs := make(chan string)
	var wg sync.WaitGroup
	wg.Go(func() {
		for job := range jobs {
			log.Print(job)
		}
	})
	for _, name := range names {
		if err := check(); err != nil {
			close(jobs)
			return err
		}
		jobs <- name
	}
	close(jobs)
	wg.Wait()
	return nil
}

func workersLeftWaiting(names []string) error {
	jobs := make(chan string)
	done := 0
	var wg sync.WaitGroup
	wg.Go(func() { // want `abandoned: the goroutine waits forever on jobs when workersLeftWaiting returns at line \d+, because nobody sends on it or closes it after that; close jobs on every path`
		for job := range jobs {
			log.Print(job)
			done++
		}
	})
	for _, name := range names {
		if err := check(); err != nil {
			return err
		}
		jobs <- name
	}
	close(jobs)
	wg.Wait()
	log.Print(done)
	return nil
}

// Who receives until the channel is closed waits for the task, which has no error to lose.
func groupAnnounced(urls []string, fetch func(string, chan<- int)) (total int) {
	var g errgroup.Group
	var wg sync.WaitGroup
	g.SetLimit(4)
	for _, url := range urls {
		results := make(chan int)
		g.Go(func() error {
			defer close(results)
			fetch(url, results)
			return nil
		})
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range results {
			}
		}()
	}
	wg.Wait()
	return total
}

func groupAnnouncedWithError(urls []string, fetch func(string, chan<- int) error) (total int) {
	var g errgroup.Group
	g.SetLimit(4)
	for _, url := range urls {
		results := make(chan int)
		g.Go(func() error { // want `unawaited: g is given work and never waited for`
			defer close(results)
			return fetch(url, results)
		})
		for n := range results {
			total += n
		}
	}
	return total
}

// Who gets the error stops the server, or ends the program.
func groupServing(s *http.Server) error {
	var g errgroup.Group
	g.Go(s.ListenAndServe)
	g.Go(func() error { return s.Serve(nil) })
	if err := check(); err != nil {
		return err
	}
	return g.Wait()
}

func groupServingAndMore(s *http.Server) error {
	var g errgroup.Group
	g.Go(func() error { return s.ListenAndServe() }) // want `unawaited: g is not waited for on the path that exits at line \d+`
	g.Go(check)
	if err := check(); err != nil {
		return err
	}
	return g.Wait()
}

// Nobody hears that the server is left running.
func groupServingUnheard(s *http.Server) error {
	var g errgroup.Group
	g.Go(s.ListenAndServe) // want `unawaited: g is not waited for on the path that exits at line \d+`
	if check() == nil {
		return nil
	}
	return g.Wait()
}

// A program in which something that must be there is nil is broken: that is no path.
func groupInvariant(names []*string) error {
	var g errgroup.Group
	for _, name := range names {
		if name == nil {
			return errors.New("missing name")
		}
		g.Go(check)
	}
	return g.Wait()
}

func groupRefused(names []string) error {
	var g errgroup.Group
	for _, name := range names {
		if name == "" {
			return errors.New("missing name")
		}
		g.Go(check) // want `unawaited: g is not waited for on the path that exits at line \d+`
	}
	return g.Wait()
}

// All tasks hear that the context has ended; of an error they do not.
func groupShares(ctx context.Context, names <-chan string) error {
	var wg sync.WaitGroup
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case name, ok := <-names:
			if !ok {
				wg.Wait()
				return nil
			}
			wg.Go(func() { help.Visit(ctx, name) }) // want `unbounded: one goroutine per element of names`
		}
	}
}

func groupSharesNot(ctx context.Context, names <-chan string) error {
	var wg sync.WaitGroup
	var seen sync.Map
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case name, ok := <-names:
			if !ok {
				wg.Wait()
				seen.Clear()
				return nil
			}
			wg.Go(func() { seen.Store(name, true) }) // want `unawaited: wg is not waited for on the path that exits at line \d+`
		}
	}
}

// Who waits for tasks that run until they are told to end has to tell them first.
func untilTold(parent context.Context) int64 {
	var beats atomic.Int64
	ctx, cancel := context.WithCancel(parent)
	defer cancel()
	var wg sync.WaitGroup
	for range 5 {
		wg.Go(func() { // want `unawaited: wg is given work and never waited for: its tasks outlive the function; cancel ctx and wait for it before every return`
			for ctx.Err() == nil {
				beats.Add(1)
			}
		})
	}
	_ = check()
	return beats.Load()
}

// Who was given a group before it had work waits for it.
type started struct {
	group *errgroup.Group
	wait  func() error
	all   []*errgroup.Group
}

func (s *started) Start() {
	g := new(errgroup.Group)
	s.group = g
	g.Go(check)
}

func (s *started) StartMore() {
	g := new(errgroup.Group)
	s.all = append(s.all, g)
	g.Go(check)
}

func newStarted() *started {
	g := new(errgroup.Group)
	s := &started{group: g}
	g.Go(check)
	return s
}

func (s *started) Method() {
	var g errgroup.Group
	s.wait = g.Wait
	g.Go(check)
}

func methodValue() error {
	var g errgroup.Group
	wait := g.Wait
	g.Go(check)
	return wait()
}

func secondName() error {
	g := &errgroup.Group{}
	h := g
	g.Go(check)
	return h.Wait()
}

func waitedBefore() {
	var g errgroup.Group
	_ = g.Wait()
	g.Go(check) // want `unawaited: g is not waited for on the path that exits at line \d+`
}

// The last turn waits.
func byEights(all []func() error) error {
	var g errgroup.Group
	for i, f := range all {
		g.Go(f)
		if (i+1)%8 == 0 || i == len(all)-1 {
			if err := g.Wait(); err != nil {
				return err
			}
		}
	}
	return nil
}

func byEightsOnly(all []func() error) error {
	var g errgroup.Group
	for i, f := range all {
		g.Go(f) // want `unawaited: g is not waited for on the path that exits at line \d+`
		if (i+1)%8 == 0 {
			if err := g.Wait(); err != nil {
				return err
			}
		}
	}
	return nil
}

// The loop ends by a flag. That says nothing of who waits where nobody does.
func groupOfAll(next func() (string, error)) error {
	var g errgroup.Group
	for more := true; more; {
		name, err := next()
		if err != nil {
			more = false
		}
		g.Go(func() error { return use(context.Background(), len(name)) }) // want `g is given work and never waited for`
	}
	return nil
}

func groupOfSome(next func() (string, error)) error {
	var g errgroup.Group
	begun := false
	for range 8 {
		name, err := next()
		if err != nil {
			continue
		}
		begun = true
		g.Go(func() error { return use(context.Background(), len(name)) }) // silent: unawaited "waits for it on every path"
	}
	if begun {
		return g.Wait()
	}
	return nil
}
