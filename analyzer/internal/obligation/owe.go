package obligation

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/paths"
	"github.com/poollint/poollint/analyzer/internal/resource"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// A How is the way in which something owed is not done.
type How uint8

const (
	Dropped     How = iota + 1 // the result is discarded where it is made
	Blank                      // assigned to _
	Forgotten                  // kept in a variable or collection with which nothing is done
	Left                       // a path leaves before it is done
	Overwritten                // another one takes its place before it is done
	Ignored                    // passed to a function that does nothing with it
	Early                      // read at once, without being awaited
)

// A Loss is something owed that is not done, on some path at least.
type Loss struct {
	How    How
	Var    *types.Var     // where it was kept, or nil
	Index  constant.Value // of Var, at which it is, or nil
	Field  *types.Var     // the field of Var, or of its elements, that it is in, or nil
	Many   bool           // Var is a collection
	Passed bool           // on another path it is handed on
	Rest   bool           // it leaves in a loop that awaits one after the other
	Single bool           // of a collection that a loop fills, single elements are awaited
	At     ast.Node       // the return, or the step that overwrites
	Also   []ast.Node     // other returns, a few, those that more conditions lead to last
}

// Name is how the source calls what is kept.
func (l Loss) Name() string {
	switch {
	case l.Index != nil:
		return fmt.Sprintf("%s[%s]", l.Var.Name(), l.Index)
	case l.Field != nil && !l.Many:
		return l.Var.Name() + "." + l.Field.Name()
	}
	return l.Var.Name()
}

// maxReturns bounds how many returns are named.
const maxReturns = 8

// home is where the result of a call goes.
type home struct {
	v     *types.Var
	many  bool           // v is a collection, to which it is added
	index constant.Value // at which it is in v, if that is known
	how   How            // Dropped, Blank or Ignored, when it goes nowhere
	fate  fate           // passed or met, when it is nobody's business here
	valid bool
}

// settle finds where the result of a call goes. From a field of a literal on, what holds it is followed.
func (t *tracker) settle(c inspector.Cursor) home {
	many := false
	for {
		switch c.ParentEdgeKind() {
		case edge.ParenExpr_X:
		case edge.ExprStmt_X, edge.GoStmt_Call, edge.DeferStmt_Call:
			return home{how: Dropped}
		case edge.SelectorExpr_X:
			if f := t.member(c.Parent()); f != idle && f != begun {
				return home{fate: f}
			}
			return home{how: Early}
		case edge.CallExpr_Args:
			call := c.Parent().Node().(*ast.CallExpr)
			if t.builtin(call) == "append" {
				many = true
				break
			}
			if f := t.argument(call, c.ParentEdgeIndex()); f != idle {
				return home{fate: f}
			}
			return home{how: Ignored}
		case edge.AssignStmt_Rhs, edge.ValueSpec_Values:
			return t.place(syntax.Assigned(c)[0], many) // of several results, the value comes first
		case edge.SendStmt_Value:
			if ch := c.Parent().Node().(*ast.SendStmt).Chan; t.untaken(ch) {
				return home{v: t.Variable(ch), how: Forgotten}
			}
			return home{fate: passed}
		case edge.CompositeLit_Elts, edge.KeyValueExpr_Value:
			lit := c.Parent()
			if c.ParentEdgeKind() == edge.KeyValueExpr_Value {
				lit = lit.Parent()
			}
			switch t.Info.TypeOf(lit.Node().(*ast.CompositeLit)).Underlying().(type) {
			case *types.Slice, *types.Array, *types.Map:
				many = true
			default:
				if t.held != nil {
					return home{fate: passed}
				}
				if t.held = fieldOf(t.Package, c); t.held == nil {
					return home{fate: passed}
				}
			}
			if c = lit; c.ParentEdgeKind() != edge.UnaryExpr_X {
				continue
			}
		default:
			return home{fate: passed}
		}
		c = c.Parent()
	}
}

