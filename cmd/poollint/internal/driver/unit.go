package driver

import (
	"errors"
	"fmt"
	"go/types"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/poollint/poollint/cmd/poollint/internal/finding"
)

// A kind says which of the packages in a folder a unit is.
type kind int

const (
	plain    kind = iota
	tested        // with the tests of the package itself
	external      // the tests beside it
)

// A unit is a package to be looked at. What is asked of it is found out once, by the first that asks,
// and from the cache if that has it.
type unit struct {
	*pkg
	kind    kind
	session *session

	api    func() (api, error)            // the types that importers see
	key    func() (sum, error)            // of all that an output hangs on, but the facts asked for
	cached func() *output                 // the output from the cache, or nil
	output func() (*output, error)        // findings and facts
	check  func() (*types.Package, error) // from source
	world  func() (*universe, error)      // of the packages that it imports

	fresh    *output // what check found
	own      bool    // its types are to be written for importers: the cache has none
	exported *api    // if own; also of a package with mistakes inside of functions
}

// An output is what came out of a unit.
type output struct {
	Findings []finding.Finding
	Trouble  string // why the analyzer gave up
	Facts    []byte
	Asked    []asked // what it knew of others
	Places   []asked // where others declare what it speaks of

	facts *facts
}

// Asked is another package, and what it had to say.
type asked struct {
	Path string
	Sum  sum
}

func sortAsked(list []asked) {
	slices.SortFunc(list, func(a, b asked) int { return strings.Compare(a.Path, b.Path) })
}

func (s *session) newUnit(p *pkg, k kind) *unit {
	u := &unit{pkg: p, kind: k, session: s}
	u.key = sync.OnceValues(u.makeKey)
	u.api = sync.OnceValues(u.makeAPI)
	u.cached = sync.OnceValue(u.fromCache)
	u.output = sync.OnceValues(u.makeOutput)
	u.check = sync.OnceValues(u.fromSource)
	u.world = sync.OnceValues(u.makeWorld)
	return u
}

// path is that of the types.Package.
func (u *unit) path() string {
	if u.kind == external {
		return u.Path + "_test"
	}
	return u.Path
}

func (u *unit) id() string {
	if u.kind == plain {
		return u.path()
	}
	return fmt.Sprintf("%s [%s.test]", u.path(), u.Path)
}

func (u *unit) files() []string {
	switch u.kind {
	case tested:
		return slices.Concat(u.Files, u.Tests)
	case external:
		return u.Externals
	}
	return u.Files
}

func (u *unit) imports() []string {
	switch u.kind {
	case tested:
		return union(u.Imports, u.TestImps)
	case external:
		return union(u.ExtImps, nil)
	}
	return u.Imports
}

// imported is the unit that an import path stands for: in an external test, the package with its own
// tests. It is nil for a package that the graph lacks.
func (u *unit) imported(path string) *unit {
	if u.kind == external && path == u.Path && len(u.Tests) > 0 {
		return u.session.unit(u.pkg, tested)
	}
	if p := u.session.graph.byPath[path]; p != nil {
		return u.session.unit(p, plain)
	}
	return nil
}

// An unusable error is that of a package that imports what cannot be imported.
type unusable struct{ path, why string }

func (e *unusable) Error() string { return fmt.Sprintf("it imports %s, which %s", e.path, e.why) }

func (u *unit) makeKey() (sum, error) {
	var h hasher
	s := u.session
	h.add("unit %s %x %x", u.id(), s.tool, s.linter(u.pkg).sum)
	if err := u.hash(&h); err != nil {
		return sum{}, err
	}
	return h.sum(), nil
}

// hash adds what decides about the types of a package.
func (u *unit) hash(h *hasher) error {
	s := u.session
	h.add("%s %s %s %s", u.Dir, s.graph.Env.GOARCH, u.Module.Path, u.language())
	if !u.Local {
		h.add("%s %s", u.Module.Version, filepath.Base(u.Export))
	}
	for _, name := range u.files() {
		stamp, ok := s.graph.Stamps.Files[name]
		switch {
		case ok:
			h.add("%s %x", name, stamp.Sum)
		case u.Local && filepath.Dir(name) == u.Dir:
			return fmt.Errorf("%s is not there", name)
		default:
			h.add("%s", name) // named by its content, or of a fixed version
		}
	}
	for _, path := range u.imports() {
		imp := u.imported(path)
		if imp == nil {
			return &unusable{path, "cannot be found"}
		}
		api, err := imp.api()
		if errors.As(err, new(*broken)) {
			return &unusable{path, "does not compile"}
		} else if err != nil {
			return err
		}
		h.add("%s %x", path, api.Types)
	}
	return nil
}

