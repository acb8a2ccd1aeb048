package pool_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/poollint/poollint/pool"
)

var ctx = context.Background()

func fetch(_ context.Context, url string) (int, error) { return len(url), nil }

func Example() {
	p := pool.NewIO(100)
	defer p.Close()
	f := pool.Submit(ctx, p, func(ctx context.Context) (int, error) { return fetch(ctx, "https://go.dev") })
	fmt.Println(f.Await(ctx))
	// Output: 14 <nil>
}

func ExampleNewIO() {
	p := pool.NewIO(100, pool.WithMemory(64<<20, 1<<20))
	defer p.Close()
	fmt.Println(p.Stats().Limit)
	// Output: 64
}

func ExampleNewCPU() {
	p := pool.NewCPU()
	defer p.Close()
	fmt.Println(p.Stats().Limit == runtime.GOMAXPROCS(0))
	// Output: true
}

func ExampleIO_Go() {
	p := pool.NewIO(100, pool.WithErrorHandler(func(err error) { fmt.Println("handled:", err) }))
	err := p.Go(ctx, func(context.Context) error { return errors.New("disk full") })
	p.Close()
	fmt.Println("accepted:", err == nil)
	// Output:
	// handled: disk full
	// accepted: true
}

func ExampleIO_TryGo() {
	p := pool.NewIO(1, pool.WithQueue(0))
	gate := make(chan bool)
	p.TryGo(ctx, func(context.Context) error { <-gate; return nil })
	fmt.Println(p.TryGo(ctx, func(context.Context) error { return nil }))
	close(gate)
	p.Close()
	// Output: pool: full
}

func ExampleIO_Shutdown() {
	p := pool.NewIO(1)
	started := make(chan struct{})
	f := pool.Submit(ctx, p, func(ctx context.Context) (int, error) {
		close(started)
		<-ctx.Done()
		return 0, ctx.Err()
	})
	<-started
	patience, cancel := context.WithTimeout(ctx, time.Millisecond)
	defer cancel()
	fmt.Println(p.Shutdown(patience))
	_, err := f.Await(ctx)
	fmt.Println(err)
	// Output:
	// context deadline exceeded
	// context canceled
}

func ExampleIO_Close() {
	p := pool.NewIO(1)
	p.Close()
	fmt.Println(p.Go(ctx, func(context.Context) error { return nil }))
	// Output: pool: closed
}

func ExampleIO_Resize() {
	p := pool.NewIO(10)
	defer p.Close()
	p.Resize(20)
	fmt.Println(p.Stats().Limit)
	// Output: 20
}

func ExampleIO_Stats() {
	p := pool.NewIO(10, pool.WithName("fetch"))
	pool.Submit(ctx, p, value(1)).Await(ctx)
	p.Close()
	s := p.Stats()
	fmt.Println(s.Name, s.Workers, s.Peak, s.Taken)
	// Output: fetch 0 1 1
}

func ExampleIO_String() {
	p := pool.NewIO(10, pool.WithName("fetch")) // expvar.Publish("fetch", p)
	defer p.Close()
	fmt.Println(strings.HasPrefix(p.String(), `{"name":"fetch","workers":0,`))
	// Output: true
}

func ExampleStats() {
	var s pool.Stats
	fmt.Println(s)                   // JSON
	fmt.Println(s.LogValue().Kind()) // slog.Info("state", "pool", p.Stats())
	// Output:
	// {"workers":0,"idle":0,"peak":0,"limit":0,"queued":0,"blocked":0,"taken":0,"failed":0,"lost":0,"stackBytes":0}
	// Group
}

func ExampleExecutor() {
	sum := func(e pool.Executor) int {
		total := 0
		for n := range pool.Map(ctx, e, slices.Values([]int{1, 2, 3}), func(_ context.Context, n int) (int, error) { return n * n, nil }) {
			total += n
		}
		return total
	}
	io, cpu := pool.NewIO(10), pool.NewCPU()
	defer io.Close()
	defer cpu.Close()
	fmt.Println(sum(io), sum(cpu))
	// Output: 14 14
}

