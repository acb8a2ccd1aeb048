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