func (t *tracker) place(lhs ast.Expr, many bool) home {
	switch e := ast.Unparen(lhs).(type) {
	case *ast.Ident:
		if e.Name == "_" {
			return home{how: Blank}
		}
		if v := t.Variable(e); v != nil && !global(v) {
			return home{v: v, many: many, valid: true}
		}
	case *ast.IndexExpr:
		if v := t.Variable(e.X); v != nil && !v.IsField() && !global(v) {
			return home{v: v, many: true, index: t.Info.Types[e.Index].Value, valid: true}
		}
		lhs = e.X
	case *ast.SelectorExpr: // of a struct that the function makes, as in its literal
		if id := ident(e.X); t.kind == catalog.Executor && t.held == nil && !many && id != nil {
			if v, field := t.Variable(id), t.Variable(e); v != nil && field != nil && !v.IsField() && fresh(t.Package, v) != nil {
				t.held = field
				return home{v: v, valid: true}
			}
		}
	}
	if v := t.Variable(lhs); v != nil && t.unread(v) {
		return home{v: v, how: Forgotten}
	}
	return home{fate: passed}
}

// untaken reports whether nobody ever receives from a channel.
func (t *tracker) untaken(ch ast.Expr) bool {
	class := t.Resources.Class(ch)
	if class == nil || t.Variable(ch) == nil || len(class.Makers()) == 0 {
		return false
	}
	may, _ := class.Can(resource.MayReceive)
	return may == resource.No && !slices.ContainsFunc(class.Ops, func(o *resource.Op) bool {
		return o.Kind == resource.Receive || o.Kind == resource.Range || o.Kind == resource.Use
	})
}

// unread reports whether nothing in the package reads a field or package variable of its own, and no other
// package can.
func (t *tracker) unread(v *types.Var) bool {
	return v.Pkg() == t.Types && !v.Exported() && !(v.IsField() && v.Embedded()) && t.variable(v) == idle
}

// An owing is something owed from a step of a function on, kept in a variable.
type owing struct {
	t      *tracker
	f      *syntax.Func
	v      *types.Var
	from   ast.Node       // the step
	many   bool           // v is a collection: a second one does not overwrite the first
	index  constant.Value // of v, at which it is, if that is known
	steady bool           // the same value at every turn of a loop: a group
	never  bool           // nothing anywhere waits for it, whatever a variable says
	assume []paths.Fact   // what is so when it is owed
	told   []ast.Node     // where what runs has been told to end, which is as good as waiting
	rest   bool           // v is a collection: a loop that awaits its elements has to run to its end
}

// events are the steps of f at which something becomes of the value, and where v is overwritten.
type events struct {
	fate   map[ast.Node]fate
	told   map[ast.Node]bool // those at which what runs has been told to end
	reset  map[ast.Node]bool
	loops  map[ast.Stmt]bool // rest: those that await all when they run to their end
	single bool              // of many, one here and there is awaited
	early  bool              // something may become of it through what was set up before: a defer, a closure, who has it too
}

func (o *owing) events(g *paths.Graph) events {
	ev := events{fate: map[ast.Node]fate{}, told: map[ast.Node]bool{}, reset: map[ast.Node]bool{}, loops: map[ast.Stmt]bool{}}
	info := o.t.Var(o.v)
	o.t.busy[o.v] = true // xs = append(xs, x) and xs = xs[:0] are about v itself
	defer delete(o.t.busy, o.v)
	for _, u := range info.Uses {
		what := o.t.mention(u)
		if what == idle || what == begun {
			continue
		}
		if at := o.t.index(u); at != nil && what == met {
			if o.index != nil && !constant.Compare(at, token.EQL, o.index) {
				continue // another one
			}
			if o.index == nil && o.fills(u) {
				ev.single = true
				continue
			}
		}
		if loop := o.t.turn(u); o.rest && loop != nil && what == met && direct(o.t.Package, u, o.f) && !deferred(u, o.f) {
			ev.loops[loop] = true
			continue
		}
		step := g.Step(u.Node())
		if step == nil {
			if o.t.FuncAt(u) != o.f {
				ev.early = true
			}
			continue
		}
		if !direct(o.t.Package, u, o.f) {
			what = passed // by a closure, when it runs
		}
		ev.fate[step] = max(ev.fate[step], what)
		if what == met {
			for _, other := range o.givenUp(u) {
				ev.fate[g.Step(other)] = met
			}
		}
		if (deferred(u, o.f) || what == passed && u.Node().Pos() < o.from.Pos() || aliased(u)) && g.Reaches(step, o.from) {
			ev.early = true
		}
	}
	for _, n := range o.told {
		if step := g.Step(n); step != nil {
			ev.told[step] = true
			if c, ok := g.Cursor(step); ok && deferred(c, o.f) && g.Reaches(step, o.from) {
				ev.early = true
			}
		}
	}
	for _, d := range info.Defs {
		if d.Kind == syntax.Update || d.Kind == syntax.Param {
			continue
		}
		if step := g.Step(d.Cur.Node()); step != nil && (step != o.from || !o.many && !o.steady) && !o.adds(d) && !o.drops(d, ev.loops) {
			ev.reset[step] = true
		}
	}
	return ev
}

