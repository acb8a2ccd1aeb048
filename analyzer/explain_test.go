package analyzer

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/poollint/poollint/analyzer/internal/linttest"
)

// What is known of a place: the bound, and where it comes from.
func TestSites(t *testing.T) {
	const src = `package p

import "sync"

type server struct{ room chan struct{} }

func (s *server) async(task func()) {
	s.room <- struct{}{}
	go func() { defer func() { <-s.room }(); task() }()
}

func (s *server) free(task func()) { go task() }

func each(xs []string, f func(string)) {
	var wg sync.WaitGroup
	for _, x := range xs {
		wg.Go(func() { f(x) })
	}
	wg.Wait()
}

var own sync.WaitGroup

func use(s *server, f func()) {
	s.async(f)
	s.free(f)
	each([]string{"a"}, func(string) { f() })
	own.Go(f)
}
`
	d := driver(t, Settings{sites: true})
	var got []string
	for _, f := range d.Check(t, linttest.Standard().Source(t, "example.com/p", src)) {
		var k knowledge
		if err := json.Unmarshal([]byte(strings.TrimPrefix(f.Message, "site: ")), &k); err != nil {
			t.Fatal(err)
		}
		if k.Kind == "submit" && k.Func != "each" {
			got = append(got, k.Executor+" "+k.Bound+": "+k.BoundWhy)
		}
	}
	want := []string{
		"s bounded: async takes a token first",
		"s none: free starts a goroutine each time",
		" bounded: each waits for what it starts",
		"own none: made at p.go:22, and limited nowhere",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
