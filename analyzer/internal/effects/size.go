package effects

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"math"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// extents says how large what the text shows is: lengths and numbers.
type extents struct{ *walker }

// maxDepth bounds how far a size is followed back through definitions and calls.
const maxDepth = 8

// cpus stands for the number of processors.
const cpus = 16

// What people split texts into, in bytes.
const (
	lineLength = 64
	wordLength = 6
)

func number(n float64) Trip { return Trip{N: n} }

func factor(s Size) Trip { return Trip{N: 1, Factors: []Factor{{Of: s}}} }

// many is a number of which nothing is known. A negative size says what kind.
func many(t types.Type) Trip { return factor(unknown(t)) }

// measure is the size of an expression as a parameter of type t would have it: its value if it is
// a number, else its length.
func (w extents) measure(e ast.Expr) Trip {
	t := w.p.Info.TypeOf(e)
	if t != nil && integer(t) {
		return w.value(e, 0)
	}
	return w.length(e, 0)
}

// value is what is known of an integer.
func (w extents) value(e ast.Expr, depth int) Trip {
	e = ast.Unparen(e)
	if tv := w.p.Info.Types[e]; tv.Value != nil {
		if f, ok := constant.Float64Val(constant.ToFloat(tv.Value)); ok {
			return number(math.Abs(f))
		}
		return factor(Many)
	}
	if depth > maxDepth {
		return factor(Many)
	}
	switch e := e.(type) {
	case *ast.Ident:
		if v, ok := w.p.Info.ObjectOf(e).(*types.Var); ok {
			return w.valueOf(v, depth)
		}
	case *ast.SelectorExpr:
		if v := w.p.Variable(e); v != nil {
			return w.valueOf(v, depth)
		}
	case *ast.BinaryExpr:
		return arithmetic(e.Op, w.value(e.X, depth+1), w.value(e.Y, depth+1))
	case *ast.CallExpr:
		if tv := w.p.Info.Types[e.Fun]; tv.IsType() && len(e.Args) == 1 {
			return w.value(e.Args[0], depth+1)
		}
		switch builtin(w.p.Info, e.Fun) {
		case "len", "cap":
			return w.length(e.Args[0], depth+1)
		case "min":
			least := w.value(e.Args[0], depth+1)
			for _, a := range e.Args[1:] {
				if t := w.value(a, depth+1); t.plausible() < least.plausible() || t.known() && !least.known() {
					least = t
				}
			}
			return least
		case "max":
			most := w.value(e.Args[0], depth+1)
			for _, a := range e.Args[1:] {
				if t := w.value(a, depth+1); t.plausible() > most.plausible() {
					most = t
				}
			}
			return most
		}
		if f := w.p.FuncObj(e.Fun); f != nil && f.Pkg() != nil {
			switch f.Pkg().Path() {
			case "runtime":
				return number(cpus)
			case "math/bits":
				return factor(Some)
			case "reflect":
				if strings.HasPrefix(f.Name(), "Num") {
					return factor(Few) // fields, methods, parameters
				}
			}
			return w.result(e, 0, depth, extents.value)
		}
	}
	return factor(Many)
}

func (w extents) valueOf(v *types.Var, depth int) Trip {
	if i := w.paramIndex(v); i >= 0 && !w.assigned(v) {
		return factor(Size(i))
	}
	if counts(v.Name()) {
		return number(3)
	}
	d, ok := w.definition(v)
	if !ok {
		return w.oneOf(v, depth)
	}
	in := w.in(d.In)
	switch d.Kind {
	case syntax.Assign, syntax.Literal:
		if d.Expr == nil {
			return factor(Many)
		}
		if c, ok := ast.Unparen(d.Expr).(*ast.CallExpr); ok && d.Result > 0 {
			return w.abroad(in, in.extents.result(c, d.Result, depth, extents.value))
		}
		return w.abroad(in, in.extents.value(d.Expr, depth+1))
	case syntax.RangeKey:
		return w.abroad(in, in.extents.measureRange(d.Expr, depth+1))
	}
	return factor(Many)
}

