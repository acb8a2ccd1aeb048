package effects

import (
	"go/ast"
	"go/types"
	"strings"
	"sync"

	"github.com/poollint/poollint/analyzer/internal/catalog"
)

// rows says what functions of the tables cost, by what they are given.
type rows struct{ *walker }

// A library is what is known of the functions of one import path.
type library struct {
	path   string
	does   does    // a function without a row; blind: nothing is known
	ns     float64 // and what it costs
	why    string
	rows   []row
	module string // of a third-party library: where the test finds it
}

// A row says what one function does: "Get", "Client.Do", "Client.*" for the other methods of Client.
type row struct {
	name  string
	does  does
	of    arg     // the argument that its time grows with
	grow  growth  // and how
	heavy bool    // people would call it computing, whatever the size: a hash, a sort, a compressor
	ns    float64 // the constant part, where the benchmark does not measure it
	per   float64 // and for each unit of the argument
	at    float64 // the size of the argument at which the constant part was measured: a smaller one costs less
	calls arg     // the function argument that it calls, as often as its growth says
	why   string
}

type does uint8

const (
	blind   does = iota // nothing is known
	quiet               // never waits
	logs                // never waits: a log, whatever is behind it
	flow                // waits as the readers and writers that it is given, or is made from, do
	mayWait             // waits in some cases: no claim either way
	waits               // waits, unmistakably: network, disk, process, sleep
)

// arg is an argument by position; the receiver does not count.
type arg int8

const (
	none arg = iota
	first
	second
	third
	fourth

	below arg = -1 // what is left in the stream that the receiver was made from
)

type growth uint8

const (
	linearly   growth = iota
	sorting           // n log n
	searching         // log n
	walking           // with the elements of a value, of whatever type
	atMostOnce        // the first of all calls pays, and no other
)

// table is the libraries by path, with the rows of each by name.
var table = sync.OnceValue(func() map[string]*index {
	t := make(map[string]*index, len(std)+len(thirdParty))
	for _, libraries := range [][]library{std, thirdParty} {
		for i := range libraries {
			l := &libraries[i]
			ix := &index{rows: make(map[string]*row, len(l.rows)), rest: &row{name: "*", does: l.does, ns: l.ns, why: l.why}}
			for j := range l.rows {
				ix.rows[l.rows[j].name] = &l.rows[j]
			}
			t[l.path] = ix
		}
	}
	return t
})

type index struct {
	rows map[string]*row
	rest *row
}

// costs is what the benchmark measured, by name.
var costs = sync.OnceValue(func() map[string]*cost {
	m := make(map[string]*cost, len(measured))
	for i := range measured {
		m[measured[i].name] = &measured[i]
	}
	return m
})

// A cost is a measured time: ns, and per for each unit of the argument that the row names.
type cost struct {
	name    string
	ns, per float64
}

// measuredAt is the time per unit of a measured function, with the name that a message uses.
func measuredAt(name string) (float64, string) {
	if hash, ok := strings.CutSuffix(name, ".Sum"); ok {
		for _, f := range [...]string{".Sum", ".Sum256", ".Sum512"} {
			if c := costs()[hash+f]; c != nil {
				return c.per, hash[strings.LastIndexByte(hash, '/')+1:]
			}
		}
	}
	if c := costs()[name]; c != nil {
		return c.per, name[strings.LastIndexByte(name, '/')+1:]
	}
	return 0, ""
}

// lookup returns the row for a function, or nil.
func lookup(f *types.Func) *row {
	if f.Pkg() == nil {
		return nil
	}
	ix := table()[vendored(f.Pkg().Path())]
	if ix == nil {
		return nil
	}
	name := catalog.FuncName(f)
	if r := ix.rows[name]; r != nil {
		return r
	}
	if i := strings.IndexByte(name, '.'); i > 0 {
		if r := ix.rows[name[:i]+".*"]; r != nil {
			return r
		}
	}
	recv := f.Signature().Recv()
	if ix.rest.does == blind || ix.rest.does == quiet && recv != nil && types.IsInterface(recv.Type()) {
		return nil // an interface says nothing of who is behind it, unless it has a row
	}
	return ix.rest
}

