package e2e

import (
	"bufio"
	"bytes"
	"strings"
	"syscall"
	"testing"
	"time"
)

// With -watch, each save shows what it changes.
func TestWatch(t *testing.T) {
	p := project(t, simple)
	cmd := p.command(poollint, "-watch", "./...")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Process.Kill()
	lines := make(chan string, 100)
	go func() {
		for in := bufio.NewScanner(out); in.Scan(); {
			if !strings.HasPrefix(in.Text(), "\t") {
				lines <- in.Text()
			}
		}
		close(lines)
	}()
	next := func(want string) {
		t.Helper()
		select {
		case got := <-lines:
			if !strings.HasPrefix(got, want) {
				t.Fatalf("got %q, want %s…", got, want)
			}
		case <-time.After(time.Minute):
			t.Fatalf("got nothing, want %s…; on stderr: %s", want, &stderr)
		}
	}
	next(finding)
	time.Sleep(time.Second) // the watch begins
	bad := p.read("crawl/crawl.go")
	p.write("crawl/crawl.go", strings.Replace(bad, "\t\tgo fetch", "\t\tfetch", 1))
	next("gone: " + finding)
	p.write("crawl/crawl.go", "\n"+bad)
	next("crawl/crawl.go:14:3: unbounded: ")
	p.write("crawl/crawl.go", bad) // moved, and no news
	p.write("fresh/fresh.go", strings.Replace(bad, "package crawl", "package fresh", 1))
	next("fresh/fresh.go:13:3: unbounded: ")
	p.write("fresh/more.go", "package fresh\n\nfunc G(urls []string) {\n\tmain\n}\n")
	next("gone: fresh/fresh.go:13:3: unbounded: ")
	p.write("fresh/more.go", "package fresh\n")
	next("fresh/fresh.go:13:3: unbounded: ")
	p.write(".poollint.yaml", "checks: [-unbounded]\n")
	next("gone: ")
	next("gone: ")

	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	for line := range lines {
		t.Errorf("stray line %q", line)
	}
	_ = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 0 {
		t.Errorf("want exit code 0, as nothing is left, got %d", code)
	}
	contains(t, "stderr", stderr.String(), "does not compile")
	contains(t, "stderr", p.lint(2, "-watch", "-f=json").stderr, "-watch prints findings")
}