// oneOf is the largest of the numbers that a local variable may be, if all are known.
func (w extents) oneOf(v *types.Var, depth int) Trip {
	if v.IsField() || v.Pkg() == nil || v.Parent() == v.Pkg().Scope() || w.escapes(v) {
		return factor(Many)
	}
	largest := number(0)
	for _, d := range w.p.Var(v).Defs {
		if d.Kind == syntax.Zero {
			continue
		}
		if d.Kind != syntax.Assign || d.Expr == nil || d.Result > 0 {
			return factor(Many)
		}
		t := w.in(d.In).extents.value(d.Expr, depth+2)
		if !t.known() {
			return factor(Many)
		}
		largest.N = max(largest.N, t.N)
	}
	return largest
}

// counts reports whether a name says that a number is small: people do not retry a thousand times.
func counts(name string) bool {
	return slices.ContainsFunc(syntax.Words(name), func(w string) bool {
		for _, again := range []string{"retry", "retries", "attempt", "attempts"} {
			if strings.HasPrefix(w, again) || strings.HasSuffix(w, again) {
				return true
			}
		}
		return w == "tries"
	})
}

// definition is the one place that gives a variable its value; a counter's updates do not matter.
func (w extents) definition(v *types.Var) (syntax.Def, bool) {
	if v.IsField() {
		if v.Exported() {
			return syntax.Def{}, false
		}
		defs := w.p.Var(v).Defs
		if len(defs) == 1 {
			return defs[0], true
		}
		return syntax.Def{}, false
	}
	d, ok := w.p.Only(v)
	if !ok || w.escapes(v) {
		return syntax.Def{}, false
	}
	return d, true
}

// escapes reports whether the address of a variable is taken: others may set it.
func (w extents) escapes(v *types.Var) bool {
	for _, u := range w.p.Var(v).Uses {
		if u.ParentEdgeKind() == edge.UnaryExpr_X && u.Parent().Node().(*ast.UnaryExpr).Op == token.AND {
			return true
		}
	}
	return false
}

// in is a walker for another function, to read a definition there.
func (w extents) in(f *syntax.Func) *walker {
	if f == w.f {
		return w.walker
	}
	return w.walk(f, -1)
}

// abroad translates a size read by another walker: its parameters are not known here.
func (w extents) abroad(in *walker, t Trip) Trip {
	if in == w.walker || t.known() {
		return t
	}
	out := Trip{N: t.N}
	for _, f := range t.Factors {
		if f.Of >= 0 {
			s := Many
			if in.f != nil && int(f.Of) < in.f.Sig.Params().Len() {
				s = unknown(in.f.Sig.Params().At(int(f.Of)).Type())
			}
			f.Of = s
		}
		out.Factors = append(out.Factors, f)
	}
	return out
}

// result is the size of what a call of a function of this package returns: its first return says.
func (w extents) result(c *ast.CallExpr, i, depth int, size func(extents, ast.Expr, int) Trip) Trip {
	unknown := factor(Many)
	if t := w.p.Info.TypeOf(c); t != nil {
		if tuple, ok := t.(*types.Tuple); !ok {
			unknown = many(t)
		} else if i < tuple.Len() {
			unknown = many(tuple.At(i).Type())
		}
	}
	f := w.p.Target(c.Fun)
	if f == nil || depth >= maxDepth || len(f.Returns) == 0 {
		return unknown
	}
	last := f.Returns[len(f.Returns)-1]
	if i >= len(last.Results) {
		return unknown
	}
	in := w.in(f)
	t := size(in.extents, last.Results[i], depth+2)
	out := number(t.N)
	for _, fac := range t.Factors {
		if fac.Of < 0 {
			out = out.times(Trip{N: 1, Factors: []Factor{fac}})
			continue
		}
		a := w.arg(c, f.Sig, int(fac.Of))
		if a == nil {
			return unknown
		}
		arg := w.length(a, depth+2)
		if integer(f.Sig.Params().At(int(fac.Of)).Type()) {
			arg = w.value(a, depth+2)
		}
		out = out.times(grown(arg, fac.Grow))
	}
	return out
}

