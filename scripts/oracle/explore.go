package main

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"strings"
)

const (
	batch         = 1000 // programs that are built together
	perPackage    = 50
	rounds        = 2
	exampleRounds = 20
	rechecks      = 100 // rounds for what seems to be a false report
)

// An oracle judges programs.
type oracle struct {
	fset   *token.FileSet
	check  types.Config
	common *ast.File
}

func newOracle() (*oracle, error) {
	fset := token.NewFileSet()
	shared, err := parser.ParseFile(fset, "common.go", commonFile("p"), 0)
	return &oracle{fset, types.Config{Importer: importer.ForCompiler(fset, "source", nil)}, shared}, err
}

func commonFile(pkg string) []byte { return fmt.Appendf(nil, common, pkg, slowness) }

// accepts tells whether the program compiles, which what is random may not, and has anything to say:
// a goroutine, or a channel that the function itself sends to and receives from.
func (o *oracle) accepts(p *program) bool {
	says := false
	visit(p.body, func(s *stmt) {
		sends, receives := uses(s.v, p.body)
		says = says || s.op == opStart && len(s.body) > 0 || s.v != nil && s.v.reply == nil && sends && receives
	})
	if !says {
		return false
	}
	src, err := render(p, "p")
	if err != nil {
		return false
	}
	f, err := parser.ParseFile(o.fset, "p.go", src, 0)
	if err != nil {
		return false
	}
	_, err = o.check.Check("p", o.fset, []*ast.File{o.common, f}, nil)
	return err == nil
}

// explore judges n programs.
func (o *oracle) explore(seed uint64, n int) (*tally, error) {
	t := newTally()
	for id, next := 0, []*program(nil); n > 0; id++ {
		p := generate(seed, id)
		if !o.accepts(p) {
			continue
		}
		if next = append(next, p); len(next) < min(n, batch) {
			continue
		}
		verdicts, err := judge(next, rounds)
		if err != nil {
			return nil, err
		}
		if err := confirm(verdicts); err != nil {
			return nil, err
		}
		for _, v := range verdicts {
			t.add(v)
		}
		n -= len(next)
		next = nil
	}
	return t, nil
}

// A verdict is a program and what was said of it.
type verdict struct {
	*program
	*entry
	text string
}

// judge runs the programs together.
func judge(programs []*program, rounds int) ([]*verdict, error) {
	m, err := newModule()
	if err != nil {
		return nil, err
	}
	defer m.remove()
	verdicts := make([]*verdict, len(programs))
	byFile := map[string]*verdict{}
	for i, p := range programs {
		pkg := fmt.Sprintf("p%d", i/perPackage)
		if i%perPackage == 0 {
			if err := m.add(pkg, "common.go", commonFile(pkg)); err != nil {
				return nil, err
			}
		}
		src, err := render(p, pkg)
		if err != nil {
			return nil, err
		}
		file := fmt.Sprintf("program%d.go", p.id)
		verdicts[i] = &verdict{program: p, text: string(src)}
		byFile[file] = verdicts[i]
		if err := m.add(pkg, file, src); err != nil {
			return nil, err
		}
	}
	entries, err := m.judge(rounds)
	for _, e := range entries {
		byFile[filepath.Base(e.file)].entry = e
	}
	return verdicts, err
}

// confirm runs again, and more often, what is reported and did not leak: it may take an order of
// events that is rare.
func confirm(verdicts []*verdict) error {
	var again []*program
	var doubtful []*verdict
	for _, v := range verdicts {
		if v.outcome() == falseReport {
			again = append(again, v.program)
			doubtful = append(doubtful, v)
		}
	}
	if len(again) == 0 {
		return nil
	}
	more, err := judge(again, rechecks)
	if err != nil {
		return err
	}
	for i, v := range doubtful {
		v.entry = more[i].entry
	}
	return nil
}

// lines is how long the program is.
func (v *verdict) lines() int { return strings.Count(v.text, "\n") }
