package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A scope is a function that is being written.
type scope struct {
	*writer
	refs    map[*variable]string // of those that are not called by their names
	results string               // what return says
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
