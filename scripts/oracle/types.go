package main

import (
	"fmt"
	"slices"
	"strings"
)

func (w *writer) typeName() string { return fmt.Sprintf("service%d", w.p.id) }

// isField tells whether v is a field of the struct.
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

// types declares the messages and the struct.
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

// name is how a variable is called where it is declared.
func (w *writer) name(v *variable) string {
	if v.kind == aNumber && w.isSlice(v) {
		return "items"
	}
	return v.name
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
