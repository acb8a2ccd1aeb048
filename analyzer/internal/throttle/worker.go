package throttle

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/poollint/poollint/analyzer/internal/knowledge"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// workers says which tasks are workers of a pool, which live as long as it does.
type workers struct{ *Throttles }

// Worker reports whether a task is the loop of a worker: it takes its work from a channel or a
// cursor until there is none, or runs until it is told to stop. As many are started as somebody
// chose, whatever the loop around the start looks like.
func (b *Throttles) Worker(s *sites.Spawn) bool {
	if s.Body != nil {
		return b.WorkerBody(s.Body, 0)
	}
	if s.Callee == nil {
		return false
	}
	return b.workers.workerFunc(s.Callee)
}

// workerFunc asks the summary of a function of another package or, for want of one, its name:
// enough to be silent about what may run until it is stopped.
func (b workers) workerFunc(f *types.Func) bool {
	if sum := b.Summary(f); sum != nil && sum.Worker || b.Unheard(f) {
		return true
	}
	recv := f.Signature().Recv()
	if b.Decl(f) != nil || b.Catalog.Func(f) != nil || recv == nil {
		return false
	}
	switch f.Name() {
	case "Serve", "ListenAndServe", "ListenAndServeTLS", "ServeTLS", "Listen":
		return true
	case "Run", "Start", "Wait", "Loop": // of exec.Cmd, it is known what they do
		return types.IsInterface(recv.Type())
	}
	return false
}

// WorkerBody reports whether a function is the loop of a worker.
func (b *Throttles) WorkerBody(f *syntax.Func, depth int) bool {
	if depth > 3 || !b.enter(f.Body) {
		return false
	}
	defer b.leave(f.Body)
	return b.workers.workerBlock(f, f.Body.List, depth)
}

func (b workers) workerBlock(f *syntax.Func, list []ast.Stmt, depth int) bool {
	for _, s := range list {
		switch s := s.(type) {
		case *ast.LabeledStmt:
			if b.workerBlock(f, []ast.Stmt{s.Stmt}, depth) {
				return true
			}
		case *ast.ForStmt:
			if b.workerLoop(s, f, depth) {
				return true
			}
		case *ast.RangeStmt:
			if _, ok := typeUnder(b.Info.TypeOf(s.X)).(*types.Chan); ok && b.waits.outside(s.X, f) {
				return true
			}
		case *ast.IfStmt:
			if b.workerBlock(f, s.Body.List, depth) {
				return true
			}
		case *ast.BlockStmt:
			if b.workerBlock(f, s.List, depth) {
				return true
			}
		case *ast.ExprStmt:
			if call, ok := s.X.(*ast.CallExpr); ok && b.workerCall(call, depth) {
				return true
			}
		case *ast.ReturnStmt:
			for _, r := range s.Results {
				if call, ok := r.(*ast.CallExpr); ok && b.workerCall(call, depth) {
					return true
				}
			}
		case *ast.AssignStmt:
			if len(s.Rhs) == 1 {
				if call, ok := s.Rhs[0].(*ast.CallExpr); ok && b.workerCall(call, depth) {
					return true
				}
			}
		}
	}
	return false
}

func (b workers) workerCall(call *ast.CallExpr, depth int) bool {
	if f := b.Target(call.Fun); f != nil {
		return b.WorkerBody(f, depth+1)
	}
	f, _ := typeutil.Callee(b.Info, call).(*types.Func)
	return f != nil && b.workerFunc(f.Origin())
}

// workerLoop recognises a stride through shared work, for i := id; i < n; i += workers, and a loop without a
// condition that takes its work from what others have, too, or has no end of its own. One that leads from
// page to page, or tries again, is no worker.
func (b workers) workerLoop(n *ast.ForStmt, f *syntax.Func, depth int) bool {
	own := f.Decl != nil && depth > 0 // what a helper is given may be its caller's alone
	if n.Cond != nil {
		init, from := n.Init.(*ast.AssignStmt)
		post, ok := n.Post.(*ast.AssignStmt)
		return ok && from && !own && post.Tok == token.ADD_ASSIGN &&
			!b.numbers.Int(post.Rhs[0]).Exact && b.Info.Types[init.Rhs[0]].Value == nil
	}
	takes := false
	ast.Inspect(n.Body, func(m ast.Node) bool {
		switch m := m.(type) {
		case *ast.FuncLit:
			return false
		case *ast.UnaryExpr:
			takes = takes || m.Op == token.ARROW && b.waits.outside(m.X, f) && !b.isTime(m.X)
		case *ast.IncDecStmt:
			takes = takes || !own && b.shared(m.X, f)
		case *ast.AssignStmt: // queue = queue[1:]
			if len(m.Rhs) == 1 {
				cut, ok := ast.Unparen(m.Rhs[0]).(*ast.SliceExpr)
				takes = takes || ok && !own && b.shared(cut.X, f) && b.Variable(m.Lhs[0]) == b.Variable(cut.X)
			}
		case *ast.CallExpr:
			takes = takes || b.takesNext(m, f, own)
		}
		return !takes
	})
	return takes || !b.ends(n)
}