// arg is the argument for the i'th parameter, nil if there is not exactly one.
func (w extents) arg(c *ast.CallExpr, sig *types.Signature, i int) ast.Expr {
	if sel, ok := syntax.Callable(c.Fun).(*ast.SelectorExpr); ok {
		if s := w.p.Info.Selections[sel]; s != nil && s.Kind() == types.MethodExpr {
			i++
		}
	}
	if sig.Variadic() && i >= sig.Params().Len()-1 && !c.Ellipsis.IsValid() || i >= len(c.Args) {
		return nil
	}
	return c.Args[i]
}

func arithmetic(op token.Token, x, y Trip) Trip {
	switch op {
	case token.ADD, token.OR, token.XOR:
		if x.known() && y.known() {
			return number(x.N + y.N)
		}
		if y.known() || !x.known() && x.plausible() >= y.plausible() {
			return x
		}
		return y
	case token.SUB:
		if x.known() && y.known() {
			return number(math.Abs(x.N - y.N))
		}
		if x.known() {
			return y
		}
		return x
	case token.MUL:
		return x.times(y)
	case token.QUO:
		if y.known() && y.N > 0 {
			return Trip{N: x.N / y.N, Factors: x.Factors}
		}
		return x
	case token.SHR:
		if y.known() {
			return Trip{N: x.N / math.Exp2(min(y.N, 62)), Factors: x.Factors}
		}
		return x
	case token.SHL:
		if y.known() {
			return Trip{N: x.N * math.Exp2(min(y.N, 62)), Factors: x.Factors}
		}
		if len(y.Factors) == 1 && y.Factors[0].Of >= 0 {
			return x.times(grown(y, Exp))
		}
		return factor(Many)
	case token.REM, token.AND:
		if y.known() || x.known() {
			bound := x
			if y.known() {
				bound = y
			}
			if bound.N > Many.plausible() {
				return factor(Many) // a mask of 24 bits says no more than that there is an end
			}
			return bound
		}
		return y
	}
	return factor(Many)
}

// length is what is known of the length of a collection, a string, or a stream over one, or what its
// name says if nothing is.
func (w extents) length(e ast.Expr, depth int) Trip {
	n := w.elementsIn(e, depth)
	if len(n.Factors) == 1 && n.N == 1 && n.Factors[0] == (Factor{Of: Many}) && w.handful(e) {
		return factor(Few)
	}
	return n
}

// handful reports whether a collection is of machines, of what is configured or of what people write
// on one thing, by its name or by the type that it is a field of: these are added one by one, by hand.
func (w extents) handful(e ast.Expr) bool {
	var name string
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		name = e.Name
	case *ast.SelectorExpr:
		name = e.Sel.Name
		if configures(w.p.Info.TypeOf(e.X)) {
			return true
		}
	}
	words := syntax.Words(name)
	if len(words) == 0 {
		return false
	}
	switch words[len(words)-1] {
	case "hosts", "peers", "nodes", "servers", "brokers", "replicas", "endpoints", "addrs", "addresses",
		"tags", "labels", "headers", "attributes", "annotations":
		return true
	}
	return false
}

// configures reports whether a type holds a configuration.
func configures(t types.Type) bool {
	n := syntax.Named(t)
	if n == nil || n.Obj().Pkg() == nil {
		return false
	}
	name := n.Obj().Name()
	return n.Obj().Pkg().Name() == "config" || strings.HasSuffix(name, "Config") || strings.HasSuffix(name, "Options") || strings.HasSuffix(name, "Settings")
}

