package main

import "fmt"

// Programs wait so many milliseconds, and work that is slow takes longer.
const (
	patience = 5
	slowness = 20
)

func (s scope) stmt(st *stmt) {
	switch st.op {
	case opMake:
		s.print("%s := %s\n", st.v.name, s.made(st.v))
	case opSource:
		if st.into != nil {
			s.print("%s = append(%s, %s)\n", s.ref(st.into), s.ref(st.into), s.function(st))
		} else {
			s.print("%s := %s\n", st.v.name, s.function(st))
		}
	case opRecv:
		s.receive(st)
	case opRecvOK:
		s.print("if v, ok := <-%s; ok {\nhandle(v)\n", s.channel(st.v))
		s.branches(st)
	case opRange:
		s.over(st)
	case opEach:
		s.print("for _, %s := range %s {\n", st.v.reply.name, s.ref(st.v))
		s.block(st.body)
		s.print("}\n")
	case opSubmit:
		s.print("%s <- ", s.channel(st.v))
		s.literal(st.body)
		s.print("\n")
	case opOnce:
		s.print("%s.Do(", s.ref(st.v))
		s.literal(st.body)
		s.print(")\n")
	case opStart:
		s.start(st)
	case opCall:
		s.print("%s\n", s.function(st))
	case opSelect:
		s.print("select {\n")
		for _, c := range st.body {
			s.clause(c)
		}
		s.print("}\n")
	case opIf:
		s.print("if %s {\n", condition(st.cond))
		s.branches(st)
	case opLoop:
		s.loop(st)
	case opWork:
		slow := "false"
		if st.cond != nil {
			slow = s.ref(st.cond)
		}
		s.print("work(%s)\n", slow)
	case opDefer:
		s.deferred(st)
	case opBreak:
		s.print("break\n")
	case opReturn:
		s.print("return%s\n", s.results)
	default:
		s.print("%s\n", s.simple(st))
	}
}

// simple is a statement that is one expression or send.
func (s scope) simple(st *stmt) string {
	switch st.op {
	case opSend:
		return s.channel(st.v) + " <- " + s.value(st.v)
	case opRecv:
		return "<-" + s.channel(st.v)
	case opClose:
		return "close(" + s.channel(st.v) + ")"
	case opStop:
		return s.ref(st.v) + ".Stop()"
	case opAdd:
		if st.cond != nil {
			return s.ref(st.v) + ".Add(" + s.length(st.cond) + ")"
		}
		return s.ref(st.v) + ".Add(1)"
	case opDone:
		return s.ref(st.v) + ".Done()"
	case opWait:
		return s.ref(st.v) + ".Wait()"
	case opCancel:
		return s.ref(st.v) + "()"
	case opEnded:
		return "<-" + s.ref(st.v) + ".Done()"
	case opTimeout:
		return fmt.Sprintf("<-time.After(%d * time.Millisecond)", patience)
	}
	panic(fmt.Sprintf("op %d is not simple", st.op))
}

// channel is the expression of the channel v, or of a ticker's.
func (s scope) channel(v *variable) string {
	if v.kind == ticker {
		return s.ref(v) + ".C"
	}
	return s.ref(v)
}

func condition(v *variable) string {
	if v.kind == anError {
		return v.name + " != nil"
	}
	return v.name
}

func (s scope) branches(st *stmt) {
	s.block(st.body)
	if len(st.alt) > 0 {
		s.print("} else {\n")
		s.block(st.alt)
	}
	s.print("}\n")
}

func (s scope) receive(st *stmt) {
	switch {
	case st.v.reply != nil:
		s.print("req := <-%s\nhandle(req)\n", s.channel(st.v))
		s.with(st.v).block(st.body)
	case st.v.elem == "struct{}":
		s.print("<-%s\n", s.channel(st.v))
	default:
		s.print("handle(<-%s)\n", s.channel(st.v))
	}
}

func (s scope) over(st *stmt) {
	switch {
	case st.v.reply != nil:
		s.print("for req := range %s {\nhandle(req)\n", s.channel(st.v))
	case st.v.elem == "func()":
		s.print("for task := range %s {\ntask()\n", s.channel(st.v))
	case st.v.kind == ticker || st.v.elem == "struct{}":
		s.print("for range %s {\n", s.channel(st.v))
	default:
		s.print("for v := range %s {\nhandle(v)\n", s.channel(st.v))
	}
	s.with(st.v).block(st.body)
	s.print("}\n")
}

func (s scope) start(st *stmt) {
	switch st.form {
	case declared:
		s.print("go %s\n", s.function(st))
	case byGroup:
		s.print("%s.Go(", s.ref(st.v))
		s.literal(st.body)
		s.print(")\n")
	case byHelper:
		s.print("background(")
		s.literal(st.body)
		s.print(")\n")
	case byTimer:
		s.print("time.AfterFunc(time.Millisecond, ")
		s.literal(st.body)
		s.print(")\n")
	default:
		s.print("go ")
		s.literal(st.body)
		s.print("()\n")
	}
}

func (s scope) clause(c *stmt) {
	switch {
	case c.op == opDefault:
		s.print("default:\n")
	case c.op == opRecv && c.v.reply != nil:
		s.print("case req := <-%s:\nhandle(req)\n", s.channel(c.v))
	case c.op == opRecv && c.v.kind == channel && c.v.elem != "struct{}":
		s.print("case v := <-%s:\nhandle(v)\n", s.channel(c.v))
	default:
		s.print("case %s:\n", s.simple(c))
	}
	if c.v != nil && c.op == opRecv {
		s = s.with(c.v)
	}
	s.block(c.body)
}

func (s scope) loop(st *stmt) {
	switch {
	case st.cond != nil:
		s.print("for range %s {\n", s.ref(st.cond))
	case st.times > 0:
		s.print("for range %d {\n", st.times)
	default:
		s.print("for {\n")
	}
	s.block(st.body)
	s.print("}\n")
}

func (s scope) deferred(st *stmt) {
	if len(st.body) == 1 {
		switch c := st.body[0]; c.op {
		case opClose, opStop, opDone, opWait, opCancel:
			s.print("defer %s\n", s.simple(c))
			return
		}
	}
	s.print("defer ")
	s.literal(st.body)
	s.print("()\n")
}
