// Package fingerprint recognises a finding again after the code around it has changed.
package fingerprint

import (
	"crypto/sha256"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"

	"github.com/poollint/poollint/cmd/poollint/internal/finding"
)

// A Key is what a finding is known by: nothing that moves when lines are added above it, and
// never the message, which may be worded anew in the next release.
type Key struct {
	Rule string `json:"rule"`
	File string `json:"file"` // slash-separated, as seen from some root
	Func string `json:"func,omitempty"`
	Line string `json:"line"`        // the source, trimmed
	N    int    `json:"n,omitempty"` // counts equal keys from 0
}

// String is the key as a short hash.
func (k Key) String() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%s\x00%s\x00%d", k.Rule, k.File, k.Func, k.Line, k.N))
	return fmt.Sprintf("%x", sum[:16])
}

// Of returns the keys of sorted findings, with files as seen from root.
func Of(fs []finding.Finding, root string, src *finding.Sources) []Key {
	counts := map[Key]int{}
	funcs := map[string]*functions{}
	keys := make([]Key, len(fs))
	for i, f := range fs {
		file := f.Pos.File
		if funcs[file] == nil {
			funcs[file] = parse(file)
		}
		k := Key{
			Rule: f.Rule,
			File: filepath.ToSlash(finding.Short(file, root)),
			Func: funcs[file].at(f.Pos.Line),
			Line: strings.TrimSpace(src.Line(f.Pos)),
		}
		n := counts[k]
		counts[k]++
		k.N = n
		keys[i] = k
	}
	return keys
}

// functions are the function declarations of a file.
type functions struct {
	fset *token.FileSet
	file *ast.File
}

func parse(path string) *functions {
	fset := token.NewFileSet()
	file, _ := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution) // nil: no functions
	return &functions{fset, file}
}

// at names the function declared around a line: "F", "T.M", or "" outside of any.
func (fs *functions) at(line int) string {
	if fs.file == nil {
		return ""
	}
	for _, d := range fs.file.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || line < fs.fset.Position(fn.Pos()).Line || fs.fset.Position(fn.End()).Line < line {
			continue
		}
		if fn.Recv != nil && len(fn.Recv.List) == 1 {
			return receiver(fn.Recv.List[0].Type) + "." + fn.Name.Name
		}
		return fn.Name.Name
	}
	return ""
}

func receiver(e ast.Expr) string {
	for {
		switch x := e.(type) {
		case *ast.StarExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.IndexListExpr:
			e = x.X
		case *ast.Ident:
			return x.Name
		default:
			return ""
		}
	}
}
