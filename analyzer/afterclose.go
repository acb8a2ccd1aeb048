package analyzer

import (
	"fmt"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/discharge"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/syntax"
	"github.com/poollint/poollint/analyzer/internal/verdict"
)

var afterclose = Rule{
	ID:      "afterclose",
	Title:   "a submit after the close of its pool, or the release of a pool that everybody shares",
	Default: true,
	Why: `A closed pool panics at the next submit, or refuses it. A pool that the library keeps for the whole
process is closed for the whole process: every other package that uses it stops working.`,
	Incident: "https://github.com/panjf2000/ants/issues/99: defer ants.Release() in a function called for each request, while the function's own pool was never released",
	Wrong: `package batch

import "github.com/gammazero/workerpool"

func Run(tasks []func(), last func()) {
	p := workerpool.New(4)
	for _, task := range tasks {
		p.Submit(task)
	}
	p.StopWait()
	p.Submit(last)
}
`,
	Right: `package batch

import "github.com/gammazero/workerpool"

func Run(tasks []func(), last func()) {
	p := workerpool.New(4)
	for _, task := range tasks {
		p.Submit(task)
	}
	p.StopWait()
	last()
}
`,
	Decides: `A path of one function leads from a close, that is not deferred, to a submit to the same variable or
field, with nothing in between that could open it again. Either may be in a helper or a closure that the
function calls, and the pool may have two names. The release of a library's default pool is reported in a
package that is no program, and beside a pool of one's own that was meant.`,
	Limits: `A close and a submit in different functions can come in any order: nothing is reported. With -strict:
a task that submits to its own pool, which the function that started it closes without having waited for
anything else. On 71 public repositories the rule found one release of a default pool, and no use after a
close.`,
	NotWhen: `A program may release the default pool at its end.`,
	run:     runAfterclose,
}

func runAfterclose(r *reporter, p *sites.Package) {
	for _, late := range discharge.Closed(p) {
		pool := r.source(late.Pool)
		effect := "it is refused, and the task never runs"
		if late.Row != nil && (late.Row.Returns == catalog.ReturnsNothing || late.Row.Returns == catalog.ReturnsSelf) {
			effect = "it panics"
		}
		v := verdict.Verdict{
			Pos: late.Submit.NamePos(), End: syntax.NameEnd(late.Submit.Expr.Fun), Level: verdict.Report,
			Related: []analysis.RelatedInformation{related(late.By.NamePos(), "closed here")},
		}
		if late.Task {
			v.Level = verdict.Ask
			v.Message = fmt.Sprintf("a task of %s submits to it, and %s at line %d may have closed it by then: %s; wait for the tasks before", pool, r.calledName(late.Close), r.line(late.Close.NamePos()), effect)
		} else {
			v.Message = fmt.Sprintf("%s is given a task after %s at line %d: %s; submit before, or keep the pool open", pool, r.closes(late, pool), r.line(late.Close.NamePos()), effect)
		}
		r.conclude(v)
	}
	for _, u := range p.Uses {
		if u.Row.Role != catalog.Close || !u.Row.Shared || u.Call.In == nil {
			continue
		}
		own := ownPool(p, u)
		if p.Types.Name() == "main" && (own == nil || submitsShared(p, u)) {
			continue
		}
		lib := u.Call.Callee.Pkg().Name()
		f := verdict.Verdict{Pos: u.Call.NamePos(), End: syntax.NameEnd(u.Call.Expr.Fun)}
		f.Message = fmt.Sprintf("%s.%s() closes the default pool of the whole process, for everybody who uses it; leave that to the program's end", lib, u.Call.Callee.Name())
		if own != nil {
			f.Message = fmt.Sprintf("%s.%s() closes the default pool of the whole process, not the pool that this function makes; close that one", lib, u.Call.Callee.Name())
			f.Related = []analysis.RelatedInformation{related(own.NamePos(), "the function's own pool")}
		}
		r.report(f)
	}
}

// closes is what a message calls the call that closes a pool.
func (r *reporter) closes(late discharge.Late, pool string) string {
	if late.Close == late.By {
		return r.source(late.By.Expr.Fun) + "()"
	}
	return fmt.Sprintf("%s, which closes it,", r.calledName(late.Close))
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