func ExampleSubmit() {
	p := pool.NewCPU()
	defer p.Close()
	f := pool.Submit(ctx, p, func(context.Context) (string, error) { panic("not today") })
	_, err := f.Await(ctx)
	var failure *pool.PanicError
	fmt.Println(errors.As(err, &failure), failure.Value)
	// Output: true not today
}

func ExampleFuture_Await() {
	p := pool.NewIO(1)
	defer p.Close()
	f := pool.Submit(ctx, p, func(ctx context.Context) (int, error) {
		// One worker, and it waits for its own pool: elsewhere a deadlock.
		return pool.Submit(ctx, p, value(42)).Await(ctx)
	})
	fmt.Println(f.Await(ctx))
	// Output: 42 <nil>
}

func ExampleFuture_Done() {
	p := pool.NewIO(1)
	defer p.Close()
	f := pool.Submit(ctx, p, value(42))
	select {
	case <-f.Done():
		fmt.Println(f.Await(ctx))
	case <-time.After(time.Minute):
		fmt.Println("late")
	}
	// Output: 42 <nil>
}

func ExampleFuture_Cancel() {
	p := pool.NewIO(1)
	defer p.Close()
	f := pool.Submit(ctx, p, func(ctx context.Context) (int, error) { <-ctx.Done(); return 0, ctx.Err() })
	f.Cancel()
	_, err := f.Await(ctx)
	fmt.Println(err)
	// Output: context canceled
}

func ExampleFuture() {
	var f pool.Future[int]
	_, err := f.Await(ctx)
	fmt.Println(err)
	// Output: pool: no future
}

func ExampleAll() {
	p := pool.NewIO(10)
	defer p.Close()
	fmt.Println(pool.All(ctx, pool.Submit(ctx, p, value("a")), pool.Submit(ctx, p, value("b"))))
	// Output: [a b] <nil>
}

func ExampleAny() {
	p := pool.NewIO(10)
	defer p.Close()
	slow := pool.Submit(ctx, p, func(ctx context.Context) (string, error) { <-ctx.Done(); return "slow", ctx.Err() })
	fmt.Println(pool.Any(ctx, slow, pool.Submit(ctx, p, value("fast"))))
	// Output: fast <nil>
}

func ExampleAsCompleted() {
	p := pool.NewIO(10)
	defer p.Close()
	first := make(chan bool)
	a := pool.Submit(ctx, p, func(context.Context) (string, error) { <-first; return "submitted first", nil })
	b := pool.Submit(ctx, p, value("ended first"))
	for s := range pool.AsCompleted(ctx, a, b) {
		fmt.Println(s)
		if s == "ended first" {
			close(first)
		}
	}
	// Output:
	// ended first
	// submitted first
}

func ExampleMap() {
	p := pool.NewIO(10)
	defer p.Close()
	urls := slices.Values([]string{"https://go.dev", "https://pkg.go.dev"})
	for n, err := range pool.Map(ctx, p, urls, fetch) {
		fmt.Println(n, err)
	}
	// Output:
	// 14 <nil>
	// 18 <nil>
}

func ExamplePolicy() {
	p := pool.NewIO(1, pool.WithQueue(0), pool.WithPolicy(pool.CallerRuns))
	gate := make(chan bool)
	p.Go(ctx, func(context.Context) error { <-gate; return nil })
	p.Go(ctx, func(context.Context) error { fmt.Println("in the caller"); return nil })
	close(gate)
	p.Close()
	// Output: in the caller
}

func ExampleOption() {
	p := pool.NewCPU(
		pool.WithName("hash"),
		pool.WithWorkers(4),
		pool.WithQueue(100),
	)
	defer p.Close()
	fmt.Println(p.Stats().Name, p.Stats().Limit)
	// Output: hash 4
}

func ExampleWithMemory() {
	p := pool.NewIO(pool.Unbounded, pool.WithMemory(256<<20, 32<<10))
	defer p.Close()
	fmt.Println(p.Stats().Limit)
	// Output: 8192
}

func ExampleWithWorkers() {
	p := pool.NewCPU(pool.WithWorkers(3))
	defer p.Close()
	fmt.Println(p.Stats().Limit)
	// Output: 3
}

