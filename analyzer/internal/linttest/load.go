package linttest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/go/analysis"
)

// Standard returns a new program that has nothing but the standard library.
func Standard() *Program { return std().Extend() }

var std = sync.OnceValue(func() *Program {
	s := &standard{files: map[string]string{}}
	fset := token.NewFileSet()
	s.read = importer.ForCompiler(fset, "gc", s.open)
	return &Program{Fset: fset, std: s}
})

// A standard imports the standard library from what the compiler wrote.
type standard struct {
	mu    sync.Mutex
	files map[string]string // of each package, once it was asked for
	read  types.Importer
}

// Import reads a package.
func (s *standard) Import(path string) (*types.Package, error) {
	if err := s.load(path); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.read.Import(path)
}

// load reads packages and all that they import, so that nothing changes afterwards in what was
// read: other goroutines may be using it.
func (s *standard) load(paths ...string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	args := []string{"list", "-deps", "-export", "-f", "{{.ImportPath}}\t{{.Export}}"}
	more := false
	for _, path := range paths {
		if s.files[path] == "" && path != "unsafe" {
			args, more = append(args, path), true
		}
	}
	if !more {
		return nil
	}
	out, err := output(exec.Command("go", args...))
	if err != nil {
		return err
	}
	var found []string
	for line := range strings.Lines(string(out)) {
		path, file, _ := strings.Cut(strings.TrimSpace(line), "\t")
		if file != "" && s.files[path] == "" {
			s.files[path] = file
			found = append(found, path)
		}
	}
	for _, path := range found {
		if _, err := s.read.Import(path); err != nil {
			return err
		}
	}
	return nil
}

func (s *standard) open(path string) (io.ReadCloser, error) { return os.Open(s.files[path]) }

// Testdata returns the packages of testdata, with their tests, and those that they import outside
// of the standard library. It is the same program for all tests, who extend it and add nothing to it.
func Testdata(t testing.TB) *Program {
	t.Helper()
	p, err := testdata()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Module is the path of testdata's module, with which the paths of its packages begin.
const Module = "poollint.test"

// Own reports whether a package is of testdata itself.
func (p *Package) Own() bool { return p.Path == Module || strings.HasPrefix(p.Path, Module+"/") }

var testdata = sync.OnceValues(func() (*Program, error) {
	dir, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "testdata", "go.mod")); err == nil {
			return load(filepath.Join(dir, "testdata"), false, "-test", "./...")
		}
		if dir == filepath.Dir(dir) {
			return nil, errors.New("no testdata/go.mod here or above")
		}
	}
})

// Signatures returns packages and all that they import outside of the standard library, without
// looking into their functions. Those that the module in dir does not have are left out.
func Signatures(dir string, paths ...string) (*Program, error) {
	return load(dir, true, append([]string{"-e"}, paths...)...)
}

// load checks packages that are listed in a module's folder.
func load(dir string, signatures bool, list ...string) (*Program, error) {
	args := []string{"list", "-deps", "-json=ImportPath,Dir,GoFiles,TestGoFiles,ForTest,Standard,Module,Error"}
	cmd := exec.Command("go", append(args, list...)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := output(cmd)
	if err != nil {
		return nil, fmt.Errorf("%w\nthe modules of %s must be there: run go mod download in that folder", err, dir)
	}
	type listed struct {
		ImportPath, Dir, ForTest string
		GoFiles, TestGoFiles     []string
		Standard                 bool
		Module                   *analysis.Module
		Error                    *struct{}
	}
	var pkgs []listed
	var library []string
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		switch {
		case p.Error != nil: // it was asked not to fail
		case p.Standard:
			library = append(library, p.ImportPath)
		case p.ForTest == "" && !strings.HasSuffix(p.ImportPath, ".test"):
			pkgs = append(pkgs, p)
		}
	}
	program := Standard()
	program.signatures = signatures
	if err := program.std.load(library...); err != nil {
		return nil, err
	}
	for _, p := range pkgs {
		pkg := &Package{Path: p.ImportPath, Dir: p.Dir, Module: p.Module}
		names := p.GoFiles
		if pkg.Own() {
			names = append(names, p.TestGoFiles...)
		}
		for _, name := range names {
			file, err := program.Parse(filepath.Join(p.Dir, name), nil)
			if err != nil {
				return nil, err
			}
			pkg.Files = append(pkg.Files, file)
		}
		if err := program.Add(pkg); err != nil {
			return nil, err
		}
	}
	return program, nil
}

// All reports whether everything is to be tested, also what takes long.
func All() bool { return os.Getenv("POOLLINT_E2E") == "all" }

// output runs a command; what it says on standard error is in its error.
func output(cmd *exec.Cmd) ([]byte, error) {
	out, err := cmd.Output()
	if exit := new(exec.ExitError); errors.As(err, &exit) {
		err = fmt.Errorf("%s: %w\n%s", strings.Join(cmd.Args, " "), err, exit.Stderr)
	}
	return out, err
}
