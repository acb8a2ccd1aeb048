package main

import (
	"math/rand/v2"
	"slices"
)

// generate returns the program of a seed and number.
func generate(seed uint64, id int) *program {
	b := &builder{rand.New(rand.NewPCG(seed, uint64(id))), map[string]*variable{}}
	idiom := idioms[b.IntN(len(idioms))]
	p := &program{id: id, name: idiom.name, body: clone(idiom.build(b)), fields: b.chance(40), made: b.chance(50), items: b.chance(40)}
	for b.chance(30) {
		b.mutate(p)
	}
	b.rephrase(p)
	return p
}

// A place is where a statement stands.
type place struct {
	list   *[]*stmt
	i      int
	isCase bool
}

func places(p *program) []place {
	var all []place
	var add func(list *[]*stmt, cases bool)
	add = func(list *[]*stmt, cases bool) {
		for i, s := range *list {
			all = append(all, place{list, i, cases})
			add(&s.body, s.op == opSelect)
			add(&s.alt, false)
		}
	}
	add(&p.body, false)
	return all
}

func (at place) stmt() *stmt { return (*at.list)[at.i] }

func (at place) replace(with ...*stmt) { *at.list = slices.Replace(*at.list, at.i, at.i+1, with...) }

// mutate changes a program as somebody does who forgets or adds something.
func (b *builder) mutate(p *program) {
	all := places(p)
	if len(all) == 0 {
		return
	}
	at := pick(b, all...)
	s := at.stmt()
	if at.isCase {
		if len(*at.list) > 1 {
			at.replace()
		}
		return
	}
	switch b.IntN(7) {
	case 0:
		at.replace()
	case 1: // once more
		at.replace(append(clone(code{s}), s)...)
	case 2:
		at.replace(when(b.failed(), code{s})...)
	case 3:
		at.replace(append(when(b.failed(), leave()), s)...)
	case 4: // in another order
		if at.i+1 < len(*at.list) {
			(*at.list)[at.i], (*at.list)[at.i+1] = (*at.list)[at.i+1], s
		}
	case 5: // another buffer
		if s.v != nil && s.v.kind == channel {
			s.v.size, s.v.count = pick(b, 0, 1), nil
		}
	case 6: // an alternative, or none
		switch {
		case s.op == opSelect:
			at.replace(s.body[0].plain()...)
		case (s.op == opSend || s.op == opRecv) && len(s.body) == 0:
			at.replace(first(code{s}, pick(b, timeout(nil), timeout(leave()), ended(b.ctx(), leave())))...)
		}
	}
}

// rephrase says some of the program in other words.
func (b *builder) rephrase(p *program) {
	for _, at := range places(p) {
		s := at.stmt()
		switch {
		case s.op == opRange && s.v.kind == channel && s.v.elem == "int" && b.chance(15):
			s.alt = nil
			at.replace(forever(code{{op: opRecvOK, v: s.v, body: s.body, alt: code{{op: opBreak}}}})...)
		case s.op == opClose && s.v.elem == "struct{}" && b.chance(10):
			at.replace(&stmt{op: opOnce, v: newOnce(), body: code{s}})
		}
	}
}

// plain is what a case does when it is no case.
func (c *stmt) plain() code {
	s := *c
	s.body = nil
	switch {
	case c.op == opDefault:
		return c.body
	case c.v != nil && c.v.reply != nil:
		return code{c} // the body needs the message
	}
	return append(code{&s}, c.body...)
}

// simpler returns programs that lack something of p.
func simpler(p *program) []*program {
	var all []*program
	variant := func(change func(q *program)) {
		q := *p
		q.body = clone(p.body)
		change(&q)
		all = append(all, &q)
	}
	if w := (&writer{p: p}); len(w.fields()) > 0 {
		variant(func(q *program) { q.fields = false })
	}
	for i, at := range places(p) {
		s := at.stmt()
		variant(func(q *program) { places(q)[i].replace() })
		switch s.op {
		case opIf, opLoop, opDefer, opCall, opSource:
			variant(func(q *program) { places(q)[i].replace(places(q)[i].stmt().body...) })
		case opSelect:
			variant(func(q *program) { places(q)[i].replace(places(q)[i].stmt().body[0].plain()...) })
		}
		if s.op == opStart && s.form == declared {
			variant(func(q *program) { places(q)[i].stmt().form = literal })
		}
	}
	return all
}