// elementsIn is what is known of a length.
func (w extents) elementsIn(e ast.Expr, depth int) Trip {
	e = ast.Unparen(e)
	t := w.p.Info.TypeOf(e)
	if t == nil {
		return factor(Many)
	}
	if tv := w.p.Info.Types[e]; tv.Value != nil && tv.Value.Kind() == constant.String {
		return number(float64(len(constant.StringVal(tv.Value))))
	}
	if n, ok := arrayLen(t); ok {
		return number(n)
	}
	if w.p.Info.Types[e].IsNil() {
		return number(0)
	}
	if depth > maxDepth {
		return many(t)
	}
	switch e := e.(type) {
	case *ast.Ident:
		if v, ok := w.p.Info.ObjectOf(e).(*types.Var); ok {
			return w.lengthOf(v, depth)
		}
	case *ast.SelectorExpr:
		if v := w.p.Variable(e); v != nil {
			if w.element(e.X) {
				if s := unknown(v.Type()); s != Many {
					return factor(s)
				}
				return factor(Few)
			}
			return w.lengthOf(v, depth)
		}
	case *ast.CompositeLit:
		if isSlice(t) || isMap(t) {
			return number(float64(len(e.Elts)))
		}
	case *ast.UnaryExpr:
		if e.Op == token.AND {
			return w.length(e.X, depth+1)
		}
	case *ast.StarExpr:
		return w.length(e.X, depth+1)
	case *ast.SliceExpr:
		n := w.length(e.X, depth+1)
		if b, ok := e.High.(*ast.BinaryExpr); ok && e.Low != nil && b.Op == token.ADD && short(b.X) == short(e.Low) {
			n = w.value(b.Y, depth+1) // xs[i:i+k]
		} else if e.High != nil {
			n = w.value(e.High, depth+1)
			if e.Low != nil {
				low := w.value(e.Low, depth+1)
				if !n.known() && !low.known() {
					return many(t) // xs[i:j]
				}
				n = arithmetic(token.SUB, n, low)
			}
		} else if e.Low != nil && n.known() {
			n = arithmetic(token.SUB, n, w.value(e.Low, depth+1))
		}
		return n
	case *ast.IndexExpr:
		if v := w.p.Variable(e.X); v != nil {
			return w.elements(v, t, depth)
		}
	case *ast.BinaryExpr:
		if e.Op == token.ADD {
			return arithmetic(token.ADD, w.length(e.X, depth+1), w.length(e.Y, depth+1))
		}
	case *ast.CallExpr:
		return w.lengthOfCall(e, t, depth)
	}
	return many(t)
}

func arrayLen(t types.Type) (float64, bool) {
	u := t.Underlying()
	if p, ok := u.(*types.Pointer); ok {
		u = p.Elem().Underlying()
	}
	if a, ok := u.(*types.Array); ok {
		return float64(a.Len()), true
	}
	return 0, false
}

