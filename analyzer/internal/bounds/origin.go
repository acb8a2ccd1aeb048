package bounds

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// State says whether something has a bound.
type State uint8

const (
	Unknown State = iota
	Bounded
	Open
)

// A Source is where the elements of a collection come from.
type Source uint8

const (
	NoSource  Source = iota
	Request          // a request: its body, its query, a message of an RPC
	Directory        // the entries of a directory, the matches of a pattern
	Rows             // a database
	Iterator         // for it.Next()
	Listing          // a call that lists, finds or queries
	Stream           // a channel
	Parameter        // a parameter, of unknown callers
	Lines            // the lines of an input
	Page             // as much of a database as somebody asks for, who may be a client
)

// An Origin is what is known of a collection, or of what a loop goes through.
type Origin struct {
	State  State
	Source Source
	Over   ast.Expr  // the collection that it is about
	Names  []string  // what the elements are called: variables, fields, functions on the way
	Pos    token.Pos // the evidence
	Text   string    // the evidence, as a message says it: "from the request"
	Why    string    // for Bounded
	Events bool      // an endless loop over an object's own channel: perhaps its event loop
	Silent bool      // for Parameter: it is a part of one, or all callers are known and what they pass comes from nowhere that grows
}

// Counted reports whether a loop runs as often as a client says, over no collection.
func (o Origin) Counted() bool { return o.Text == countedText }

const countedText = "a number from the request"

func bounded(pos token.Pos, why string) Origin { return Origin{State: Bounded, Pos: pos, Why: why} }

func (o Origin) named(names ...string) Origin {
	for _, n := range names {
		if n != "" && n != "_" && len(o.Names) < maxNames && !slices.Contains(o.Names, n) {
			o.Names = append(o.Names, n)
		}
	}
	return o
}

// Open reports whether a collection is known to grow with the input, or is of unknown length.
func (b *Bounds) Open(e ast.Expr) bool { return b.Collection(e).State != Bounded }

// Collection follows a collection back to where it comes from.
func (b *Bounds) Collection(e ast.Expr) Origin {
	e = ast.Unparen(e)
	if !b.enter(e) {
		return Origin{}
	}
	defer b.leave(e)
	tv := b.Info.Types[e]
	if tv.Value != nil {
		return bounded(e.Pos(), "a constant")
	}
	if tv.Type == nil {
		return Origin{}
	}
	if b.elementBounded(tv.Type) {
		return bounded(e.Pos(), "an array")
	}
	o := b.collection(e)
	if o.Over == nil {
		o.Over = e
	}
	return o
}

func (b *Bounds) elementBounded(t types.Type) bool {
	t = t.Underlying()
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem().Underlying()
	}
	switch t := t.(type) {
	case *types.Array:
		return true
	case *types.Map:
		// A map from a byte or a bool has at most 256 keys.
		k, ok := t.Key().Underlying().(*types.Basic)
		return ok && (k.Kind() == types.Bool || k.Kind() == types.Uint8 || k.Kind() == types.Int8)
	}
	return false
}

func (b *Bounds) collection(e ast.Expr) Origin {
	switch e := e.(type) {
	case *ast.CompositeLit:
		return bounded(e.Pos(), "a literal")
	case *ast.SliceExpr:
		return b.originOfSlice(e)
	case *ast.Ident:
		if v, ok := b.Info.ObjectOf(e).(*types.Var); ok {
			return b.originOfVar(v, e.Pos()).named(e.Name)
		}
	case *ast.SelectorExpr:
		return b.originOfSelector(e)
	case *ast.IndexExpr:
		return b.originOfIndex(e)
	case *ast.StarExpr:
		return b.Collection(e.X)
	case *ast.UnaryExpr:
		if e.Op == token.AND || e.Op == token.ARROW {
			return b.Collection(e.X)
		}
	case *ast.CallExpr:
		return b.originOfCall(e, 0)
	case *ast.TypeAssertExpr:
		return b.Collection(e.X)
	}
	return Origin{}
}

// maxNames bounds the names that are kept on the way.
const maxNames = 16

// originOfSlice: xs[1:] is as long as xs; with an upper end somebody has chosen how many.
func (b *Bounds) originOfSlice(e *ast.SliceExpr) Origin {
	if e.High != nil {
		return bounded(e.Pos(), "a part of chosen length")
	}
	return b.Collection(e.X)
}

