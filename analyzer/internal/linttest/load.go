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
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
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

// Module is the path of the module that the packages of testdata are in.
const Module = "poollint.test"

// Own reports whether a package is of testdata itself.
func (p *Package) Own() bool { return strings.HasPrefix(p.Path, Module+"/") }

// Command is a go command in the root of the project, for which the testdata of the rules are packages of a
// module of their own, with the libraries that they import.
func Command(args ...string) (*exec.Cmd, error) {
	root, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	for {
		modfile := filepath.Join(root, "analyzer", "testdata.mod")
		if _, err := os.Stat(modfile); err == nil {
			cmd := exec.Command("go", args...)
			cmd.Dir, cmd.Env = root, append(os.Environ(), "GOFLAGS=-modfile="+modfile)
			return cmd, nil
		}
		if root == filepath.Dir(root) {
			return nil, errors.New("no analyzer/testdata.mod here or above")
		}
		root = filepath.Dir(root)
	}
}

var testdata = sync.OnceValues(func() (*Program, error) {
	cmd, err := Command()
	if err != nil {
		return nil, err
	}
	folders, err := packages(cmd.Dir)
	if err != nil {
		return nil, err
	}
	return load(cmd, false, append([]string{"-test"}, folders...)...)
})

// packages are the folders of testdata with Go files, as patterns: ./... passes over testdata.
func packages(root string) ([]string, error) {
	var folders []string
	err := filepath.WalkDir(filepath.Join(root, "analyzer"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" {
			return err
		}
		folder, err := filepath.Rel(root, filepath.Dir(path))
		if folder = filepath.ToSlash(folder); strings.Contains(folder+"/", "/testdata/") {
			folders = append(folders, "./"+folder)
		}
		return err
	})
	return slices.Compact(folders), err
}

// Signatures returns packages and all that they import outside of the standard library, without
// looking into their functions. Those that the module in dir does not have are left out.
func Signatures(dir string, paths ...string) (*Program, error) {
	cmd := exec.Command("go")
	cmd.Dir = dir
	return load(cmd, true, append([]string{"-e"}, paths...)...)
}

// load checks the packages that a go command lists.
func load(cmd *exec.Cmd, signatures bool, list ...string) (*Program, error) {
	cmd.Args = append(cmd.Args, "list", "-deps", "-json=ImportPath,Dir,GoFiles,TestGoFiles,ForTest,Standard,Module,Error")
	cmd.Args = append(cmd.Args, list...)
	cmd.Env = append(cmd.Environ(), "CGO_ENABLED=0")
	out, err := output(cmd)
	if err != nil {
		return nil, fmt.Errorf("%w\nthe modules that the packages of %s import must be there, or come from a proxy", err, cmd.Dir)
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