func (w extents) lengthOfCall(e *ast.CallExpr, t types.Type, depth int) Trip {
	if tv := w.p.Info.Types[e.Fun]; tv.IsType() && len(e.Args) == 1 {
		return w.length(e.Args[0], depth+1)
	}
	switch builtin(w.p.Info, e.Fun) {
	case "make":
		if len(e.Args) < 2 || isMap(t) {
			return many(t)
		}
		return w.value(e.Args[1], depth+1)
	case "append":
		if e.Ellipsis.IsValid() && len(e.Args) == 2 {
			return arithmetic(token.ADD, w.length(e.Args[0], depth+1), w.length(e.Args[1], depth+1))
		}
		return w.length(e.Args[0], depth+1)
	case "":
	default:
		return many(t)
	}
	f := w.p.FuncObj(e.Fun)
	if f == nil || f.Pkg() == nil {
		return many(t)
	}
	switch f.Pkg().Path() + "." + f.Name() {
	case "strings.Repeat", "bytes.Repeat":
		if len(e.Args) == 2 { // else one call gives both
			return w.length(e.Args[0], depth+1).times(w.value(e.Args[1], depth+1))
		}
	case "slices.Clone", "slices.Sorted", "slices.Collect", "maps.Keys", "maps.Values", "slices.Values",
		"slices.All", "slices.Backward", "maps.Clone", "bytes.NewReader", "bytes.NewBuffer", "bytes.NewBufferString", "strings.NewReader",
		"strings.ToLower", "strings.ToUpper", "strings.TrimSpace", "bytes.TrimSpace", "bytes.Clone", "strings.Clone", "bytes.ToLower":
		return w.length(e.Args[0], depth+1)
	case "strings.Split", "strings.SplitSeq", "strings.Lines", "bytes.Split", "bytes.SplitSeq", "bytes.Lines":
		if n := w.length(e.Args[0], depth+1); n.known() {
			return number(n.N / lineLength)
		}
	case "strings.Fields", "strings.FieldsSeq", "bytes.Fields":
		if n := w.length(e.Args[0], depth+1); n.known() {
			return number(n.N / wordLength)
		}
	case "os.ReadFile", "io.ReadAll":
		return factor(Bytes)
	case "math/big.NewInt":
		if n := w.value(e.Args[0], depth+1); n.known() {
			return number(math.Ceil(math.Log2(n.N + 1))) // its bits
		}
	case "math/rand.Perm", "math/rand/v2.Perm":
		return w.value(e.Args[0], depth+1)
	}
	if isThrough(f.Pkg().Path()) && len(e.Args) > 0 && flows(w.p.Info.TypeOf(e.Args[0])) {
		return w.length(e.Args[0], depth+1) // a reader of a reader
	}
	if Std(f.Pkg().Path()) {
		return many(t)
	}
	return w.result(e, 0, depth, extents.length)
}

// element reports whether an expression is an element of a collection that this function ranges
// over: its parts are small.
func (w extents) element(e ast.Expr) bool {
	v := w.p.Variable(e)
	if v == nil || v.IsField() {
		return false
	}
	d, ok := w.p.Only(v)
	return ok && d.Kind == syntax.RangeValue && d.In == w.f
}

func (w extents) lengthOf(v *types.Var, depth int) Trip {
	if i := w.paramIndex(v); i >= 0 && !w.assigned(v) {
		if w.f.Sig.Variadic() && i == w.f.Sig.Params().Len()-1 {
			return factor(Few)
		}
		return factor(Size(i))
	}
	if n, ok := w.filled(v, depth); ok {
		return n
	}
	d, ok := w.definition(v)
	if !ok {
		return many(v.Type())
	}
	in := w.in(d.In)
	switch d.Kind {
	case syntax.Assign, syntax.Literal:
		if d.Expr == nil {
			break
		}
		if c, ok := ast.Unparen(d.Expr).(*ast.CallExpr); ok && d.Result > 0 {
			return w.abroad(in, in.extents.result(c, d.Result, depth, extents.length))
		}
		if n := w.abroad(in, in.extents.length(d.Expr, depth+1)); !n.known() || n.N > 0 {
			return n
		}
	case syntax.RangeValue:
		if x := w.p.Variable(d.Expr); x != nil {
			n := in.extents.elements(x, v.Type(), depth+1)
			if !n.known() && d.In == w.f && len(n.Factors) == 1 && n.Factors[0].Of == Many {
				return factor(Few)
			}
			return w.abroad(in, n)
		}
	}
	return many(v.Type())
}

