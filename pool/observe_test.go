package pool_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"expvar"
	"log/slog"
	"runtime"
	"runtime/pprof"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/poollint/poollint/pool"
)

var _ expvar.Var = (*pool.IO)(nil)

func TestStatsAsJSONAndLogGroup(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.NewIO(2, pool.WithName("fetch"), pool.WithQueue(5))
		release := hold(t, p, 3)
		var s pool.Stats
		if err := json.Unmarshal([]byte(p.String()), &s); err != nil {
			t.Fatal(err)
		}
		check(t, "name", s.Name, "fetch")
		check(t, "workers", s.Workers, 2)
		check(t, "queued", s.Queued, 1)
		check(t, "limit", s.Limit, 2)
		check(t, "stack", s.StackBytes > 0, true)
		var out bytes.Buffer
		slog.New(slog.NewTextHandler(&out, nil)).Info("state", "pool", p.Stats())
		check(t, "log", strings.Contains(out.String(), "pool.name=fetch pool.workers=2"), true)
		release()
		p.Close()
	})
}

func TestHooks(t *testing.T) {
	bubble(t, func(t *testing.T) {
		var started, ended atomic.Int64
		var seen errorsOf
		p := pool.NewIO(2, pool.WithErrorHandler(func(error) {}), pool.WithHooks(pool.Hooks{
			Start: func(ctx context.Context) { check(t, "value", ctx.Value(key{}), any(1)); started.Add(1) },
			End: func(_ context.Context, err error) {
				ended.Add(1)
				if err != nil {
					seen.add(err)
				}
			},
		}))
		ctx := context.WithValue(t.Context(), key{}, 1)
		p.Go(ctx, nothing)
		p.Go(ctx, func(context.Context) error { return errTask })
		_, err := pool.Submit(ctx, p, func(context.Context) (int, error) { panic("ouch") }).Await(ctx)
		var pe *pool.PanicError
		check(t, "panic", errors.As(err, &pe), true)
		_, err = pool.Submit(ctx, p, func(context.Context) (int, error) { runtime.Goexit(); return 0, nil }).Await(ctx)
		checkIs(t, "Goexit", err, pool.ErrGoexit)
		p.Close()
		check(t, "started", started.Load(), 4)
		check(t, "ended", ended.Load(), 4)
		check(t, "errors", len(seen.all()), 3)
	})
}

// labelsOfThis returns how the goroutine profile shows the pool's label.
func labelled(name string) bool {
	var out bytes.Buffer
	pprof.Lookup("goroutine").WriteTo(&out, 1)
	return strings.Contains(out.String(), `"pool":"`+name+`"`)
}

func TestNameIsALabelOfTheWorkers(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.NewIO(1, pool.WithName("labelled-pool"))
		p.Go(t.Context(), func(ctx context.Context) error {
			check(t, "first task", labelled("labelled-pool"), true)
			pprof.SetGoroutineLabels(context.Background())
			check(t, "changed", labelled("labelled-pool"), false)
			return nil
		})
		p.Go(t.Context(), func(ctx context.Context) error {
			check(t, "set again", labelled("labelled-pool"), true)
			return nil
		})
		p.Close()
	})
}

func TestWorkerDoesNotInheritTheSubmittersLabels(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.NewIO(1)
		gate := make(chan struct{})
		pprof.Do(t.Context(), pprof.Labels("pool", "the-submitter"), func(ctx context.Context) {
			p.Go(ctx, func(context.Context) error { <-gate; return nil })
			synctest.Wait()
		})
		check(t, "inherited", labelled("the-submitter"), false)
		close(gate)
		p.Close()
	})
}

type findings struct {
	ch chan pool.Finding
}

func audited() (*findings, pool.Option) {
	f := &findings{make(chan pool.Finding, 100)}
	return f, pool.WithAudit(func(x pool.Finding) { f.ch <- x })
}

func (f *findings) only(t *testing.T) pool.Finding {
	t.Helper()
	if runtime.GOOS != "linux" {
		<-f.ch // says what it cannot see
		t.Skip("no thread times on " + runtime.GOOS)
	}
	if len(f.ch) != 1 {
		close(f.ch)
		for x := range f.ch {
			t.Log(x)
		}
		t.Fatal("want one finding")
	}
	return <-f.ch
}

func burn(d time.Duration) {
	for start := time.Now(); time.Since(start) < d; {
	}
}

func TestAuditFindsComputingOnIO(t *testing.T) {
	f, audit := audited()
	p := pool.NewIO(2, audit, pool.WithSampling(1), pool.WithName("net"))
	for range 40 { // on a busy machine, some run without a pause
		p.Go(t.Context(), func(context.Context) error { burn(time.Millisecond); return nil })
	}
	p.Close()
	x := f.only(t)
	check(t, "rule", x.Rule, "cpubound")
	check(t, "pool", x.Pool, "net")
	check(t, "site", strings.Contains(x.Site, "observe_test.go:"), true)
	check(t, "cpu", x.CPU > 100*time.Microsecond, true)
	check(t, "text", strings.HasPrefix(x.String(), x.Site+": cpubound: "), true)
}

// A task whose first runs fault its pages in, or assist the garbage collector, does not compute.
func TestAuditForgivesWhatComputesTwice(t *testing.T) {
	f, audit := audited()
	p := pool.NewIO(2, audit, pool.WithSampling(1))
	for range 2 {
		err := p.Go(t.Context(), func(context.Context) error { burn(5 * time.Millisecond); return nil })
		check(t, "error", err, nil)
	}
	p.Close()
	check(t, "findings", len(f.ch), 0)
}

