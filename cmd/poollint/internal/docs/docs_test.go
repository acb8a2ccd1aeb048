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

var update = flag.Bool("update", false, "write the README's table")

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

// The page that a URL leads to is the one that the rule was compiled with.
func TestPages(t *testing.T) {
	for _, r := range analyzer.Rules() {
		_, path, ok := strings.Cut(r.URL(), "/blob/main/")
		data, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(path)))
		if !ok || err != nil || string(data) != r.Page {
			t.Errorf("the URL of %s does not lead to its page: %s", r.ID, r.URL())
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
	golden(t, path, table.ReplaceAllString(string(data), "${1}"+Table("analyzer/rules/")+"${2}"))
}

// Every page answers the same questions in the same order, and says of the rule what the table says.
func TestComplete(t *testing.T) {
	asked := []string{"What it does", "Why it is bad", "Seen in the wild", "Wrong", "Right", "How it decides", "Known limits", "When not to use it", "Fix"}
	for _, r := range analyzer.Rules() {
		if !strings.HasPrefix(r.Page, "# "+r.ID+"\n") {
			t.Errorf("the page of %s does not begin with its id", r.ID)
		}
		var titles []string
		for _, s := range r.Sections() {
			titles = append(titles, s.Title)
			if s.Text == "" {
				t.Errorf("rule %s: %q is empty", r.ID, s.Title)
			}
			if is := s.Title == "Wrong" || s.Title == "Right"; is != s.Code {
				t.Errorf("rule %s: %q is code: %v", r.ID, s.Title, s.Code)
			}
		}
		// What is wrong with a directive happens to nobody but its author.
		optional := func(title string) bool { return r.ID == "directive" && title == "Seen in the wild" }
		if want := slices.DeleteFunc(slices.Clone(asked), optional); !slices.Equal(titles, want) {
			t.Errorf("rule %s answers %q, want %q", r.ID, titles, want)
		}
		does := r.Section("What it does")
		if on := strings.HasSuffix(does, "\nOn by default."); !strings.HasPrefix(does, "Reports "+r.Title+".\n") || on != r.Default {
			t.Errorf("rule %s: the page says %q", r.ID, does)
		}
		if in := r.Section("Seen in the wild"); in != "" && !strings.HasPrefix(in, "https://") {
			t.Errorf("rule %s links no incident", r.ID)
		}
		if none := strings.HasPrefix(r.Section("Fix"), "None"); none == r.Fixes {
			t.Errorf("rule %s: the page says of a fix %q", r.ID, r.Section("Fix"))
		}
		if n := len(r.Title); n > 100 {
			t.Errorf("the title of %s has %d bytes, at most 100 fit a table", r.ID, n)
		}
	}
}
