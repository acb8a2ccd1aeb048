package discharge

import (
	"go/types"
	"strings"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// A Future is a call whose future is lost.
type Future struct {
	Loss
	Call    *syntax.Call
	Lost    string // what is lost with it
	Minor   bool   // dropping it is common and sound
	Receipt bool   // nothing of this program runs behind it
}

// Futures finds the futures of a package that nobody awaits on some path. What an executor waits
// for as a whole is awaited, and what fails into a registered handler is heard.
func Futures(p *sites.Package) []Future {
	var lost []Future
	collections := map[*types.Var]bool{}
	for _, f := range p.Funcs {
		for _, c := range f.Calls {
			if !hands(p, c, catalog.Future) || OwnLibrary(p, c.Callee) {
				continue
			}
			loss, ok := future(p, c)
			if !ok || aggregated(p, c) || handled(p, c) {
				continue
			}
			if loss.Many {
				if collections[loss.Var] {
					continue // one collection, one finding
				}
				collections[loss.Var] = true
			}
			row := p.Catalog.Func(c.Callee)
			typ := p.Catalog.Type(p.First(c.Expr))
			lost = append(lost, Future{loss, c, worth(p, c, row), minor(p, c, row), typ != nil && typ.Receipt})
		}
	}
	return lost
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

// handled reports whether the package installs a handler that hears of what fails unawaited.
func handled(p *sites.Package, c *syntax.Call) bool {
	if c.Callee == nil || c.Callee.Pkg() == nil {
		return false
	}
	for _, u := range p.Uses {
		if u.Row.Role != catalog.Handler || u.Call.Callee.Pkg() != c.Callee.Pkg() {
			continue
		}
		if h := u.Call.Arg(u.Row.Callback.Index()); h != nil && !p.Info.Types[h].IsNil() {
			return true
		}
	}
	return false
}
