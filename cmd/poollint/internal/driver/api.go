package driver

import (
	"bytes"
	"go/token"
	"go/types"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
)

// An api is what importers see of a package. It says nothing of positions, which every other line of code
// shifts: those that come into what is said of an importer are remembered with that.
type api struct {
	Types  sum     // of what is declared, here and in the packages that it refers to
	Places sum     // of where it is declared
	Data   sum     // of the export data
	Refers []asked // the packages that it refers to, directly or not, and where these had declared what
}

// apiOf describes a package. Unexported things are part of it as far as exported ones lead to them.
func apiOf(fset *token.FileSet, pkg *types.Package, other func(path string) (api, error)) (api, error) {
	s := &surface{fset: fset, pkg: pkg, seen: map[*types.TypeName]bool{}, refers: map[string]bool{}}
	s.types.add("%s %s", pkg.Path(), pkg.Name())
	for _, name := range pkg.Scope().Names() {
		if token.IsExported(name) {
			s.object(pkg.Scope().Lookup(name))
		}
	}
	for i := 0; i < len(s.queue); i++ {
		s.declaration(s.queue[i])
	}
	var a api
	places := map[string]sum{}
	for _, path := range slices.Sorted(maps.Keys(s.refers)) {
		o, err := other(path)
		if err != nil {
			return a, err
		}
		s.types.add("%s %x", path, o.Types)
		places[path] = o.Places
		for _, r := range o.Refers {
			if _, ok := places[r.Path]; !ok {
				o, err := other(r.Path)
				if err != nil {
					return a, err
				}
				places[r.Path] = o.Places
			}
		}
	}
	for path, sum := range places {
		a.Refers = append(a.Refers, asked{path, sum})
	}
	sortAsked(a.Refers)
	a.Types, a.Places = s.types.sum(), s.places.sum()
	return a, nil
}

// A surface is the description as it is written.
type surface struct {
	fset   *token.FileSet
	pkg    *types.Package
	types  hasher
	places hasher
	seen   map[*types.TypeName]bool
	queue  []*types.TypeName // those of the package that are still to be described
	refers map[string]bool
}

func (s *surface) place(o types.Object) {
	p := s.fset.Position(o.Pos())
	s.places.add("%s %s:%d", o.Name(), filepath.Base(p.Filename), p.Line)
}

func (s *surface) object(o types.Object) {
	s.place(o)
	s.types.add("%T %s", o, o.Name())
	switch o := o.(type) {
	case *types.TypeName:
		s.name(o)
	case *types.Const:
		s.typ(o.Type())
		s.types.add("= %s", o.Val().ExactString())
	default:
		s.typ(o.Type())
	}
}

// name refers to a type, which is described once if it is of this package.
func (s *surface) name(o *types.TypeName) {
	switch {
	case o.Pkg() == nil:
		s.types.add("%s", o.Name())
		return
	case o.Pkg() != s.pkg:
		s.refers[o.Pkg().Path()] = true
	case !s.seen[o]:
		s.seen[o] = true
		s.queue = append(s.queue, o)
	}
	s.types.add("%s.%s", o.Pkg().Path(), o.Name())
}

func (s *surface) declaration(o *types.TypeName) {
	s.place(o)
	s.types.add("type %s", o.Name())
	switch t := o.Type().(type) {
	case *types.Alias:
		s.params(t.TypeParams())
		s.typ(t.Rhs())
	case *types.Named:
		s.params(t.TypeParams())
		s.typ(t.Underlying())
		methods := slices.Collect(t.Methods())
		slices.SortFunc(methods, func(a, b *types.Func) int { return bytes.Compare([]byte(a.Id()), []byte(b.Id())) })
		for _, m := range methods {
			_, pointer := m.Signature().Recv().Type().(*types.Pointer)
			s.types.add("method %s %v", m.Name(), pointer)
			s.typ(m.Signature())
			s.place(m)
		}
	}
}