// turn is the loop that a mention of a collection takes one element of at each turn, be it as they come, or nil.
func (t *tracker) turn(u inspector.Cursor) ast.Stmt {
	switch u.ParentEdgeKind() {
	case edge.CallExpr_Args:
		call := u.Parent()
		row := t.Catalog.Func(t.Call(call.Node().(*ast.CallExpr)).Callee)
		if row != nil && row.Role == catalog.Combine && syntax.Outer(call).ParentEdgeKind() == edge.RangeStmt_X {
			return syntax.Outer(call).Parent().Node().(*ast.RangeStmt)
		}
	case edge.RangeStmt_X:
		return u.Parent().Node().(*ast.RangeStmt)
	case edge.IndexExpr_X:
		if loops := syntax.Loops(u); len(loops) > 0 {
			return loops[0].Node().(ast.Stmt)
		}
	}
	return nil
}

// index is the constant index at which a mention takes an element, or nil.
func (t *tracker) index(u inspector.Cursor) constant.Value {
	if u.ParentEdgeKind() != edge.IndexExpr_X {
		return nil
	}
	return t.Info.Types[u.Parent().Node().(*ast.IndexExpr).Index].Value
}

// fills reports whether a loop fills v, of which a mention behind it takes one: how many there are is not
// asked for.
func (o *owing) fills(u inspector.Cursor) bool {
	from, ok := o.t.Graph(o.f).Cursor(o.from)
	if !ok || slices.ContainsFunc(syntax.Loops(u), func(l inspector.Cursor) bool { return !syntax.Within(o.from, l.Node()) }) {
		return false
	}
	return slices.ContainsFunc(syntax.Loops(from), func(l inspector.Cursor) bool { return !syntax.Within(u.Node(), l.Node()) }) &&
		!slices.ContainsFunc(o.t.Var(o.v).Uses, o.counted)
}

// counted reports whether a mention is of a length that is compared with one that is not 0: there may be one.
func (o *owing) counted(u inspector.Cursor) bool {
	if u = syntax.Outer(u); u.ParentEdgeKind() != edge.CallExpr_Args || o.t.builtin(u.Parent().Node().(*ast.CallExpr)) != "len" {
		return false
	}
	length := syntax.Outer(u.Parent())
	if length.ParentEdgeKind() == edge.SwitchStmt_Tag {
		return true
	}
	cmp, ok := length.Parent().Node().(*ast.BinaryExpr)
	if !ok {
		return false
	}
	other := cmp.Y
	if length.ParentEdgeKind() == edge.BinaryExpr_Y {
		other = cmp.X
	}
	n, known := constantInt(o.t.Info, other)
	return !known || n != 0
}

// givenUp are the cases beside one that awaits, in a select, by which the function stops waiting knowingly:
// its context has ended or, of a channel that nobody else can await, its time is up.
func (o *owing) givenUp(u inspector.Cursor) []ast.Node {
	var steps []ast.Node
	for c := range u.Enclosing((*ast.CommClause)(nil), (*ast.FuncLit)(nil)) {
		own, ok := c.Node().(*ast.CommClause)
		if !ok || own.Comm == nil || !syntax.Within(u.Node(), own.Comm) {
			break
		}
		for _, clause := range c.Parent().Node().(*ast.BlockStmt).List {
			comm, ok := clause.(*ast.CommClause).Comm.(*ast.ExprStmt)
			if !ok || clause == ast.Stmt(own) {
				continue
			}
			if recv, ok := ast.Unparen(comm.X).(*ast.UnaryExpr); ok && o.t.ends(recv.X, isChan(o.v.Type())) {
				steps = append(steps, comm)
			}
		}
		break
	}
	return steps
}

// ends reports whether a channel says that a context has ended or, if asked, that some time has passed.
func (t *tracker) ends(ch ast.Expr, timed bool) bool {
	class := t.Resources.Class(ch)
	return class != nil && (class.Kind == resource.Context || timed && class.Kind == resource.Timer)
}

func isChan(t types.Type) bool {
	_, ok := chanOf(t)
	return ok
}

