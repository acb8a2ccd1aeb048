package knowledge

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestRowsResolve finds every row in the source of the version that it was read from, and asks whether
// it has the arguments that the row speaks of.
func TestRowsResolve(t *testing.T) {
	dirs := modules(t)
	rows := 0
	for _, l := range Libraries() {
		rows += len(l.Funcs)
		t.Run(l.Path, func(t *testing.T) {
			dir := filepath.Join(build.Default.GOROOT, "src", filepath.FromSlash(l.Path))
			if l.Module != "" {
				root, ok := dirs[l.Module+"@"+l.Version]
				if !ok {
					t.Skipf("%s %s is not here and cannot be downloaded", l.Module, l.Version)
				}
				dir = filepath.Join(root, filepath.FromSlash(strings.TrimPrefix(l.Path, l.Module)))
			}
			have := declarations(t, dir)
			seen := map[string]bool{}
			for _, f := range l.Funcs {
				if seen[f.Name] {
					t.Errorf("%s.%s has two rows", l.Path, f.Name)
				}
				seen[f.Name] = true
				params, ok := have.funcs[f.Name]
				if !ok {
					t.Errorf("%s has no %s", l.Path, f.Name)
					continue
				}
				if n := max(f.Arg, f.From, f.Few); n > params {
					t.Errorf("%s.%s has %d parameters, its row speaks of the %d'th", l.Path, f.Name, params, n)
				}
				if f.Does == Calls && f.Arg == 0 || f.Does == Piece && f.Few == 0 || f.Does == 0 {
					t.Errorf("%s.%s: the row does not say which argument, or what it does", l.Path, f.Name)
				}
			}
			for _, typ := range l.Types {
				if !have.names[typ.Name] {
					t.Errorf("%s has no type %s", l.Path, typ.Name)
				}
			}
			for _, name := range l.Ends {
				if !have.names[name] {
					t.Errorf("%s has no field %s", l.Path, name)
				}
			}
			for _, f := range l.Fields {
				if !have.names[f.Name] {
					t.Errorf("%s has no field or variable %s", l.Path, f.Name)
				}
			}
		})
	}
	if rows < 150 {
		t.Errorf("%d rows of functions, at least 150 are promised", rows)
	}
}

// modules returns where the source of each module is, by path and version, downloaded if need be.
func modules(t *testing.T) map[string]string {
	args := []string{"mod", "download", "-json"}
	seen := map[string]bool{}
	for _, l := range Libraries() {
		if at := l.Module + "@" + l.Version; l.Module != "" && !seen[at] {
			if l.Version == "" {
				t.Errorf("%s: no version says which source was read", l.Path)
				continue
			}
			seen[at] = true
			args = append(args, at)
		}
	}
	cmd := exec.Command("go", args...)
	cmd.Dir = t.TempDir()
	out, _ := cmd.Output() // what is missing is skipped
	dirs := map[string]string{}
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var m struct{ Path, Version, Dir string }
		if err := dec.Decode(&m); errors.Is(err, io.EOF) {
			return dirs
		} else if err != nil {
			t.Fatal(err)
		}
		if m.Dir != "" {
			dirs[m.Path+"@"+m.Version] = m.Dir
		}
	}
}

type declared struct {
	funcs map[string]int  // how many parameters; a variadic one counts for many
	names map[string]bool // types, fields and variables
}

// declarations reads the source of a package, whatever it is built for.
func declarations(t *testing.T, dir string) declared {
	d := declared{map[string]int{}, map[string]bool{}}
	fset := token.NewFileSet()
	pkgs, err := parser.ParseDir(fset, dir, func(f fs.FileInfo) bool { return !strings.HasSuffix(f.Name(), "_test.go") }, parser.SkipObjectResolution)
	if err != nil && len(pkgs) == 0 {
		t.Fatal(err)
	}
	for _, pkg := range pkgs {
		for _, file := range pkg.Files {
			for _, decl := range file.Decls {
				switch decl := decl.(type) {
				case *ast.FuncDecl:
					name := decl.Name.Name
					if decl.Recv != nil {
						name = receiver(decl.Recv.List[0].Type) + "." + name
					}
					d.funcs[name] = max(d.funcs[name], parameters(decl.Type))
				case *ast.GenDecl:
					for _, s := range decl.Specs {
						d.spec(s)
					}
				}
			}
		}
	}
	return d
}

func (d declared) spec(s ast.Spec) {
	switch s := s.(type) {
	case *ast.ValueSpec:
		for _, n := range s.Names {
			d.names[n.Name] = true
		}
	case *ast.TypeSpec:
		d.names[s.Name.Name] = true
		switch t := s.Type.(type) {
		case *ast.StructType:
			for _, f := range t.Fields.List {
				for _, n := range f.Names {
					d.names[s.Name.Name+"."+n.Name] = true
				}
			}
		case *ast.InterfaceType:
			for _, f := range t.Methods.List {
				if sig, ok := f.Type.(*ast.FuncType); ok {
					for _, n := range f.Names {
						d.funcs[s.Name.Name+"."+n.Name] = parameters(sig)
					}
				}
			}
		}
	}
}

func receiver(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return receiver(e.X)
	case *ast.IndexExpr:
		return receiver(e.X)
	case *ast.IndexListExpr:
		return receiver(e.X)
	case *ast.Ident:
		return e.Name
	}
	return fmt.Sprintf("%T", e)
}

func parameters(sig *ast.FuncType) int {
	n := 0
	for _, f := range sig.Params.List {
		n += max(1, len(f.Names))
		if _, variadic := f.Type.(*ast.Ellipsis); variadic {
			n += 8
		}
	}
	return n
}
