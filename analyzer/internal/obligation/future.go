package obligation

import (
	"go/types"
	"strings"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/syntax"
	"github.com/poollint/poollint/analyzer/internal/verdict"
)

// A Future is a call that hands out a future, and what becomes of it.
type Future struct {
	Loss    // none if somebody observes it, or may
	Call    *syntax.Call
	Lost    string // what is lost with it
	Minor   bool   // dropping it is common and sound
	Receipt bool   // nothing of this program runs behind it
	Channel bool   // it is the channel itself on which a goroutine of the program delivers
	Kept    bool   // Var is a field or package variable that the package never reads
	Flushed bool   // another function waits until all is done, and does not hear how
	Doubts  []verdict.Reason
}

// Futures tells of each call of a package that hands out a future whether somebody observes it on every
// path.
func Futures(p *sites.Package) []Future {
	var all []Future
	collections := map[*types.Var]bool{}
	for _, f := range p.Funcs {
		for _, c := range f.Calls {
			if !hands(p, c, catalog.Future) || OwnLibrary(p, c.Callee) {
				continue
			}
			x := judge(p, c)
			if x.Many && x.How != 0 {
				if collections[x.Var] {
					continue // one collection, one finding
				}
				collections[x.Var] = true
			}
			all = append(all, x)
		}
	}
	return all
}

func judge(p *sites.Package, c *syntax.Call) Future {
	row := p.Catalog.Func(c.Callee)
	typ := p.Catalog.Type(p.First(c.Expr))
	x := Future{Call: c, Lost: worth(p, c, row), Minor: minor(p, c, row), Receipt: typ != nil && typ.Receipt, Channel: delivers(p, c)}
	loss, lost := future(p, c)
	how, at := waits(p, c)
	switch {
	case !lost:
		x.Doubts = []verdict.Reason{verdict.Against(c.NamePos(), "it is awaited, cancelled or handed on, on every path that was followed")}
	case how == observed:
		x.Doubts = []verdict.Reason{verdict.Against(at.Pos(), "%s waits for all of it on the way out", at.Call.Callee.Name())}
	case how != unwaited && x.Minor:
		x.Doubts = []verdict.Reason{verdict.Against(at.Pos(), "the task returns nothing, and %s waits for it", at.Call.Callee.Name())}
	case handled(p, c):
		x.Doubts = []verdict.Reason{verdict.Against(c.NamePos(), "the library's handler receives failures")}
	default:
		x.Loss, x.Flushed = loss, how == flushed
		x.Kept = loss.Var != nil && (loss.Var.IsField() || global(loss.Var))
	}
	return x
}

// delivers reports whether a call returns the channel itself by which a goroutine of the program delivers.
func delivers(p *sites.Package, c *syntax.Call) bool {
	if _, ok := chanOf(p.First(c.Expr)); !ok || p.Catalog.Func(c.Callee) != nil {
		return false
	}
	class := p.Resources.Result(c.Expr, 0)
	return class != nil && len(class.Makers()) > 0 || c.Callee != nil && p.Decl(c.Callee) == nil
}

// OwnLibrary reports whether a package, or its test, is the library that declares a function: it
// knows what it does with its own futures.
func OwnLibrary(p *sites.Package, f *types.Func) bool {
	return p.Catalog.Func(f) != nil && f.Pkg() != nil && f.Pkg().Path() == strings.TrimSuffix(p.Types.Path(), "_test")
}

// worth is what is lost with the future of a call.
func worth(p *sites.Package, c *syntax.Call, row *catalog.Func) string {
	if row != nil && row.Lost != "" {
		return row.Lost
	}
	t := p.First(c.Expr)
	if typ := p.Catalog.Type(t); typ != nil && typ.Lost != "" {
		return typ.Lost
	}
	return "its result"
}

// minor reports whether little is lost: the library says so, or the task returns nothing, so that
// only a panic could be heard of.
func minor(p *sites.Package, c *syntax.Call, row *catalog.Func) bool {
	if row == nil || row.Optional {
		return row != nil
	}
	task := c.Arg(row.Task.Index())
	if task == nil {
		return false
	}
	t := p.Info.TypeOf(task)
	if t == nil {
		return false
	}
	sig, ok := t.Underlying().(*types.Signature)
	return ok && sig.Results().Len() == 0
}