// takesNext reports whether a call takes the next of what others have, too; if that may be the caller's own,
// it is only where it says so: by an atomic.
func (b workers) takesNext(call *ast.CallExpr, f *syntax.Func, own bool) bool {
	c := b.Call(call)
	if c == nil || c.Callee == nil || c.Callee.Pkg() == nil {
		return false
	}
	if c.Callee.Pkg().Path() == "sync/atomic" && strings.HasPrefix(c.Callee.Name(), "Add") {
		return c.Recv() != nil && b.shared(c.Recv(), f) || c.Recv() == nil && b.shared(address(call.Args[0]), f)
	}
	if own {
		return false
	}
	for _, a := range call.Args { // what is asked for is no longer the next
		if !syntax.Is(b.Info.TypeOf(a), "context", "Context") {
			return false
		}
	}
	return c.Recv() != nil && knowledge.TakesNext(c.Callee.Name()) && b.shared(c.Recv(), f)
}

func address(e ast.Expr) ast.Expr {
	if u, ok := ast.Unparen(e).(*ast.UnaryExpr); ok && u.Op == token.AND {
		return u.X
	}
	return e
}

// shared reports whether an expression is of a variable from outside of a function that is not one for each.
func (b workers) shared(e ast.Expr, f *syntax.Func) bool {
	v := b.Variable(e)
	if v == nil || !b.waits.outside(e, f) {
		return false
	}
	return !slices.ContainsFunc(b.Var(v).Defs, func(d syntax.Def) bool { return d.Kind == syntax.RangeKey || d.Kind == syntax.RangeValue })
}

// ends reports whether a loop is left for another reason than that something tells it to stop.
func (b workers) ends(loop *ast.ForStmt) bool {
	found := false
	var look func(n ast.Node, inner bool)
	look = func(n ast.Node, inner bool) {
		ast.Inspect(n, func(m ast.Node) bool {
			if m == n || found {
				return !found
			}
			switch m := m.(type) {
			case *ast.FuncLit:
				return false
			case *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
				look(m, true)
				return false
			case *ast.CommClause:
				return !b.told(m.Comm)
			case *ast.IfStmt:
				if b.asksContext(m.Cond) {
					return false
				}
				if not, ok := ast.Unparen(m.Cond).(*ast.UnaryExpr); ok && not.Op == token.NOT && b.saysTold(not.X) {
					look(m.Body, inner)
					return false
				}
				if b.saysTold(m.Cond) {
					if m.Else != nil {
						look(m.Else, inner)
					}
					return false
				}
			case *ast.CaseClause:
				return len(m.List) != 1 || !b.saysTold(m.List[0])
			case *ast.ReturnStmt:
				found = true
			case *ast.BranchStmt:
				found = found || m.Tok == token.GOTO || m.Tok == token.BREAK && (!inner || m.Label != nil)
			}
			return !found
		})
	}
	look(loop.Body, false)
	return found
}

func (b workers) isTime(ch ast.Expr) bool {
	t, ok := typeUnder(b.Info.TypeOf(ch)).(*types.Chan)
	return ok && syntax.Is(t.Elem(), "time", "Time")
}

// told reports whether a case of a select is that something tells to stop.
func (b workers) told(comm ast.Stmt) bool {
	var e ast.Expr
	switch s := comm.(type) {
	case *ast.ExprStmt:
		e = s.X
	case *ast.AssignStmt:
		e = s.Rhs[0]
	}
	u, ok := ast.Unparen(e).(*ast.UnaryExpr)
	return ok && u.Op == token.ARROW && b.waits.stops(u.X)
}

// asksContext reports whether a condition asks whether a context has ended.
func (b workers) asksContext(cond ast.Expr) bool {
	found := false
	ast.Inspect(cond, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			if c := b.Call(call); c != nil && c.Callee != nil && c.Callee.FullName() == "(context.Context).Err" {
				found = true
			}
		}
		return !found
	})
	return found
}

// saysTold reports whether a condition is a flag that is set only where something has told the loop to stop.
func (b workers) saysTold(cond ast.Expr) bool {
	v := b.Variable(cond)
	if v == nil || v.IsField() {
		return false
	}
	set := false
	for _, d := range b.Var(v).Defs {
		switch {
		case d.Kind == syntax.Zero:
		case d.Kind != syntax.Assign || d.Expr == nil:
			return false
		case isFalse(b.Info.Types[d.Expr].Value):
		case b.whenTold(d.Cur):
			set = true
		default:
			return false
		}
	}
	return set
}

func isFalse(v constant.Value) bool {
	return v != nil && v.Kind() == constant.Bool && !constant.BoolVal(v)
}

// whenTold reports whether a place is reached only when something has told a loop to stop.
func (b workers) whenTold(at inspector.Cursor) bool {
	for c := range at.Enclosing() {
		switch n := c.Node().(type) {
		case *ast.FuncDecl, *ast.FuncLit:
			return false
		case *ast.CommClause:
			return n.Comm != nil && b.told(n.Comm)
		}
	}
	return false
}
