package number

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/effects"
	"github.com/poollint/poollint/analyzer/internal/knowledge"
	"github.com/poollint/poollint/analyzer/internal/paths"
	"github.com/poollint/poollint/analyzer/internal/summary"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// frequency says how often a place is reached, and a function called.
type frequency struct{ *Numbers }

// times is how often a place is reached, counted from where a variable is declared; from the start of
// the program if since is not a position. It adds to a number what is added there.
func (n frequency) times(at ast.Node, since token.Pos, fr *frame) Number {
	c, ok := n.Package.Package.Find(at)
	if !ok {
		return unknown(at.Pos(), knowledge.Unsaid, "")
	}
	return n.once([4]any{"times", at, since, fr}, fr, func() Number { return n.reached(c, at, since, fr) })
}

func (n frequency) reached(c inspector.Cursor, at ast.Node, since token.Pos, fr *frame) Number {
	once := bounded(at.Pos(), "once")
	once.Max = 1
	x := once
	inside := func(node ast.Node) bool { return since.IsValid() && node.Pos() <= since && since < node.End() }
	for child := c; ; {
		switch e := child.Node().(type) {
		case *ast.ForStmt:
			if e != at {
				if inside(e.Body) { // what the head declares goes on from turn to turn
					return x
				}
				x = join(x, n.turns(e, at, fr))
			}
		case *ast.RangeStmt:
			if e != at {
				if inside(e) {
					return x
				}
				if at.Pos() >= e.Body.Pos() {
					x = join(x, n.turns(e, at, fr))
				}
			}
		case *ast.FuncLit:
			if inside(e) {
				return x
			}
			if f := n.Lit(e); f != nil {
				x = join(x, n.runs(f, fr))
			}
		case *ast.FuncDecl:
			if inside(e) {
				return x
			}
			if f := n.FuncAt(child); f != nil && !since.IsValid() {
				x = join(x, n.called(f, fr))
			}
			return x
		}
		parent := child.Parent()
		if parent.Node() == nil {
			return x
		}
		child = parent
	}
}

// turns is how often a loop comes to a place; unknown if that hangs on what is being asked.
func (n frequency) turns(loop ast.Stmt, at ast.Node, fr *frame) Number {
	if cond := n.everyFew(loop, at, fr); cond != nil {
		return bounded(cond.Pos(), "a number of parts")
	}
	x := n.loops.trips(loop, at, fr)
	if x.Kind == None {
		return unknown(loop.Pos(), knowledge.Unsaid, "")
	}
	return x
}

// everyFew is a condition that lets a loop by an index come to a place once, or once in so many turns, where
// that grows with the number of turns:
//
//	width := len(xs)/5 + 1
//	for i := range xs {
//		if i == len(xs)-1 || i%width == 0 { … }
//	}
func (n frequency) everyFew(loop ast.Stmt, at ast.Node, fr *frame) ast.Expr {
	index, of := n.indexOf(loop)
	c, ok := n.Package.Package.Find(at)
	if index == nil || !ok {
		return nil
	}
	in := n.FuncAt(c)
	if in == nil || in.Node.Pos() > loop.Pos() || loop.End() > in.Node.End() {
		return nil
	}
	var found ast.Expr
	failed := false
	within := func(m ast.Node) bool { return loop.Pos() <= m.Pos() && m.End() <= loop.End() }
	_, known := n.back(in, at, func(step ast.Node) bool {
		failed = failed || step == loop || !within(step)
		return failed
	}, func(t paths.Test) bool {
		cond, is := t.Compared()
		if within(t.Cond) && n.isFew(cond, is, index, of, fr) {
			found = t.Cond
			return true
		}
		return false
	})
	if failed || !known {
		return nil
	}
	return found
}

