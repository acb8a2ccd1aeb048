package e2e

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestGoVet(t *testing.T) {
	t.Parallel()
	p := project(t, simple)
	res := p.run("go", "vet", "-vettool="+poollint, "./...")
	if res.code != 1 {
		t.Fatalf("want exit code 1, got %v", res)
	}
	// go vet and the front end say the same, but for the place of a tab.
	said := regexp.MustCompile(`(?m)^(\S+:\d+:\d+: )\t`).ReplaceAllString(res.stderr, "\t$1")
	if front := p.lint(1, "./...").stdout; said != front {
		t.Errorf("go vet printed\n%s\nand poollint\n%s", said, front)
	}
	contains(t, "go vet -json", p.must("go", "vet", "-vettool="+poollint, "-json", "./...").stdout,
		`"category": "unbounded"`, `crawl.go:13:3`)
	p.must("go", "vet", "-vettool="+poollint, "-checks=-unbounded", "./...")
	res = p.run("go", "vet", "-vettool="+poollint, "-checks=unbonded", "./...")
	if res.code == 0 {
		t.Errorf("a wrong check went through: %v", res)
	}
	contains(t, "stderr", res.stderr, `unknown check "unbonded"`)
}

// abandoned is a finding with a fix: a buffer for the result channel. It imports nothing.
const abandoned = `
-- go.mod --
module example.com/late

go 1.26
-- late.go --
package late

func Get(stop <-chan struct{}) error {
	done := make(chan error)
	go func() {
		done <- get()
	}()
	select {
	case err := <-done:
		return err
	case <-stop:
		return nil
	}
}

func get() error { return nil }
`

func TestFix(t *testing.T) {
	t.Parallel()
	const fixed = "make(chan error, 1)"
	fixers := map[string]func(p *runner) result{
		"poollint": func(p *runner) result { return p.run(poollint, "-fix", "./...") },
		"go vet":   func(p *runner) result { return p.run("go", "vet", "-vettool="+poollint, "-fix", "./...") },
		"go fix":   func(p *runner) result { return p.run("go", "fix", "-fixtool="+poollint, "./...") },
	}
	for name, fix := range fixers {
		t.Run(name, func(t *testing.T) {
			p := project(t, abandoned)
			contains(t, "stdout", p.lint(1).stdout, "late.go:5:2: abandoned: ")
			if res := fix(p); res.code != 0 || res.stdout != "" || res.stderr != "" {
				t.Errorf("want success and silence, got %v", res)
			}
			contains(t, "late.go", p.read("late.go"), fixed)
			p.lint(0)
		})
	}
	differs := map[string]func(p *runner) result{
		"poollint": func(p *runner) result { return p.run(poollint, "-diff", "./...") },
		"go vet":   func(p *runner) result { return p.run("go", "vet", "-vettool="+poollint, "-fix", "-diff", "./...") },
		"go fix":   func(p *runner) result { return p.run("go", "fix", "-fixtool="+poollint, "-diff", "./...") },
	}
	for name, diff := range differs {
		t.Run(name+" -diff", func(t *testing.T) {
			p := project(t, abandoned)
			before := p.read("late.go")
			res := diff(p)
			if res.code != 1 {
				t.Errorf("want exit code 1, got %v", res)
			}
			contains(t, "the diff", res.stdout, "-\tdone := make(chan error)", "+\tdone := "+fixed)
			if p.read("late.go") != before {
				t.Error("-diff changed the file")
			}
		})
	}
	t.Run("what remains", func(t *testing.T) {
		p := project(t, abandoned+"-- crawl/crawl.go --"+crawl)
		res := p.lint(1, "-fix", "./...")
		contains(t, "stdout", res.stdout, "crawl/crawl.go:13:3: unbounded: ")
		lacks(t, "stdout", res.stdout, "abandoned")
		contains(t, "late.go", p.read("late.go"), fixed)
	})
}

// The toolchain of the project may be another than that which built poollint.
func TestHeavyOtherToolchains(t *testing.T) {
	t.Parallel()
	heavy(t)
	for _, version := range []string{"go1.25.9", "go1.27.0"} {
		t.Run(version, func(t *testing.T) {
			p := project(t, strings.ReplaceAll(simple, "go 1.26", "go 1.25")).with("GOTOOLCHAIN=" + version)
			if res := p.run("go", "version"); res.code != 0 {
				absent(t, "no toolchain "+version+": "+res.stderr)
			}
			vet := p.run("go", "vet", "-vettool="+poollint, "./...")
			front := p.run(poollint, "./...")
			if version > "go1.27" {
				if vet.code == 0 || front.code != 2 {
					t.Fatalf("a tool that is too old went through: %v\n%v", vet, front)
				}
				for _, res := range []result{vet, front} {
					contains(t, "stderr", res.stderr, "cannot check code for go1.27.0", "go tool poollint")
				}
				if n := strings.Count(front.stderr, "\n"); n != 1 {
					t.Errorf("want one line, got\n%s", front.stderr)
				}
				// Built with it, as "go tool" does by itself, it works.
				newer := filepath.Join(p.dir, "poollint.exe")
				p.in(here(t)).must("go", "build", "-o", newer, "../cmd/poollint")
				vet, front = p.run("go", "vet", "-vettool="+newer, "./..."), p.run(newer, "./...")
			}
			if vet.code == 0 || front.code != 1 {
				t.Fatalf("want findings, got %v\n%v", vet, front)
			}
			contains(t, "go vet", vet.stderr, "crawl/crawl.go:13:3: unbounded: ")
			contains(t, "poollint", front.stdout, "crawl/crawl.go:13:3: unbounded: ")
		})
	}
}
