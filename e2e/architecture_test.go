package e2e

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Who may import whom: the analyzer runs inside other programs and brings nothing with it but the
// analysis framework; the executor brings nothing at all; what rules stand on knows no rule.
func TestArchitecture(t *testing.T) {
	t.Parallel()
	const own = "github.com/poollint/poollint/"
	allowed := []struct{ room, may string }{ // the first that fits
		{"pool/", "pool/"},
		{"internal/suggest", ""},
		{"analyzer/internal/catalog", "internal/suggest/"},
		{"analyzer/internal/", "analyzer/internal/ golang.org/x/tools/go/"},
		{"analyzer/rules/", "analyzer/internal/ golang.org/x/tools/go/"}, // no rule knows another
		{"analyzer", "analyzer/internal/ analyzer/rules/ internal/suggest/ golang.org/x/tools/go/"},
		{"plugin", "analyzer golang.org/x/tools/go/ github.com/golangci/plugin-module-register/"},
		{"cmd/", "analyzer cmd/poollint/internal/ internal/suggest/ golang.org/x/tools/go/ golang.org/x/mod/ golang.org/x/sync/ golang.org/x/term/ go.yaml.in/yaml/ github.com/rogpeppe/go-internal/ github.com/fsnotify/fsnotify github.com/sourcegraph/go-diff/ github.com/google/pprof/profile github.com/maruel/panicparse/v2/stack"},
	}
	cmd := exec.Command("go", "list", "-f", `{{.ImportPath}}{{range .Imports}} {{.}}{{end}}`, "./...")
	cmd.Dir = ".."
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		f := strings.Fields(line)
		room := strings.TrimPrefix(f[0], own)
		for _, a := range allowed {
			if !strings.HasPrefix(room+"/", a.room) {
				continue
			}
			for _, imp := range f[1:] {
				if first, _, _ := strings.Cut(imp, "/"); !strings.Contains(first, ".") {
					continue // the standard library
				}
				fits := false
				for _, may := range strings.Fields(a.may) {
					fits = fits || strings.HasPrefix(strings.TrimPrefix(imp, own)+"/", may)
				}
				if !fits {
					t.Errorf("%s may not import %s", room, imp)
				}
			}
			break
		}
	}
}

// The rooms of the analysis, from the source up to the rules: none asks one that stands behind it.
func TestRooms(t *testing.T) {
	t.Parallel()
	const internal = "github.com/poollint/poollint/analyzer/internal/"
	rooms := []string{
		"catalog", "knowledge", "summary", "verdict", "directive", "syntax", // what things mean, and what is written
		"paths", "exits", "resource", "footprint", "effects", "sites",
		"number", "throttle", "obligation", "purpose", "explore", "infer", "facts",
		"model", "rule", "tasks",
	}
	cmd := exec.Command("go", "list", "-f", `{{.ImportPath}}{{range .Imports}} {{.}}{{end}}`, "../analyzer/internal/...")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		f := strings.Fields(line)
		room := strings.TrimPrefix(f[0], internal)
		if strings.Contains(room, "/") || room == "linttest" {
			continue // for tests, and what measures
		}
		at := slices.Index(rooms, room)
		if at < 0 {
			t.Errorf("%s has no place among the rooms", room)
		}
		for _, imp := range f[1:] {
			if other, ok := strings.CutPrefix(imp, internal); ok && slices.Index(rooms, other) > at {
				t.Errorf("%s asks %s, which stands behind it", room, other)
			}
		}
	}
}

// The page that shows the rooms names nothing that is not there, and leaves no room out.
func TestArchitecturePage(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	prose := regexp.MustCompile("(?s)```.*?```").ReplaceAllString(string(page), "")
	names := declared(t, "../analyzer", "../cmd")
	path := regexp.MustCompile(`^[\w./-]+$`)
	dotted := regexp.MustCompile(`^\w+(\.\w+)+$`)
	for _, m := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(prose, -1) {
		name := m[1]
		first, _, isPath := strings.Cut(name, "/")
		_, err := os.Stat(filepath.Join("..", first))
		switch {
		case isPath && path.MatchString(name) && err == nil:
			if _, err := os.Stat(filepath.Join("..", name)); err != nil {
				t.Errorf("there is no %s", name)
			}
		case strings.HasPrefix(name, "Test") || dotted.MatchString(name) && !strings.HasPrefix(name, "sync.") && !strings.HasPrefix(name, "analysis."):
			if !names[name] {
				t.Errorf("nothing is called %s", name)
			}
		}
	}
	rooms, err := os.ReadDir("../analyzer/internal")
	if err != nil {
		t.Fatal(err)
	}
	for _, room := range rooms {
		if name := "analyzer/internal/" + room.Name(); room.Name() != "linttest" && !strings.Contains(prose, name) {
			t.Errorf("docs/architecture.md does not say what %s is for", name)
		}
	}
}

// declared are the functions, types and methods in folders: F and p.F, p.T, T.M and p.T.M of package p.
func declared(t *testing.T, dirs ...string) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	for _, dir := range dirs {
		err := filepath.WalkDir(dir, func(name string, _ fs.DirEntry, err error) error {
			if err != nil || filepath.Ext(name) != ".go" {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			add := func(name string) { names[name], names[file.Name.Name+"."+name] = true, true }
			for _, d := range file.Decls {
				switch d := d.(type) {
				case *ast.FuncDecl:
					if d.Recv == nil {
						add(d.Name.Name)
						continue
					}
					recv := d.Recv.List[0].Type
					if star, ok := recv.(*ast.StarExpr); ok {
						recv = star.X
					}
					if id, ok := recv.(*ast.Ident); ok {
						add(id.Name + "." + d.Name.Name)
					}
				case *ast.GenDecl:
					for _, spec := range d.Specs {
						if s, ok := spec.(*ast.TypeSpec); ok {
							add(s.Name.Name)
						}
					}
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return names
}