// isFew reports whether a condition that is so, or not so, is so once, or once in so many turns.
func (n frequency) isFew(cond ast.Expr, is bool, index *types.Var, of ast.Expr, fr *frame) bool {
	switch e := ast.Unparen(cond).(type) {
	case *ast.UnaryExpr:
		return e.Op == token.NOT && n.isFew(e.X, !is, index, of, fr)
	case *ast.BinaryExpr:
		switch e.Op {
		case token.LOR, token.LAND:
			x, y := n.isFew(e.X, is, index, of, fr), n.isFew(e.Y, is, index, of, fr)
			return x && y || (x || y) && is == (e.Op == token.LAND)
		case token.EQL, token.NEQ:
			return is == (e.Op == token.EQL) && (n.isEveryFew(e.X, e.Y, index, of, fr) || n.isEveryFew(e.Y, e.X, index, of, fr))
		}
	}
	return false
}

// isEveryFew reports whether x is the index and y the first or the last, or x the rest of it by a number that
// grows with the number of turns.
func (n frequency) isEveryFew(x, y ast.Expr, index *types.Var, of ast.Expr, fr *frame) bool {
	x, y = ast.Unparen(x), ast.Unparen(y)
	if n.Variable(x) == index {
		last, ok := y.(*ast.BinaryExpr)
		return n.Info.Types[y].Value != nil || ok && last.Op == token.SUB && n.loops.atLeast(last.X, of)
	}
	rest, ok := x.(*ast.BinaryExpr)
	return ok && rest.Op == token.REM && n.Variable(ast.Unparen(rest.X)) == index && n.loops.proportional(rest.Y, of, fr)
}

// indexOf is the index of a loop over a collection, and how many turns it has.
func (n frequency) indexOf(loop ast.Stmt) (*types.Var, ast.Expr) {
	switch loop := loop.(type) {
	case *ast.RangeStmt:
		if t := n.Info.TypeOf(loop.X); loop.Key == nil || t == nil {
			return nil, nil
		} else if isInteger(t) {
			return n.Variable(loop.Key), loop.X
		} else if _, ok := t.Underlying().(*types.Slice); ok {
			return n.Variable(loop.Key), &ast.CallExpr{Fun: ast.NewIdent("len"), Args: []ast.Expr{loop.X}}
		}
	case *ast.ForStmt:
		if c, ok := ast.Unparen(loop.Cond).(*ast.BinaryExpr); ok {
			if small, large, ok := Ordered(c, true); ok && n.loops.moves(loop, small) {
				return n.Variable(small), large
			}
		}
	}
	return nil, nil
}

// runs is how often a function literal is run each time that it is made.
func (n frequency) runs(f *syntax.Func, fr *frame) Number {
	once := bounded(f.Node.Pos(), "once")
	c := syntax.Outer(f.Cur)
	switch c.ParentEdgeKind() {
	case edge.CallExpr_Fun:
		return once
	case edge.CallExpr_Args:
		return n.handedOn(n.Call(c.Parent().Node().(*ast.CallExpr)), c.ParentEdgeIndex(), fr)
	case edge.AssignStmt_Rhs, edge.ValueSpec_Values:
		lhs := syntax.Assigned(c)
		if len(lhs) != 1 {
			return once
		}
		v := n.Variable(lhs[0])
		if v == nil || v.IsField() || global(v) {
			return once
		}
		return join(once, n.Runs(v, fr))
	}
	return once
}

// handedOn is how often a function runs that a call is given.
func (n frequency) handedOn(c *syntax.Call, i int, fr *frame) Number {
	once := Number{Kind: Bounded, Max: 1}
	if c == nil {
		return once
	}
	once.Pos = c.Expr.Pos()
	if x, ok := n.perEach(c, i, fr); ok {
		return x
	}
	f := n.Target(c.Expr.Fun)
	if f == nil {
		return n.elsewhere(c, i, once, fr)
	}
	return n.runsIn(f, c, i, once, fr)
}

