package main

import (
	"fmt"
	"go/format"
	"maps"
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

// A scope is a function that is being written.
type scope struct {
	*writer
	refs    map[*variable]string // of those that are not called by their names
	results string               // what return says
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

func (w *writer) typeName() string { return fmt.Sprintf("service%d", w.p.id) }

func (w *writer) isField(v *variable) bool {
	return w.p.fields && !v.local && (v.kind == channel || v.kind == ticker || v.kind == group || v.kind == once)
}

// elem is the type of what a channel carries.
func (w *writer) elem(v *variable) string {
	if v.reply != nil {
		return fmt.Sprintf("request%d", w.p.id)
	}
	return v.elem
}

func (w *writer) types() string {
	var b strings.Builder
	for _, v := range free(w.p.body) {
		if v.kind == channel && v.reply != nil {
			fmt.Fprintf(&b, "type %s struct {\nkey int\n%s chan %s\n}\n\n", w.elem(v), v.reply.name, v.reply.elem)
		}
	}
	if fields := w.fields(); len(fields) > 0 {
		fmt.Fprintf(&b, "type %s struct {\n", w.typeName())
		for _, v := range fields {
			t := "sync.WaitGroup"
			switch v.kind {
			case once:
				t = "sync.Once"
			case channel:
				t = "chan " + w.elem(v)
			case ticker:
				t = "*time.Ticker"
			}
			fmt.Fprintf(&b, "%s %s\n", v.name, t)
		}
		b.WriteString("}\n\n")
	}
	return b.String()
}

func (w *writer) fields() []*variable {
	return slices.DeleteFunc(free(w.p.body), func(v *variable) bool { return !w.isField(v) })
}

// made is the expression that makes v.
func (w *writer) made(v *variable) string {
	elem := w.elem(v)
	switch {
	case v.kind == ticker:
		return fmt.Sprintf("time.NewTicker(%d * time.Millisecond)", patience)
	case v.count != nil:
		return fmt.Sprintf("make(chan %s, %s)", elem, w.length(v.count))
	case v.size > 0:
		return fmt.Sprintf("make(chan %s, %d)", elem, v.size)
	}
	return fmt.Sprintf("make(chan %s)", elem)
}

// length is a number as an expression.
func (w *writer) length(n *variable) string {
	if w.isSlice(n) {
		return "len(items)"
	}
	return n.name
}

func (w *writer) isSlice(n *variable) bool { return w.p.items && n.name == "n" }

func (w *writer) entry() {
	vars := free(w.p.body)
	for _, v := range slices.Clone(vars) {
		if v.count != nil && !slices.Contains(vars, v.count) {
			vars = append(vars, v.count)
		}
	}
	w.print("func %s%d(%s) error {\n", w.p.name, w.p.id, w.params(slices.DeleteFunc(slices.Clone(vars), func(v *variable) bool { return v.kind < aContext }), nil))
	w.service()
	for _, v := range vars {
		switch {
		case w.isField(v):
		case v.kind == channel, v.kind == ticker:
			w.print("%s := %s\n", v.name, w.made(v))
		case v.kind == group:
			w.print("var %s sync.WaitGroup\n", v.name)
		case v.kind == list:
			w.print("var %s %s\n", v.name, w.typeOf(v, nil))
		case v.kind == once:
			w.print("var %s sync.Once\n", v.name)
		case v.kind == ownContext && v.timed && slices.Contains(vars, v.reply):
			w.print("%s, %s := context.WithTimeout(context.Background(), %d * time.Millisecond)\n", v.name, v.reply.name, patience)
		case v.kind == ownContext && slices.Contains(vars, v.reply):
			w.print("%s, %s := context.WithCancel(context.Background())\n", v.name, v.reply.name)
		case v.kind == ownContext:
			w.print("%s := context.Background()\n", v.name)
		case v.kind == cancel && !slices.ContainsFunc(vars, func(o *variable) bool { return o.reply == v }):
			w.print("_, %s := context.WithCancel(context.Background())\n", v.name)
		}
	}
	s := scope{w, map[*variable]string{}, " errFailed"}
	s.block(w.p.body)
	w.print("return nil\n}\n\n")
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

// name is how a variable is called where it is declared.
func (w *writer) name(v *variable) string {
	if v.kind == aNumber && w.isSlice(v) {
		return "items"
	}
	return v.name
}

// params declares the variables as parameters of a function that does body.
func (w *writer) params(vars []*variable, body []*stmt) string {
	var list []string
	for _, v := range vars {
		list = append(list, w.name(v)+" "+w.typeOf(v, body))
	}
	return strings.Join(list, ", ")
}

func (w *writer) typeOf(v *variable, body []*stmt) string {
	switch v.kind {
	case ticker:
		return "*time.Ticker"
	case group:
		return "*sync.WaitGroup"
	case ownContext, aContext:
		return "context.Context"
	case cancel:
		return "context.CancelFunc"
	case aBool:
		return "bool"
	case anError:
		return "error"
	case once:
		return "*sync.Once"
	case list:
		return "[]<-chan " + v.reply.elem
	case aNumber:
		if w.isSlice(v) {
			return "[]string"
		}
		return "int"
	}
	sends, receives := uses(v, body)
	switch {
	case sends == receives:
		return "chan " + w.elem(v)
	case sends:
		return "chan<- " + w.elem(v)
	}
	return "<-chan " + w.elem(v)
}

// uses tells what is done with a channel. A message takes a channel that can do both.
func uses(v *variable, body []*stmt) (sends, receives bool) {
	visit(body, func(s *stmt) {
		switch {
		case s.op == opSend && s.v.reply == v:
			sends, receives = true, true
		case s.v != v:
		case s.op == opSend, s.op == opSubmit, s.op == opClose:
			sends = true
		case s.op == opRecv, s.op == opRecvOK, s.op == opRange:
			receives = true
		}
	})
	return sends, receives
}

func (s scope) ref(v *variable) string {
	name := s.name(v)
	if s.isField(v) {
		name = "p." + name
	}
	if r, ok := s.refs[v]; ok {
		name = r
	}
	return name
}

// function has the function written that does body, and returns the call.
func (s scope) function(st *stmt) string {
	var vars []*variable
	method := false
	for _, v := range free(st.body) {
		switch {
		case s.isField(v) && s.refs[v] == "":
			method = true
		default:
			vars = append(vars, v)
		}
	}
	if st.op == opSource {
		vars = slices.DeleteFunc(vars, func(v *variable) bool { return v == st.v })
		if c := st.v.count; c != nil && !slices.Contains(vars, c) {
			vars = append(vars, c)
		}
	}
	inner := scope{s.writer, map[*variable]string{}, ""}
	var args []string
	for _, v := range vars {
		arg := s.ref(v)
		if (v.kind == group || v.kind == once) && s.refs[v] == "" {
			arg = "&" + arg
		}
		args = append(args, arg)
		inner.refs[v] = s.name(v)
	}
	name := s.unique(st.name)
	s.queue = append(s.queue, func() {
		receiver := ""
		if method {
			receiver = fmt.Sprintf("(p *%s) ", s.typeName())
		}
		s.print("func %s%s(%s)", receiver, name, s.params(vars, st.body))
		if st.op == opSource {
			sends, _ := uses(st.v, outside(s.p.body, st))
			result := "<-chan " + st.v.elem
			if sends {
				result = "chan " + st.v.elem
			}
			inner.results = " " + st.v.name
			s.print(" %s {\n%s := %s\n", result, st.v.name, s.made(st.v))
			inner.block(st.body)
			s.print("return %s\n}\n\n", st.v.name)
			return
		}
		s.print(" {\n")
		inner.block(st.body)
		s.print("}\n\n")
	})
	call := name
	if method {
		call = "p." + name
	}
	return call + "(" + strings.Join(args, ", ") + ")"
}

// outside is the list without the body of except.
func outside(list []*stmt, except *stmt) []*stmt {
	c := clone(list)
	var drop func(c, list []*stmt)
	drop = func(c, list []*stmt) {
		for i, s := range list {
			if s == except {
				c[i].body = nil
				continue
			}
			drop(c[i].body, s.body)
			drop(c[i].alt, s.alt)
		}
	}
	drop(c, list)
	return c
}

// with is the scope in which messages of channel v are at hand as req.
func (s scope) with(v *variable) scope {
	if v.reply == nil {
		return s
	}
	s.refs = maps.Clone(s.refs)
	s.refs[v.reply] = "req." + v.reply.name
	return s
}

func (s scope) literal(body []*stmt) {
	inner := s
	inner.results = ""
	s.print("func() {\n")
	inner.block(body)
	s.print("}")
}

func (s scope) block(list []*stmt) {
	for _, st := range list {
		s.stmt(st)
	}
}

func (s scope) value(v *variable) string {
	switch {
	case v.reply != nil:
		return fmt.Sprintf("%s{key: 1, %s: %s}", s.elem(v), v.reply.name, s.ref(v.reply))
	case v.elem == "error":
		return "errFailed"
	case v.elem == "struct{}":
		return "struct{}{}"
	}
	return "1"
}