func ExampleWithQueue() {
	p := pool.NewIO(1, pool.WithQueue(2))
	gate := make(chan bool)
	for range 3 {
		p.Go(ctx, func(context.Context) error { <-gate; return nil })
	}
	fmt.Println(p.TryGo(ctx, func(context.Context) error { return nil }))
	close(gate)
	p.Close()
	// Output: pool: full
}

func ExampleWithName() {
	p := pool.NewIO(1, pool.WithName("mail"))
	defer p.Close()
	fmt.Println(p.Stats().Name)
	// Output: mail
}

func ExampleWithPolicy() {
	p := pool.NewIO(1, pool.WithQueue(0), pool.WithPolicy(pool.Reject))
	gate := make(chan bool)
	p.Go(ctx, func(context.Context) error { <-gate; return nil })
	_, err := pool.Submit(ctx, p, value(1)).Await(ctx)
	fmt.Println(err)
	close(gate)
	p.Close()
	// Output: pool: full
}

func ExampleWithErrorHandler() {
	p := pool.NewIO(1, pool.WithErrorHandler(func(err error) { fmt.Println(err) }))
	p.Go(ctx, func(context.Context) error { return errors.New("no route to host") })
	p.Close()
	// Output: no route to host
}

func ExampleWithHooks() {
	p := pool.NewIO(1, pool.WithHooks(pool.Hooks{
		Start: func(context.Context) { fmt.Println("start") },
		End:   func(_ context.Context, err error) { fmt.Println("end:", err) },
	}))
	p.Go(ctx, func(context.Context) error { return nil })
	p.Close()
	// Output:
	// start
	// end: <nil>
}

func ExampleHooks() {
	var running int // of one worker, so that no lock is needed
	p := pool.NewCPU(pool.WithWorkers(1), pool.WithHooks(pool.Hooks{
		Start: func(context.Context) { running++ },
		End:   func(context.Context, error) { running-- },
	}))
	p.Go(ctx, func(context.Context) error { fmt.Println(running); return nil })
	p.Close()
	// Output: 1
}

// A finding would be printed as it is made; a task that does next to nothing gives none.
func ExampleWithAudit() {
	p := pool.NewIO(1, pool.WithAudit(func(f pool.Finding) { fmt.Println(f) }))
	p.Go(ctx, func(context.Context) error { return nil })
	p.Close()
	fmt.Println("audited")
	// Output: audited
}

func ExampleAuditLog() {
	var log strings.Builder // a file, for poollint -profile
	p := pool.NewIO(1, pool.WithName("mail"), pool.WithAudit(pool.AuditLog(&log)))
	p.Close()
	_ = p.Go(ctx, func(context.Context) error { return nil })
	fmt.Println(strings.Contains(log.String(), `"rule":"rejected","pool":"mail"`))
	// Output: true
}

func ExampleWithSampling() {
	var findings int
	p := pool.NewIO(1, pool.WithSampling(1), pool.WithAudit(func(pool.Finding) { findings++ })) // every task
	err := p.Go(ctx, func(context.Context) error {
		time.Sleep(50 * time.Millisecond) // it waits, as it should on this pool
		return nil
	})
	if err != nil {
		fmt.Println(err)
	}
	p.Close()
	fmt.Println(findings, "findings")
	// Output: 0 findings
}

func ExampleFinding() {
	f := pool.Finding{Rule: "cpubound", Site: "main.go:7", Message: "a task on I/O pool \"net\" computed for 2ms of 2ms"}
	fmt.Println(f)
	// Output: main.go:7: cpubound: a task on I/O pool "net" computed for 2ms of 2ms
}

func ExamplePanicError() {
	p := pool.NewIO(1)
	defer p.Close()
	_, err := pool.Submit(ctx, p, func(context.Context) (int, error) { panic(errTask) }).Await(ctx)
	var failure *pool.PanicError
	fmt.Println(errors.As(err, &failure), errors.Is(err, errTask), len(failure.Stack) > 0)
	// Output: true true true
}