// lastTurn reports whether it depends on how many turns a loop has left that something is owed, or that
// it is done: if i+1 < len(xs) { next = start(xs[i+1]) }.
func (o *owing) lastTurn(g *paths.Graph) bool {
	places := []ast.Node{o.from}
	for _, u := range o.t.Var(o.v).Uses {
		if o.t.mention(u) == met {
			places = append(places, u.Node())
		}
	}
	return slices.ContainsFunc(places, func(n ast.Node) bool {
		c, ok := g.Cursor(g.Step(n))
		if !ok {
			return false
		}
		for at := range c.Enclosing((*ast.IfStmt)(nil), (*ast.CaseClause)(nil)) {
			if syntax.Within(at.Node(), o.f.Node) && slices.ContainsFunc(syntax.Branches(at), func(b syntax.Branch) bool {
				return b.Has(n) && o.countsDown(at, b.Cond)
			}) {
				return true
			}
		}
		return false
	})
}

// countsDown reports whether a condition compares the index of a loop around it with a length.
func (o *owing) countsDown(at inspector.Cursor, cond ast.Expr) bool {
	index, length := false, false
	ast.Inspect(cond, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			length = length || o.t.builtin(n) == "len"
		case *ast.Ident:
			v, ok := o.t.Info.Uses[n].(*types.Var)
			index = index || ok && slices.ContainsFunc(o.t.Var(v).Defs, func(d syntax.Def) bool {
				loop := slices.ContainsFunc(syntax.Loops(at), func(l inspector.Cursor) bool { return syntax.Within(d.Cur.Node(), l.Node()) })
				return loop && (d.Kind == syntax.RangeKey || d.Kind == syntax.Update)
			})
		}
		return true
	})
	return index && length
}

// direct reports whether a node is in the body of a function itself, or in literals that it calls or
// defers where they stand, or that run there once at the latest.
func direct(p *sites.Package, at inspector.Cursor, body *syntax.Func) bool {
	for e := range at.Enclosing((*ast.FuncLit)(nil), (*ast.FuncDecl)(nil)) {
		if e.Node() == body.Node {
			return true
		}
		if !here(e) && !once(p, e) {
			return false
		}
	}
	return false
}

// aliased reports whether a mention gives a value a second name: h := g.
func aliased(u inspector.Cursor) bool {
	if u.ParentEdgeKind() == edge.UnaryExpr_X {
		u = syntax.Outer(u.Parent())
	}
	return syntax.Assigned(u) != nil
}

// adds reports whether a definition keeps what v holds: xs = append(xs, x).
func (o *owing) adds(d syntax.Def) bool {
	if d.Expr == nil || d.Kind != syntax.Assign {
		return false
	}
	keeps := false
	ast.Inspect(d.Expr, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && o.t.Info.Uses[id] == o.v {
			keeps = true
		}
		_, slice := n.(*ast.SliceExpr)
		return !slice || !o.many // xs[:0] empties xs
	})
	return keeps
}

// drops reports whether a definition leaves out elements that have been taken, in the loop that takes one at
// each turn: xs = xs[1:].
func (o *owing) drops(d syntax.Def, loops map[ast.Stmt]bool) bool {
	cut, ok := d.Expr.(*ast.SliceExpr)
	if !ok || o.t.Variable(cut.X) != o.v {
		return false
	}
	return slices.ContainsFunc(syntax.Loops(d.Cur), func(l inspector.Cursor) bool { return loops[l.Node().(ast.Stmt)] })
}

// deferred reports whether a mention is in a defer statement, or in a literal: what it does may be
// done later than where it stands.
func deferred(u inspector.Cursor, f *syntax.Func) bool {
	for c := u; c.Node() != f.Node; c = c.Parent() {
		switch c.Node().(type) {
		case *ast.DeferStmt, *ast.FuncLit:
			return true
		case nil:
			return false
		}
	}
	return false
}

