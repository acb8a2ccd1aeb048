// Package analyzer finds misuse of goroutines, worker pools and futures: CPU-bound work on I/O pools,
// goroutine and worker counts that grow with the input, results that nobody awaits, and the like.
package analyzer

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"runtime/debug"
	"strings"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/directive"
	"github.com/poollint/poollint/analyzer/internal/facts"
	"github.com/poollint/poollint/analyzer/internal/knowledge"
	"github.com/poollint/poollint/analyzer/internal/model"
	"github.com/poollint/poollint/analyzer/internal/rule"
	"github.com/poollint/poollint/analyzer/internal/verdict"
)

// Analyzer is poollint with its default settings, and flags to change them.
var Analyzer = mustNew(Settings{})

// New returns an analyzer with the given settings, which are also the defaults of its flags.
func New(s Settings) (*analysis.Analyzer, error) {
	l, err := newLinter(s)
	if err != nil {
		return nil, err
	}
	return l.analyzer(), nil
}

func newLinter(s Settings) (*linter, error) {
	if err := s.validate(); err != nil {
		return nil, err
	}
	more, err := catalog.FromConfig(s.Libraries)
	if err != nil {
		return nil, fmt.Errorf("libraries: %w", err)
	}
	// A package of which nothing is asked, such as those of the standard library, needs no catalogue.
	load := sync.OnceValue(func() *catalog.Catalog { return catalog.Load(more...) })
	return &linter{settings: s, more: more, catalog: load, base: sync.OnceValue(knowledge.Load)}, nil
}

func (l *linter) analyzer() *analysis.Analyzer {
	a := &analysis.Analyzer{
		Name:      "poollint",
		Doc:       "find misuse of goroutines, worker pools and futures\n\n" + ruleList(),
		URL:       "https://github.com/poollint/poollint",
		Requires:  []*analysis.Analyzer{inspect.Analyzer},
		FactTypes: append(facts.Types(), new(directive.Fact)),
		Run:       l.run,

		ResultType: reflect.TypeFor[[]verdict.Verdict](),
	}
	l.settings.register(&a.Flags)
	return a
}

func mustNew(s Settings) *analysis.Analyzer {
	a, err := New(s)
	if err != nil {
		panic(err) // the zero Settings are valid
	}
	return a
}

func ruleList() string {
	var s string
	for _, r := range Rules() {
		on := ""
		if !r.Default {
			on = " (off by default)"
		}
		s += fmt.Sprintf("%s: %s%s\n", r.ID, r.Title, on)
	}
	return s
}

type linter struct {
	settings Settings
	more     []catalog.Library // from the settings
	catalog  func() *catalog.Catalog
	base     func() *knowledge.Base

	// For tests: a panic is not recovered, and the standard library is checked like any other package.
	crash, std bool
}

// run checks one package. A bug in poollint must not fail somebody's build: the package is given up, and
// standard error says so, and with -trouble also where.
func (l *linter) run(pass *analysis.Pass) (result any, err error) {
	result = []verdict.Verdict(nil)
	defer func() {
		v := recover()
		switch {
		case v == nil:
		case l.crash:
			panic(v)
		case l.settings.Panics:
			err = fmt.Errorf("a bug in poollint; please report it: %v\n%s", v, debug.Stack())
		case l.settings.trouble:
			fmt.Fprintf(os.Stderr, "poollint: gave up on %s: %v\n%s", pass.Pkg.Path(), v, debug.Stack())
		default:
			fmt.Fprintf(os.Stderr, "poollint: gave up on %s and reports nothing about it: %v; please report this, with the output of -trouble\n", pass.Pkg.Path(), v)
		}
	}()
	if standard(pass) && !l.std {
		return result, nil // the catalogue and the table of effects speak for it
	}
	if err := l.checkLibraries(pass); err != nil {
		return nil, err
	}
	return l.check(pass), nil
}

// checkLibraries checks the names in the settings against the packages that they belong to.
func (l *linter) checkLibraries(pass *analysis.Pass) error {
	var errs []error
	for i := range l.more {
		for _, imp := range pass.Pkg.Imports() {
			if imp.Path() == l.more[i].Path {
				errs = append(errs, l.more[i].Check(imp))
			}
		}
	}
	return errors.Join(errs...)
}

// check returns the verdicts, which are the analyzer's result.
func (l *linter) check(pass *analysis.Pass) []verdict.Verdict {
	m := model.New(pass, l.catalog(), l.base(), append(ruleIDs(), rule.Profiled))
	r := &reporter{Model: m, pass: pass, settings: l.settings}
	if l.settings.sites && !l.settings.FactsOnly {
		r.operations()
	}
	if l.settings.FactsOnly || m.Empty() {
		return nil
	}
	m.Explore()
	r.judge()
	if l.settings.sites {
		r.explain()
	} else {
		r.show()
	}
	if n := m.GaveUp(); n > 0 && l.settings.trouble {
		fmt.Fprintf(os.Stderr, "poollint: %s: searches that went too far and were given up: %d; their results are unknown, and not reported\n", pass.Pkg.Path(), n)
	}
	return r.verdicts
}

// standard reports whether a package is of the standard library: no module, and a file in the src
// of a Go installation.
func standard(pass *analysis.Pass) bool {
	path := pass.Pkg.Path()
	first, _, _ := strings.Cut(path, "/")
	if strings.Contains(first, ".") || pass.Module != nil && pass.Module.Path != "" || len(pass.Files) == 0 {
		return false
	}
	dir := filepath.ToSlash(filepath.Dir(pass.Fset.File(pass.Files[0].FileStart).Name()))
	root, ok := strings.CutSuffix(dir, "/src/"+strings.TrimSuffix(path, "_test"))
	if !ok {
		return false
	}
	_, err := os.Stat(filepath.Join(root, "src", "runtime", "runtime2.go"))
	return err == nil
}
