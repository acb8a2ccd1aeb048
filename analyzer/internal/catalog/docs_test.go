package catalog_test

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/linttest"
)

// The examples of CONTRIBUTING.md and docs/catalog.md: the libraries compile, and the configuration
// says the same.
func TestDocs(t *testing.T) {
	page, err := os.ReadFile(repoRoot + "/CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := bytes.Cut(page, []byte("\n## Adding a library\n"))
	compiles(t, block(t, section, "go"))
	if page, err = os.ReadFile(repoRoot + "/docs/catalog.md"); err != nil {
		t.Fatal(err)
	}
	compiles(t, block(t, page, "go"))

	dec := yaml.NewDecoder(bytes.NewReader(block(t, page, "yaml")))
	dec.KnownFields(true)
	var configs []catalog.LibraryConfig
	if err := dec.Decode(&configs); err != nil {
		t.Fatal(err)
	}
	libs, err := catalog.FromConfig(configs)
	if err != nil {
		t.Fatal(err)
	}
	pkg := check(t, "example.com/workers", `package workers
type Pool struct{}
func New(n int) *Pool { return nil }
func (*Pool) Submit(func()) error { return nil }
func (*Pool) Close() {}
`)
	if err := libs[0].Check(pkg); err != nil {
		t.Error(err)
	}
}

// block is the first block of code in a language, without its indentation.
func block(t *testing.T, page []byte, lang string) []byte {
	t.Helper()
	m := regexp.MustCompile("(?ms)^( *)```" + lang + "\n(.*?)^ *```").FindSubmatch(page)
	if m == nil {
		t.Fatalf("no block of %s", lang)
	}
	return []byte(strings.ReplaceAll("\n"+string(m[2]), "\n"+string(m[1]), "\n"))
}

// compiles type-checks a file as one of package catalog.
func compiles(t *testing.T, example []byte) {
	t.Helper()
	program := linttest.Standard()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	sources := map[string]any{"example.go": example}
	for _, name := range names {
		if !strings.HasSuffix(name, "_test.go") {
			sources[name] = nil // read from disk
		}
	}
	pkg := &linttest.Package{Path: "catalog"}
	for name, src := range sources {
		f, err := program.Parse(name, src)
		if err != nil {
			t.Fatal(err)
		}
		pkg.Files = append(pkg.Files, f)
	}
	if err := program.Add(pkg); err != nil {
		t.Error(err)
	}
}
