package docs

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/poollint/poollint/analyzer"
)

var update = flag.Bool("update", false, "write the pages and the README's table")

const root = "../../../.."

// golden compares a file with what it should hold, or writes it.
func golden(t *testing.T, path, want string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(want), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v: run go test ./cmd/poollint/internal/docs -update", err)
	}
	if string(got) != want {
		t.Errorf("%s differs from the rule table: run go test ./cmd/poollint/internal/docs -update", path)
	}
}

func TestPages(t *testing.T) {
	dir := filepath.Join(root, "docs", "rules")
	var names []string
	for _, r := range analyzer.Rules() {
		name := r.ID + ".md"
		names = append(names, name)
		golden(t, filepath.Join(dir, name), Page(r))
		if !strings.HasSuffix(r.URL(), "/docs/rules/"+name) {
			t.Errorf("the URL of %s does not lead to its page: %s", r.ID, r.URL())
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !slices.Contains(names, e.Name()) {
			t.Errorf("%s is the page of no rule", e.Name())
		}
	}
}

var table = regexp.MustCompile(`(?s)(<!-- rules -->\n).*(<!-- /rules -->\n)`)

func TestReadmeTable(t *testing.T) {
	path := filepath.Join(root, "README.md")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !table.Match(data) {
		t.Fatal("the README has no place for the rules")
	}
	golden(t, path, table.ReplaceAllString(string(data), "${1}"+Table("docs/rules/")+"${2}"))
}

// Every rule says all that a page needs.
func TestComplete(t *testing.T) {
	for _, r := range analyzer.Rules() {
		for name, text := range map[string]string{
			"Title": r.Title, "Why": r.Why, "Wrong": r.Wrong, "Right": r.Right,
			"Decides": r.Decides, "Limits": r.Limits, "NotWhen": r.NotWhen,
		} {
			if strings.TrimSpace(text) == "" {
				t.Errorf("rule %s has no %s", r.ID, name)
			}
		}
		// What is wrong with a directive happens to nobody but its author.
		if !strings.Contains(r.Incident, "https://") && r.ID != "directive" {
			t.Errorf("rule %s links no incident", r.ID)
		}
		if n := len(r.Title); n > 100 {
			t.Errorf("the title of %s has %d bytes, at most 100 fit a table", r.ID, n)
		}
	}
}
