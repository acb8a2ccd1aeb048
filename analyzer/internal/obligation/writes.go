package obligation

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// started lists the tasks of a group: those that it is given and, of a wait group, the goroutines that it
// counts: wg.Add(1); go func() { defer wg.Done(); … }().
func started(p *sites.Package, v *types.Var) []*sites.Spawn {
	tasks := slices.Clone(p.Given(v))
	if !isWaitGroup(v) {
		return tasks
	}
	for _, u := range p.Var(v).Uses {
		for stmt := range u.Enclosing((*ast.GoStmt)(nil)) {
			s := p.SpawnAt(p.Call(stmt.Node().(*ast.GoStmt).Call))
			if s != nil && s.Body != nil && !slices.Contains(tasks, s) && countedOut(p, s, v) {
				tasks = append(tasks, s)
			}
			break
		}
	}
	return tasks
}

func isWaitGroup(v *types.Var) bool { return syntax.Is(v.Type(), "sync", "WaitGroup") }

// countedOut reports whether a goroutine says to a wait group that it has ended.
func countedOut(p *sites.Package, s *sites.Spawn, v *types.Var) bool {
	if s.Body.Decl == nil && leavesGroup(p, s.Body, v) {
		return true
	}
	for i, a := range s.Call.Expr.Args {
		if param := param(s.Body.Sig, i); p.Variable(a) == v && param != nil && leavesGroup(p, s.Body, param) {
			return true
		}
	}
	return false
}

// written is a variable of f, or around it, that a task writes and that f reads or returns after it has
// started the task; nil if there is none.
func written(p *sites.Package, f *syntax.Func, tasks []*sites.Spawn) *types.Var {
	for _, s := range tasks {
		if s.Body == nil {
			continue
		}
		for _, w := range writes(p, s) {
			if read(p, f, w, s, tasks) {
				return w.v
			}
		}
	}
	return nil
}

// A write is of a variable or field or, of a local variable, to some field of it: who is given that has all.
type write struct {
	v     *types.Var
	field bool
}

// writes lists the variables and fields from outside that a task writes.
func writes(p *sites.Package, s *sites.Spawn) []write {
	var all []write
	add := func(e ast.Expr) {
		root, field := target(p, e)
		if root == nil || inNode(root.Pos(), s.Body.Node) && !isParam(p, s.Body, root) {
			return
		}
		if isParam(p, s.Body, root) {
			if field != nil || e == nil || !points(root.Type()) {
				return
			}
			root = argument(p, s, root)
		}
		to := []write{{root, field != nil}}
		if field != nil {
			to = append(to, write{field, false})
		}
		for _, w := range to {
			if w.v != nil && !slices.Contains(all, w) {
				all = append(all, w)
			}
		}
	}
	for c := range s.Body.Cur.Preorder((*ast.AssignStmt)(nil), (*ast.IncDecStmt)(nil), (*ast.SendStmt)(nil), (*ast.CallExpr)(nil)) {
		switch n := c.Node().(type) {
		case *ast.AssignStmt:
			if n.Tok != token.DEFINE {
				for _, lhs := range n.Lhs {
					add(lhs)
				}
			}
		case *ast.IncDecStmt:
			add(n.X)
		case *ast.SendStmt:
			add(n.Chan)
		case *ast.CallExpr:
			if recv := stores(p, p.Call(n)); recv != nil {
				add(recv)
			}
		}
	}
	return all
}

// target is the variable that an expression writes to, through indexes and pointers, and the innermost
// field of it, or nil.
func target(p *sites.Package, e ast.Expr) (root, field *types.Var) {
	for {
		switch x := ast.Unparen(e).(type) {
		case *ast.IndexExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.SelectorExpr:
			if v := p.Variable(x); v == nil || !v.IsField() {
				return v, field
			} else if field == nil {
				field = v
			}
			e = x.X
		default:
			return p.Variable(e), field
		}
	}
}

// stores is what a call changes that it is a method of: an atomic value, a map for several goroutines, or a
// value of the package whose method assigns to its fields.
func stores(p *sites.Package, c *syntax.Call) ast.Expr {
	recv := c.Recv()
	if recv == nil || p.Catalog.Func(c.Callee) != nil || c.Callee.Pkg() == nil {
		return nil
	}
	switch c.Callee.Pkg().Path() {
	case "sync/atomic", "sync":
		switch c.Callee.Name() {
		case "Add", "Store", "Swap", "CompareAndSwap", "Or", "And", "LoadOrStore":
			return recv
		}
		return nil
	}
	f := p.Decl(c.Callee)
	if f == nil || f.Sig.Recv() == nil || f.Sig.Recv().Name() == "" {
		return nil
	}
	self := f.Sig.Recv()
	for c := range f.Cur.Preorder((*ast.AssignStmt)(nil), (*ast.IncDecStmt)(nil)) {
		for _, lhs := range assignees(c.Node()) {
			if root, field := target(p, lhs); root == self && field != nil {
				return recv
			}
		}
	}
	return nil
}

