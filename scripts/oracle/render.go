package main

import (
	"fmt"
	"go/format"
	"slices"
	"strings"
)

// render returns the file of the program. What all programs of a package share is in common.
func render(p *program, pkg string) ([]byte, error) {
	w := &writer{p: p, names: map[string]int{}}
	w.entry()
	for len(w.queue) > 0 { // a function that is written may call others
		next := w.queue[0]
		w.queue = w.queue[1:]
		next()
	}
	text := w.types() + w.out.String()
	var imports strings.Builder
	for _, path := range []string{"context", "sync", "time"} {
		if strings.Contains(text, path+".") {
			fmt.Fprintf(&imports, "%q\n", path)
		}
	}
	if imports.Len() > 0 {
		text = "import (\n" + imports.String() + ")\n\n" + text
	}
	return format.Source([]byte("package " + pkg + "\n\n" + text))
}

// common is one more file of each package.
const common = `package %s

import (
	"errors"
	"time"
)

var errFailed = errors.New("failed")

func work(slow bool) {
	if slow {
		time.Sleep(%d * time.Millisecond)
	}
}

func handle[T any](T) {}

func background(f func()) {
	go f()
}
`

// A writer collects the functions of one program.
type writer struct {
	p     *program
	out   strings.Builder
	queue []func() // functions still to be written
	names map[string]int
}

func (w *writer) print(format string, args ...any) { fmt.Fprintf(&w.out, format, args...) }

// unique returns the name with the program's number, which makes it one of the package.
func (w *writer) unique(name string) string {
	w.names[name]++
	if n := w.names[name]; n > 1 {
		name += string(rune('A' + n - 1))
	}
	return fmt.Sprintf("%s%d", name, w.p.id)
}

// entry writes the exported function.
func (w *writer) entry() {
	vars := free(w.p.body)
	for _, v := range slices.Clone(vars) {
		if v.count != nil && !slices.Contains(vars, v.count) {
			vars = append(vars, v.count)
		}
	}
	var choices []*variable
	for _, v := range vars {
		if v.kind >= aContext {
			choices = append(choices, v)
		}
	}
	w.print("func %s%d(%s) error {\n", w.p.name, w.p.id, w.params(choices, nil))
	w.service()
	for _, v := range vars {
		if !w.isField(v) {
			w.declare(v, vars)
		}
	}
	s := scope{w, map[*variable]string{}, " errFailed"}
	s.block(w.p.body)
	w.print("return nil\n}\n\n")
}

// declare writes how the function comes by v, which is one of all that it uses.
func (w *writer) declare(v *variable, all []*variable) {
	switch v.kind {
	case channel, ticker:
		w.print("%s := %s\n", v.name, w.made(v))
	case group:
		w.print("var %s sync.WaitGroup\n", v.name)
	case once:
		w.print("var %s sync.Once\n", v.name)
	case list:
		w.print("var %s %s\n", v.name, w.typeOf(v, nil))
	case ownContext:
		switch {
		case !slices.Contains(all, v.reply):
			w.print("%s := context.Background()\n", v.name)
		case v.timed:
			w.print("%s, %s := context.WithTimeout(context.Background(), %d*time.Millisecond)\n", v.name, v.reply.name, patience)
		default:
			w.print("%s, %s := context.WithCancel(context.Background())\n", v.name, v.reply.name)
		}
	case cancel:
		if !slices.ContainsFunc(all, func(o *variable) bool { return o.reply == v }) {
			w.print("_, %s := context.WithCancel(context.Background())\n", v.name)
		}
	}
}

// service makes the struct whose fields the channels are.
func (w *writer) service() {
	fields := w.fields()
	if len(fields) == 0 {
		return
	}
	var sizes []*variable
	var values strings.Builder
	for _, v := range fields {
		if v.count != nil && !slices.Contains(sizes, v.count) {
			sizes = append(sizes, v.count)
		}
		if v.kind == channel || v.kind == ticker {
			fmt.Fprintf(&values, "%s: %s,\n", v.name, w.made(v))
		}
	}
	value := fmt.Sprintf("&%s{\n%s}", w.typeName(), &values)
	if !w.p.made {
		w.print("p := %s\n", value)
		return
	}
	var args []string
	for _, v := range sizes {
		args = append(args, w.name(v))
	}
	name := w.unique("new")
	w.print("p := %s(%s)\n", name, strings.Join(args, ", "))
	w.queue = append(w.queue, func() {
		w.print("func %s(%s) *%s {\nreturn %s\n}\n\n", name, w.params(sizes, nil), w.typeName(), value)
	})
}