// originOfSelector: a field of something that comes from somewhere comes from there too.
func (b *Bounds) originOfSelector(e *ast.SelectorExpr) Origin {
	v, ok := b.Info.ObjectOf(e.Sel).(*types.Var)
	if !ok {
		return Origin{}
	}
	if !v.IsField() { // a variable of another package
		return b.originOfVar(v, e.Pos()).named(e.Sel.Name)
	}
	if b.marked(v, "bounded") {
		return bounded(v.Pos(), "//poollint:bounded")
	}
	if b.clampedField(v, e) {
		return bounded(e.Pos(), "its length is checked")
	}
	o := b.owner(e.X)
	if o.State == Unknown && o.Source == NoSource {
		o = b.originOfField(v)
	}
	if o.State == Unknown && o.Source == NoSource {
		return Origin{}
	}
	o.Silent = o.Silent || o.Source == Parameter
	return o.named(e.Sel.Name)
}

// originOfField follows what is put into a field that no other package can fill. Values of the same
// type cannot be told apart, nor when each was filled: so all that is put there must grow, and from
// where nobody has cut it.
func (b *Bounds) originOfField(v *types.Var) Origin {
	if v.Exported() || v.Pkg() != b.Types || !b.enter(v) {
		return Origin{}
	}
	defer b.leave(v)
	var found Origin
	for _, d := range b.Var(v).Defs {
		switch o := b.originOfDef(v, d); {
		case o.Source == Request, o.Source == Directory, o.Source == Rows, o.Source == Lines:
			found = o
		case !b.onlyGrowth(v, d):
			return Origin{}
		}
	}
	return found
}

// owner is the origin of a value whose field is the collection.
func (b *Bounds) owner(e ast.Expr) Origin {
	e = ast.Unparen(e)
	if o, ok := b.requestType(e); ok {
		return o
	}
	switch x := e.(type) {
	case *ast.SelectorExpr:
		if v, ok := b.Info.ObjectOf(x.Sel).(*types.Var); ok && v.IsField() {
			return b.owner(x.X)
		}
	case *ast.StarExpr:
		return b.owner(x.X)
	case *ast.UnaryExpr:
		if x.Op == token.AND {
			return b.owner(x.X)
		}
	case *ast.CallExpr:
		return b.originOfCall(x, 0)
	case *ast.IndexExpr:
		return b.owner(x.X)
	case *ast.Ident:
		v, ok := b.Info.ObjectOf(x).(*types.Var)
		if !ok || v.IsField() || v.Parent() == b.Types.Scope() {
			return Origin{}
		}
		return b.originOfOwner(v)
	}
	return Origin{}
}

// originOfOwner is where a struct value comes from: a call that lists, a decoded request.
func (b *Bounds) originOfOwner(v *types.Var) Origin {
	if !b.enter(v) {
		return Origin{}
	}
	defer b.leave(v)
	if o := b.filled(v); o.Source != NoSource {
		return o
	}
	if o := b.parsed(v); o.Source != NoSource {
		return o
	}
	var found Origin
	for _, d := range b.Var(v).Defs {
		switch d.Kind {
		case syntax.Assign:
			switch e := ast.Unparen(d.Expr).(type) {
			case *ast.CallExpr:
				found = b.originOfCall(e, d.Result)
			case *ast.IndexExpr: // in a loop by an index
				if b.Info.Types[e.Index].Value == nil && len(syntax.Loops(d.Cur)) > 0 {
					found = b.Collection(e.X)
				} else {
					found = b.owner(e)
				}
			default:
				found = b.owner(e)
			}
		case syntax.RangeValue:
			found = b.Collection(d.Expr)
		case syntax.Param:
			if args, ok := b.Arguments(v, d.In); ok {
				for _, a := range args {
					if found = b.owner(a); found.Source == NoSource {
						return Origin{}
					}
				}
			}
		}
	}
	return found
}

func (b *Bounds) originOfIndex(e *ast.IndexExpr) Origin {
	if t := b.Info.TypeOf(e.X); t != nil {
		if _, isFunc := t.Underlying().(*types.Signature); isFunc {
			return Origin{} // an instantiated function
		}
	}
	// r.Form["id"], and one of the batches of a map: as the whole.
	return b.Collection(e.X)
}