// runsIn is how often a function of this package runs another that a call gives it.
func (n frequency) runsIn(f *syntax.Func, c *syntax.Call, i int, once Number, fr *frame) Number {
	if i >= f.Sig.Params().Len() || fr.full() {
		return once
	}
	v := f.Sig.Params().At(i)
	if _, ok := v.Type().Underlying().(*types.Signature); !ok {
		return once
	}
	q := [4]any{"handedOn", f, c, i}
	if !n.enter(q) {
		return Number{}
	}
	defer n.leave(q)
	return join(once, n.Runs(v, fr.enter(f, c)))
}

// Runs is how often a variable or parameter that is a function is called, each time that it is given one.
func (n *Numbers) Runs(v *types.Var, fr *frame) Number {
	var x Number
	for _, u := range n.Var(v).Uses {
		switch u.ParentEdgeKind() {
		case edge.CallExpr_Fun:
			x = join(x, n.frequency.times(u.Parent().Node(), v.Pos(), fr))
		case edge.CallExpr_Args:
			call := u.Parent().Node().(*ast.CallExpr)
			x = join(x, n.frequency.handedOn(n.Call(call), u.ParentEdgeIndex(), fr))
			x = join(x, n.frequency.times(call, v.Pos(), fr))
		}
	}
	return x
}

// elsewhere is how often a function runs that is given to one of another package, or to whatever a variable
// holds: as is seen there, or the fact says or, of one that nobody sees, its name.
func (n frequency) elsewhere(c *syntax.Call, i int, once Number, fr *frame) Number {
	x := once
	for _, f := range n.Runnable(c) {
		x = join(x, n.runsIn(f, c, i, once, fr))
	}
	if x.Kind == Grows {
		return x
	}
	if c.Callee == nil || c.Callee.Pkg() == nil || n.Catalog.Func(c.Callee) != nil || effects.Std(c.Callee.Pkg().Path()) {
		return once
	}
	name := callName(c)
	if p := n.Summary(c.Callee).Param(i); p != nil && p.Task == summary.Called {
		if p.Each == 0 {
			return once
		}
		return grows(c.NamePos(), knowledge.Origin(p.Each), "called for each by "+name).named(c.Callee.Name())
	}
	switch called := c.Callee.Name(); {
	case knowledge.Each(called) && n.visits(c, i):
		return grows(c.NamePos(), knowledge.Listing, "called for each by "+name).named(called)
	case knowledge.Subscribes(called) && n.visits(c, i):
		if inProcess(c.Callee.Signature().Params().At(i).Type()) {
			return unknown(c.NamePos(), knowledge.Own, "called for the events of the program by "+name)
		}
		return grows(c.NamePos(), knowledge.Messages, "called for each message by "+name).named(called)
	}
	return once
}

// visits reports whether a function that nobody sees may call its argument for each of many, and not to set its
// options.
func (n frequency) visits(c *syntax.Call, i int) bool {
	sig := c.Callee.Signature()
	if sig.Variadic() && i >= sig.Params().Len()-1 {
		return false
	}
	f, ok := n.Info.TypeOf(c.Expr.Args[i]).Underlying().(*types.Signature)
	if !ok {
		return false
	}
	given := false
	for v := range f.Params().Variables() {
		if t := syntax.Named(v.Type()); t != nil && knowledge.SaysSetting(t.Obj().Name()) {
			return false
		}
		given = given || !syntax.Is(v.Type(), "context", "Context")
	}
	return given
}

// inProcess reports whether a function that is subscribed is given whatever the program publishes, of any type: what
// comes over a wire has one.
func inProcess(t types.Type) bool {
	f, ok := t.Underlying().(*types.Signature)
	if !ok {
		return isAny(t)
	}
	for v := range f.Params().Variables() {
		if !isAny(v.Type()) && !syntax.Is(v.Type(), "context", "Context") {
			return false
		}
	}
	return true
}