func TestAuditFindsWaitingOnCPU(t *testing.T) {
	f, audit := audited()
	p := pool.NewCPU(audit, pool.WithSampling(1))
	gate := make(chan struct{})
	defer time.AfterFunc(100*time.Millisecond, func() { close(gate) }).Stop()
	for range 5 {
		p.Go(t.Context(), func(context.Context) error { <-time.After(3 * time.Millisecond); return nil })
	}
	p.Close()
	check(t, "rule", f.only(t).Rule, "blocking")
}

func TestAuditIsSilentWhereTasksBelong(t *testing.T) {
	f, audit := audited()
	io := pool.NewIO(2, audit, pool.WithSampling(1))
	v, err := pool.Submit(t.Context(), io, func(context.Context) (int, error) { <-time.After(time.Millisecond); return 1, nil }).Await(t.Context())
	check(t, "value", v, 1)
	check(t, "error", err, nil)
	io.Close()
	collect(io, 1)
	if runtime.GOOS == "linux" {
		check(t, "findings", len(f.ch), 0)
	}
}

func TestAuditFindsUnawaitedSuccess(t *testing.T) {
	f, audit := audited()
	p := pool.NewIO(2, audit, pool.WithSampling(2))
	for range 4 { // two of which are looked at, at one place
		pool.Submit(t.Context(), p, value(1))
	}
	p.Close()
	for i := 0; len(f.ch) == 0 && i < 1000; i++ {
		runtime.GC()
		runtime.Gosched()
	}
	x := f.only(t)
	check(t, "rule", x.Rule, "unawaited")
	check(t, "site", strings.Contains(x.Site, "observe_test.go:"), true)
}

func TestAuditFindsFailuresThatNobodySaw(t *testing.T) {
	f, audit := audited()
	p := pool.NewIO(2, audit, pool.WithSampling(1), pool.WithErrorHandler(func(error) {}))
	pool.Submit(t.Context(), p, func(context.Context) (int, error) { return 0, errTask })
	p.Close()
	for i := 0; len(f.ch) == 0 && i < 1000; i++ {
		runtime.GC()
		runtime.Gosched()
	}
	x := f.only(t)
	check(t, "rule", x.Rule, "unawaited")
	check(t, "message", strings.Contains(x.Message, errTask.Error()), true)
}

// refuse submits to a pool that takes nothing, twice at one place.
func refuse(ctx context.Context, p *pool.IO) {
	for range 2 {
		p.Go(ctx, nothing)
	}
	p.TryGo(ctx, nothing) // as it was asked
}

func TestAuditTellsOfRefusals(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f, audit := audited()
		p := pool.NewIO(1, audit, pool.WithQueue(0), pool.WithPolicy(pool.Reject))
		release := hold(t, p, 1)
		refuse(t.Context(), p)
		release()
		p.Close()
		x := f.only(t)
		check(t, "rule", x.Rule, "rejected")
		check(t, "func", strings.HasSuffix(x.Func, "pool_test.refuse"), true)
		check(t, "message", strings.Contains(x.Message, "was full"), true)
		pool.Submit(t.Context(), p, value(1))
		x = f.only(t)
		check(t, "rule", x.Rule, "rejected")
		check(t, "message", strings.Contains(x.Message, "was closed"), true)
	})
}

func TestAuditTellsOfDeadlocks(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f, audit := audited()
		p := pool.NewIO(2, audit)
		var own *pool.Future[int]
		ready := make(chan struct{})
		own = pool.Submit(t.Context(), p, func(ctx context.Context) (int, error) {
			<-ready
			return own.Await(ctx)
		})
		close(ready)
		_, err := own.Await(t.Context())
		checkIs(t, "error", err, pool.ErrDeadlock)
		p.Close()
		x := f.only(t)
		check(t, "rule", x.Rule, "selfwait")
		check(t, "site", strings.Contains(x.Site, "observe_test.go:"), true)
	})
}

func TestAuditLogWritesLines(t *testing.T) {
	var out bytes.Buffer
	p := pool.NewIO(1, pool.WithName("mail"), pool.WithAudit(pool.AuditLog(&out)))
	p.Close()
	p.Go(t.Context(), nothing)
	line := out.String()
	if i := strings.LastIndexByte(strings.TrimSpace(line), '\n'); i >= 0 {
		line = line[i+1:] // elsewhere than on Linux it also tells of itself
	}
	var f struct {
		pool.Finding
		Time time.Time
	}
	if err := json.Unmarshal([]byte(line), &f); err != nil {
		t.Fatalf("%v: %s", err, line)
	}
	check(t, "rule", f.Rule, "rejected")
	check(t, "pool", f.Pool, "mail")
	check(t, "site", strings.Contains(f.Site, "observe_test.go:"), true)
	check(t, "time", f.Time.IsZero(), false)
	check(t, "rule first", strings.HasPrefix(line, `{"rule":`), true) // poollint knows it by that
}

func TestAuditTellsOfManyWorkers(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f, audit := audited()
		p := pool.NewIO(pool.Unbounded, audit)
		release := hold(t, p, 2000)
		release()
		p.Close()
		synctest.Wait()
		x := f.only(t)
		check(t, "rule", x.Rule, "unbounded")
		check(t, "workers", x.Workers, 1024)
	})
}
