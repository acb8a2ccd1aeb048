package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/poollint/poollint/analyzer"
)

// The examples on the rules' pages are true: the wrong ones are reported, by their rule, and
// about the right ones there is nothing to say.
func TestRuleExamples(t *testing.T) {
	t.Parallel()
	p := project(t, "")
	// The libraries are those of testdata.
	libraries(t, p)
	for _, r := range analyzer.Rules() {
		p.write(r.ID+"/wrong/example.go", r.Section("Wrong"))
		p.write(r.ID+"/right/example.go", r.Section("Right"))
	}
	res := p.run(poollint, "-checks=all", "-f=json", "./...")
	if res.code != 1 || res.stderr != "" {
		t.Fatalf("the examples could not be checked: %v", res)
	}
	var fs []struct{ Rule, File, Message string }
	if err := json.Unmarshal([]byte(res.stdout), &fs); err != nil {
		t.Fatal(err)
	}
	wrong := map[string]bool{}
	for _, f := range fs {
		id, side, _ := strings.Cut(filepath.ToSlash(filepath.Dir(f.File)), "/")
		if side == "right" {
			t.Errorf("%s: the right example is reported: %s", id, f.Message)
		}
		if side == "wrong" && f.Rule == id {
			wrong[id] = true
		}
	}
	for _, r := range analyzer.Rules() {
		if !wrong[r.ID] {
			t.Errorf("%s: the wrong example is not reported by its rule", r.ID)
		}
	}
}

// libraries gives a project what the testdata of the rules may import.
func libraries(t *testing.T, p *runner) {
	t.Helper()
	for from, to := range map[string]string{"testdata.mod": "go.mod", "testdata.sum": "go.sum"} {
		data, err := os.ReadFile(filepath.Join("../analyzer", from))
		if err != nil {
			t.Fatal(err)
		}
		p.write(to, strings.Replace(string(data), "=> ./", "=> "+filepath.Dir(here(t)), 1))
	}
}

// Whoever wrote a pool knows what its size means; whoever uses it may not.
func TestOwnLibrary(t *testing.T) {
	t.Parallel()
	p := project(t, "")
	p.write("go.mod", "module github.com/tiancaiamao/gp\n\ngo 1.26\n")
	p.write("gp.go", `package gp

import "time"

type Pool struct{ idle int }

func New(n int, d time.Duration) *Pool { return &Pool{n} }

func (p *Pool) Go(f func()) { go f() }

var shared = New(128, time.Second)
`)
	p.write("use/use.go", `package use

import (
	"time"

	"github.com/tiancaiamao/gp"
)

var shared = gp.New(128, time.Second)
`)
	res := p.run(poollint, "-f=json", "./...")
	var fs []struct{ Rule, File string }
	if err := json.Unmarshal([]byte(res.stdout), &fs); err != nil {
		t.Fatal(err, res)
	}
	if len(fs) != 1 || fs[0].Rule != "unbounded" || filepath.ToSlash(fs[0].File) != "use/use.go" {
		t.Errorf("got %v, want the size that gp does not keep to in use.go alone", fs)
	}
}
