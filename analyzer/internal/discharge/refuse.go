package discharge

import (
	"go/ast"
	"go/constant"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/paths"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// A Refusal is a submit, or a try to get a token, whose answer is not heard, or is heard while a
// wait group goes on counting the task.
type Refusal struct {
	Call    *syntax.Call
	Row     *catalog.Func
	Pool    ast.Expr
	Ignored bool       // the answer is dropped; else it is read
	Open    bool       // the pool can refuse while it is open
	Counted *types.Var // the wait group or field that counts the task, or nil
	Group   string     // how the source calls it
	Local   bool       // the pool lives in this function alone
	Leaves  ast.Node   // not Ignored: where the path of the refused task goes without Done
}

// Refusals finds the submits of a package whose refusal goes unheard.
func Refusals(p *sites.Package) []Refusal {
	var found []Refusal
	for _, f := range p.Funcs {
		for _, c := range f.Calls {
			row := p.Catalog.Func(c.Callee)
			if row == nil || row.Role != catalog.Submit && row.Role != catalog.Submitted && row.Role != catalog.TryAcquire {
				continue
			}
			switch row.Returns {
			case catalog.ReturnsError, catalog.ReturnsBool, catalog.ReturnsFutureError, catalog.ReturnsFutureBool:
				if r, ok := refusal(p, c, row); ok {
					found = append(found, r)
				}
			}
		}
	}
	return found
}

func refusal(p *sites.Package, c *syntax.Call, row *catalog.Func) (Refusal, bool) {
	r := Refusal{Call: c, Row: row, Pool: c.Recv(), Open: row.Refuses}
	v, root := p.PoolVar(r.Pool)
	r.Open = r.Open || v != nil && nonblocking(p, v)
	r.Local = root != nil && !declaredOutside(p, root, c.In) && fresh(p, root) != nil
	count := counted(p, c)
	if count != nil {
		r.Counted, _ = p.PoolVar(count)
		r.Group = types.ExprString(count)
	}
	var err *types.Var
	switch answer := answerOf(p, c).(type) {
	case nil:
		return Refusal{}, false
	case dropped:
		r.Ignored = true
		return r, true
	case *types.Var:
		err = answer
	}
	if r.Counted == nil {
		return Refusal{}, false
	}
	return r, r.uncounted(p, err)
}

// dropped says that nobody reads an answer.
type dropped struct{}

// answerOf is where the last result of a call goes: dropped, a variable, or, for anything else, nil.
func answerOf(p *sites.Package, c *syntax.Call) any {
	cur := syntax.Outer(c.Cur)
	switch cur.ParentEdgeKind() {
	case edge.ExprStmt_X, edge.GoStmt_Call, edge.DeferStmt_Call:
		row := p.Catalog.Func(c.Callee)
		if row.Returns == catalog.ReturnsFutureError || row.Returns == catalog.ReturnsFutureBool {
			return nil // the future is dropped with it: unawaited says so
		}
		return dropped{}
	case edge.AssignStmt_Rhs, edge.ValueSpec_Values:
		all := syntax.Assigned(cur)
		lhs := all[len(all)-1]
		if id := ident(lhs); id != nil && id.Name == "_" {
			if first := ident(all[0]); len(all) > 1 && first != nil && first.Name == "_" {
				return nil
			}
			return dropped{}
		}
		if v := p.Variable(lhs); v != nil && !v.IsField() {
			return v
		}
	}
	return nil
}

// nonblocking reports whether a pool refuses rather than waits: it is made with an option that says
// so, and is not known to be false.
func nonblocking(p *sites.Package, v *types.Var) bool { return madeNonblocking(p, v, 0) }

func madeNonblocking(p *sites.Package, v *types.Var, depth int) bool {
	for _, d := range p.Var(v).Defs {
		if d.Expr == nil || depth >= maxDepth {
			continue
		}
		if w := p.Variable(d.Expr); w != nil && madeNonblocking(p, w, depth+1) {
			return true // kept in a local variable first
		}
		call, ok := ast.Unparen(d.Expr).(*ast.CallExpr)
		if !ok {
			continue
		}
		row := p.Catalog.Func(p.Call(call).Callee)
		if row == nil || row.Role != catalog.New {
			continue
		}
		for _, a := range call.Args {
			a = ast.Unparen(a)
			if v := p.Variable(a); v != nil {
				if d, ok := p.Only(v); ok && d.Expr != nil {
					a = ast.Unparen(d.Expr)
				}
			}
			if opt, ok := a.(*ast.CallExpr); ok && refuses(p, opt) {
				return true
			}
		}
	}
	return false
}

func refuses(p *sites.Package, opt *ast.CallExpr) bool {
	row := p.Catalog.Func(p.Call(opt).Callee)
	if row == nil {
		return false
	}
	switch row.Role {
	case catalog.Nonblock:
		if len(opt.Args) == 0 {
			return true
		}
		return !falsy(p, opt.Args[0])
	case catalog.Option:
		for _, a := range opt.Args {
			lit, ok := ast.Unparen(a).(*ast.CompositeLit)
			if !ok {
				continue
			}
			for _, e := range lit.Elts {
				kv, ok := e.(*ast.KeyValueExpr)
				if !ok {
					continue
				}
				f := p.Catalog.Field(p.Info.TypeOf(lit), types.ExprString(kv.Key))
				if f != nil && f.Role == catalog.Nonblock && !falsy(p, kv.Value) {
					return true
				}
			}
		}
	}
	return false
}

// falsy reports whether e is the constant false or 0.
func falsy(p *sites.Package, e ast.Expr) bool {
	v := p.Info.Types[e].Value
	if v == nil {
		return false
	}
	switch v.Kind() {
	case constant.Bool:
		return !constant.BoolVal(v)
	case constant.Int:
		return constant.Sign(v) == 0
	}
	return false
}

// counted returns the wait group that has counted the task of a submit and that the task will
// leave; nil if there is none.
func counted(p *sites.Package, c *syntax.Call) ast.Expr {
	s := p.SpawnAt(c)
	if s == nil {
		return nil
	}
	g := p.Graph(c.In)
	submit := g.Step(c.Expr)
	for _, e := range c.In.Calls {
		row := p.Catalog.Func(e.Callee)
		if row == nil || row.Role != catalog.Enter || submit == nil {
			continue
		}
		enter := g.Step(e.Expr)
		if enter == nil || enter == submit || !g.Reaches(enter, submit) || e.Expr.Pos() > c.Expr.Pos() {
			continue
		}
		v, _ := p.PoolVar(e.Recv())
		if v == nil {
			continue
		}
		if s.Body == nil && s.Task == nil || s.Body != nil && leavesGroup(p, s.Body, v) {
			return e.Recv()
		}
	}
	return nil
}

// leavesGroup reports whether a function, or a literal in it, calls Done on v.
func leavesGroup(p *sites.Package, f *syntax.Func, v *types.Var) bool {
	for c := range f.Cur.Preorder((*ast.CallExpr)(nil)) {
		if leaves1(p, c, v) {
			return true
		}
	}
	return false
}

// leaves1 reports whether a call is v.Done() or v.Add of less than nothing.
func leaves1(p *sites.Package, c inspector.Cursor, v *types.Var) bool {
	call := p.Call(c.Node().(*ast.CallExpr))
	row := p.Catalog.Func(call.Callee)
	if row == nil {
		return false
	}
	w, _ := p.PoolVar(call.Recv())
	if w != v {
		return false
	}
	switch row.Role {
	case catalog.Leave:
		return true
	case catalog.Enter:
		if len(call.Expr.Args) == 1 {
			n, ok := constantInt(p.Info, call.Expr.Args[0])
			return ok && n < 0
		}
	}
	return false
}

// uncounted follows the path of the refused task: it must count the task out.
func (r *Refusal) uncounted(p *sites.Package, err *types.Var) bool {
	f := r.Call.In
	g := p.Graph(f)
	done, waits := map[ast.Node]bool{}, map[ast.Node]bool{}
	enters, submits := map[ast.Node]bool{}, map[ast.Node]bool{}
	for c := range f.Cur.Preorder((*ast.CallExpr)(nil)) {
		call := p.Call(c.Node().(*ast.CallExpr))
		step := g.Step(c.Node())
		if step == nil || call.In != f && within(c.Node(), r.Call.Expr) {
			continue
		}
		row := p.Catalog.Func(call.Callee)
		if row != nil && call.In == f {
			switch v, _ := p.PoolVar(call.Recv()); {
			case row.Role == catalog.Wait && v == r.Counted:
				waits[step] = true
			case row.Role == catalog.Enter && v == r.Counted:
				enters[step] = true
			case row.Role == r.Row.Role && call.Recv() != nil && types.ExprString(call.Recv()) == types.ExprString(r.Pool):
				submits[step] = true
			}
		}
		switch target := p.Target(call.Expr.Fun); {
		case leaves1(p, c, r.Counted), target != nil && target != f && leavesGroup(p, target, r.Counted):
			done[step] = true
		}
		for _, a := range call.Expr.Args {
			// The group is handed to somebody, who may count the task out.
			if u, ok := ast.Unparen(a).(*ast.UnaryExpr); ok && p.Variable(u.X) == r.Counted {
				done[step] = true
			}
		}
	}
	fact := paths.Fact{Var: err, Nil: true, Is: false}
	if boolean(err.Type()) {
		fact = paths.Fact{Var: err, Is: false}
	}
	leave := paths.Meets // nobody waits for a group that is gone
	if declaredOutside(p, r.Counted, f) {
		leave = paths.Loses
	}
	submit := g.Step(r.Call.Expr)
	for s := range done {
		if s == submit || g.Reaches(s, submit) && isDefer(s) {
			return false
		}
	}
	answer := g.Ask(paths.Query{
		From:   submit,
		Assume: []paths.Fact{fact},
		Step: func(step ast.Node, another int) (int, paths.Effect) {
			switch {
			case done[step], submits[step] && another == 0: // it is tried again
				return 0, paths.Meets
			case waits[step]:
				return 0, paths.Loses
			case enters[step]:
				return 1, paths.Nothing
			}
			return another, paths.Nothing
		},
		Exit: func(int) paths.Effect { return leave },
	})
	r.Leaves = answer.At
	return answer.Verdict == paths.Violated
}

func isDefer(n ast.Node) bool {
	_, ok := n.(*ast.DeferStmt)
	return ok
}
