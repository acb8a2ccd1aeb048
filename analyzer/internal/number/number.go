// Package number answers how many there can be of something, and where that comes from: how long a
// collection is, how large a number, how often a loop runs or a place is reached.
//
// A value is followed back over the definitions that reach it, through fields, maps, helpers and
// callers, to what bounds it (a constant, a check, a cut) or to where it grows: a request, a directory,
// a stream. What cannot be followed is unknown, with the reason.
package number

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/knowledge"
	"github.com/poollint/poollint/analyzer/internal/paths"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// A Kind says what is known of a number.
type Kind uint8

const (
	None    Kind = iota // nothing is put in, as far as the search has seen
	Bounded             // a constant, or checked, or cut
	Unknown             // somebody may have chosen it
	Grows               // with what comes from outside
)

// TooFar is why nothing is known of a number that hangs on too many others.
const TooFar = "the search was given up"

// A Number is how many there can be, or how large.
type Number struct {
	Kind   Kind
	Exact  bool     // Max is its value
	Tested bool     // a check has bounded it
	Max    int64    // of what is bounded, if known
	Of     ast.Expr // the collection whose length it is, or the number that was read; nil if neither
	Origin knowledge.Origin
	Why    string    // the evidence, as a message says it: "the entries of a directory"
	Pos    token.Pos // of the evidence
	Names  []string  // what is counted is called so on the way
}

// maxNames bounds the names that are kept.
const maxNames = 16

func (x Number) named(names ...string) Number {
	for _, n := range names {
		if n != "" && n != "_" && len(x.Names) < maxNames && !slices.Contains(x.Names, n) {
			x.Names = append(slices.Clip(x.Names), n)
		}
	}
	return x
}

func bounded(pos token.Pos, why string) Number { return Number{Kind: Bounded, Pos: pos, Why: why} }

func checked(pos token.Pos) Number {
	return Number{Kind: Bounded, Tested: true, Pos: pos, Why: "it is checked"}
}

func unknown(pos token.Pos, o knowledge.Origin, why string) Number {
	return Number{Kind: Unknown, Origin: o, Pos: pos, Why: why}
}

func grows(pos token.Pos, o knowledge.Origin, why string) Number {
	return Number{Kind: Grows, Origin: o, Pos: pos, Why: why}
}

// join is what is known of a number that is one or the other.
func join(a, b Number) Number {
	if a.Kind == Bounded && b.Kind == Bounded {
		a.Exact = a.Exact && b.Exact && a.Max == b.Max
		a.Max = max(a.Max, b.Max)
		a.Tested = a.Tested || b.Tested
		return a.named(b.Names...)
	}
	if b.Kind > a.Kind || b.Kind == a.Kind && b.Origin > a.Origin {
		a, b = b, a
	}
	if b.Kind < a.Kind { // what it is called says nothing of the others
		return a
	}
	return a.named(b.Names...)
}

// less is what is known of the smaller of two numbers.
func less(a, b Number) Number {
	if b.Kind < a.Kind && b.Kind != None || a.Kind == None {
		a, b = b, a
	}
	if a.Kind == Bounded && b.Kind == Bounded {
		switch {
		case a.Max == 0 || b.Max != 0 && b.Max < a.Max:
			a.Max, a.Exact = b.Max, false
		}
		a.Exact = a.Exact && b.Exact
	}
	if a.Kind == Bounded {
		a.Exact = a.Exact && b.Kind == Bounded
	}
	return a
}

// Numbers answers for one package. Each of its parts answers questions of one kind, and asks the others.
type Numbers struct {
	*sites.Package
	search
	values    values
	calls     calls
	checks    checks
	answers   answers
	places    places
	sources   sources
	writes    writes
	loops     loops
	readers   readers
	frequency frequency
	exact     exact

	base    *knowledge.Base
	marked  func(types.Object, string) bool
	covered func(token.Pos, string) bool

	up       int                           // callers that are being followed, see called
	drafts   map[*syntax.Func]*paths.Graph // nil once the summaries are complete
	touches  map[*types.Var][]touch
	before   map[*ast.Ident][]value        // see valuesBefore
	mentions map[mention]map[ast.Node]bool // see stepsWith
	fills    map[*types.Var][]fill         // see filled
	reaches  map[reaching]map[*syntax.Func]bool
	asValues map[*types.Func][]inspector.Cursor // see valuesOf
}