// language is the version of Go that the package is written in, as go vet has it.
func (u *unit) language() string {
	if u.Module.Path == "" {
		return u.session.graph.Env.GOVERSION
	}
	if u.Module.GoVersion == "" {
		return "go1.16"
	}
	return "go" + u.Module.GoVersion
}

// makeAPI describes the types that importers see, so that a change that none of them can see stops
// there.
func (u *unit) makeAPI() (api, error) {
	s := u.session
	switch {
	case u.kind != plain:
		key, err := u.key() // only the external test of the package imports it, and from source
		return api{Types: key}, err
	case u.NotBuilt != "":
		return api{}, &unusable{u.Path, u.NotBuilt}
	case !u.Source:
		if u.Export == "" {
			return api{}, u.unbuilt()
		}
		var h hasher
		h.add("export %s", filepath.Base(u.Export)) // which is named by its content
		return api{Types: h.sum(), Places: h.sum()}, nil
	}
	key, err := u.typesKey()
	if err != nil {
		return api{}, err
	}
	var known api
	if !s.anew && s.store.load(key, &known) {
		return known, nil
	}
	u.own = true
	if _, err := u.check(); u.exported == nil {
		return api{}, err
	}
	return *u.exported, nil
}

// unbuilt says why the compiler has written no types: mostly, since something below does not compile.
func (u *unit) unbuilt() error {
	for _, path := range u.imports() {
		if imp := u.imported(path); imp != nil {
			if _, err := imp.api(); err != nil {
				return err
			}
		}
	}
	return &unusable{u.Path, "does not compile"}
}

func (u *unit) typesKey() (sum, error) {
	var h hasher
	h.add("types %s %x", u.id(), u.session.tool)
	if err := u.hash(&h); err != nil {
		return sum{}, err
	}
	return h.sum(), nil
}

func dataKey(data sum) sum {
	var h hasher
	h.add("data %x", data)
	return h.sum()
}

// makeWorld is the universe for what the unit imports.
func (u *unit) makeWorld() (*universe, error) {
	s := u.session
	if u.kind != external || len(u.Tests) == 0 || !slices.Contains(u.ExtImps, u.Path) {
		return s.plain, nil
	}
	pkg, err := s.unit(u.pkg, tested).check()
	if err != nil {
		return nil, &unusable{u.Path, "does not compile with its tests"}
	}
	known := map[string]bool{}
	return s.plain.with(pkg, func(path string) bool { return s.graph.depends(path, u.Path, known) }), nil
}

// fromCache is the output that was kept, if it still holds: that is so if what it knew of other packages
// is still what is known of them.
func (u *unit) fromCache() *output {
	s := u.session
	key, err := u.key()
	if err != nil {
		return nil
	}
	out := new(output)
	if !s.store.load(key, out) {
		return nil
	}
	for _, a := range out.Asked {
		dep := u.imported(a.Path)
		if dep == nil {
			return nil
		}
		if now, err := dep.known(); err != nil || now.sum != a.Sum {
			return nil
		}
	}
	for _, a := range out.Places {
		dep := u.imported(a.Path)
		if dep == nil {
			return nil
		}
		if now, err := s.unit(dep.pkg, plain).api(); err != nil || now.Places != a.Sum {
			return nil
		}
	}
	out.facts = newFacts(out.Facts)
	return out
}

func (u *unit) makeOutput() (*output, error) {
	if u.kind == plain && u.Source && u.session.imported[u.Path] {
		if _, err := u.api(); err != nil { // first, since it decides whether check is for importers
			return nil, err
		}
	}
	if _, err := u.key(); err != nil {
		return nil, err
	}
	if out := u.cached(); out != nil {
		return out, nil
	}
	if _, err := u.check(); err != nil {
		return nil, err
	}
	return u.fresh, nil
}

// known are the facts of a unit. Of the standard library the analyzer's tables speak. Whoever cannot know
// what another package does must not be judged as if it did nothing.
func (u *unit) known() (*facts, error) {
	if u.Std && !u.Source {
		return u.session.nothing, nil
	}
	out, err := u.output()
	switch {
	case err == nil:
		return out.facts, nil
	case errors.As(err, new(*broken)):
		return nil, &unusable{u.Path, "does not compile"}
	default:
		return nil, err
	}
}

// A broken error is that of a package that does not compile.
type broken struct{ lines []string }

func (e *broken) Error() string { return strings.Join(e.lines, "\n") }
