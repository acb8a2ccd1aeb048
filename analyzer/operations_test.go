package analyzer

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/poollint/poollint/analyzer/internal/linttest"
)

// Operations have the names that the linker gives functions, and say what may wait where.
func TestOperations(t *testing.T) {
	const src = `package p

import "sync"

type box[T any] struct{ ch chan T }

func (b *box[T]) put(v T) { b.ch <- v }

func (b box[T]) take() T {
	return func() T { return <-b.ch }()
}

func run[T any](f func() T) { go f() }

var hold = func(ch chan int) {
	ch <- 1
}

const debug = false

func F(a, b chan int, wg *sync.WaitGroup) {
	if debug {
		go func() { a <- 1 }()
	}
	go func() {
		func() {
			defer wg.Wait()
			for range a {
			}
		}()
	}()
	wg.Go(func() {
		select {
		case a <- 1:
		case <-b:
		}
	})
	select {
	case a <- 1:
	default:
	}
	select {
	//poollint:ignore profile it is there all the time
	case <-b:
	}
	run(func() int { select {} })
	new(box[int]).put(2)
}

func init() { go work(nil) }

func init() { go work(nil) }

func work(mu *sync.Mutex) { mu.Lock() }
`
	pkg := linttest.Standard().Source(t, "example.com/p", src)
	line := func(s string) int {
		n, _ := strconv.Atoi(s[:strings.IndexByte(s, ' ')])
		return n
	}
	var got []string
	for _, f := range driver(t, Settings{sites: true}).Check(t, pkg) {
		var o operation
		text, ok := strings.CutPrefix(f.Message, "operation: ")
		if f.Category != "operation" || !ok {
			if strings.Contains(f.Message, `"rule":"directive"`) && !strings.Contains(f.Message, `"level":"silent"`) {
				t.Errorf("the directive is reported: %s", f.Message)
			}
			continue
		}
		if err := json.Unmarshal([]byte(text), &o); err != nil {
			t.Fatal(err)
		}
		s := fmt.Sprintf("%d %s in %s", pkg.Fset.Position(f.Pos).Line, o.Kind, strings.TrimPrefix(o.Symbol, "example.com/p."))
		if o.Callee != "" {
			s += " of " + strings.TrimPrefix(o.Callee, "example.com/p.")
		}
		for _, name := range o.Starts {
			s += " starts " + strings.TrimPrefix(name, "example.com/p.")
		}
		if o.On != "" {
			s += " on " + o.On
		}
		for _, c := range o.Cases {
			s += " " + c.Kind + " " + c.On
		}
		if o.Deferred {
			s += ", deferred"
		}
		if o.Ignored {
			s += ", ignored"
		}
		got = append(got, s)
	}
	slices.SortStableFunc(got, func(a, b string) int { return cmp.Compare(line(a), line(b)) })
	want := []string{
		"1 file in ",
		"7 send in (*box[...]).put on b.ch",
		"10 receive in box[...].take.func1 on b.ch",
		"13 go in run[...] starts F.func3",
		"16 send in  on ch",
		"25 go in F starts F.func1",
		"27 call in F.func1.1 of sync.(*WaitGroup).Wait on wg, deferred",
		"28 range in F.func1.1 on a",
		"32 submit in F of sync.(*WaitGroup).Go starts F.func2 on wg",
		"33 select in F.func2 send a receive b",
		"44 receive in F on b, ignored",
		"46 submit in F of run[...] starts F.func3",
		"46 select in F.func3",
		"50 go in init.0 of work starts work",
		"52 go in init.1 of work starts work",
		"54 call in work of sync.(*Mutex).Lock on mu",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