// New returns the numbers of a package. Marked tells whether a directive is on a declaration, covered
// whether one covers a position.
func New(p *sites.Package, base *knowledge.Base, marked func(types.Object, string) bool, covered func(token.Pos, string) bool) *Numbers {
	n := &Numbers{
		Package: p, base: base, marked: marked, covered: covered,
		search: newSearch(), drafts: map[*syntax.Func]*paths.Graph{}, touches: map[*types.Var][]touch{}, before: map[*ast.Ident][]value{}, mentions: map[mention]map[ast.Node]bool{}, reaches: map[reaching]map[*syntax.Func]bool{},
	}
	n.values, n.calls, n.places, n.sources, n.writes = values{n}, calls{n}, places{n}, sources{n}, writes{n}
	n.checks, n.answers = checks{n}, answers{n}
	n.loops, n.readers, n.frequency, n.exact = loops{n}, readers{n}, frequency{n}, exact{n}
	return n
}

// Settle says that the summaries of the package's functions are complete: answers stay what they are.
func (n *Numbers) Settle() {
	n.drafts = nil
	clear(n.known)
	clear(n.before)
	clear(n.mentions)
}

// graph is the control flow of a function.
func (n *Numbers) graph(f *syntax.Func) *paths.Graph {
	if n.drafts == nil {
		return n.Graph(f)
	}
	g := n.drafts[f]
	if g == nil {
		g = n.Draft(f)
		n.drafts[f] = g
	}
	return g
}

// GaveUp is how many questions were not answered because they led to too many others.
func (n *Numbers) GaveUp() int { return n.gaveUp }

// back is Graph.Back, which ends when the search has gone too far.
func (n *Numbers) back(f *syntax.Func, at ast.Node, step func(ast.Node) bool, test func(paths.Test) bool) (entry, known bool) {
	step, test = n.counting(step, test)
	return n.graph(f).Back(at, step, test)
}

// backFromEnd is Graph.BackFromEnd likewise.
func (n *Numbers) backFromEnd(f *syntax.Func, ret *ast.ReturnStmt, step func(ast.Node) bool, test func(paths.Test) bool) (entry bool) {
	step, test = n.counting(step, test)
	return n.graph(f).BackFromEnd(ret, step, test)
}

// A frame is the call through which a function's parameters are bound.
type frame struct {
	f    *syntax.Func
	call *syntax.Call // nil: whoever calls it
	up   *frame
	deep int
	goal goal // what the caller asks about, where it asks for a check
}

// maxFrames bounds how deep calls are followed into helpers.
const maxFrames = 5

func (fr *frame) enter(f *syntax.Func, c *syntax.Call) *frame {
	deep := 1
	if fr != nil {
		deep = fr.deep + 1
	}
	return &frame{f: f, call: c, up: fr, deep: deep}
}

func (fr *frame) full() bool { return fr != nil && fr.deep >= maxFrames }

// of finds the frame that binds a function's parameters.
func (fr *frame) of(f *syntax.Func) *frame {
	for ; fr != nil; fr = fr.up {
		if fr.f == f {
			return fr
		}
	}
	return nil
}

// Of is how much a value holds: the length of a collection, the size of a number, of a text or a
// message how much there can be in it.
func (n *Numbers) Of(e ast.Expr) Number {
	x := n.values.of(e, nil, nil)
	if n.depth == 0 && n.spent() {
		return unknown(e.Pos(), knowledge.Unsaid, TooFar)
	}
	return x
}

// Int is Of for the size of something: a number, or a length.
func (n *Numbers) Int(e ast.Expr) Number { return n.Of(e) }

// CalledUnbounded reports whether an argument is a constant that a library calls Unbounded.
func (n *Numbers) CalledUnbounded(e ast.Expr) bool {
	var id *ast.Ident
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		id = e
	case *ast.SelectorExpr:
		id = e.Sel
	default:
		return false
	}
	c, ok := n.Info.Uses[id].(*types.Const)
	return ok && c.Name() == "Unbounded" && c.Pkg() != nil && n.Catalog.Knows(c.Pkg().Path())
}

// Words names what a number is of, as a message says it.
func Words(x Number) string {
	text := ""
	if x.Of != nil {
		text = syntax.Short(x.Of)
	}
	if x.Why == "" {
		return text
	}
	if text == "" {
		return "(" + x.Why + ")"
	}
	return text + " (" + x.Why + ")"
}