func isAny(t types.Type) bool {
	i, ok := t.Underlying().(*types.Interface)
	return ok && i.Empty()
}

// perEach is the number of times that a library calls the function that it is given.
func (n frequency) perEach(c *syntax.Call, i int, fr *frame) (Number, bool) {
	row := n.base.Func(c.Callee)
	if row == nil || row.Does != knowledge.Calls || row.Arg-1 != i {
		return n.byType(c, i)
	}
	if row.Origin != knowledge.Unsaid {
		x := grows(c.NamePos(), row.Origin, row.Text)
		if row.Origin == knowledge.Own {
			x.Kind = Unknown
		}
		return x, true
	}
	x := unknown(c.NamePos(), knowledge.Links, row.Text)
	if r := c.Recv(); r != nil {
		if y := n.values.of(r, nil, fr); y.Kind == Grows || y.Kind == Bounded {
			x = y
		} else if v, p, ok := n.places.place(r); ok {
			if len(p) > 0 {
				if f, ok := p[len(p)-1].(*types.Var); ok {
					v, p = f, nil
				}
			}
			if y := n.writes.putInto(v, p, fr); y.Kind == Grows || y.Kind == Bounded {
				x = y // else as many as others put in
			}
		}
		x.Of = r
	}
	return x, true
}

// byType is what the type of a parameter says of how often its function is called: fs.WalkDirFunc.
func (n frequency) byType(c *syntax.Call, i int) (Number, bool) {
	sig, ok := n.Info.TypeOf(c.Expr.Fun).Underlying().(*types.Signature)
	if !ok || i >= sig.Params().Len() {
		return Number{}, false
	}
	if _, ok := sig.Params().At(i).Type().Underlying().(*types.Signature); !ok {
		return Number{}, false
	}
	row := n.base.Type(sig.Params().At(i).Type())
	if row == nil {
		return Number{}, false
	}
	return grows(c.NamePos(), row.Origin, row.Text), true
}

// called is how often a declared function is called, as far as this package tells.
func (n frequency) called(f *syntax.Func, fr *frame) Number {
	if b := fr.of(f); b != nil && b.call != nil {
		return n.times(b.call.Expr, token.NoPos, b.up)
	}
	return n.once([2]any{"called", f}, nil, func() Number { return n.calledBy(f, fr) })
}

func (n frequency) calledBy(f *syntax.Func, fr *frame) Number {
	x := bounded(f.Node.Pos(), "once")
	if n.HandlesRequest(f) {
		return grows(f.Node.Pos(), knowledge.Messages, "for each request that "+f.Name()+" handles")
	}
	if n.up >= maxCalls {
		n.low = -1
		return x
	}
	n.up++
	defer func() { n.up-- }()
	for _, c := range n.sources.callers(f) {
		if n.Test(c.Expr.Pos()) {
			continue
		}
		x = join(x, n.times(c.Expr, token.NoPos, nil))
	}
	if f.Valued && f.Decl != nil {
		x = join(x, n.valued(f, fr))
	}
	if f.Decl != nil && f.Decl.Exported() && x.Kind == Bounded {
		return unknown(f.Node.Pos(), knowledge.Own, "each time that another package calls "+f.Name())
	}
	return x
}

// valued is how often a declared function is called by those that are given it: WalkDir(root, s.visit).
func (n frequency) valued(f *syntax.Func, fr *frame) Number {
	var x Number
	for _, u := range n.valuesOf(f) {
		if u.ParentEdgeKind() == edge.CallExpr_Args {
			call := u.Parent().Node().(*ast.CallExpr)
			x = join(x, n.handedOn(n.Call(call), u.ParentEdgeIndex(), fr))
			x = join(x, n.times(call, token.NoPos, fr))
		}
	}
	return x
}