// originOfVar follows the values that a variable has at a place back.
func (b *Bounds) originOfVar(v *types.Var, at token.Pos) Origin {
	if b.marked(v, "bounded") {
		return bounded(v.Pos(), "//poollint:bounded")
	}
	if v.IsField() || v.Pkg() == nil || v.Parent() == v.Pkg().Scope() {
		return b.originOfPackageVar(v)
	}
	if len(b.Var(v).Uses) > maxUses {
		b.gaveUp++
		return Origin{}
	}
	if !b.enter(v) {
		return Origin{}
	}
	defer b.leave(v)
	if o, ok := b.requestVar(v); ok {
		return o
	}
	if b.clamped(v, at) {
		return bounded(v.Pos(), "its length is checked")
	}
	if o := b.filled(v); o.Source != NoSource {
		return o
	}
	var found Origin
	var names []string // also of what is otherwise unknown
	for _, d := range b.Var(v).Defs {
		o := b.originOfDef(v, d)
		names = append(names, o.Names...)
		if o.State == Bounded && b.onlyGrowth(v, d) {
			continue
		}
		if o.State == Bounded {
			return o // cut, or a literal: somebody bounds it on some path
		}
		if found.State != Open && (o.State == Open || o.Source != NoSource) {
			found = o
		}
	}
	if found.Source == NoSource && found.State == Unknown {
		found = b.elementsOf(v)
	}
	return found.named(names...)
}

// maxUses bounds how often a local variable is used that is followed back: each loop over it asks about
// all its uses. Collections on real code have a few dozen.
const maxUses = 500

// onlyGrowth reports whether a definition is where a collection starts empty: nil, make, T{}.
func (b *Bounds) onlyGrowth(v *types.Var, d syntax.Def) bool {
	switch e := ast.Unparen(d.Expr).(type) {
	case *ast.CompositeLit:
		return len(e.Elts) == 0
	case *ast.CallExpr:
		id, ok := e.Fun.(*ast.Ident)
		return ok && (id.Name == "make" || id.Name == "append")
	case *ast.Ident:
		return e.Name == "nil"
	case *ast.SliceExpr:
		return len(b.Var(v).Defs) > 1 && isZeroConst(b, e.High) // xs = xs[:0]
	}
	return d.Expr == nil
}

func isZeroConst(b *Bounds, e ast.Expr) bool {
	return e != nil && b.Size(e) == Size{Kind: Const}
}

func (b *Bounds) originOfDef(v *types.Var, d syntax.Def) Origin {
	switch d.Kind {
	case syntax.Zero, syntax.Update, syntax.RangeKey:
		return Origin{}
	case syntax.Param:
		return b.originOfParam(v, d.In)
	case syntax.RangeValue, syntax.TypeSwitch:
		// An element of an outer collection, itself a collection.
		return b.Collection(d.Expr)
	}
	switch e := ast.Unparen(d.Expr).(type) {
	case *ast.CallExpr:
		if id, ok := e.Fun.(*ast.Ident); ok {
			switch id.Name {
			case "append":
				return b.appended(v, d.Cur, e)
			case "make":
				return b.made(e)
			}
		}
		return b.originOfCall(e, d.Result)
	default:
		return b.Collection(d.Expr)
	}
}

// made: make([]T, len(xs)) is as long as xs.
func (b *Bounds) made(e *ast.CallExpr) Origin {
	if _, isSlice := typeUnder(b.Info.TypeOf(e)).(*types.Slice); !isSlice || len(e.Args) < 2 {
		return Origin{}
	}
	switch s := b.Size(e.Args[1]); s.Kind {
	case Length:
		return b.Collection(s.Of)
	case Const, CPUs:
		if s.Value != 0 || s.Kind == CPUs {
			return bounded(e.Pos(), "a fixed number")
		}
	}
	return Origin{}
}

// appended: xs = append(xs, x) in a loop grows as often as the loop runs.
func (b *Bounds) appended(v *types.Var, at inspector.Cursor, e *ast.CallExpr) Origin {
	if e.Ellipsis.IsValid() && len(e.Args) == 2 {
		if o := b.Collection(e.Args[1]); o.State != Unknown || o.Source != NoSource {
			if o.State == Bounded && len(syntax.Loops(at)) > 0 {
				return b.grown(v, at)
			}
			return o
		}
	}
	return b.grown(v, at)
}

// grown is the origin of what is added, in the loops around a place, to a variable declared
// outside of them.
func (b *Bounds) grown(v *types.Var, at inspector.Cursor) Origin {
	var o Origin
	for _, loop := range loopsAcross(at) {
		if loop.Node().Pos() <= v.Pos() && v.Pos() < loop.Node().End() {
			break
		}
		o = b.Trip(loop)
		if o.State == Open || o.Source != NoSource {
			return o
		}
	}
	return o
}

// loopsAcross lists the loops around a place, those around the literals it stands in included: what
// a task adds, it adds once for each task.
func loopsAcross(at inspector.Cursor) []inspector.Cursor {
	loops := syntax.Loops(at)
	for lit := range at.Enclosing((*ast.FuncLit)(nil)) {
		loops = append(loops, syntax.Loops(lit.Parent())...)
	}
	return loops
}

