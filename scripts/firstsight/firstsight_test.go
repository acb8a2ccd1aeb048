package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestEvenly(t *testing.T) {
	for _, test := range []struct {
		m, n int
		want []int
	}{
		{0, 3, []int{}},
		{2, 3, []int{0, 1}},
		{3, 3, []int{0, 1, 2}},
		{10, 3, []int{0, 3, 6}},
		{7, 2, []int{0, 3}},
		{7, 0, []int{}},
	} {
		if got := evenly(test.m, test.n); !slices.Equal(got, test.want) {
			t.Errorf("%d of %d: got %v, want %v", test.n, test.m, got, test.want)
		}
	}
}

func TestReadBatch(t *testing.T) {
	const commit = "0123456789abcdef0123456789abcdef01234567"
	name := write(t, "batch.tsv", "# comment\n"+
		"github.com/a/b\t"+commit+"\n\n"+
		"github.com/a/c\t"+commit+"\tv2\tnetgo\r\n")
	got, err := readBatch(name)
	want := []entry{{"github.com/a/b", commit, "", ""}, {"github.com/a/c", commit, "v2", "netgo"}}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, %v", got, err)
	}

	name = write(t, "batch.tsv", "github.com/a/b\n"+
		"# comment\n"+
		"a/b\t"+commit+"\n"+
		"github.com/a/b\t01234567\n"+
		"github.com/a/b\t"+commit+"\t../c\n")
	_, err = readBatch(name)
	wantErrors(t, err, name,
		":1: 1 cells; want repository, commit and if needed folder and tags, separated by tabs",
		`:3: "a/b" is no repository; write it as github.com/owner/name`,
		`:4: "01234567" is no full commit; write its 40 hexadecimal digits`,
		`:5: "../c" leads out of the repository; write the module's folder in it`)

	name = write(t, "batch.tsv", "# nothing\n")
	_, err = readBatch(name)
	wantErrors(t, err, name, " names no repository; write lines of repository, commit, folder and tags, separated by tabs")
}

func TestBatches(t *testing.T) {
	for _, name := range []string{"batch1.tsv", "batch2.tsv", "batch3.tsv"} {
		all, err := readBatch(name)
		if err != nil {
			t.Error(err)
		}
		repositories := map[string]bool{}
		for _, e := range all {
			repositories[e.repository] = true
		}
		if len(repositories) != 15 {
			t.Errorf("%s: %d repositories, want 15", name, len(repositories))
		}
	}
}

const source = `package small

import (
	"context"
	"sync"
)

func First(ctx context.Context, work func() error) error {
	failed := make(chan error)
	go func() { failed <- work() }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func All(jobs []func()) {
	var wg sync.WaitGroup
	for _, job := range jobs {
		wg.Add(1)
		go func() {
			defer wg.Done()
			job()
		}()
	}
	wg.Wait()
}
`

