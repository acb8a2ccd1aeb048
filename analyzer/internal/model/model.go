// Package model is the picture of one package that all rules read: its resources and what is done with
// them, its numbers, limits and effects, and how its goroutines end.
package model

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/directive"
	"github.com/poollint/poollint/analyzer/internal/effects"
	"github.com/poollint/poollint/analyzer/internal/exits"
	"github.com/poollint/poollint/analyzer/internal/explore"
	"github.com/poollint/poollint/analyzer/internal/facts"
	"github.com/poollint/poollint/analyzer/internal/infer"
	"github.com/poollint/poollint/analyzer/internal/knowledge"
	"github.com/poollint/poollint/analyzer/internal/number"
	"github.com/poollint/poollint/analyzer/internal/obligation"
	"github.com/poollint/poollint/analyzer/internal/purpose"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/syntax"
	"github.com/poollint/poollint/analyzer/internal/throttle"
)

// A Model is what is known of one package. It is complete before the first rule asks, and rules only ask.
type Model struct {
	*sites.Package // the source, the resources, and where tasks are started and pools are used
	Sizes          types.Sizes
	Directives     *directive.Set
	Numbers        *number.Numbers
	Throttles      *throttle.Throttles
	Effects        *effects.Effects
	Purposes       *purpose.Purposes
	Exits          *exits.Exits
	Explorer       *explore.Explorer // nil until Explore
	Stuck          []explore.Stuck   // who stays blocked

	pass *analysis.Pass
	base *knowledge.Base
}

// New builds the model of a package, with the facts of others read in and its own written out. Rules are
// the names that a directive may give.
func New(pass *analysis.Pass, cat *catalog.Catalog, base *knowledge.Base, rules []string) *Model {
	in := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector)
	known := facts.New(pass)
	m := &Model{
		Package:    sites.New(syntax.New(pass.Fset, pass.Pkg, pass.TypesInfo, pass.Files, in), cat, known.Summary),
		Sizes:      pass.TypesSizes,
		Directives: directive.Parse(pass.Fset, pass.TypesInfo, pass.Files, rules),
		pass:       pass,
		base:       base,
	}
	m.Exits = exits.New(m.Package.Package, base)
	m.Numbers = number.New(m.Package, base, m.Marked, m.Covered)
	m.Purposes = purpose.New(m.Package, m.Marked, m.Covered)
	m.Throttles = throttle.New(m.Package, base, m.Numbers, m.Marked)
	infer.Summaries(m.Package, infer.Tasks(m.Package, m.Numbers, m.Throttles), obligation.Params(m.Package), obligation.Pools(m.Package), obligation.Places(m.Package))
	m.Numbers.Settle()
	m.Throttles.Settle()
	infer.Each(m.Package, known.AddSummary)
	m.Effects = effects.Of(m.Package.Package, cat, known.Effect)
	if pass.Pkg.Name() != "main" { // nobody imports it
		for f, fact := range m.Effects.Facts() {
			known.AddEffect(f, fact)
		}
	}
	for _, f := range m.Directives.Facts() {
		pass.ExportObjectFact(f.Obj, f.Fact)
	}
	known.Export(func(f *types.Func) bool { return m.Generated(f.Pos()) })
	return m
}

// Empty reports whether a package has nothing that a rule could speak of.
func (m *Model) Empty() bool { return len(m.Spawns)+len(m.Uses)+len(m.Directives.All()) == 0 }

// Explore follows the goroutines that the package starts, which importers need not know of.
func (m *Model) Explore() {
	m.Explorer = explore.New(m.Package, m.base, m.Exits)
	m.Stuck = m.Explorer.Stuck()
}

// GaveUp is how many searches went too far: what they asked is unknown.
func (m *Model) GaveUp() int {
	return m.Package.GaveUp() + m.Numbers.GaveUp() + m.Throttles.GaveUp() + m.Explorer.GaveUp()
}

// Marked reports whether a directive is on the declaration of obj, here or, by its fact, in another
// package. A directive that was asked for is used.
func (m *Model) Marked(obj types.Object, name string) bool {
	if obj.Pkg() == m.Types {
		d := m.Directives.Of(obj, name)
		if d != nil {
			d.Used = true
		}
		return d != nil
	}
	fact := new(directive.Fact)
	return obj.Pkg() != nil && m.pass.ImportObjectFact(obj, fact) && slices.Contains(fact.Names, name)
}

// Covered reports whether a directive without a rule covers a position, and is used then.
func (m *Model) Covered(pos token.Pos, name string) bool {
	d := m.Directives.At(pos, name, "")
	if d != nil {
		d.Used = true
	}
	return d != nil
}

// Detached reports whether the source says that a call's result needs no await: at the call, or where the
// function called is declared.
func (m *Model) Detached(c *syntax.Call) bool {
	return m.Covered(c.NamePos(), "detached") || c.Callee != nil && m.Marked(c.Callee, "detached")
}

// Effect is what the task of a spawn does.
func (m *Model) Effect(s *sites.Spawn) effects.Effect {
	if s.Task == nil {
		return effects.Effect{}
	}
	return m.Effects.Task(s.Task, s.Call.In)
}
