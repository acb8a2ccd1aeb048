// Package afterclose is the rule on submits after a close.
package afterclose

import (
	_ "embed"
	"fmt"
	"go/types"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/obligation"
	"github.com/poollint/poollint/analyzer/internal/rule"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/syntax"
	"github.com/poollint/poollint/analyzer/internal/verdict"
)

//go:embed afterclose.md
var page string

// Rule is what this package adds to the table of rules.
var Rule = rule.Rule{
	ID:      "afterclose",
	Title:   "a submit to a closed pool, or the release of a default pool that everybody shares",
	Default: true,
	Page:    page,
	Run:     run,
}

// A reviewer is the rule at work on one package.
type reviewer struct{ *rule.Pass }

func run(p *rule.Pass) {
	r := &reviewer{p}
	for _, late := range obligation.Closed(p.Package) {
		if late.Doubt != nil {
			r.Silent(late.Submit.NamePos(), syntax.NameEnd(late.Submit.Expr.Fun), *late.Doubt)
			continue
		}
		pool := types.ExprString(late.Pool)
		effect := "the submit is rejected, and the task never runs"
		switch {
		case late.Row != nil && (late.Row.Returns == catalog.ReturnsNothing || late.Row.Returns == catalog.ReturnsSelf), late.Does == obligation.Panics:
			effect = "it panics"
		case late.Does == obligation.Lost:
			effect = "no worker is left to run it"
		}
		v := verdict.Verdict{
			Pos: late.Submit.NamePos(), End: syntax.NameEnd(late.Submit.Expr.Fun), Level: verdict.Report,
			Related: []analysis.RelatedInformation{verdict.Related(late.By.NamePos(), "closed here")},
		}
		if late.Task {
			v.Level = verdict.Ask
			v.Message = fmt.Sprintf("a task of %s submits to the pool, and %s at line %d may have closed it by then: %s; wait for the tasks before closing it", pool, late.Close.Name(), r.Line(late.Close.NamePos()), effect)
		} else {
			v.Message = fmt.Sprintf("%s is given a task after %s at line %d: %s; submit it earlier, or keep the pool open", pool, r.closes(late, pool), r.Line(late.Close.NamePos()), effect)
		}
		r.Conclude(v)
	}
	for _, u := range p.Uses {
		if u.Row.Role != catalog.Close || !u.Row.Shared || u.Call.In == nil {
			continue
		}
		own := ownPool(p.Package, u)
		if p.Types.Name() == "main" && (own == nil || submitsShared(p.Package, u)) {
			continue
		}
		lib := u.Call.Callee.Pkg().Name()
		f := verdict.Verdict{Pos: u.Call.NamePos(), End: syntax.NameEnd(u.Call.Expr.Fun)}
		f.Message = fmt.Sprintf("%s.%s() closes the default pool of the whole process, for everyone who uses it; call it only when the program exits", lib, u.Call.Callee.Name())
		if own != nil {
			f.Message = fmt.Sprintf("%s.%s() closes the default pool of the whole process, not the pool that this function makes; close the function's own pool", lib, u.Call.Callee.Name())
			f.Related = []analysis.RelatedInformation{verdict.Related(own.NamePos(), "the function's own pool")}
		}
		r.Report(f)
	}
}

// closes is what a message calls the call that closes a pool.
func (r *reviewer) closes(late obligation.Late, pool string) string {
	if late.Close == late.By {
		return types.ExprString(late.By.Expr.Fun) + "()"
	}
	return fmt.Sprintf("%s, which closes it,", late.Close.Name())
}

// ownPool is the constructor of the same library that the function of a use calls too, or nil.
func ownPool(p *sites.Package, u *sites.Use) *syntax.Call {
	in := u.Call.In.Declared()
	if in == nil {
		return nil
	}
	for _, c := range in.Calls {
		row := p.Catalog.Func(c.Callee)
		if row != nil && row.Role == catalog.New && !row.Shared && c.Callee.Pkg() == u.Call.Callee.Pkg() {
			return c
		}
	}
	return nil
}

// submitsShared reports whether the package submits to the default pool of the library.
func submitsShared(p *sites.Package, u *sites.Use) bool {
	for _, s := range p.Spawns {
		if s.Row != nil && s.Row.Shared && s.Call.Callee.Pkg() == u.Call.Callee.Pkg() {
			return true
		}
	}
	return false
}