// What cannot be run hides nothing, and the sheet says so. A judged sheet gives the table.
func TestRun(t *testing.T) {
	remote := t.TempDir()
	// What is cloned from github.com comes from there.
	t.Setenv("GIT_CONFIG_COUNT", "1")
	t.Setenv("GIT_CONFIG_KEY_0", "url."+remote+"/.insteadOf")
	t.Setenv("GIT_CONFIG_VALUE_0", "https://github.com/")
	commit := makeRepository(t, filepath.Join(remote, "o", "small"), map[string]string{
		"go.mod":     "module example.com/small\n\ngo 1.26\n",
		"small.go":   source,
		"sub/go.mod": "module example.com/small/sub\n\ngo 1.26\n",
		"sub/sub.go": strings.ReplaceAll("//go:build extra\n\n"+source, "package small", "package sub"),
	})
	batch := write(t, "batch.tsv", fmt.Sprintf("github.com/o/gone\t%s\ngithub.com/o/small\t%s\ngithub.com/o/small\t%s\tsub\textra\ngithub.com/o/small\t%s\tv9\n", commit, commit, commit, commit))
	out := filepath.Join(t.TempDir(), "sheet.tsv")
	f := fetcher{filepath.Join(t.TempDir(), "checkouts"), time.Minute}
	var progress bytes.Buffer
	err := run(&progress, f, batch, out, 1)
	wantErrors(t, err, "2 of 4 could not be run; the others are in "+out,
		"github.com/o/gone: cannot clone "+commit, "or strike it from the batch",
		"github.com/o/small/v9: no go.mod in ", "name the module's folder in the batch")

	ran := "github.com/o/small\t" + commit + "\t"
	wantSheet := []string{
		columns,
		"# ran\t" + ran + "lines=29\tilltyped=0\tdefault=1\tstrict=1",
		"github.com/o/small\tsmall.go:10\tabandoned\tdefault\tthe goroutine blocks forever",
		"github.com/o/small\tsmall.go:23\tunbounded\tstrict\tone goroutine per element of jobs",
		"# ran\t" + ran + "module=sub\tlines=31\tilltyped=0\tdefault=1\tstrict=1",
		"github.com/o/small\tsub/sub.go:12\tabandoned\tdefault\tthe goroutine blocks forever",
		"# failed\tgithub.com/o/gone\t" + commit,
		"# failed\tgithub.com/o/small\t" + commit,
	}
	text := read(t, out)
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	if !slices.EqualFunc(lines, wantSheet, strings.HasPrefix) {
		t.Errorf("the sheet is\n%s\nwant\n%s", text, strings.Join(wantSheet, "\n"))
	}

	_, err = readSheet("sheet.tsv", text)
	wantErrors(t, err, "sheet.tsv:3: small.go:10 has no verdict; write true, debatable or false",
		"sheet.tsv:4: small.go:23 has no verdict; write worth, noise or false")
	text = strings.ReplaceAll(text, "\t\t\n", "\ttrue\tread\n")
	text = strings.Replace(text, "\ttrue\tread", "\tdebatable\tread", 1)
	text = strings.Replace(text, "\ttrue\tread", "\tnoise\tread", 1)
	if err := os.WriteFile(out, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	var table strings.Builder
	if err := score(&table, out); err != nil {
		t.Fatal(err)
	}
	want := "| small | " + commit[:8] + ` | 2 | 1 | 1 | | 50 % | 3333.3 | 0, 1, 0 |
| **1 repositories** | | **2** | **1** | **1** | | **50 %** | **3333.3** | **0, 1, 0** |

60 lines with tests: 1666.7 true findings per 100,000. Of 2 findings that only -strict gives, 1 were judged.
Not run: gone, small.
`
	if _, got, _ := strings.Cut(table.String(), "--- |\n"); got != want {
		t.Errorf("the table is\n%s\nwant\n%s", got, want)
	}

	err = run(&progress, f, batch, out, 1)
	wantErrors(t, err, "is there already, and may hold verdicts")
}

// A checkout that is there is used as it is, if it is what it is said to be.
func TestVerify(t *testing.T) {
	f := fetcher{t.TempDir(), time.Minute}
	dir := filepath.Join(f.dir, "o__small")
	commit := makeRepository(t, dir, map[string]string{"go.mod": "module small\n", "small.go": "package small\n"})
	e := entry{repository: "github.com/o/small", commit: commit}
	if _, err := f.checkout(e); err != nil {
		t.Errorf("the checkout is refused: %v", err)
	}

	other := entry{repository: e.repository, commit: strings.Repeat("0", 40)}
	_, err := f.checkout(other)
	wantErrors(t, err, "o__small is at "+commit+" and not at 000", "check out that commit")

	put(t, filepath.Join(dir, "go.sum"), "") // the go command's
	if _, err := f.checkout(e); err != nil {
		t.Errorf("the checkout is refused: %v", err)
	}
	put(t, filepath.Join(dir, "more.go"), "package small\n")
	_, err = f.checkout(e)
	wantErrors(t, err, "o__small is not what the commit holds", "?? more.go")

	put(t, filepath.Join(f.dir, "o__plain", "plain.go"), "package plain\n")
	_, err = f.checkout(entry{repository: "github.com/o/plain", commit: commit})
	wantErrors(t, err, "o__plain is no git checkout", "move it away, and it will be cloned")
}

func TestReadSheet(t *testing.T) {
	const (
		commit = "0123456789abcdef0123456789abcdef01234567"
		ran    = "# ran\tgithub.com/a/b\t" + commit + "\tlines=1000\tilltyped=0\tdefault=2\tstrict=0\n"
		right  = "github.com/a/b\tb.go:3\tabandoned\tdefault\tblocks forever\ttrue\tread\n"
	)
	for _, test := range []struct{ name, text, want string }{
		{"columns", "repository\tverdict\n", `s.tsv:1: the columns are "repository\tverdict"`},
		{"verdict", columns + "\n" + ran + right + strings.Replace(right, "true", "yes", 1), `s.tsv:4: "yes" is no verdict on a finding of this level; write true, debatable or false`},
		{"level", columns + "\n" + ran + strings.Replace(right, "default", "normal", 1), `s.tsv:3: "normal" is no level; want default or strict`},
		{"verdict of the other level", columns + "\n" + ran + strings.Replace(right, "default", "strict", 1), `s.tsv:3: "true" is no verdict on a finding of this level; write worth, noise or false`},
		{"reason", columns + "\n" + ran + strings.Replace(right, "\tread", "", 1), "s.tsv:3: b.go:3 has no reason; say what in the source decided"},
		{"cells", columns + "\n" + ran + "\na\tb\n", "s.tsv:4: 2 cells; want the 7 of the first line"},
		{"not run", columns + "\n" + right, "s.tsv:2: no line above says that github.com/a/b was run"},
		{"commit", columns + "\n# ran\tgithub.com/a/b\tmain\n", "s.tsv:2: want a repository and its commit after # ran"},
		{"number", columns + "\n" + strings.Replace(ran, "1000", "many", 1), `s.tsv:2: "lines=many" is no number`},
		{"missing", columns + "\n" + ran + right, "s.tsv: b had 2 findings by default, of which 1 are here; restore the lines"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := readSheet("s.tsv", test.text)
			wantErrors(t, err, test.want)
		})
	}
	if _, err := readSheet("s.tsv", columns+"\r\n"+ran+right+right); err != nil {
		t.Errorf("a judged sheet is refused: %v", err)
	}
}

