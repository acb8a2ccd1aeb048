package main

import (
	"math/rand/v2"
	"slices"
)

// A builder makes one program out of random choices.
type builder struct {
	*rand.Rand
	choices map[string]*variable // of the program
}

// Code is a piece of a program.
type code = []*stmt

func (b *builder) chance(percent int) bool { return b.IntN(100) < percent }

func pick[T any](b *builder, options ...T) T { return options[b.IntN(len(options))] }

// maybe is c, or nothing.
func (b *builder) maybe(percent int, c code) code {
	if b.chance(percent) {
		return c
	}
	return nil
}

// only is c, if it is wanted.
func only(wanted bool, c code) code {
	if wanted {
		return c
	}
	return nil
}

func seq(parts ...code) code { return slices.Concat(parts...) }

// choice is a parameter of the program. The same name twice is the same choice.
func (b *builder) choice(k kind, name string) *variable {
	if b.choices[name] == nil {
		b.choices[name] = &variable{name: name, kind: k}
	}
	return b.choices[name]
}

func (b *builder) slow() *variable { return b.choice(aBool, "slow") }

func (b *builder) n() *variable { return b.choice(aNumber, "n") }

func (b *builder) ctx() *variable { return b.choice(aContext, "ctx") }

// failed is a condition on which something goes another way. It is seldom one that decided something
// else before.
func (b *builder) failed() *variable {
	names := []string{"err", "failed", "idle", "last", "empty", "full"}
	used, unused := []string{}, []string{}
	for _, name := range names {
		if b.choices[name] != nil {
			used = append(used, name)
		} else {
			unused = append(unused, name)
		}
	}
	from := unused
	if len(unused) == 0 || len(used) > 0 && b.chance(10) {
		from = used
	}
	name := pick(b, from...)
	if name == "err" {
		return b.choice(anError, name)
	}
	return b.choice(aBool, name)
}

// What programs are made of.

func newChannel(name, elem string, size int) *variable {
	return &variable{name: name, kind: channel, elem: elem, size: size}
}

// buffered is a channel with a buffer of one of the sizes; -1 is as many as n.
func (b *builder) buffered(name, elem string, sizes ...int) *variable {
	size := pick(b, sizes...)
	if size < 0 {
		return &variable{name: name, kind: channel, elem: elem, count: b.n()}
	}
	return newChannel(name, elem, size)
}

func newGroup() *variable { return &variable{name: "wg", kind: group} }

func newOnce() *variable { return &variable{name: "once", kind: once} }

// newContext is a context that the function makes, and what ends it.
func newContext() (own, end *variable) {
	end = &variable{name: "cancel", kind: cancel}
	return &variable{name: "running", kind: ownContext, reply: end}, end
}

func do(o op, v *variable) code             { return code{{op: o, v: v}} }
func send(ch *variable, then ...*stmt) code { return code{{op: opSend, v: ch, body: then}} }
func recv(ch *variable, then ...*stmt) code { return code{{op: opRecv, v: ch, body: then}} }
func each(ch *variable, body ...*stmt) code { return code{{op: opRange, v: ch, body: body}} }
func closing(ch *variable) code             { return do(opClose, ch) }
func leave() code                           { return code{{op: opReturn}} }
func later(c code) code                     { return code{{op: opDefer, body: c}} }
func work(slow *variable) code              { return code{{op: opWork, cond: slow}} }
func forever(body code) code                { return code{{op: opLoop, body: body}} }
func call(name string, body code) code      { return code{{op: opCall, name: name, body: body}} }
func first(cases ...code) code              { return code{{op: opSelect, body: seq(cases...)}} }
func timeout(then code) code                { return code{{op: opTimeout, body: then}} }
func ended(ctx *variable, then code) code   { return code{{op: opEnded, v: ctx, body: then}} }
func otherwise(then code) code              { return code{{op: opDefault, body: then}} }

func when(cond *variable, then code, alt ...*stmt) code {
	return code{{op: opIf, cond: cond, body: then, alt: alt}}
}

// times repeats for a count, a *variable or an int.
func times(count any, body code) code {
	if n, ok := count.(int); ok {
		return code{{op: opLoop, times: n, body: body}}
	}
	return code{{op: opLoop, cond: count.(*variable), body: body}}
}

func (b *builder) start(name string, body code) code {
	forms := []form{literal, literal, literal, declared, declared, declared, byHelper, byTimer}
	return code{{op: opStart, name: name, form: pick(b, forms...), body: body}}
}

func source(name string, ch *variable, body code) code {
	ch.local = true
	return code{{op: opSource, v: ch, name: name, body: body}}
}