// ask walks the paths.
func (o *owing) ask() (Loss, bool) {
	g := o.t.Graph(o.f)
	from := g.Step(o.from)
	if from == nil {
		return Loss{}, false
	}
	o.from = from
	ev := o.events(g)
	if ev.early || o.lastTurn(g) {
		return Loss{}, false
	}
	broken := o.invariants()
	seen := map[ast.Node]bool{}
	unsure := o.asked()
	if !o.never {
		unsure = append(unsure, g.Bookkeeping(from)...)
	}
	query := paths.Query{
		From:   from,
		Assume: o.assume,
		Unsure: unsure,
		Step: func(step ast.Node, _ int) (int, paths.Effect) {
			switch {
			case ev.fate[step] != idle, ev.told[step], broken[step], seen[step]:
				return 0, paths.Meets
			case o.steady && o.exits(step):
				return 0, paths.Loses
			case ev.reset[step]:
				return 0, paths.Loses
			}
			return 0, paths.Nothing
		},
		Done: func(loop ast.Stmt, _ int) (int, paths.Effect) {
			// A loop that awaits has awaited all there was, also if that was nothing.
			if !syntax.Within(from, loop) && inside(ev.fate, loop) || ev.loops[loop] {
				return 0, paths.Meets
			}
			return 0, paths.Nothing
		},
	}
	answer := g.Ask(query)
	if answer.Verdict != paths.Violated {
		return Loss{}, false
	}
	how := Left
	switch {
	case ev.single:
	case ev.reset[answer.At]:
		how = Overwritten
	case len(ev.fate)+len(ev.told)+len(ev.loops) == 0:
		how = Forgotten
	}
	exits := []ast.Node{answer.At}
	for how == Left && len(exits) < maxReturns {
		seen[exits[len(exits)-1]] = true
		next := g.Ask(query)
		if next.Verdict != paths.Violated || seen[next.At] || ev.reset[next.At] {
			break
		}
		exits = append(exits, next.At)
	}
	// What the fewest conditions lead to is the likeliest, and named.
	slices.SortStableFunc(exits, func(a, b ast.Node) int { return cmp.Compare(o.conditions(a), o.conditions(b)) })
	return Loss{How: how, Var: o.v, Index: o.index, Field: o.t.held, Many: o.many, Single: ev.single, At: exits[0], Also: exits[1:]}, true
}

// conditions counts the branches and loops around a step.
func (o *owing) conditions(step ast.Node) int {
	c, ok := o.t.Graph(o.f).Cursor(step)
	if !ok {
		return 0 // the closing brace
	}
	n := 0
	for at := range c.Enclosing((*ast.IfStmt)(nil), (*ast.CaseClause)(nil), (*ast.CommClause)(nil), (*ast.ForStmt)(nil), (*ast.RangeStmt)(nil)) {
		if syntax.Within(at.Node(), o.f.Node) {
			n++
		}
	}
	return n
}

// invariants are the returns that leave because what must be there is nil, with an error made for
// that: a program that comes there is broken, and the path as little a normal one as a panic's. A
// pool that stays open is another matter, since constructors check what they are given that way.
func (o *owing) invariants() map[ast.Node]bool {
	if o.t.kind == catalog.Executor {
		return nil
	}
	returns := map[ast.Node]bool{}
	for c := range scope(o.t.Package, o.v, o.f).Preorder((*ast.IfStmt)(nil), (*ast.CaseClause)(nil)) {
		for _, b := range syntax.Branches(c) {
			ret, ok := b.Last().(*ast.ReturnStmt)
			if ok && len(ret.Results) > 0 && o.missing(b) && o.fixed(ret.Results[len(ret.Results)-1]) {
				returns[ret] = true
			}
		}
	}
	return returns
}

// missing reports whether a branch is taken because something, or one of several things, is nil.
func (o *owing) missing(b syntax.Branch) bool {
	if _, y, ok := b.Compares(token.EQL); ok {
		return o.t.Info.Types[y].IsNil()
	}
	either, ok := b.Cond.(*ast.BinaryExpr)
	return ok && b.Is && either.Op == token.LOR && o.missing(b.When(either.X)) && o.missing(b.When(either.Y))
}

// fixed reports whether an expression makes an error that says the same each time.
func (o *owing) fixed(e ast.Expr) bool {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok || len(call.Args) != 1 || o.t.Info.Types[call.Args[0]].Value == nil {
		return false
	}
	t := o.t.Info.TypeOf(call)
	return t != nil && types.Identical(t, types.Universe.Lookup("error").Type())
}

// asked lists the flags by which the caller says whether to await a future: func Close(wait bool).
// A path that such a flag chooses is left unawaited on purpose. The tasks of a group still use what
// the function was given, whoever chose.
func (o *owing) asked() []*types.Var {
	if o.t.kind != catalog.Future {
		return nil
	}
	var flags []*types.Var
	for i := range o.f.Sig.Params().Len() {
		v := o.f.Sig.Params().At(i)
		if boolean(v.Type()) && slices.ContainsFunc(syntax.Words(v.Name()), saysWait) {
			flags = append(flags, v)
		}
	}
	return flags
}

