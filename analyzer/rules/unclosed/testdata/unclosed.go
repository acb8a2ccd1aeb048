package unclosed

import (
	"errors"
	"log"
	"net/http"
	"os"
	"slices"

	"github.com/alitto/pond/v2"
	"github.com/gammazero/workerpool"
	"github.com/panjf2000/ants/v2"
	concpool "github.com/sourcegraph/conc/pool"

	"github.com/poollint/poollint/pool"

	"poollint.test/analyzer/rules/unclosed/testdata/help"
)

func task() {}

func check() error { return errors.New("no") }

// Closed, one way or another.

func deferred() error {
	p, err := ants.NewPool(2)
	if err != nil {
		return err
	}
	defer p.Release()
	return p.Submit(task)
}

func deferredClosure() {
	p := workerpool.New(2)
	defer func() {
		log.Print("stopping")
		p.StopWait()
	}()
	p.Submit(task)
}

func deferredHelper() {
	p := workerpool.New(2)
	defer help.Stop(p)
	p.Submit(task)
}

func localHelper() {
	p := workerpool.New(2)
	stop := func() { p.StopWait() }
	p.Submit(task)
	stop()
}

func byGoroutine(done <-chan struct{}) {
	p := workerpool.New(2)
	p.Submit(task)
	go func() {
		<-done
		p.Stop()
	}()
}

func everyPath() error {
	p := workerpool.New(2)
	p.Submit(task)
	if err := check(); err != nil {
		p.Stop()
		return err
	}
	p.StopWait()
	return nil
}

func timeout() error {
	p, err := ants.NewPool(2)
	if err != nil {
		return err
	}
	if err := p.Submit(task); err != nil {
		log.Fatal(err)
	}
	return p.ReleaseTimeout(1)
}

// Not closed on one path.

func earlyReturn() error {
	p := workerpool.New(2) // want `unclosed: p is not closed on the path that exits at line \d+: its goroutines leak; defer p.StopWait\(\) here`
	p.Submit(task)
	if err := check(); err != nil {
		return err
	}
	p.StopWait()
	return nil
}

func diesOnTheWay() {
	p := workerpool.New(2)
	p.Submit(task)
	if err := check(); err != nil {
		os.Exit(1)
	}
	p.StopWait()
}

func helperLooks() {
	p := workerpool.New(2) // want `unclosed: p is never closed`
	if help.Size(p) > 1 {
		p.Submit(task)
	}
}

// What escapes is somebody else's.

func returned() *workerpool.WorkerPool {
	p := workerpool.New(2)
	p.Submit(task)
	return p
}

type wrapper struct{ pool *workerpool.WorkerPool }

func wrapped() *wrapper {
	p := workerpool.New(2)
	return &wrapper{p}
}

func (w *wrapper) init() { w.pool = workerpool.New(2) }

func kept() {
	p := workerpool.New(2)
	help.Keep(p)
}

func sent(to chan<- *workerpool.WorkerPool) { to <- workerpool.New(2) }

func stopper() func() {
	p := workerpool.New(2)
	p.Submit(task)
	return p.StopWait
}

var process = workerpool.New(2)

func serves(tasks <-chan func()) {
	p := workerpool.New(2)
	for { // as long as the process
		p.Submit(<-tasks)
	}
}

// No goroutines stay.

func pondIdle() {
	p := pond.NewPool(2)
	p.Submit(task)
}

func concHasNoClose() {
	p := concpool.New()
	p.Go(task)
	p.Wait()
}

func ownPoolIdle() {
	p := pool.NewIO(2)
	_ = p
}

// A handler that is registered outlives the function, and its pool with it.
func registers(mux *http.ServeMux) {
	p := workerpool.New(4)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		p.Submit(func() { log.Print(r.URL) })
	})
}

func handler() http.HandlerFunc {
	p := workerpool.New(4)
	return func(w http.ResponseWriter, r *http.Request) {
		p.Submit(func() { log.Print(r.URL) })
	}
}

func inTheBackground(jobs <-chan func()) {
	p := workerpool.New(4)
	go func() {
		for job := range jobs {
			p.Submit(job)
		}
	}()
}

// One that is called here does not.
func calls(names []string) {
	p := workerpool.New(4) // want `unclosed: p is never closed: .*; defer p.StopWait\(\) here`
	add := func(name string) {
		p.Submit(func() { log.Print(name) })
	}
	for _, name := range names {
		add(name)
	}
	slices.SortFunc(names, func(a, b string) int {
		p.Submit(func() {})
		return 0
	})
}

// A constructor of one's own hands the pool to its caller.
func newPool() *workerpool.WorkerPool { return workerpool.New(8) }

func madeHere() {
	p := newPool() // want `unclosed: p is never closed: its goroutines leak when madeHere returns; defer p.StopWait\(\) here`
	p.Submit(task)
}

func madeElsewhere() error {
	p, err := help.New(8) // want `unclosed: p is not closed on the path that exits at line \d+`
	if err != nil {
		return err
	}
	if err := p.Submit(task); err != nil {
		return err
	}
	p.Release()
	return nil
}

func madeAndClosed() error {
	p, err := help.New(8)
	if err != nil {
		return err
	}
	defer p.Release()
	return p.Submit(task)
}

// What the constructor keeps is not the caller's to close.
func madeAndKept() {
	p, q := help.Shared(), help.NewKept()
	p.Submit(task)
	q.Submit(task)
}

// The goroutine that uses it last could close it; a defer here would close it too early.
func leavesToAGoroutine(jobs [3]func()) {
	p := workerpool.New(4) // want `unclosed: p is never closed: its goroutines leak after the goroutines of leavesToAGoroutine that use it have ended; call p.StopWait\(\) in the last of them`
	go func() {
		for _, job := range jobs {
			p.SubmitWait(job)
		}
	}()
}
