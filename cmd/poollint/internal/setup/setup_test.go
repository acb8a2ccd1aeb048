package setup

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/poollint/poollint/analyzer"
	"github.com/poollint/poollint/cmd/poollint/internal/config"
)

// The settings that are written change nothing, and what they show are the defaults.
func TestSettings(t *testing.T) {
	file := config.File{Path: config.Name, Data: settings}
	if s, err := file.Settings(); err != nil || !reflect.DeepEqual(s, analyzer.Settings{}) {
		t.Errorf("got %+v, %v", s, err)
	}
	var lines []string
	for line := range strings.Lines(string(settings)) {
		key, _, ok := strings.Cut(strings.TrimPrefix(line, "# "), ": ")
		if ok && !strings.Contains(key, " ") {
			lines = append(lines, strings.TrimPrefix(line, "# "))
		}
	}
	file.Data = []byte(strings.Join(lines, ""))
	s, err := file.Settings()
	if err != nil || len(lines) != 3 {
		t.Fatalf("%v in\n%s", err, file.Data)
	}
	var off []string
	for _, r := range analyzer.Rules() {
		if !r.Default {
			off = append(off, "-"+r.ID)
		}
	}
	if want := append([]string{"all"}, off...); !slices.Equal(s.Checks, want) {
		t.Errorf("the default checks are %q, not %q", want, s.Checks)
	}
	if s.Strict || s.Memory != analyzer.DefaultMemory {
		t.Errorf("got %+v", s)
	}
}

func TestAction(t *testing.T) {
	repo := t.TempDir()
	for _, test := range []struct{ folder, version, uses, in string }{
		{".", "v1.2.3", "poollint/poollint@v1.2.3", ""},
		{".", "(devel)", "poollint/poollint@main", ""},
		{".", "v0.0.0-20261129163420-534210d00000", "poollint/poollint@main", ""},
		{".", "v1.2.3+dirty", "poollint/poollint@main", ""},
		{"services/a: \"b\"", "v1.2.3", "poollint/poollint@v1.2.3", "services/a: \"b\""},
	} {
		f, err := Action(repo, filepath.Join(repo, filepath.FromSlash(test.folder)), test.version)
		if err != nil {
			t.Fatal(err)
		}
		var workflow struct {
			Jobs map[string]struct {
				Steps []struct {
					Uses string
					With map[string]string
				}
			}
		}
		if err := yaml.Unmarshal(f.Data, &workflow); err != nil {
			t.Fatalf("%v\n%s", err, f.Data)
		}
		step := workflow.Jobs["poollint"].Steps[1]
		if step.Uses != test.uses || step.With["working-directory"] != test.in || step.With["baseline"] != baseline {
			t.Errorf("%+v: got %+v", test, step)
		}
	}
	if _, err := Action(filepath.Join(repo, "a"), repo, ""); err == nil {
		t.Error("a workflow for a folder outside of the repository")
	}
}

// What is there stays, whatever it is.
func TestWrite(t *testing.T) {
	dir := t.TempDir()
	f := File{Path: filepath.Join(dir, "a", "b", "file"), Data: []byte("new")}
	if wrote, err := f.Write(); !wrote || err != nil {
		t.Fatalf("got %v, %v", wrote, err)
	}
	f.Data = []byte("newer")
	if wrote, err := f.Write(); wrote || err != nil {
		t.Errorf("a second time: got %v, %v", wrote, err)
	}
	if got, _ := os.ReadFile(f.Path); string(got) != "new" {
		t.Errorf("overwritten: %s", got)
	}
	f.Path = filepath.Join(dir, "link")
	if err := os.Symlink(filepath.Join(dir, "nowhere"), f.Path); err != nil {
		t.Skip(err)
	}
	if wrote, err := f.Write(); wrote || err != nil {
		t.Errorf("a link that leads nowhere: got %v, %v", wrote, err)
	}
	f.Path = filepath.Join(dir, "a", "b", "file", "c")
	if wrote, err := f.Write(); wrote || err == nil {
		t.Errorf("below a file: got %v, %v", wrote, err)
	}
}