func saysWait(word string) bool {
	switch word {
	case "wait", "waits", "await", "awaits", "nowait", "sync", "async", "synchronous", "asynchronous", "block", "blocks", "blocking", "nonblocking":
		return true
	}
	return false
}

func inside(steps map[ast.Node]fate, loop ast.Stmt) bool {
	for s := range steps {
		if syntax.Within(s, loop) && s != loop {
			return true
		}
	}
	return false
}

// future tells whether the future that a call returns is lost.
func future(p *sites.Package, c *syntax.Call) (Loss, bool) {
	if c.In == nil {
		return Loss{}, false
	}
	t := track(p, catalog.Future)
	h := t.settle(c.Cur)
	switch {
	case h.how != 0:
		return Loss{How: h.how, Var: h.v}, true
	case !h.valid || results(p.Var(h.v)) || declaredOutside(p, h.v, c.In):
		return Loss{}, false
	}
	o := &owing{t: t, f: c.In, v: h.v, from: c.Expr, many: h.many, index: h.index}
	if t.variable(h.v) != idle { // what nobody ever awaits is no more awaited when it is cancelled
		o.told = cancels(p, c.In, given(p, c))
	}
	var next *owing
	if !h.many {
		o.assume = succeeded(p, c, h.v)
		next = o.moved(c)
	}
	if next != nil && next.many {
		o, next = next, nil
	}
	loss, lost := o.askAll()
	if !lost && next != nil {
		loss, lost = next.ask()
	}
	return loss, lost
}

// askAll walks the paths, of a collection once more: a loop that awaits its elements has to run to its end.
func (o *owing) askAll() (loss Loss, lost bool) {
	if loss, lost = o.ask(); lost || !o.many {
		return loss, lost
	}
	o.rest = true
	loss, loss.Rest = o.ask()
	return loss, loss.Rest
}

// moved is what is owed from where v is put into another local variable or collection, if from a call to the
// next value of v that is all that becomes of it: fs = append(fs, f), last = f.
func (o *owing) moved(c *syntax.Call) *owing {
	t := o.t
	var into *owing
	next := c.In.Node.End()
	for _, d := range t.Var(o.v).Defs {
		if pos := d.Cur.Node().Pos(); pos > c.Expr.Pos() {
			next = min(next, pos)
		}
	}
	for _, u := range t.Var(o.v).Uses {
		if u.ParentEdgeKind() == edge.AssignStmt_Lhs || u.Node().Pos() < c.Expr.Pos() || u.Node().Pos() > next {
			continue
		}
		var h home
		switch {
		case u.ParentEdgeKind() == edge.CallExpr_Args && t.builtin(u.Parent().Node().(*ast.CallExpr)) == "append" && u.ParentEdgeIndex() > 0:
			h = t.settle(u)
		default:
			if lhs := syntax.Assigned(u); len(lhs) == 1 {
				h = t.place(lhs[0], false)
			}
		}
		switch {
		case h.valid && into == nil && !results(t.Var(h.v)) && !declaredOutside(t.Package, h.v, c.In) && t.FuncAt(u) == c.In:
			into = &owing{t: t, f: c.In, v: h.v, from: u.Node(), many: h.many, index: h.index, told: o.told}
			if !h.many {
				into.assume = []paths.Fact{{Var: h.v, Nil: true, Is: false}}
			}
		case t.mention(u) > begun:
			return nil
		}
	}
	return into
}

// declaredOutside reports whether v belongs to a function around f.
func declaredOutside(p *sites.Package, v *types.Var, f *syntax.Func) bool {
	return v.IsField() || v.Pos() < f.Node.Pos() || f.Node.End() < v.Pos()
}

// succeeded is what is so when a call has returned something to look after: v is there, and the
// error or the flag beside it says so.
func succeeded(p *sites.Package, c *syntax.Call, v *types.Var) []paths.Fact {
	facts := []paths.Fact{{Var: v, Nil: true, Is: false}}
	lhs := syntax.Assigned(c.Cur)
	if len(lhs) != 2 {
		return facts
	}
	beside := p.Variable(lhs[1])
	if beside == nil {
		return facts
	}
	if boolean(beside.Type()) {
		return append(facts, paths.Fact{Var: beside, Is: true})
	}
	return append(facts, paths.Fact{Var: beside, Nil: true, Is: true})
}