// elementsOf follows what is put into a map or slice by index: m[k] = v in a loop.
func (b *Bounds) elementsOf(v *types.Var) Origin {
	var found Origin
	for _, u := range b.Var(v).Uses {
		if u.ParentEdgeKind() != edge.IndexExpr_X {
			continue
		}
		ix := u.Parent()
		if ix.ParentEdgeKind() != edge.AssignStmt_Lhs {
			continue
		}
		switch o := b.grown(v, ix.Parent()); {
		case b.groups(ix.Node().(*ast.IndexExpr)):
			found = found.named(o.Names...)
		case o.State == Open || found.State == Unknown:
			found = o.named(found.Names...)
		}
	}
	return found
}

// groups reports whether a map's key is what a function has made of an element: there are as many
// entries as it has answers, not as there are elements.
func (b *Bounds) groups(e *ast.IndexExpr) bool {
	if _, ok := typeUnder(b.Info.TypeOf(e.X)).(*types.Map); !ok {
		return false
	}
	made := e.Index
	if v := b.Variable(made); v != nil {
		if d, ok := b.Only(v); ok && d.Kind == syntax.Assign {
			made = d.Expr
		}
	}
	call, ok := ast.Unparen(made).(*ast.CallExpr)
	return ok && !b.Info.Types[call.Fun].IsType()
}

// originOfPackageVar: what a program declares at package level is configuration or code, unless
// it grows with the input, which is not followed.
func (b *Bounds) originOfPackageVar(v *types.Var) Origin {
	if v.Pkg() != nil && v.Pkg().Path() == "os" && v.Name() == "Args" {
		return bounded(v.Pos(), "the command line")
	}
	if v.Pkg() == b.Types && !v.IsField() {
		if d, ok := b.Only(v); ok && d.Expr != nil {
			if _, lit := ast.Unparen(d.Expr).(*ast.CompositeLit); lit {
				return bounded(v.Pos(), "a table")
			}
		}
	}
	return Origin{}
}

// originOfParam asks the callers if all are known; else the parameter itself is the origin.
func (b *Bounds) originOfParam(v *types.Var, f *syntax.Func) Origin {
	if f != nil {
		for result := range f.Sig.Results().Variables() {
			if v == result {
				return Origin{} // nobody passes it
			}
		}
	}
	param := Origin{State: Unknown, Source: Parameter, Pos: v.Pos(), Text: fmt.Sprintf("the parameter %s of %s", v.Name(), paramOf(f))}
	args, ok := b.Arguments(v, f)
	if !ok {
		if f != nil && f.Sig.Variadic() && v == f.Sig.Params().At(f.Sig.Params().Len()-1) {
			return Origin{} // as many as somebody wrote down in the call
		}
		return param
	}
	var found Origin
	for _, a := range args {
		o := b.Collection(a)
		if o.State == Bounded {
			return o
		}
		param = param.named(o.Names...)
		if found.Source == NoSource || found.Source == Parameter {
			found = o
		}
	}
	if found.Source == NoSource {
		param.Silent = true
		return param
	}
	return found
}

func paramOf(f *syntax.Func) string {
	if f == nil {
		return "the function"
	}
	return f.Name()
}

// originOfCall is the origin of a call's i'th result.
func (b *Bounds) originOfCall(e *ast.CallExpr, i int) Origin {
	if tv := b.Info.Types[e.Fun]; tv.IsType() && len(e.Args) == 1 {
		return b.Collection(e.Args[0])
	}
	c := b.Call(e)
	if c == nil || c.Callee == nil {
		return Origin{}
	}
	if arg, ok := b.keepsLength(c); ok {
		if n := c.Arg(2); n != nil && strings.HasPrefix(c.Callee.Name(), "SplitN") && b.several(n) {
			return bounded(n.Pos(), "a fixed number")
		}
		return b.Collection(arg)
	}
	if o, ok := b.knownSource(c); ok {
		return o
	}
	if f := b.Decl(c.Callee); f != nil {
		o := b.returned(f, i)
		if o.State != Unknown || o.Source != NoSource {
			return o.named(c.Callee.Name())
		}
		return b.listing(c, i).named(c.Callee.Name()).named(o.Names...)
	}
	return b.listing(c, i).named(c.Callee.Name())
}

