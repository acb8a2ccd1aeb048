package throttle

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

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
	return b.workerFunc(s.Callee)
}

// workerFunc asks the summary of a function of another package or, for want of one, its name:
// enough to be silent about what may run until it is stopped.
func (b *Throttles) workerFunc(f *types.Func) bool {
	if sum := b.Summary(f); sum != nil && sum.Worker || b.Unheard(f) {
		return true
	}
	if b.Decl(f) != nil || b.Catalog.Func(f) != nil || f.Signature().Recv() == nil {
		return false
	}
	switch f.Name() {
	case "Serve", "ListenAndServe", "ListenAndServeTLS", "ServeTLS", "Run", "Start", "Wait", "Listen", "Loop":
		return true
	}
	return false
}

// WorkerBody reports whether a function is the loop of a worker.
func (b *Throttles) WorkerBody(f *syntax.Func, depth int) bool {
	if depth > 3 || !b.enter(f.Body) {
		return false
	}
	defer b.leave(f.Body)
	return b.workerBlock(f.Body.List, depth)
}

func (b *Throttles) workerBlock(list []ast.Stmt, depth int) bool {
	for _, s := range list {
		switch s := s.(type) {
		case *ast.LabeledStmt:
			if b.workerBlock([]ast.Stmt{s.Stmt}, depth) {
				return true
			}
		case *ast.ForStmt:
			if b.workerLoop(s) {
				return true
			}
		case *ast.RangeStmt:
			if _, ok := typeUnder(b.Info.TypeOf(s.X)).(*types.Chan); ok {
				return true
			}
		case *ast.IfStmt:
			if b.workerBlock(s.Body.List, depth) {
				return true
			}
		case *ast.BlockStmt:
			if b.workerBlock(s.List, depth) {
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

func (b *Throttles) workerCall(call *ast.CallExpr, depth int) bool {
	if f := b.Target(call.Fun); f != nil {
		return b.WorkerBody(f, depth+1)
	}
	f, _ := typeutil.Callee(b.Info, call).(*types.Func)
	return f != nil && b.workerFunc(f.Origin())
}

// workerLoop recognises for { … } that takes work or events, and a stride through shared work:
// for i := id; i < n; i += workers. A loop that only sleeps and asks again is no worker.
func (b *Throttles) workerLoop(n *ast.ForStmt) bool {
	if n.Cond != nil {
		post, ok := n.Post.(*ast.AssignStmt)
		return ok && post.Tok == token.ADD_ASSIGN && !b.numbers.Int(post.Rhs[0]).Exact
	}
	sleeps, takes := false, false
	ast.Inspect(n.Body, func(m ast.Node) bool {
		switch m := m.(type) {
		case *ast.FuncLit:
			return false
		case *ast.SelectStmt:
			takes = true
		case *ast.UnaryExpr:
			takes = takes || m.Op == token.ARROW
		case *ast.CallExpr:
			if f := b.FuncObj(m.Fun); f != nil && f.Pkg() != nil && f.Pkg().Path() == "time" && f.Name() == "Sleep" {
				sleeps = true
			}
		}
		return true
	})
	return takes || !sleeps
}
