package throttle

import (
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/number"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// piped is where the other end of a pipe is read to which a task writes, if that is the only thing done
// with it, in the same turn: r, w := io.Pipe(). Who has read all of it, or has closed it, lets the task go.
func (b waits) piped(s *sites.Spawn, f number.Factor) ast.Node {
	if s.Body == nil || s.Call.In == nil {
		return nil
	}
	for _, c := range s.Call.In.Calls {
		if c.Callee == nil || c.Callee.FullName() != "io.Pipe" || c.In != s.Call.In || f.Far == 0 && !syntax.Within(c.Expr, f.Region.Node()) {
			continue
		}
		ends := syntax.Assigned(c.Cur)
		if len(ends) != 2 {
			continue
		}
		r, w := b.Variable(ends[0]), b.Variable(ends[1])
		if r == nil || w == nil || !slices.ContainsFunc(b.Var(w).Uses, func(u inspector.Cursor) bool { return syntax.Within(u.Node(), s.Call.Expr) }) {
			continue
		}
		if at := b.readHere(r, s.Call.In); at != nil {
			return at
		}
	}
	return nil
}

// readHere is the last call of a function that is given a variable of its own, if nothing else has it.
func (b waits) readHere(r *types.Var, f *syntax.Func) ast.Node {
	var last ast.Node
	for _, u := range b.Var(r).Uses {
		at := syntax.Outer(u)
		switch at.ParentEdgeKind() {
		case edge.AssignStmt_Lhs, edge.ValueSpec_Names, edge.SelectorExpr_X: // where it is made, a method of its own
		case edge.CallExpr_Args:
			c := b.Call(at.Parent().Node().(*ast.CallExpr))
			if c.Callee == nil || c.Go != nil || b.SpawnAt(c) != nil || b.FuncAt(u) != f {
				return nil
			}
			last = c.Expr
		default:
			return nil
		}
	}
	return last
}
