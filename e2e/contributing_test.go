package e2e

import (
	"go/format"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

// What CONTRIBUTING says of adding a rule, a library, a source and a cost is done, step by step, in a copy of the
// project: files are written, rows added, commands run.
func TestHeavyContributing(t *testing.T) {
	heavy(t)
	t.Parallel()
	p := project(t, "")
	copyProject(t, p.dir)
	p.env = append(p.env, "GOPROXY=file://"+filepath.ToSlash(crewModule(t))+","+goenv(t, "GOPROXY"), "GONOSUMDB=example.com", "GOFLAGS=-mod=mod")
	text := p.read("CONTRIBUTING.md")
	for _, title := range []string{"Adding a rule", "Adding a library", "Adding a source of data", "Adding a cost"} {
		_, section, ok := strings.Cut(text, "\n## "+title+"\n")
		if !ok {
			t.Fatalf("CONTRIBUTING has no section %q", title)
		}
		section, _, _ = strings.Cut(section, "\n## ")
		steps := blocks(section)
		if len(steps) < 2 {
			t.Errorf("%s: no steps were found", title)
		}
		for _, b := range steps {
			if b.language == "sh" {
				if res := p.run("bash", "-ec", b.text); res.code != 0 {
					t.Fatalf("%s: %s\n%v", title, b.text, res)
				}
				continue
			}
			first, rest, _ := strings.Cut(b.text, "\n")
			file, list, isRow := strings.Cut(strings.TrimPrefix(first, "// "), ": ")
			if !isRow {
				p.write(file, rest)
				continue
			}
			source := p.read(file)
			at := regexp.MustCompile(`(?m)^var ` + list + ` = .*\{$`).FindStringIndex(source)
			if at == nil {
				t.Fatalf("%s: there is no list %s in %s", title, list, file)
			}
			with, err := format.Source([]byte(source[:at[1]] + "\n" + rest + source[at[1]:]))
			if err != nil {
				t.Fatalf("%s: %v", title, err)
			}
			p.write(file, string(with))
		}
	}
	contains(t, "the README", p.read("README.md"), "| [`late`](analyzer/rules/late/late.md) | one line that says what is reported | off |")
}

// The script says what is wrong with a name, and leaves nothing behind then.
func TestNewRuleRefuses(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"": "name the rule", "Late": "lower-case", "unbounded": "there is a rule unbounded already", "all": "every rule", "a b": "one word",
	} {
		cmd := exec.Command("go", append([]string{"run", "./scripts/newrule"}, strings.Fields(args)...)...)
		cmd.Dir = ".."
		out, err := cmd.CombinedOutput()
		if err == nil || !strings.Contains(string(out), want) {
			t.Errorf("newrule %s: %v\n%s", args, err, out)
		}
	}
}

type block struct{ language, text string }

// blocks are the fenced ones of a text, without what indents them.
func blocks(text string) []block {
	var all []block
	for _, m := range regexp.MustCompile("(?ms)^([ ]*)```(go|sh)\n(.*?)^[ ]*```$").FindAllStringSubmatch(text, -1) {
		var b strings.Builder
		for line := range strings.Lines(m[3]) {
			b.WriteString(strings.TrimPrefix(line, m[1]))
		}
		all = append(all, block{m[2], b.String()})
	}
	return all
}

// copyProject copies what git would commit.
func copyProject(t *testing.T, to string) {
	t.Helper()
	cmd := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	cmd.Dir = ".."
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	names := strings.Split(strings.Trim(string(out), "\x00"), "\x00")
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		data, err := os.ReadFile(filepath.Join("..", name))
		if os.IsNotExist(err) {
			continue // removed, and not committed yet
		}
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(to, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// crewModule is a module proxy that has the library of the examples.
func crewModule(t *testing.T) string {
	t.Helper()
	const goMod = "module example.com/crew\n\ngo 1.26\n"
	source, proxy := t.TempDir(), t.TempDir()
	versions := filepath.Join(proxy, "example.com", "crew", "@v")
	if err := os.MkdirAll(versions, 0o777); err != nil {
		t.Fatal(err)
	}
	for path, text := range map[string]string{
		filepath.Join(source, "go.mod"): goMod,
		filepath.Join(source, "crew.go"): `package crew

import "context"

type Crew struct{ tasks chan func() }

func New(size int) *Crew { return &Crew{make(chan func(), size)} }

func (c *Crew) Do(task func()) error { c.tasks <- task; return nil }

func (c *Crew) Stop() { close(c.tasks) }

type Job struct{ Name string }

func (c *Crew) Waiting(ctx context.Context) ([]Job, error) { return nil, ctx.Err() }
`,
		filepath.Join(versions, "v1.4.0.mod"):  goMod,
		filepath.Join(versions, "v1.4.0.info"): `{"Version": "v1.4.0"}`,
		filepath.Join(versions, "list"):        "v1.4.0\n",
	} {
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	file, err := os.Create(filepath.Join(versions, "v1.4.0.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := zip.CreateFromDir(file, module.Version{Path: "example.com/crew", Version: "v1.4.0"}, source); err != nil {
		t.Fatal(err)
	}
	return proxy
}