func assignees(n ast.Node) []ast.Expr {
	switch n := n.(type) {
	case *ast.AssignStmt:
		return n.Lhs
	case *ast.IncDecStmt:
		return []ast.Expr{n.X}
	}
	return nil
}

// points reports whether who is given a value of a type can write to what the giver has.
func points(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Slice, *types.Map, *types.Chan:
		return true
	}
	return false
}

func isParam(p *sites.Package, f *syntax.Func, v *types.Var) bool {
	return v != nil && slices.ContainsFunc(p.Var(v).Defs, func(d syntax.Def) bool { return d.Kind == syntax.Param && d.In == f })
}

// argument is the variable that a task is given for a parameter, or nil.
func argument(p *sites.Package, s *sites.Spawn, v *types.Var) *types.Var {
	if !s.Go() {
		return nil
	}
	for i := range s.Body.Sig.Params().Len() {
		if s.Body.Sig.Params().At(i) == v {
			return p.Variable(s.Call.Arg(i))
		}
	}
	return nil
}

func inNode(pos token.Pos, n ast.Node) bool { return n.Pos() <= pos && pos < n.End() }

// read reports whether f, or a literal in it that is no task of the group, reads v behind the place where a
// task is started, or returns it. Of a channel it must be f itself that closes it: else who receives from it
// waits for the tasks.
func read(p *sites.Package, f *syntax.Func, w write, s *sites.Spawn, tasks []*sites.Spawn) bool {
	v := w.v
	if w.field && (declaredOutside(p, v, f) || isParam(p, f, v)) {
		return false // whoever has it
	}
	if results(p.Var(v)) && !declaredOutside(p, v, f) {
		return true
	}
	return slices.ContainsFunc(p.Var(v).Uses, func(u inspector.Cursor) bool {
		n := u.Node()
		if !syntax.Within(n, f.Node) || n.Pos() < s.Call.Expr.End() && !again(s, n) || slices.ContainsFunc(tasks, func(t *sites.Spawn) bool { return t.Body != nil && syntax.Within(n, t.Body.Node) }) {
			return false
		}
		if w.field && u.ParentEdgeKind() == edge.SelectorExpr_X {
			return false // of its fields, the one that is written is looked at itself
		}
		if isChan(v.Type()) {
			at := syntax.Outer(u)
			return at.ParentEdgeKind() == edge.CallExpr_Args && closed(p, at.Parent().Node().(*ast.CallExpr)) == v && direct(p, u, f)
		}
		return !overwrites(u)
	})
}

// again reports whether a node comes again after a task is started: a loop is around both.
func again(s *sites.Spawn, n ast.Node) bool {
	return slices.ContainsFunc(syntax.Loops(s.Cur), func(l inspector.Cursor) bool { return syntax.Within(n, l.Node()) })
}

// overwrites reports whether a mention only sets a variable or field.
func overwrites(u inspector.Cursor) bool {
	return syntax.Whole(u).ParentEdgeKind() == edge.AssignStmt_Lhs
}

// exits reports whether a step is the call with which a program ends on purpose: os.Exit, on no condition.
// What still runs then is cut off.
func (o *owing) exits(step ast.Node) bool {
	stmt, ok := step.(*ast.ExprStmt)
	if !ok {
		return false
	}
	call, ok := ast.Unparen(stmt.X).(*ast.CallExpr)
	if !ok {
		return false
	}
	callee := o.t.FuncObj(call.Fun)
	return callee != nil && callee.Pkg() != nil && callee.Pkg().Path() == "os" && callee.Name() == "Exit" && o.conditions(step) == 0
}

// tellsTasks reports whether a task of a group uses a context that ends with another.
func tellsTasks(p *sites.Package, v, ctx *types.Var) bool {
	ended := p.Resources.Var(ctx)
	return slices.ContainsFunc(started(p, v), func(s *sites.Spawn) bool {
		if s.Body == nil {
			return true // nobody knows what it asks
		}
		return slices.ContainsFunc(outerContexts(p, s.Body), func(used *types.Var) bool {
			class := p.Resources.Var(used)
			return used == ctx || class == nil || ended == nil || slices.Contains(class.Ancestors(), ended)
		}) || slices.ContainsFunc(s.Call.Expr.Args, func(a ast.Expr) bool { return s.Go() && isContext(p.Info.TypeOf(a)) })
	})
}

// begins is the call by which a definition gives a variable a group that has work in it, or nil.
func begins(p *sites.Package, d syntax.Def) *syntax.Call {
	call, ok := ast.Unparen(d.Expr).(*ast.CallExpr)
	if !ok || d.Kind != syntax.Assign || d.Result != 0 {
		return nil
	}
	if c := p.Call(call); c != nil && hands(p, c, catalog.Group) {
		return c
	}
	return nil
}
