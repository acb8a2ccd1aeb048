package vettool

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/gcexportdata"
)

// standard reports whether the package is one of the standard library that others need. Of these
// the analyzer's tables tell everything, and all that remains to be done is to pass types on.
func (u *unit) standard() bool {
	first, _, _ := strings.Cut(u.ImportPath, "/")
	if !u.VetxOnly || u.ModulePath != "" || strings.Contains(first, ".") {
		return false
	}
	root, ok := strings.CutSuffix(filepath.ToSlash(u.Dir), "/src/"+u.ImportPath)
	if !ok {
		return false
	}
	_, err := os.Stat(filepath.Join(root, "src", "runtime", "runtime2.go"))
	return err == nil
}

// types does what unitchecker does for a package that has no facts, without looking into its
// functions: a third of the work of a first run is the standard library.
func (u *unit) types() error {
	fset := token.NewFileSet()
	var files []*ast.File
	for _, name := range u.GoFiles {
		f, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		files = append(files, f)
	}
	imports := map[string]*types.Package{}
	conf := types.Config{
		IgnoreFuncBodies: true,
		GoVersion:        u.GoVersion,
		Sizes:            types.SizesFor("gc", build.Default.GOARCH),
		Importer: importer(func(path string) (*types.Package, error) {
			if p := u.ImportMap[path]; p != "" {
				path = p
			}
			if path == "unsafe" {
				return types.Unsafe, nil
			}
			if p := imports[path]; p != nil && p.Complete() {
				return p, nil
			}
			return readTypes(fset, imports, path, u.PackageVetx[path])
		}),
	}
	pkg, err := conf.Check(u.ImportPath, fset, files, nil)
	if err != nil {
		return err
	}
	if u.Stdout != "" {
		if err := os.WriteFile(u.Stdout, nil, 0o666); err != nil {
			return err
		}
	}
	return writeTypes(fset, pkg, u.VetxOutput)
}

type importer func(path string) (*types.Package, error)

func (f importer) Import(path string) (*types.Package, error) { return f(path) }

// A file that passes types and facts on is unitchecker's: a word, the lengths of both, and both.
// It is the tool's own, never another's, since the tool is part of the go command's cache key.
const (
	magic  = "vetx"
	header = len(magic) + 8
)

func readTypes(fset *token.FileSet, imports map[string]*types.Package, path, file string) (*types.Package, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	if len(data) < header || string(data[:len(magic)]) != magic {
		return nil, errors.New(file + " is not what was written")
	}
	end := header + int(binary.LittleEndian.Uint32(data[len(magic):]))
	if end > len(data) {
		return nil, errors.New(file + " is cut off")
	}
	data = data[header-1 : end]
	data[0] = 'i' // gcexportdata's mark of the format, which unitchecker leaves out
	return gcexportdata.Read(bytes.NewReader(data), fset, imports, path)
}

func writeTypes(fset *token.FileSet, pkg *types.Package, file string) error {
	var buf bytes.Buffer
	buf.WriteString(magic)
	buf.Write(make([]byte, 8))
	mark := buf.Len()
	if err := gcexportdata.Write(&buf, fset, pkg); err != nil {
		return fmt.Errorf("cannot pass on the types of %s: %v", pkg.Path(), err)
	}
	data := buf.Bytes()
	data = append(data[:mark], data[mark+1:]...) // without the mark 'i'
	binary.LittleEndian.PutUint32(data[len(magic):], uint32(len(data)-header))
	return os.WriteFile(file, data, 0o666)
}