// valuesOf are the places where a declared function is mentioned and not called.
func (n frequency) valuesOf(f *syntax.Func) []inspector.Cursor {
	if n.asValues == nil {
		n.asValues = map[*types.Func][]inspector.Cursor{}
		for c := range n.Root.Preorder((*ast.Ident)(nil)) {
			obj, ok := n.Info.Uses[c.Node().(*ast.Ident)].(*types.Func)
			if !ok || n.Decl(obj) == nil {
				continue
			}
			c = syntax.Whole(c)
			if c.ParentEdgeKind() != edge.CallExpr_Fun {
				n.asValues[obj.Origin()] = append(n.asValues[obj.Origin()], c)
			}
		}
	}
	return n.asValues[f.Decl.Origin()]
}

// yields is how often an iterator function yields.
func (n frequency) yields(f *syntax.Func, fr *frame) Number {
	if f.Sig.Params().Len() != 1 {
		return unknown(f.Node.Pos(), knowledge.Unsaid, "")
	}
	yield := f.Sig.Params().At(0)
	var x Number
	for _, u := range n.Var(yield).Uses {
		switch u.ParentEdgeKind() {
		case edge.CallExpr_Fun:
			x = join(x, n.times(u.Parent().Node(), yield.Pos(), fr))
		case edge.CallExpr_Args:
			call := u.Parent().Node().(*ast.CallExpr)
			x = join(x, n.handedOn(n.Call(call), u.ParentEdgeIndex(), fr))
		case edge.BinaryExpr_X, edge.BinaryExpr_Y:
		}
	}
	if x.Kind == None {
		return unknown(f.Node.Pos(), knowledge.Unsaid, "")
	}
	return x
}

// A Factor is something that multiplies what is done at a place: a loop, a function that a library
// calls for each of many, a call in a loop of another function.
type Factor struct {
	Number
	Region inspector.Cursor // the loop, or the function that is called for each
	Site   inspector.Cursor // what stands in it: the place, or the call that leads to it
	In     *syntax.Func     // the function that the site stands in
	Far    int              // through how many calls the site leads to the place
}

// Factors lists what multiplies a place, innermost first: one list for each way by which the functions
// around it are called, as far as this package tells. Far says whether to look at those that call the
// function that it is in.
func (n *Numbers) Factors(at inspector.Cursor, far bool) [][]Factor {
	most := 0
	if far {
		most = maxCalls
	}
	for {
		w := &factors{Numbers: n, most: most}
		w.around(at, 0, nil)
		if len(w.ways) <= maxWays || most == 0 {
			return w.ways
		}
		most-- // of too many ways it would hang on the order of declarations which are followed
	}
}

// maxCalls bounds through how many calls a place is followed to loops around them. Where that makes more
// than maxWays, it is followed through fewer.
const (
	maxCalls = 2
	maxWays  = 64
)

type factors struct {
	*Numbers
	ways [][]Factor
	most int // calls to follow
	busy map[*syntax.Func]bool
}

func (w *factors) end(way []Factor) {
	w.ways = append(w.ways, way)
}

func with(way []Factor, f Factor) []Factor { return append(way[:len(way):len(way)], f) }

// around goes outwards from a site.
func (w *factors) around(site inspector.Cursor, far int, way []Factor) {
	for child := site; child.Node() != nil; child = child.Parent() {
		switch e := child.Node().(type) {
		case *ast.ForStmt:
			if e.Init == nil || site.Node().Pos() >= e.Init.End() {
				way = with(way, Factor{w.Trips(child, site.Node()), child, site, w.FuncAt(site), far})
			}
		case *ast.RangeStmt:
			if site.Node().Pos() >= e.Body.Pos() {
				way = with(way, Factor{w.Trips(child, site.Node()), child, site, w.FuncAt(site), far})
			}
		case *ast.FuncLit:
			if f := w.Lit(e); f != nil {
				w.literal(f, site, far, way)
			}
			return
		case *ast.FuncDecl:
			if f := w.FuncAt(child); f != nil {
				w.declared(f, site, far, way)
			}
			return
		}
		if child.Parent().Node() == nil {
			break
		}
	}
	w.end(way)
}