// vendored removes the prefix of a vendored copy.
func vendored(path string) string {
	if i := strings.LastIndex(path, "/vendor/"); i >= 0 {
		return path[i+len("/vendor/"):]
	}
	return strings.TrimPrefix(path, "vendor/")
}

// nominal is the cost of a function that nobody measured: a call and a small allocation.
const nominal = 30

// tabled is the effect of calling a function that has a row. Sizes are in terms of its parameters.
func (w rows) tabled(f *types.Func, r *row, c *ast.CallExpr) Effect {
	var e Effect
	name := display(f)
	ns, per := r.ns, r.per
	if m := costs()[vendored(f.Pkg().Path())+"."+catalog.FuncName(f)]; m != nil {
		ns, per = max(ns, m.ns), m.per
	} else if ns == 0 && r.does != waits {
		ns = nominal
	}
	if r.at > 0 && c != nil {
		if a := w.extents.arg(c, f.Signature(), int(r.of)-1); a != nil {
			if n := w.extents.measure(a); n.known() {
				ns *= min(n.N/r.at, 1)
			}
		}
	}
	o := &Origin{What: name, Table: true, Known: r.heavy}
	e.Cost.NS = ns
	if ns >= light {
		e.Cost.Why = o
	}
	switch r.does {
	case blind:
		e.Blind = o
	case waits:
		e.Waits, e.Clear = o, true
		if !r.heavy {
			e.Cost = Cost{NS: nominal} // whatever it burns, it waits more
		}
	case mayWait:
		e.Waits = o
	case flow:
		s := w.flow(f, c)
		switch s.state {
		case outside:
			e.Waits, e.Clear = &Origin{What: name + " on " + s.what}, true
		case unsaid:
			e.Blind = &Origin{What: name}
		}
		if s.state != memory && r.of != none {
			// It computes a piece, waits for the next, and so on.
			e.Cost = Cost{NS: nominal}
			return e
		}
		if s.perByte > per && r.of != none {
			per = s.perByte
			o = &Origin{What: s.what, Table: true, Known: true}
			r = &row{of: r.of, grow: linearly, heavy: true}
		}
	}
	times := once
	if r.grow == atMostOnce {
		times = number(0)
	}
	if r.of != none {
		times = factor(Size(r.of) - 1)
		if r.of == below {
			times = w.below(c)
		}
		switch r.grow {
		case sorting:
			times = nlogn(times)
		case searching:
			times = grown(times, Log)
		case walking:
			times = grown(times, Walk)
		}
		if per > 0 {
			e.Cost.addTerm(Term{NS: per * times.N, Factors: times.Factors, Heavy: r.heavy, Why: o})
		}
	}
	if r.calls != none {
		e.Calls = []Apply{{Param: int8(r.calls) - 1, Times: times}}
	}
	return e
}

// below is the length of the stream that a call's receiver was made from.
func (w rows) below(c *ast.CallExpr) Trip {
	if c != nil {
		if sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr); ok {
			if n := w.extents.length(sel.X, 0); n.known() {
				return n
			}
		}
	}
	return factor(Bytes)
}

// flow is the stream that a call reads from or writes to: its receiver and all arguments that are
// streams.
func (w rows) flow(f *types.Func, c *ast.CallExpr) stream {
	if c == nil {
		return stream{state: unsaid}
	}
	var s stream
	found := false
	if sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr); ok && f.Signature().Recv() != nil {
		if _, known := streamPackages[f.Pkg().Path()]; known || flows(w.p.Info.TypeOf(sel.X)) {
			s.with(w.stream(sel.X, 0))
			found = true
		}
	}
	for _, a := range c.Args {
		if t := w.p.Info.TypeOf(a); flows(t) {
			s.with(w.stream(a, 0))
			found = true
		}
	}
	if !found {
		s.state = unsaid
	}
	return s
}
