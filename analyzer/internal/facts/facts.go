// Package facts carries what is known of functions from package to package.
//
// The framework passes the facts of methods on, from each package to all that import it, however
// indirectly: a program with a few thousand generated methods would pass on gigabytes. So what is
// known of a package's functions is one fact of the package, which goes to its direct importers
// only and is not decoded unless one of its functions is called. What a caller must know, though
// it got the value from a third package, is also a fact of the method.
package facts

import (
	"bytes"
	"encoding/gob"
	"go/types"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/effects"
	"github.com/poollint/poollint/analyzer/internal/summary"
)

// A Func is the fact of a method that is worth knowing everywhere.
type Func struct {
	Summary *summary.Func
	Effect  *effects.Fact
}

// AFact marks Func as a fact.
func (*Func) AFact() {}

// String is the fact as analysistest matches it.
func (f *Func) String() string {
	switch {
	case f.Summary == nil:
		return f.Effect.String()
	case f.Effect == nil:
		return f.Summary.String()
	}
	return f.Summary.String() + "; " + f.Effect.String()
}

// A Package is the fact of all functions of a package: a list of entries, encoded.
type Package struct{ Functions []byte }

// AFact marks Package as a fact.
func (*Package) AFact() {}

// String names no functions: they are many.
func (*Package) String() string { return "functions" }

type entry struct {
	Name string // as in catalog.FuncName
	Func Func
}

// Types lists the types of facts.
func Types() []analysis.Fact { return []analysis.Fact{new(Func), new(Package)} }

// A Store reads the facts of imported packages, and collects those of the package at hand.
type Store struct {
	pass   *analysis.Pass
	tables map[*types.Package]*table
	tell   map[*types.Package]bool // whether a method's fact has come from there
	own    []entry
	index  map[*types.Func]int // in own
}

// A table is what is known of another package.
type table struct {
	funcs map[string]*Func
	heard bool // its fact has come, so that what is not in it is not worth telling
}

// New returns the store of a package.
func New(pass *analysis.Pass) *Store {
	return &Store{pass, map[*types.Package]*table{}, map[*types.Package]bool{}, nil, map[*types.Func]int{}}
}

// Summary returns the summary of a function of another package; nil if nothing has come from there.
func (s *Store) Summary(f *types.Func) *summary.Func {
	switch known := s.lookup(f); {
	case known == nil:
		return nil
	case known.Summary == nil:
		return new(summary.Func)
	default:
		return known.Summary
	}
}

// Effect returns the effect of a function of another package, or nil.
func (s *Store) Effect(f *types.Func) *effects.Fact {
	if known := s.lookup(f); known != nil {
		return known.Effect
	}
	return nil
}

// lookup is what is known of a function; nil if nothing has come from its package.
func (s *Store) lookup(f *types.Func) *Func {
	f = f.Origin()
	if f.Pkg() == nil {
		return nil
	}
	t := s.tables[f.Pkg()]
	if t == nil {
		t = s.decode(f.Pkg())
		s.tables[f.Pkg()] = t
	}
	name := catalog.FuncName(f)
	known, ok := t.funcs[name]
	if ok {
		return known
	}
	known = new(Func)
	if !s.pass.ImportObjectFact(f, known) && !t.heard && (f.Signature().Recv() == nil || !s.tells(f.Pkg())) {
		known = nil
	}
	t.funcs[name] = known
	return known
}

func (s *Store) decode(pkg *types.Package) *table {
	t := &table{funcs: map[string]*Func{}}
	var fact Package
	if !s.pass.ImportPackageFact(pkg, &fact) {
		return t
	}
	var entries []entry
	if len(fact.Functions) > 0 && gob.NewDecoder(bytes.NewReader(fact.Functions)).Decode(&entries) != nil {
		return t
	}
	t.heard = true
	for i := range entries {
		t.funcs[entries[i].Name] = &entries[i].Func
	}
	return t
}

// tells reports whether a package that is imported indirectly has told of any of its methods: of the
// others, there is nothing to tell. It asks for that package's facts only: a driver that makes facts
// when they are asked for then need not make those of the whole program.
func (s *Store) tells(pkg *types.Package) bool {
	told, ok := s.tell[pkg]
	if !ok {
		told = s.toldBy(pkg)
		s.tell[pkg] = told
	}
	return told
}

func (s *Store) toldBy(pkg *types.Package) bool {
	for _, name := range pkg.Scope().Names() {
		t, ok := pkg.Scope().Lookup(name).(*types.TypeName)
		if !ok || t.IsAlias() {
			continue
		}
		if named, ok := t.Type().(*types.Named); ok {
			for m := range named.Methods() {
				if s.pass.ImportObjectFact(m, new(Func)) {
					return true
				}
			}
		}
	}
	return false
}

// AddSummary records the summary of a function of the package at hand.
func (s *Store) AddSummary(f *types.Func, sum *summary.Func) {
	if e := s.entry(f); e != nil {
		e.Summary = sum
	}
}

// AddEffect records its effect.
func (s *Store) AddEffect(f *types.Func, effect *effects.Fact) {
	if e := s.entry(f); e != nil {
		e.Effect = effect
	}
}

// entry returns the place for what is known of f; nil if other packages cannot call it by name.
func (s *Store) entry(f *types.Func) *Func {
	if !f.Exported() {
		return nil
	}
	i, ok := s.index[f]
	if !ok {
		i = len(s.own)
		s.index[f] = i
		s.own = append(s.own, entry{Name: catalog.FuncName(f)})
	}
	return &s.own[i].Func
}

// Export hands what was recorded to the importers; an empty list says that there is nothing to know.
// Of generated code, only they hear: it is most of the methods of many programs, and none of them is
// called in a pool.
func (s *Store) Export(generated func(*types.Func) bool) {
	if len(s.own) == 0 {
		s.pass.ExportPackageFact(new(Package))
		return
	}
	for f, i := range s.index {
		if known := &s.own[i].Func; f.Signature().Recv() != nil && known.telling() && !generated(f) {
			s.pass.ExportObjectFact(f, &Func{known.Summary, known.Effect})
		}
	}
	var b bytes.Buffer
	if gob.NewEncoder(&b).Encode(s.own) == nil {
		s.pass.ExportPackageFact(&Package{b.Bytes()})
	}
}

// telling reports whether f says more than what a caller would guess.
func (f *Func) telling() bool {
	if f.Summary != nil && f.Summary.Telling() {
		return true
	}
	if f.Effect == nil {
		return false
	}
	if f.Effect.Effect.Waits != nil && f.Effect.Effect.Clear {
		return true
	}
	claim, ok := f.Effect.Effect.Computes()
	return ok && !claim.Light
}
