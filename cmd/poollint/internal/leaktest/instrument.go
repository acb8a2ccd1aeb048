package leaktest

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/poollint/poollint/cmd/poollint/internal/gocmd"
)

// helper is put into a test binary. The names must not be those of the package.
const helper = `package %[1]s

import (
	poollintOS "os"
	poollintPprof "runtime/pprof"
	poollintTesting "testing"
	poollintTime "time"
)

func poollintRun(m *poollintTesting.M) int {
	code := m.Run()
	poollintTime.Sleep(100 * poollintTime.Millisecond) // what was just started comes to where it waits
	f, err := poollintOS.Create(%[2]s)
	if err == nil {
		err = poollintPprof.Lookup("goroutineleak").WriteTo(f, 0)
	}
	if err != nil || f.Close() != nil {
		_ = poollintOS.Remove(%[2]s)
	}
	return code
}
`

const testMain = `
func TestMain(m *poollintTesting.M) { poollintOS.Exit(poollintRun(m)) }
`

// instrument returns the files that the go command is to read for the package, by the names for which.
func (p *pkg) instrument(overlay gocmd.Overlay) (map[string][]byte, error) {
	where := strconv.Quote(p.profile)
	beside := filepath.Join(p.Dir, "poollint_leaks_test.go")
	for _, name := range slices.Concat(p.TestGoFiles, p.XTestGoFiles) {
		name = filepath.Join(p.Dir, name)
		src, err := os.ReadFile(overlay.Actual(name))
		if err != nil {
			return nil, fmt.Errorf("%s was not tested: %w", p.ImportPath, err)
		}
		if !bytes.Contains(src, []byte("TestMain")) {
			continue
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, name, src, parser.SkipObjectResolution)
		if err != nil {
			return nil, fmt.Errorf("%s was not tested, since it cannot be parsed: %w", p.ImportPath, err)
		}
		main := function(file, "TestMain")
		if main == nil {
			continue
		}
		changed, ok := wrap(fset, src, main)
		if !ok {
			return nil, fmt.Errorf("%s was not tested: its TestMain does not call m.Run itself, so the leak profile cannot be read after it; call m.Run there", p.ImportPath)
		}
		return map[string][]byte{name: changed, beside: fmt.Appendf(nil, helper, file.Name.Name, where)}, nil
	}
	name := p.Name
	if len(p.TestGoFiles) == 0 && name == "" {
		name = filepath.Base(p.Dir) + "_test"
	}
	return map[string][]byte{beside: fmt.Appendf(nil, helper+testMain, name, where)}, nil
}

func function(file *ast.File, name string) *ast.FuncDecl {
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == name && f.Body != nil {
			return f
		}
	}
	return nil
}

// wrap has a TestMain call poollintRun(m) for each m.Run(), on the same line.
func wrap(fset *token.FileSet, src []byte, main *ast.FuncDecl) ([]byte, bool) {
	params := main.Type.Params.List
	if len(params) != 1 || len(params[0].Names) != 1 {
		return nil, false
	}
	m := params[0].Names[0].Name
	var out []byte
	last := 0
	ast.Inspect(main.Body, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		sel, ok := call.Fun.(*ast.SelectorExpr)
		if !ok || sel.Sel.Name != "Run" || len(call.Args) > 0 {
			return true
		}
		if id, ok := sel.X.(*ast.Ident); !ok || id.Name != m {
			return true
		}
		out = append(out, src[last:fset.Position(call.Pos()).Offset]...)
		out = fmt.Appendf(out, "poollintRun(%s)", m)
		last = fset.Position(call.End()).Offset
		return true
	})
	return append(out, src[last:]...), last > 0
}
