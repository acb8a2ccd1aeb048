package analyzer

import (
	"slices"
	"strings"
	"testing"
)

// A change of a program that does not change what it does keeps the finding; one that takes the
// cause away takes the finding away.
func TestMetamorphic(t *testing.T) {
	const fetchAll = `package p

import "net/http"

func Handle(w http.ResponseWriter, r *http.Request) {
	for _, url := range r.URL.Query()["url"] {
		go fetch(url)
	}
}

func fetch(url string) {
	resp, err := http.Get(url)
	if err == nil {
		resp.Body.Close()
	}
}
`
	const future = `package p

import (
	"errors"
	"time"
)

func Ask() (int, error) {
	c := make(chan int)
	go func() { c <- compute() }()
	select {
	case v := <-c:
		return v, nil
	case <-time.After(time.Second):
		return 0, errors.New("late")
	}
}

func compute() int { time.Sleep(time.Minute); return 1 }
`
	tests := []struct {
		name     string
		src      string
		old, new string
		lib      string // another package, lib
		want     []string
	}{
		{name: "unbounded", src: fetchAll, want: []string{"unbounded in Handle"}},
		{name: "unbounded, a limit", src: fetchAll, old: "\t\tgo fetch(url)", new: "\t\tslots <- struct{}{}\n\t\tgo func() { defer func() { <-slots }(); fetch(url) }()",
			lib: "", want: nil},
		{name: "unbounded, in a literal", src: fetchAll, old: "go fetch(url)", new: "go func() { fetch(url) }()", want: []string{"unbounded in Handle"}},
		{name: "unbounded, in a method", src: fetchAll, old: "go fetch(url)", new: "go client{}.get(url)", want: []string{"unbounded in Handle"}},
		{name: "unbounded, in another package", src: fetchAll, old: "go fetch(url)", new: "go lib.Fetch(url)",
			lib: "package lib\n\nimport \"net/http\"\n\nfunc Fetch(url string) { http.Get(url) }\n", want: []string{"unbounded in Handle"}},
		{name: "unbounded, in an if", src: fetchAll, old: "go fetch(url)", new: "if url != \"\" { go fetch(url) }", want: []string{"unbounded in Handle"}},
		{name: "unbounded, with a constant collection", src: fetchAll, old: `r.URL.Query()["url"]`, new: `[]string{"a", "b"}`, want: nil},
		{name: "unbounded, one after the other", src: fetchAll, old: "go fetch(url)", new: "fetch(url)", want: nil},

		{name: "abandoned", src: future, want: []string{"abandoned in Ask"}},
		{name: "abandoned, with room", src: future, old: "make(chan int)", new: "make(chan int, 1)", want: nil},
		{name: "abandoned, by a helper", src: future, old: "go func() { c <- compute() }()", new: "go send(c)", want: []string{"abandoned in Ask"}},
		{name: "abandoned, in an if", src: future, old: "go func() { c <- compute() }()", new: "go func() { if v := compute(); v >= 0 { c <- v } else { c <- 0 } }()", want: []string{"abandoned in Ask"}},
		{name: "abandoned, waited for", src: future, old: "\tcase <-time.After(time.Second):\n\t\treturn 0, errors.New(\"late\")\n", new: "", want: nil},
	}
	const more = `
var slots = make(chan struct{}, 8)

type client struct{}

func (client) get(url string) { fetch(url) }
`
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			src := strings.Replace(test.src, test.old, test.new, 1)
			if strings.Contains(src, "func fetch(") {
				src += more
			}
			if strings.Contains(src, "send(c)") {
				src += "\nfunc send(c chan<- int) { c <- compute() }\n"
			}
			if !strings.Contains(src, "errors.New") {
				src = strings.Replace(src, "\t\"errors\"\n", "", 1)
			}
			var p program
			if test.lib != "" {
				src = strings.Replace(src, `import "net/http"`, "import (\n\t\"net/http\"\n\n\t\"example.com/lib\"\n)", 1)
				p = append(p, program{{"example.com/lib", test.lib}}...)
			}
			p = append(p, program{{"example.com/p", src}}...)
			if got := p.lint(t, Settings{}); !slices.Equal(got, test.want) {
				t.Errorf("found %q, want %q in\n%s", got, test.want, src)
			}
		})
	}
}
