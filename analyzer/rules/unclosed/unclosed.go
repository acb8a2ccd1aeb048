// Package unclosed is the rule on pools whose workers are never told to end.
package unclosed

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/obligation"
	"github.com/poollint/poollint/analyzer/internal/rule"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/summary"
	"github.com/poollint/poollint/analyzer/internal/syntax"
	"github.com/poollint/poollint/analyzer/internal/verdict"
)

//go:embed unclosed.md
var page string

// Rule is what this package adds to the table of rules.
var Rule = rule.Rule{
	ID:      "unclosed",
	Title:   "a pool that is never closed, though its workers live until it is",
	Default: true,
	Page:    page,
	Fixes:   true,
	Run:     run,
}

// A reviewer is the rule at work on one package.
type reviewer struct{ *rule.Pass }

func run(p *rule.Pass) {
	r := &reviewer{p}
	for _, u := range obligation.Makers(p.Package) {
		if !u.MustClose() {
			continue
		}
		v := verdict.Verdict{Pos: u.Call.NamePos(), End: syntax.NameEnd(u.Call.Expr.Fun)}
		if u.Call.In.Main() {
			v.Reasons = []verdict.Reason{verdict.Against(v.Pos, "the pools of main end with the process")}
		} else if loss, never, lost := obligation.Pool(p.Package, u.Call); lost {
			v.Level = verdict.Report
			if when := r.chosen(loss.Var); when != nil {
				v.Level = verdict.Ask
				v.Reasons = append(v.Reasons, verdict.Against(when.Pos(), "a condition says whether it is closed when the function returns: it may be for others to close else"))
			}
			r.leftOpen(&v, u.Call, loss, never)
		} else if holder := obligation.Held(p.Package, u.Call); holder != nil {
			v.Level = verdict.Ask
			v.Message = fmt.Sprintf("the pool in %s is never closed, and no code that has it can close it; give its owner a Close method that %s", holder.Name(), closing("calls", "closes", holder.Name(), closeMethod(p.Package, u.Call)))
			v.Related = []analysis.RelatedInformation{verdict.Related(holder.Pos(), "kept here")}
		} else {
			v.Reasons = []verdict.Reason{verdict.Against(v.Pos, "it is closed on every path, or handed on")}
		}
		r.Conclude(v)
	}
}

// chosen is a defer under a condition that uses a pool, or nil: who closes it was thought of.
func (r *reviewer) chosen(pool *types.Var) ast.Node {
	for _, u := range r.Var(pool).Uses {
		for d := range u.Enclosing((*ast.DeferStmt)(nil), (*ast.FuncLit)(nil)) {
			if _, ok := d.Node().(*ast.DeferStmt); !ok {
				continue
			}
			for at := range d.Enclosing((*ast.IfStmt)(nil), (*ast.CaseClause)(nil), (*ast.FuncLit)(nil), (*ast.FuncDecl)(nil)) {
				switch at.Node().(type) {
				case *ast.IfStmt, *ast.CaseClause:
					return d.Node()
				}
				break
			}
		}
	}
	return nil
}

// leftOpen says how a pool is left open in the function that makes it.
func (r *reviewer) leftOpen(v *verdict.Verdict, c *syntax.Call, loss obligation.Loss, never bool) {
	pool, closer := loss.Name(), closeMethod(r.Package, c)
	switch {
	case obligation.Background(r.Package, loss.Var):
		v.Message = fmt.Sprintf("%s is never closed: its goroutines leak after the goroutines of %s that use it have ended; %s in the last of them", pool, c.In.Name(), closing("call", "close", pool, closer))
	case never:
		v.Message = fmt.Sprintf("%s is never closed: its goroutines leak when %s returns; %s here", pool, c.In.Name(), closing("defer", "close", pool, closer))
		if fix, ok := r.deferClose(c, pool, closer); ok && closer != "" {
			v.Fixes = []analysis.SuggestedFix{fix}
		}
	case loss.Passed:
		v.Message = fmt.Sprintf("%s is not closed on the path that exits at line %d, and nobody else has it: its goroutines leak; %s before that return", pool, r.Line(loss.At.Pos()), closing("call", "close", pool, closer))
	default:
		v.Message = fmt.Sprintf("%s is not closed on the path that exits at line %d: its goroutines leak; %s here", pool, r.Line(loss.At.Pos()), closing("defer", "close", pool, closer))
	}
	if !never {
		v.Related = []analysis.RelatedInformation{verdict.Related(loss.At.Pos(), "exits here")}
	}
}

// closing says what to do with a pool: what to call or, where that is not known, that it is to be closed.
func closing(call, do, pool, closer string) string {
	if closer == "" {
		return do + " it"
	}
	return fmt.Sprintf("%s %s.%s()", call, pool, closer)
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
func (r *reviewer) deferClose(c *syntax.Call, pool, closer string) (analysis.SuggestedFix, bool) {
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
	indent := strings.Repeat("\t", max(r.Fset.Position(as.Pos()).Column-1, 0))
	text := fmt.Sprintf("\n%sdefer %s.%s()", indent, pool, closer)
	return analysis.SuggestedFix{
		Message:   fmt.Sprintf("Defer %s.%s()", pool, closer),
		TextEdits: []analysis.TextEdit{{Pos: end, End: end, NewText: []byte(text)}},
	}, true
}

// lineEnd is the end of the line on which a statement ends, behind its comment, if nothing else of
// the block is on that line.
func (r *reviewer) lineEnd(stmt inspector.Cursor) (token.Pos, bool) {
	line := r.Line(stmt.Node().End())
	if next, ok := stmt.NextSibling(); ok && r.Line(next.Node().Pos()) == line {
		return 0, false
	}
	block, ok := stmt.Parent().Node().(*ast.BlockStmt)
	if !ok || r.Line(block.Rbrace) == line {
		return 0, false
	}
	return r.Fset.File(block.Rbrace).LineStart(line+1) - 1, true
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
