// Package sarif holds poollint's SARIF against the official schema and against what GitHub's code
// scanning asks for beyond it:
// https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
package sarif

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

const source = `package sample

import (
	"encoding/json"
	"net/http"
)

func Handle(w http.ResponseWriter, r *http.Request) {
	var urls []string
	_ = json.NewDecoder(r.Body).Decode(&urls)
	for _, url := range urls {
		/* é𝄞 */ go fetch(url)
	}
}

func fetch(url string) {
	resp, err := http.Get(url)
	if err == nil {
		resp.Body.Close()
	}
}
`

// late has a fix.
const late = `package sample

import (
	"errors"
	"net/http"
	"time"
)

func Late(url string) error {
	done := make(chan error)
	go func() {
		_, err := http.Get(url)
		done <- err
	}()
	select {
	case err := <-done:
		return err
	case <-time.After(time.Second):
		return errors.New("late")
	}
}
`

// lint runs poollint in a module below the root of a repository.
func lint(t *testing.T, args ...string) []byte {
	t.Helper()
	root := t.TempDir()
	exe := filepath.Join(root, "poollint.exe")
	if out, err := exec.Command("go", "build", "-C", "../..", "-o", exe, "./cmd/poollint").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for name, content := range map[string]string{
		".git/HEAD":             "ref: refs/heads/main\n",
		"services/a b/go.mod":   "module example.com/sample\n\ngo 1.26\n",
		"services/a b/crawl.go": source,
		"services/a b/late.go":  late,
	} {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(exe, args...)
	cmd.Dir = filepath.Join(root, "services", "a b")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, _ := cmd.Output()
	if code := cmd.ProcessState.ExitCode(); code > 1 || stderr.Len() > 0 {
		t.Fatalf("exit code %d: %s", code, stderr.Bytes())
	}
	return out
}

func TestSchema(t *testing.T) {
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	schema, err := c.Compile("testdata/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"-f=sarif"}, {"-f=sarif", "-checks=directive"}} { // with findings and without
		out := lint(t, args...)
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(out))
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		if err := schema.Validate(doc); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	}
}

type text struct{ Text, Markdown string }

type location struct {
	ID               int
	PhysicalLocation struct {
		ArtifactLocation struct{ URI string }
		Region           struct{ StartLine, StartColumn, EndLine, EndColumn int }
	}
}

type document struct {
	Schema  string `json:"$schema"`
	Version string
	Runs    []struct {
		ColumnKind string
		Tool       struct {
			Driver struct {
				Name  string
				Rules []struct {
					ID, HelpURI                             string
					ShortDescription, FullDescription, Help text
					Properties                              struct {
						Tags      []string
						Precision string
						Severity  string `json:"problem.severity"`
					}
				}
			}
		}
		Results []struct {
			RuleID              string
			RuleIndex           int
			Message             text
			Locations           []location
			RelatedLocations    []location
			PartialFingerprints map[string]string
			Fixes               []struct{ ArtifactChanges []any }
		}
	}
}

func TestGitHubRules(t *testing.T) {
	out := lint(t, "-f=sarif")
	var doc document
	if err := json.Unmarshal(out, &doc); err != nil {
		t.Fatal(err)
	}
	if doc.Version != "2.1.0" || !strings.HasSuffix(doc.Schema, "/sarif-schema-2.1.0.json") || len(doc.Runs) != 1 {
		t.Fatalf("got %s", out)
	}
	run := doc.Runs[0]
	if run.ColumnKind != "utf16CodeUnits" || run.Tool.Driver.Name != "poollint" {
		t.Errorf("columnKind %q, driver %q", run.ColumnKind, run.Tool.Driver.Name)
	}
	rules := run.Tool.Driver.Rules
	if len(rules) == 0 {
		t.Error("no rules")
	}
	for _, r := range rules {
		if r.ID == "" || r.ShortDescription.Text == "" || r.FullDescription.Text == "" || len(r.FullDescription.Text) > 1024 ||
			r.Help.Text == "" || r.Help.Markdown == "" || !strings.HasPrefix(r.HelpURI, "https://") ||
			r.Properties.Precision == "" || r.Properties.Severity == "" || len(r.Properties.Tags) == 0 || len(r.Properties.Tags) > 20 {
			t.Errorf("rule %s lacks something: %+v", r.ID, r)
		}
	}
	if len(run.Results) != 2 {
		t.Fatalf("want 2 results, got %s", out)
	}
	for _, res := range run.Results {
		if rules[res.RuleIndex].ID != res.RuleID {
			t.Errorf("rule %s is not at index %d", res.RuleID, res.RuleIndex)
		}
		if len(res.PartialFingerprints) == 0 || len(res.Locations) != 1 {
			t.Errorf("%s: no fingerprint, or not one location", res.RuleID)
		}
		for _, l := range append(res.Locations, res.RelatedLocations...) {
			p := l.PhysicalLocation
			if !strings.HasPrefix(p.ArtifactLocation.URI, "services/a%20b/") {
				t.Errorf("%s is not a path from the repository's root", p.ArtifactLocation.URI)
			}
			if r := p.Region; r.StartLine < 1 || r.StartColumn < 1 || r.EndLine < r.StartLine || r.EndLine == r.StartLine && r.EndColumn <= r.StartColumn {
				t.Errorf("%s: empty region %+v", res.RuleID, r)
			}
		}
		for _, l := range res.RelatedLocations { // shown only if the text links to it
			if !strings.Contains(res.Message.Text, "]("+string(rune('0'+l.ID))+")") {
				t.Errorf("%s: %q does not link to related location %d", res.RuleID, res.Message.Text, l.ID)
			}
		}
	}
	// Two tabs, /*, a space, é and 𝄞 (two units), a space, */, a space: the next is the 13th unit.
	if r := run.Results[0].Locations[0].PhysicalLocation.Region; r.StartLine != 12 || r.StartColumn != 13 {
		t.Errorf("want 12:13, got %d:%d", r.StartLine, r.StartColumn)
	}
	if last := run.Results[1]; last.RuleID != "abandoned" || len(last.Fixes) == 0 {
		t.Errorf("the fix is missing in %s", out)
	}
}