// once is a function that a site stands in, which multiplies nothing, but may throttle.
func (w *factors) once(f *syntax.Func, site inspector.Cursor, far int) Factor {
	return Factor{bounded(f.Node.Pos(), "once"), f.Cur, site, f, far}
}

// literal goes on where a function literal is run.
func (w *factors) literal(f *syntax.Func, site inspector.Cursor, far int, way []Factor) {
	outer := syntax.Outer(f.Cur)
	switch outer.ParentEdgeKind() {
	case edge.CallExpr_Fun: // func() { … }()
		call := outer.Parent()
		if c := w.Call(call.Node().(*ast.CallExpr)); c != nil && c.Go == nil {
			w.around(call, far, with(way, w.once(f, site, far)))
			return
		}
	case edge.CallExpr_Args:
		w.given(f, site, outer, far, way)
		return
	case edge.AssignStmt_Rhs, edge.ValueSpec_Values:
		if lhs := syntax.Assigned(outer); len(lhs) == 1 && w.follow(f, far) {
			defer w.release(f)
			if v := w.Variable(lhs[0]); v != nil && !v.IsField() && !global(v) {
				for _, u := range w.Var(v).Uses {
					w.used(f, site, u, far, way)
				}
			}
		}
	}
	w.end(way)
}

func (w *factors) follow(f *syntax.Func, far int) bool {
	if w.busy[f] || far >= w.most || len(w.ways) > maxWays {
		return false
	}
	if w.busy == nil {
		w.busy = map[*syntax.Func]bool{}
	}
	w.busy[f] = true
	return true
}

func (w *factors) release(f *syntax.Func) { delete(w.busy, f) }

// used goes on where a function is called, or handed to who calls it.
func (w *factors) used(f *syntax.Func, site, use inspector.Cursor, far int, way []Factor) {
	switch use.ParentEdgeKind() {
	case edge.CallExpr_Fun:
		call := use.Parent()
		if c := w.Call(call.Node().(*ast.CallExpr)); c != nil && c.Go == nil && c.Defer == nil && !within(call, f) && !w.Test(c.Expr.Pos()) {
			w.around(call, far+1, with(way, w.once(f, site, far)))
		}
	case edge.CallExpr_Args:
		w.given(f, site, use, far, way)
	}
}

func within(c inspector.Cursor, f *syntax.Func) bool {
	return f.Node.Pos() <= c.Node().Pos() && c.Node().End() <= f.Node.End()
}

// given goes on where a function is an argument: of who calls it for each of many, or once.
func (w *factors) given(f *syntax.Func, site, arg inspector.Cursor, far int, way []Factor) {
	call := w.Call(arg.Parent().Node().(*ast.CallExpr))
	if call == nil || w.SpawnAt(call) != nil || w.Test(call.Expr.Pos()) {
		w.end(way)
		return
	}
	x, each := w.frequency.perEach(call, arg.ParentEdgeIndex(), nil)
	if !each {
		x = w.frequency.handedOn(call, arg.ParentEdgeIndex(), nil)
		each = x.Kind == Grows
	}
	way = with(way, Factor{x, f.Cur, site, f, far})
	if each || w.Target(call.Expr.Fun) != nil {
		w.around(call.Cur, far+1, way)
		return
	}
	w.end(way)
}

// declared goes on where a declared function is called.
func (w *factors) declared(f *syntax.Func, site inspector.Cursor, far int, way []Factor) {
	if w.follow(f, far) {
		defer w.release(f)
		for _, c := range w.sources.callers(f) {
			if c.Go == nil && c.Defer == nil && c.In != nil && c.In != f && !w.Test(c.Expr.Pos()) && !w.turnedAway(c, f, site) {
				w.around(c.Cur, far+1, with(way, w.once(f, site, far)))
			}
		}
		if f.Valued && f.Decl != nil {
			for _, u := range w.frequency.valuesOf(f) {
				w.used(f, site, u, far, way)
			}
		}
	}
	w.end(way)
}