// returned is the origin of what a function of this package returns.
func (b *Bounds) returned(f *syntax.Func, i int) Origin {
	if !b.enter(f) {
		return Origin{}
	}
	defer b.leave(f)
	var found Origin
	for _, r := range f.Returns {
		if i >= len(r.Results) {
			if len(r.Results) == 1 && i > 0 {
				if call, ok := r.Results[0].(*ast.CallExpr); ok {
					return b.originOfCall(call, i)
				}
			}
			continue
		}
		if id, ok := r.Results[i].(*ast.Ident); ok && id.Name == "nil" {
			continue
		}
		o := b.valueOrigin(r.Results[i])
		if o.State == Bounded {
			return o
		}
		if found.Source == NoSource {
			found = o.named(found.Names...)
		}
	}
	return found
}

// valueOrigin is the origin of a result, a collection or a value that holds one.
func (b *Bounds) valueOrigin(e ast.Expr) Origin {
	o := b.Collection(e)
	if o.Source != NoSource || o.State != Unknown {
		return o
	}
	return b.owner(e).named(o.Names...)
}

// listing recognises a call that lists: by its name, and because it goes to where data lives: it
// takes a context, returns an error, or is a method of an interface. A function that is given a
// request and returns many is one too.
func (b *Bounds) listing(c *syntax.Call, i int) Origin {
	name := c.Callee.Name()
	if i != 0 {
		return Origin{}
	}
	for _, a := range c.Expr.Args {
		if t := b.Info.TypeOf(a); t != nil && (isRequest(t) || syntax.Is(t, "net/url", "Values")) {
			return Origin{State: Open, Source: Listing, Pos: c.NamePos(), Text: "from the request, by " + callName(c)}.named(name)
		}
	}
	sig := c.Callee.Signature()
	if !lists(name) || paged(sig) {
		return Origin{}
	}
	remote := sig.Recv() != nil && types.IsInterface(sig.Recv().Type())
	for k := range sig.Params().Len() {
		remote = remote || syntax.Is(sig.Params().At(k).Type(), "context", "Context")
	}
	if n := sig.Results().Len(); n > 0 && types.Identical(sig.Results().At(n-1).Type(), types.Universe.Lookup("error").Type()) {
		remote = true
	}
	if !remote {
		return Origin{}
	}
	return Origin{State: Open, Source: Listing, Pos: c.NamePos(), Text: "listed by " + callName(c)}.named(name)
}

// paged reports whether a function is told how many to return: it takes a plain integer that is no
// id, since ids are wider or have a type of their own.
func paged(sig *types.Signature) bool {
	for i := range sig.Params().Len() {
		p := sig.Params().At(i)
		b, ok := types.Unalias(p.Type()).(*types.Basic)
		if !ok || b.Info()&types.IsInteger == 0 {
			continue
		}
		ws := split(p.Name())
		for _, w := range ws {
			switch w {
			case "limit", "max", "count", "size", "batch", "top", "num", "n", "page":
				return true
			}
		}
		if b.Kind() == types.Int && (len(ws) == 0 || ws[len(ws)-1] != "id") {
			return true
		}
	}
	return false
}

// callName is a call as a message names it: client.ListObjects.
func callName(c *syntax.Call) string {
	if s, ok := syntax.Callable(c.Expr.Fun).(*ast.SelectorExpr); ok {
		if x, ok := s.X.(*ast.Ident); ok {
			return x.Name + "." + s.Sel.Name
		}
		return s.Sel.Name
	}
	return c.Callee.Name()
}

// keepsLength recognises calls whose result is about as long as an argument.
func (b *Bounds) keepsLength(c *syntax.Call) (ast.Expr, bool) {
	if c.Callee.Pkg() == nil || len(c.Expr.Args) == 0 {
		return nil, false
	}
	switch c.Callee.Pkg().Path() {
	case "slices":
		switch c.Callee.Name() {
		case "Chunk":
			return nil, false
		}
		return c.Expr.Args[0], true
	case "maps", "iter":
		return c.Expr.Args[0], true
	case "strings", "bytes":
		if strings.HasPrefix(c.Callee.Name(), "Split") || strings.HasPrefix(c.Callee.Name(), "Fields") {
			return c.Expr.Args[0], true
		}
	case "github.com/samber/lo":
		switch c.Callee.Name() {
		case "Uniq", "UniqBy", "Filter", "Map", "Keys", "Values", "Compact", "Flatten", "Shuffle", "Reverse", "Without", "KeyBy", "SliceToMap":
			return c.Expr.Args[0], true
		}
	}
	return nil, false
}

// Describe says what is known of an origin, as part of a message.
func (o Origin) Describe() string {
	if o.Text == "" {
		return ""
	}
	return fmt.Sprintf(" (%s)", o.Text)
}
