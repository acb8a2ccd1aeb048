package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/packages"
)

// A source is a package and the text of its files.
type source struct {
	*packages.Package
	dir   string // of the module
	text  map[*ast.File][]byte
	decls map[*types.Func]*function
	order []*function
	blank map[*ast.ImportSpec]bool // imports that the faults leave without use
}

// A function is one that may be broken.
type function struct {
	*source
	file *ast.File
	decl *ast.FuncDecl
	cur  inspector.Cursor
}

// load type-checks packages of a module. Of other modules, function bodies are left out: they change no type,
// and are most of the work.
func load(dir string, patterns ...string) ([]*packages.Package, error) {
	vendor := filepath.Join(dir, "vendor") + string(filepath.Separator)
	return packages.Load(&packages.Config{
		Mode: packages.LoadAllSyntax | packages.NeedModule,
		Dir:  dir,
		Fset: token.NewFileSet(),
		ParseFile: func(fset *token.FileSet, name string, text []byte) (*ast.File, error) {
			f, err := parser.ParseFile(fset, name, text, parser.AllErrors|parser.ParseComments|parser.SkipObjectResolution)
			if f != nil && (!strings.HasPrefix(name, dir+string(filepath.Separator)) || strings.HasPrefix(name, vendor)) {
				for _, d := range f.Decls {
					if d, ok := d.(*ast.FuncDecl); ok {
						d.Body = nil
					}
				}
			}
			return f, err
		},
	}, patterns...)
}

// newSource reads the files of a package. It is nil for one with files from elsewhere, as cgo writes them.
func newSource(p *packages.Package, dir string) (*source, error) {
	s := &source{
		Package: p,
		dir:     dir,
		text:    map[*ast.File][]byte{},
		decls:   map[*types.Func]*function{},
		blank:   map[*ast.ImportSpec]bool{},
	}
	for i, f := range p.Syntax {
		name := p.CompiledGoFiles[i]
		if !strings.HasPrefix(name, dir+string(filepath.Separator)) {
			return nil, nil
		}
		var err error
		if s.text[f], err = os.ReadFile(name); err != nil {
			return nil, err
		}
	}
	root := inspector.New(p.Syntax).Root()
	for cur := range root.Preorder((*ast.FuncDecl)(nil)) {
		decl := cur.Node().(*ast.FuncDecl)
		if decl.Body == nil {
			continue
		}
		f := &function{source: s, file: cur.Parent().Node().(*ast.File), decl: decl, cur: cur}
		s.order = append(s.order, f)
		if o, ok := p.TypesInfo.Defs[decl.Name].(*types.Func); ok {
			s.decls[o] = f
		}
	}
	return s, nil
}

// breakable reports whether faults are put into a function: not in generated code, and not in tests.
func (f *function) breakable() bool {
	return !ast.IsGenerated(f.file) && !strings.HasSuffix(f.Fset.File(f.file.FileStart).Name(), "_test.go")
}

// servesTests reports whether a package is a helper of tests.
func servesTests(p *packages.Package) bool {
	for path := range p.Imports {
		if path == "testing" || strings.HasPrefix(path, "github.com/stretchr/testify") {
			return true
		}
	}
	return false
}

// isMain is for functions with which the process ends or begins.
func (f *function) isMain() bool {
	return f.decl.Recv == nil && (f.decl.Name.Name == "main" || f.decl.Name.Name == "init")
}

// sourceOf is the text of a node.
func (f *function) sourceOf(n ast.Node) string {
	tf := f.Fset.File(f.file.FileStart)
	return string(f.text[f.file][tf.Offset(n.Pos()):tf.Offset(n.End())])
}

// oneLine is the text of a node on one line.
func (f *function) oneLine(n ast.Node) string {
	return strings.Join(strings.Fields(f.sourceOf(n)), " ")
}

// position is a place in the module.
func (s *source) position(pos token.Pos) token.Position {
	p := s.Fset.Position(pos)
	if rel, err := filepath.Rel(s.dir, p.Filename); err == nil {
		p.Filename = filepath.ToSlash(rel)
	}
	return p
}
