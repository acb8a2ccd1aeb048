package driver

import (
	"context"
	"go/build"
	"go/token"
	"go/types"
	"sync"
	"sync/atomic"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/analyzer"
	"github.com/poollint/poollint/cmd/poollint/internal/config"
	"github.com/poollint/poollint/cmd/poollint/internal/gocmd"
)

// A session is one look at a program.
type session struct {
	ctx   context.Context
	graph *graph
	store *store
	over  gocmd.Overlay
	tool  sum // this program
	flags []string
	did   func(work string)
	anew  bool // do not believe the cache that it has types

	plain    *universe
	sizes    types.Sizes
	imported map[string]bool // packages that some other one of the program imports
	nothing  *facts          // those of a package that has none
	stale    atomic.Bool

	mu      sync.Mutex
	units   map[unitKey]*unit
	linters map[linterKey]*linter // by the folder of the configuration
}

type unitKey struct {
	path string
	kind kind
}

// A linter is the analyzer with the settings that rule some packages.
type linter struct {
	analyzer *analysis.Analyzer
	sum      sum
}

func newSession(ctx context.Context, g *graph, s *store, over gocmd.Overlay, tool sum, flags []string) (*session, error) {
	n := &session{
		ctx: ctx, graph: g, store: s, over: over, tool: tool, flags: flags, did: func(string) {},
		sizes: types.SizesFor("gc", build.Default.GOARCH), imported: map[string]bool{}, nothing: newFacts(nil),
		units: map[unitKey]*unit{}, linters: map[linterKey]*linter{},
	}
	if sizes := types.SizesFor("gc", g.Env.GOARCH); sizes != nil {
		n.sizes = sizes
	}
	n.plain = newUniverse(token.NewFileSet(), n.exportData)
	for _, p := range g.Packages {
		for _, list := range [][]string{p.Imports, p.TestImps, p.ExtImps} {
			for _, path := range list {
				n.imported[path] = true
			}
		}
	}
	// The settings are those of the folder of each package; all are known before anything runs.
	for _, p := range g.Packages {
		key := n.linterKey(p)
		if n.linters[key] != nil {
			continue
		}
		var file config.File
		if key.root != "" {
			var err error
			if file, err = config.Find(key.root); err != nil {
				return nil, err
			}
		}
		l, err := newLinter(file, flags, key.factsOnly)
		if err != nil {
			return nil, err
		}
		n.linters[key] = l
	}
	return n, nil
}

// root is the folder whose configuration rules a package, or "".
func (s *session) root(p *pkg) string {
	if !p.ruled() {
		return ""
	}
	return config.Root(p.Dir)
}

// A linterKey says what a linter is for: packages of which the run is not are only asked for their facts.
type linterKey struct {
	root      string
	factsOnly bool
}

func (s *session) linterKey(p *pkg) linterKey { return linterKey{s.root(p), !p.Named} }

func (s *session) linter(p *pkg) *linter { return s.linters[s.linterKey(p)] }

func newLinter(file config.File, flags []string, factsOnly bool) (*linter, error) {
	settings, err := file.Settings()
	if err != nil {
		return nil, err
	}
	settings.FactsOnly, settings.Panics = factsOnly, true
	a, err := analyzer.New(settings)
	if err != nil {
		return nil, err
	}
	if err := a.Flags.Parse(flags); err != nil {
		return nil, err
	}
	registerFacts(a)
	var h hasher
	h.add("%q %v", flags, factsOnly)
	h.add("%s", file.Data)
	return &linter{a, h.sum()}, nil
}

func (s *session) unit(p *pkg, k kind) *unit {
	key := unitKey{p.Path, k}
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.units[key]
	if u == nil {
		u = s.newUnit(p, k)
		s.units[key] = u
	}
	return u
}

// exportData is that of a package, whose api is known. Before it are to be read those that it refers to
// if these have moved what they declare, since the data still has the old places.
func (s *session) exportData(path string) (data []byte, before []string, err error) {
	p := s.graph.byPath[path]
	if p == nil {
		return nil, nil, &unusable{path, "cannot be found"}
	}
	known, err := s.unit(p, plain).api()
	if err != nil {
		return nil, nil, err
	}
	if !p.Source {
		data, err := compiled(p.Export)
		if err != nil {
			return nil, nil, errStale // the go command has removed it
		}
		return data, nil, nil
	}
	for _, r := range known.Refers {
		if q := s.graph.byPath[r.Path]; q != nil && q.Source {
			if now, err := s.unit(q, plain).api(); err == nil && now.Places != r.Sum {
				before = append(before, r.Path)
			}
		}
	}
	if data := s.store.get(dataKey(known.Data)); data != nil {
		return data, before, nil
	}
	return nil, nil, errStale
}