// filled is the length of a slice that starts empty or small and is appended to, or of a map that
// is stored into: as often as the loops around say.
func (w extents) filled(v *types.Var, depth int) (Trip, bool) {
	if v.IsField() || depth > 3 || v.Pkg() != nil && v.Parent() == v.Pkg().Scope() && v.Exported() {
		return Trip{}, false
	}
	if isMap(v.Type()) {
		return w.stored(v, depth)
	}
	var total Trip
	appends := 0
	for _, d := range w.p.Var(v).Defs {
		switch d.Kind {
		case syntax.Zero:
			continue
		case syntax.Assign:
		default:
			return Trip{}, false
		}
		c, ok := ast.Unparen(d.Expr).(*ast.CallExpr)
		in := w.in(d.In)
		if ok && builtin(w.p.Info, c.Fun) == "append" && len(c.Args) > 0 && w.p.Variable(c.Args[0]) == v {
			if c.Ellipsis.IsValid() {
				return Trip{}, false
			}
			appends++
			total = arithmetic(token.ADD, total, w.abroad(in, in.extents.around(d.Cur, depth)))
			continue
		}
		if n := in.extents.length(d.Expr, depth+1); n.known() {
			total = arithmetic(token.ADD, total, n)
			continue
		}
		return Trip{}, false
	}
	return total, appends > 0
}

// stored is the length of a local map: as often as it is stored into.
func (w extents) stored(v *types.Var, depth int) (Trip, bool) {
	if _, ok := w.definition(v); !ok {
		return Trip{}, false
	}
	var total Trip
	stores := 0
	for _, u := range w.p.Var(v).Uses {
		switch u.ParentEdgeKind() {
		case edge.IndexExpr_X:
			if u.Parent().ParentEdgeKind() == edge.AssignStmt_Lhs {
				in := w.in(w.p.FuncAt(u))
				stores++
				total = arithmetic(token.ADD, total, w.abroad(in, in.extents.around(u, depth)))
			}
		case edge.CallExpr_Args:
			if builtin(w.p.Info, u.Parent().Node().(*ast.CallExpr).Fun) == "" {
				return Trip{}, false // another function may fill it
			}
		}
	}
	return total, stores > 0
}

// around is how often the code at c runs for one call of the function around it.
func (w extents) around(c inspector.Cursor, depth int) Trip {
	total := once
	for _, l := range syntax.Loops(c) {
		switch l := l.Node().(type) {
		case *ast.ForStmt:
			t, _ := w.turns.forTrip(l, depth+2)
			total = total.times(t)
		case *ast.RangeStmt:
			total = total.times(w.measureRange(l.X, depth+2))
		}
	}
	return total
}

// elements is the length of an element of v, a collection of collections: what is stored there.
func (w extents) elements(v *types.Var, t types.Type, depth int) Trip {
	if n, ok := arrayLen(t); ok {
		return number(n)
	}
	if depth > maxDepth {
		return many(t)
	}
	for _, u := range w.p.Var(v).Uses {
		if u.ParentEdgeKind() != edge.IndexExpr_X {
			continue
		}
		ix := u.Parent()
		if k, i := ix.ParentEdge(); k == edge.AssignStmt_Lhs {
			as := ix.Parent().Node().(*ast.AssignStmt)
			if i >= len(as.Rhs) {
				continue
			}
			c, ok := ast.Unparen(as.Rhs[i]).(*ast.CallExpr)
			if !ok {
				continue
			}
			switch builtin(w.p.Info, c.Fun) {
			case "make":
				in := w.in(w.p.FuncAt(u))
				return w.abroad(in, in.extents.length(c, depth+1))
			case "append":
				return factor(Few)
			}
		}
	}
	return many(t)
}

// measureRange is how often a range statement over e runs.
func (w extents) measureRange(e ast.Expr, depth int) Trip {
	t := w.p.Info.TypeOf(e)
	if t == nil {
		return factor(Many)
	}
	if b, ok := t.Underlying().(*types.Basic); ok && b.Info()&types.IsInteger != 0 {
		return w.value(e, depth)
	}
	return w.length(e, depth)
}