func (s *surface) params(list *types.TypeParamList) {
	for p := range list.TypeParams() {
		s.types.add("param %s", p.Obj().Name())
		s.typ(p.Constraint())
	}
}

func (s *surface) tuple(list *types.Tuple) {
	for v := range list.Variables() {
		s.types.add("%s", v.Name())
		s.typ(v.Type())
	}
}

func (s *surface) typ(t types.Type) {
	switch t := t.(type) {
	case *types.Basic:
		s.types.add("%s", t.Name())
	case *types.Alias:
		s.name(t.Obj())
		for arg := range t.TypeArgs().Types() {
			s.typ(arg)
		}
	case *types.Named:
		s.name(t.Obj())
		for arg := range t.TypeArgs().Types() {
			s.typ(arg)
		}
	case *types.TypeParam:
		s.types.add("param %s", t.Obj().Name())
	case *types.Pointer:
		s.types.add("*")
		s.typ(t.Elem())
	case *types.Slice:
		s.types.add("[]")
		s.typ(t.Elem())
	case *types.Array:
		s.types.add("[%d]", t.Len())
		s.typ(t.Elem())
	case *types.Chan:
		s.types.add("chan %d", t.Dir())
		s.typ(t.Elem())
	case *types.Map:
		s.types.add("map")
		s.typ(t.Key())
		s.typ(t.Elem())
	case *types.Struct:
		s.types.add("struct %d", t.NumFields())
		for i := range t.NumFields() {
			f := t.Field(i)
			s.types.add("%s %v %q", f.Name(), f.Embedded(), t.Tag(i))
			s.typ(f.Type())
			s.place(f)
		}
	case *types.Signature:
		s.types.add("func %d %d %v", t.Params().Len(), t.Results().Len(), t.Variadic())
		s.params(t.TypeParams())
		s.tuple(t.Params())
		s.tuple(t.Results())
	case *types.Interface:
		s.types.add("interface %d %d", t.NumExplicitMethods(), t.NumEmbeddeds())
		for m := range t.ExplicitMethods() {
			s.types.add("%s", m.Name())
			s.typ(m.Type())
			s.place(m)
		}
		for e := range t.EmbeddedTypes() {
			s.typ(e)
		}
	case *types.Union:
		s.types.add("union %d", t.Len())
		for term := range t.Terms() {
			s.types.add("%v", term.Tilde())
			s.typ(term.Type())
		}
	}
}

var mention = regexp.MustCompile(`[\w.+-]+\.go:\d`)

// mentioned are the packages of the program that an output may name places of, and where they have
// declared what. A file is known by its name only, so that these may be too many.
func (u *unit) mentioned(out *output) ([]asked, error) {
	names := map[string]bool{}
	add := func(text []byte) {
		for _, m := range mention.FindAll(text, -1) {
			names[string(m[:len(m)-2])] = true
		}
	}
	add(out.Facts)
	for _, f := range out.Findings {
		add([]byte(f.Message))
		for _, r := range f.Related {
			add([]byte(r.Message))
			names[filepath.Base(r.Pos.File)] = true
		}
	}
	if len(names) == 0 {
		return nil, nil
	}
	var places []asked
	known := map[string]bool{}
	u.session.below(u, known)
	for path := range known {
		p := u.session.graph.byPath[path]
		if p == nil || !p.Source || !slices.ContainsFunc(p.Files, func(name string) bool { return names[filepath.Base(name)] }) {
			continue
		}
		a, err := u.session.unit(p, plain).api()
		if err != nil {
			return nil, err
		}
		places = append(places, asked{path, a.Places})
	}
	sortAsked(places)
	return places, nil
}

// below collects the packages that a unit depends on.
func (s *session) below(u *unit, known map[string]bool) {
	for _, path := range u.imports() {
		if p := s.graph.byPath[path]; p != nil && !known[path] && !p.Std {
			known[path] = true
			s.below(s.unit(p, plain), known)
		}
	}
}
