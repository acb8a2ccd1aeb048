package effects

import (
	"bufio"
	"context"
	"fmt"
	"go/ast"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/poollint/poollint/analyzer/internal/linttest"
	"github.com/poollint/poollint/pool"
)

// explained are chores where engine and clock may disagree, and why.
var explained = map[string]string{}

// TestTruth runs each chore, measures the CPU time of its thread and its wall time, and compares
// with what the engine says of its source. A computing task has at least 100 µs of CPU and at
// least a fifth of wall; a waiting or trivial one less than 50 µs, or less than a tenth; what lies
// between is not asserted. Without POOLLINT_E2E=all it is every fifth.
func TestTruth(t *testing.T) {
	if testing.Short() {
		t.Skip("measures")
	}
	serve(t)
	program := linttest.Standard()
	f, err := program.Parse("truth_linux_test.go", nil)
	if err != nil {
		t.Fatal(err)
	}
	pkg := &linttest.Package{Path: "truth", Files: []*ast.File{f}}
	if err := program.Add(pkg); err != nil {
		t.Fatal(err)
	}
	p, x := of(pkg)
	sources := map[string]*ast.FuncLit{}
	ast.Inspect(f, func(n ast.Node) bool {
		if c, ok := n.(*ast.CompositeLit); ok && len(c.Elts) == 2 {
			if name, ok := c.Elts[0].(*ast.BasicLit); ok {
				if lit, ok := c.Elts[1].(*ast.FuncLit); ok {
					s, _ := strconv.Unquote(name.Value)
					sources[s] = lit
				}
			}
		}
		return true
	})
	asserted, agreed, estimated, near, audited := 0, 0, 0, 0, 0
	for i, c := range chores {
		if i%5 > 0 && !linttest.All() {
			continue
		}
		lit := sources[c.name]
		if lit == nil {
			t.Fatalf("no source of %q", c.name)
		}
		e := x.Task(lit, p.Lit(lit))
		claim, says := e.Computes()
		cpu, wall := measure(t, c.run)
		computes := cpu >= 100*time.Microsecond && cpu >= wall/5
		if !computes && cpu >= 50*time.Microsecond && cpu >= wall/10 {
			t.Logf("between: %-32s %8v of %8v; the engine says %v", c.name, cpu, wall, says)
			continue
		}
		asserted++
		if seen := audit(t, c.run); seen == says {
			audited++
		} else {
			t.Logf("the audit of package pool says %v of %q, the engine %v", seen, c.name, says)
		}
		verdict := "agree"
		if says == computes {
			agreed++
		} else if verdict = "DISAGREE"; explained[c.name] != "" {
			verdict = "explained: " + explained[c.name]
		} else {
			verdict = "DISAGREE and unexplained"
		}
		estimate := ""
		if e.Quiet() && cpu >= 10*time.Microsecond {
			ns := e.Cost.Plausible()
			off := ns / float64(cpu)
			estimated++
			if math.Abs(math.Log10(off)) <= 1 {
				near++
			}
			estimate = fmt.Sprintf("estimate %s, off by %.2g", duration(ns), off)
		}
		why := e.String()
		if says {
			why = claim.Why.String()
		}
		if verdict == "agree" && !testing.Verbose() {
			continue
		}
		t.Logf("%-32s cpu %10v wall %10v computes %v says %v %s %s\n\t%s", c.name, cpu, wall, computes, says, verdict, estimate, why)
	}
	t.Logf("%d chores, %d asserted, %d agree (%.1f %%); of %d estimates %d are within a factor of ten (%.0f %%)",
		len(chores), asserted, agreed, 100*float64(agreed)/float64(asserted), estimated, near, 100*float64(near)/float64(estimated))
	t.Logf("the audit agrees with the engine on %d of %d", audited, asserted)
	if busy > total/20 {
		t.Logf("runs stood in line for a CPU for %v of %v: the audit, which goes by wall time, is not asserted", busy, total)
	} else if 100*audited < 95*asserted {
		t.Errorf("the audit agrees on %d of %d, want 95 %% or more", audited, asserted)
	}
	if len(chores) < 80 {
		t.Errorf("%d chores, want 80 or more", len(chores))
	}
	if 100*agreed < 95*asserted {
		t.Errorf("%d of %d agree, want 95 %% or more", agreed, asserted)
	}
	if 10*near < 8*estimated {
		t.Errorf("%d of %d estimates are within a factor of ten, want 80 %% or more", near, estimated)
	}
}

// audit reports whether the reference executor, watching itself, says cpubound of f in any of a few
// runs: a machine with neighbours can only keep it from saying so.
func audit(t *testing.T, f func()) bool {
	for range 3 {
		if auditOnce(t, f) {
			return true
		}
	}
	return false
}

func auditOnce(t *testing.T, f func()) bool {
	var mu sync.Mutex
	found := false
	p := pool.NewIO(1, pool.WithSampling(1), pool.WithAudit(func(f pool.Finding) {
		mu.Lock()
		defer mu.Unlock()
		found = found || f.Rule == "cpubound"
	}))
	for range 5 { // three of which must compute
		if err := p.Go(t.Context(), func(context.Context) error { f(); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	defer mu.Unlock()
	return found
}

// busy is how long all measured runs stood in line, of their total.
var busy, total time.Duration

// measure is the CPU and wall time of f: the run with the least CPU of a few, after a first.
func measure(t *testing.T, f func()) (cpu, wall time.Duration) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	f()
	type run struct{ cpu, wall time.Duration }
	var runs []run
	for range 3 {
		line := inLine()
		before, start := threadCPU(t), time.Now()
		f()
		wall, cpu := time.Since(start), threadCPU(t)-before
		stood := inLine() - line
		busy += stood
		total += wall
		runs = append(runs, run{cpu, wall - stood})
	}
	least := slices.MinFunc(runs, func(a, b run) int { return int(a.cpu - b.cpu) })
	return least.cpu, max(least.wall, least.cpu)
}

// inLine is how long this thread has stood in line for a CPU: on a machine with neighbours that is
// no waiting of its own.
func inLine() time.Duration {
	data, err := os.ReadFile("/proc/thread-self/schedstat")
	fields := strings.Fields(string(data))
	if err != nil || len(fields) < 2 {
		return 0
	}
	ns, _ := strconv.ParseInt(fields[1], 10, 64)
	return time.Duration(ns)
}

// serve starts what the chores talk to.
func serve(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(8 * time.Millisecond)
		fmt.Fprint(w, `{"ID":1,"Name":"somebody"}`)
	}))
	t.Cleanup(s.Close)
	address = s.URL
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	endpoint = l.Addr().String()
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				line, _ := bufio.NewReader(conn).ReadString('\n')
				time.Sleep(5 * time.Millisecond)
				fmt.Fprint(conn, line)
			}()
		}
	}()
	folder = t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "large"), megabyte, 0o600); err != nil {
		t.Fatal(err)
	}
}
