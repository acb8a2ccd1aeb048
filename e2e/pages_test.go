package e2e

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"
)

func page(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// Each direct requirement has a reason, and each reason a requirement.
func TestDependencies(t *testing.T) {
	t.Parallel()
	mod, err := modfile.Parse("go.mod", []byte(page(t, "go.mod")), nil)
	if err != nil {
		t.Fatal(err)
	}
	_, text, found := strings.Cut(page(t, "CONTRIBUTING.md"), "\n## Dependencies\n")
	if !found {
		t.Fatal("CONTRIBUTING.md does not say why there are which dependencies")
	}
	text, _, _ = strings.Cut(text, "\n## ")
	reasons := map[string]bool{}
	for _, m := range regexp.MustCompile("(?m)^\\| `([^`]+)` \\| \\S.*\\|$").FindAllStringSubmatch(text, -1) {
		reasons[m[1]] = true
	}
	required := map[string]bool{}
	for _, r := range mod.Require {
		if !r.Indirect {
			required[r.Mod.Path] = true
		}
	}
	if want, got := slices.Sorted(maps.Keys(required)), slices.Sorted(maps.Keys(reasons)); !slices.Equal(want, got) {
		t.Errorf("go.mod requires\n%q\nand CONTRIBUTING.md gives reasons for\n%q", want, got)
	}
}

// Flags of the tests are told of in CONTRIBUTING.md, and flags of the scripts by the scripts.
func TestFlagsOfOurOwn(t *testing.T) {
	t.Parallel()
	contributing := page(t, "CONTRIBUTING.md")
	n := 0
	sourceFiles(t, func(name string) {
		if filepath.Ext(name) != ".go" || strings.Contains(name, "testdata") {
			return
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(node ast.Node) bool {
			call, ok := node.(*ast.CallExpr)
			if !ok {
				return true
			}
			sel, ok := call.Fun.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if on, ok := sel.X.(*ast.Ident); !ok || on.Name != "flag" {
				return true
			}
			var texts []string
			for _, arg := range call.Args {
				if lit, ok := arg.(*ast.BasicLit); ok && lit.Kind == token.STRING {
					text, _ := strconv.Unquote(lit.Value)
					texts = append(texts, text)
				}
			}
			if len(texts) < 2 { // Parse, NewFlagSet, or a flag of somebody else's
				return true
			}
			n++
			if strings.HasSuffix(name, "_test.go") && !strings.Contains(contributing, "`-"+texts[0]) {
				t.Errorf("%s: CONTRIBUTING.md does not tell of -%s", name, texts[0])
			}
			if texts[len(texts)-1] == "" {
				t.Errorf("%s: nothing says what -%s is for", name, texts[0])
			}
			return true
		})
	})
	if n < 10 {
		t.Errorf("only %d flags were seen", n)
	}
}

// The page about testdata explains every marker, every kind of file, and every folder that is not a rule's.
func TestTestdataPage(t *testing.T) {
	t.Parallel()
	text := page(t, "testdata/README.md")
	seen := map[string]bool{}
	tell := func(name string) {
		if !seen[name] && !strings.Contains(text, name) {
			t.Errorf("testdata/README.md does not explain %s", name)
		}
		seen[name] = true
	}
	marker := regexp.MustCompile("(?://|/\\*) (\\w+:?) (?:\\w+ )?[\"`]")
	sourceFiles(t, func(name string) {
		of, rest, _ := strings.Cut(filepath.ToSlash(name), "/testdata/")
		if rest == "" || of != ".." && !strings.HasPrefix(of, "../analyzer") {
			return
		}
		switch filepath.Ext(name) {
		case ".go":
			for _, m := range marker.FindAllStringSubmatch(readFile(t, name), -1) {
				tell("`// " + m[1] + " ")
			}
		case ".golden":
			tell(".golden`")
		}
		for _, folder := range []string{"strict", "program"} {
			if filepath.Base(filepath.Dir(name)) == folder {
				tell("`" + folder + "/`")
			}
		}
	})
	for _, dir := range []string{"../testdata", "../analyzer/testdata"} {
		folders, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range folders {
			if f.IsDir() {
				tell(strings.TrimPrefix(dir, "../") + "/" + f.Name())
			}
		}
	}
	for _, must := range []string{"`// want ", "`// silent: ", ".golden`", "`strict/`", "`program/`"} {
		if !seen[must] {
			t.Errorf("nothing in testdata is like %s, or this test does not see it", must)
		}
	}
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// sourceFiles calls f with each file of the repository, but for what is hidden.
func sourceFiles(t *testing.T, f func(name string)) {
	t.Helper()
	err := filepath.WalkDir("..", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && name != ".." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "bin") {
			return fs.SkipDir
		}
		if !d.IsDir() {
			f(name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