// turnedAway reports whether a call never gets to a site in the function that it calls: it passes a constant, and a
// condition on that parameter leads past the site.
//
//	func fetch(m Message, later bool) { if later { return }; go download(m) }
func (w *factors) turnedAway(c *syntax.Call, f *syntax.Func, site inspector.Cursor) bool {
	passed := map[*types.Var]constant.Value{}
	for i, arg := range c.Expr.Args {
		if v := w.Info.Types[arg].Value; v != nil && i < f.Sig.Params().Len() && !(f.Sig.Variadic() && i >= f.Sig.Params().Len()-1) {
			if p := f.Sig.Params().At(i); len(w.Var(p).Defs) == 1 {
				passed[p] = v
			}
		}
	}
	if len(passed) == 0 {
		return false
	}
	entry, known := w.graph(f).Back(site.Node(), func(ast.Node) bool { return false }, func(t paths.Test) bool {
		cond, is := t.Compared()
		holds, known := w.holds(cond, passed)
		return known && holds != is
	})
	return known && !entry
}

// holds is what a condition says of variables of known value.
func (w *factors) holds(cond ast.Expr, of map[*types.Var]constant.Value) (is, known bool) {
	value := func(e ast.Expr) constant.Value {
		if v := w.Info.Types[e].Value; v != nil {
			return v
		}
		return of[w.Variable(e)]
	}
	switch e := ast.Unparen(cond).(type) {
	case *ast.UnaryExpr:
		is, known = w.holds(e.X, of)
		return !is, known && e.Op == token.NOT
	case *ast.BinaryExpr:
		x, y := value(e.X), value(e.Y)
		switch e.Op {
		case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ:
			if x != nil && y != nil {
				return constant.Compare(x, e.Op, y), true
			}
		}
	case *ast.Ident:
		if v := value(e); v != nil && v.Kind() == constant.Bool {
			return constant.BoolVal(v), true
		}
	}
	return false, false
}

// Recursive reports whether a task leads back to the function that starts it, a number of times that a
// loop decides.
func (n *Numbers) Recursive(task *syntax.Func, start *syntax.Func) bool {
	return task != nil && start != nil && n.Leads(task, start)
}

// Leads reports whether a function runs another: by calls, and by literals that it makes.
func (n *Numbers) Leads(from, to *syntax.Func) bool { return n.frequency.reach(from, false)[to] }

// MayLead is Leads for calls, too, that may run several functions: through an interface, or what a variable holds.
func (n *Numbers) MayLead(from, to *syntax.Func) bool { return n.frequency.reach(from, true)[to] }

func (n frequency) reach(from *syntax.Func, may bool) map[*syntax.Func]bool {
	reach := n.reaches[reaching{from, may}]
	if reach == nil {
		reach = map[*syntax.Func]bool{}
		n.reaches[reaching{from, may}] = reach
		todo := []*syntax.Func{from}
		for len(todo) > 0 {
			f := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			if reach[f] {
				continue
			}
			reach[f] = true
			for _, c := range f.Calls {
				if g := n.Target(c.Expr.Fun); g != nil {
					todo = append(todo, g)
				} else if may {
					todo = append(todo, n.Runnable(c)...)
				}
			}
			todo = append(todo, f.Lits...)
		}
	}
	return reach
}

// reaching is the question of reach.
type reaching struct {
	from *syntax.Func
	may  bool
}

// Runnable are the functions of this package that a call may run.
func (n *Numbers) Runnable(c *syntax.Call) []*syntax.Func {
	var all []*syntax.Func
	to, _ := n.Resources.Callees(c)
	for _, f := range to {
		if f.Body != nil {
			all = append(all, f.Body)
		}
	}
	return all
}