// The published tables are what the published verdicts give.
func TestPublished(t *testing.T) {
	page := read(t, "../../docs/precision.md")
	for _, name := range []string{"batch2.judged.tsv", "batch3.judged.tsv"} {
		var table bytes.Buffer
		if err := score(&table, name); err != nil {
			t.Error(err)
			continue
		}
		want, _, _ := strings.Cut(table.String(), "\n\n")
		if !strings.Contains(page, want) {
			t.Errorf("docs/precision.md lacks the table of %s:\n%s", name, want)
		}
	}
}

// makeRepository makes a git repository of some files and returns its commit.
func makeRepository(t *testing.T, dir string, files map[string]string) string {
	t.Helper()
	for name, text := range files {
		put(t, filepath.Join(dir, name), text)
	}
	git(t, dir, "init", "-q")
	git(t, dir, "add", ".")
	git(t, dir, "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-q", "-m", "first")
	return strings.TrimSpace(git(t, dir, "rev-parse", "HEAD"))
}

func git(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return string(out)
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	put(t, path, text)
	return path
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// wantErrors checks that an error says all of this.
func wantErrors(t *testing.T, err error, want ...string) {
	t.Helper()
	for _, w := range want {
		if err == nil || !strings.Contains(err.Error(), w) {
			t.Errorf("got the error %v, want %q in it", err, w)
		}
	}
}
