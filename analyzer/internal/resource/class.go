package resource

import (
	"cmp"
	"go/token"
	"go/types"
	"slices"

	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// Kind is what a class of values is.
type Kind uint8

// A class whose values have several kinds, such as a channel that is sometimes the Done channel of a
// context, has the last of them.
const (
	Other     Kind = iota // a container, or a value whose type says nothing
	Function              // may be called
	Cancel                // a function that ends a context
	Channel               //
	Timer                 // with the channel that time sends to, or a channel that it sends to
	Future                // the result of a task
	Semaphore             // tokens
	Once                  //
	Executor              // a pool
	Group                 // tasks that are waited for together
	WaitGroup             // a counter that is waited for
	Context               // with the channel that says it is done
)

var kinds = [...]string{"value", "function", "cancel function", "channel", "timer", "future", "semaphore", "once", "executor", "group", "wait group", "context"}

func (k Kind) String() string { return kinds[k] }

// A Class is a set of values that may be the same: whatever the package does to one of them, it may
// do to each. What it says of a parameter is so of the arguments of all calls together, and what it says
// of an argument is not mixed with what is done to those of other calls. It belongs to a Graph, and is not
// to be changed.
type Class struct {
	Kind    Kind
	Ops     []*Op        // all operations, in source order
	Vars    []*types.Var // variables, parameters and fields that hold it, in source order
	Escapes []Escape     // how code outside the package reaches it, in source order
	Callees []Callee     // of a function: what it may be, in source order
	Elem    *Class       // what a channel or container holds, or nil
	Cancels *Class       // of a Cancel: the context that it ends
	Parents []*Class     // of a Context: those that it may be, or be derived from

	name    string
	element bool // it is held by a container or sent over a channel
	passing bool // a parameter that is given what other classes are, or a result that is one for each caller
}

// Makers are the operations that make the resource or declare it.
func (c *Class) Makers() []*Op {
	var all []*Op
	for _, o := range c.Ops {
		if o.Kind == Make || o.Kind == Declare {
			all = append(all, o)
		}
	}
	return all
}

// Many reports whether there can be several at a time even if each maker runs once per call of the
// function around it: made in a loop, held in a field or in a container, or made in several places.
func (c *Class) Many() bool {
	makers := c.Makers()
	return len(makers) > 1 || c.element ||
		slices.ContainsFunc(makers, func(o *Op) bool { return o.InLoop() }) ||
		slices.ContainsFunc(c.Vars, (*types.Var).IsField)
}

// Name is how a message calls it: by its first field, package variable or local variable, in this
// order; what it is if nothing holds it.
func (c *Class) Name() string {
	if c.name == "" {
		return c.Kind.String()
	}
	return c.name
}

func nameFrom(vars []*types.Var) string {
	name, best := "", 0
	for _, v := range vars {
		rank := 1
		switch {
		case v.Name() == "_":
			rank = 0
		case v.IsField():
			rank = 3
		case v.Pkg() != nil && v.Parent() == v.Pkg().Scope():
			rank = 2
		}
		if rank > best {
			name, best = v.Name(), rank
		}
	}
	return name
}

// Ancestors are the contexts that end a context with them: itself, and those that it is derived from.
func (c *Class) Ancestors() []*Class {
	all := []*Class{c}
	for i := 0; i < len(all); i++ {
		for _, p := range all[i].Parents {
			if !slices.Contains(all, p) {
				all = append(all, p)
			}
		}
	}
	return all
}

// A node is a value of the package. Nodes that may be the same value are joined (Steensgaard): one
// of them stands for the class, the others lead to it. A pointer is what it points to.
type node struct {
	parent *node // towards the one that stands for the class; nil: it is that one
	elem   *node // what a container holds
	fn     *callable
	held   *held
	class  *Class
	size   int32
	kind   Kind
	in     bool   // it may be made outside
	out    Rights // what the outside can do
}

// A callable is what is known of a function value.
type callable struct {
	params, results []*node
	callees         []Callee
	cancels         *node
}

// A held is what most nodes have none of.
type held struct {
	ops     []*Op
	vars    []*types.Var
	escapes []Escape
	types   []types.Type // of an interface: the types of the values in it
	parents []*node      // of a context
	element bool
}

func (n *node) find() *node {
	for n.parent != nil {
		if n.parent.parent != nil {
			n.parent = n.parent.parent
		}
		n = n.parent
	}
	return n
}

func (n *node) hold() *held {
	if n.held == nil {
		n.held = new(held)
	}
	return n.held
}

func (n *node) call() *callable {
	if n.fn == nil {
		n.fn = new(callable)
	}
	return n.fn
}

// union is the union-find of a package. Nodes come in blocks: there are many, and they end together.
type union struct {
	nodes  [][]node
	todo   [][2]*node
	links  []link
	frozen bool // asking adds nothing
}

const block = 128

func (u *union) add(kind Kind) *node {
	if u.frozen {
		return nil
	}
	last := len(u.nodes) - 1
	if last < 0 || len(u.nodes[last]) == cap(u.nodes[last]) {
		u.nodes = append(u.nodes, make([]node, 0, block))
		last++
	}
	u.nodes[last] = append(u.nodes[last], node{size: 1, kind: kind})
	return &u.nodes[last][len(u.nodes[last])-1]
}

// roots yields the nodes that stand for classes.
func (u *union) roots(yield func(*node) bool) {
	for _, b := range u.nodes {
		for i := range b {
			if b[i].parent == nil && !yield(&b[i]) {
				return
			}
		}
	}
}

// elem is what the values of a node hold.
func (u *union) elem(n *node) *node {
	if n == nil {
		return nil
	}
	n = n.find()
	if n.elem == nil {
		if u.frozen {
			return nil
		}
		n.elem = u.add(Other)
		n.elem.hold().element = true
	}
	return n.elem.find()
}

// paramOf and resultOf are what a function takes and returns.
func (u *union) paramOf(n *node, i int) *node {
	if n = n.find(); u.frozen && n.fn == nil {
		return nil
	}
	return u.at(&n.call().params, i)
}

func (u *union) resultOf(n *node, i int) *node {
	if n = n.find(); u.frozen && n.fn == nil {
		return nil
	}
	return u.at(&n.call().results, i)
}

func (u *union) at(s *[]*node, i int) *node {
	if u.frozen && (i >= len(*s) || (*s)[i] == nil) {
		return nil
	}
	for len(*s) <= i {
		*s = append(*s, nil)
	}
	if (*s)[i] == nil {
		(*s)[i] = u.add(Other)
	}
	return (*s)[i].find()
}

// join makes two values one, and with them what they hold. It does nothing if one is nil.
func (u *union) join(a, b *node) {
	if a == nil || b == nil || u.frozen {
		return
	}
	u.todo = append(u.todo, [2]*node{a, b})
	for len(u.todo) > 0 {
		pair := u.todo[len(u.todo)-1]
		u.todo = u.todo[:len(u.todo)-1]
		if a, b := pair[0].find(), pair[1].find(); a != b {
			if a.size < b.size {
				a, b = b, a
			}
			u.merge(a, b)
		}
	}
}

// merge moves all that b has to a.
func (u *union) merge(a, b *node) {
	b.parent, a.size, a.kind = a, a.size+b.size, max(a.kind, b.kind)
	a.elem = u.both(a.elem, b.elem)
	switch {
	case a.fn == nil:
		a.fn = b.fn
	case b.fn != nil:
		a.fn.params = u.all(a.fn.params, b.fn.params)
		a.fn.results = u.all(a.fn.results, b.fn.results)
		a.fn.callees = append(a.fn.callees, b.fn.callees...)
		a.fn.cancels = u.both(a.fn.cancels, b.fn.cancels)
	}
	switch {
	case a.held == nil:
		a.held = b.held
	case b.held != nil:
		a.held.ops = append(a.held.ops, b.held.ops...)
		a.held.vars = append(a.held.vars, b.held.vars...)
		a.held.escapes = append(a.held.escapes, b.held.escapes...)
		a.held.parents = append(a.held.parents, b.held.parents...)
		a.held.element = a.held.element || b.held.element
		for _, t := range b.held.types {
			a.implement(t)
		}
	}
	b.elem, b.fn, b.held = nil, nil, nil
}

func (u *union) both(a, b *node) *node {
	if a == nil {
		return b
	}
	if b != nil {
		u.todo = append(u.todo, [2]*node{a, b})
	}
	return a
}

func (u *union) all(a, b []*node) []*node {
	for i, n := range b {
		if i == len(a) {
			return append(a, b[i:]...)
		}
		a[i] = u.both(a[i], n)
	}
	return a
}

// implement adds the type of a value that an interface holds.
func (n *node) implement(t types.Type) {
	h := n.hold()
	if !slices.ContainsFunc(h.types, func(u types.Type) bool { return types.Identical(t, u) }) {
		h.types = append(h.types, t)
	}
}

// freeze turns what is joined into classes. After it no node changes, and every node is one step from
// the one that stands for it.
func (u *union) freeze() {
	for n := range u.roots {
		n.ends()
	}
	u.frozen = true
	for n := range u.roots {
		n.class = n.classify()
	}
	for _, b := range u.nodes {
		for i := range b {
			if n := &b[i]; n.parent != nil {
				n.parent = n.find()
				n.class = n.parent.class
			}
		}
	}
	for n := range u.roots {
		n.class.link(n)
	}
}

// classify is the class that a node stands for.
func (n *node) classify() *Class {
	c := &Class{Kind: n.kind}
	if h := n.held; h != nil {
		slices.SortFunc(h.ops, compareOps)
		slices.SortFunc(h.vars, func(a, b *types.Var) int { return cmp.Compare(a.Pos(), b.Pos()) })
		slices.SortFunc(h.escapes, compareEscapes)
		c.Ops, c.Vars, c.Escapes, c.element = h.ops, slices.Compact(h.vars), slices.Compact(h.escapes), h.element
		c.name = nameFrom(c.Vars)
		for _, o := range c.Ops {
			if o.Class == nil || o.Class.Kind == Context {
				o.Class = c
			}
		}
	}
	if n.fn != nil {
		slices.SortFunc(n.fn.callees, compareCallees)
		n.fn.callees = slices.Compact(n.fn.callees)
		c.Callees = n.fn.callees
	}
	return c
}

// classes are those that are worth a look of their own, in source order.
func (u *union) classes() []*Class {
	var all []*Class
	for n := range u.roots {
		if c := n.class; len(c.Ops) > 0 && c.Kind > Function && !c.passing {
			all = append(all, c)
		}
	}
	slices.SortFunc(all, func(a, b *Class) int {
		return cmp.Or(compareOps(a.Ops[0], b.Ops[0]), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.first(), b.first()), cmp.Compare(a.Ops[len(a.Ops)-1].Pos(), b.Ops[len(b.Ops)-1].Pos()),
			slices.CompareFunc(a.Ops, b.Ops, compareOps), slices.CompareFunc(a.Vars, b.Vars, comparePos), slices.CompareFunc(a.Escapes, b.Escapes, compareEscapes), compareBool(a.Many(), b.Many())) // of a helper's, each caller has one
	})
	return all
}

// ends is what a call of a function that ends a context does to that.
func (n *node) ends() {
	if n.fn == nil || n.fn.cancels == nil || n.held == nil {
		return
	}
	for _, o := range n.held.ops {
		if o.Kind == Invoke {
			h := n.fn.cancels.find().hold()
			h.ops = append(h.ops, o)
		}
	}
}

// link names the classes that a class leads to.
func (c *Class) link(n *node) {
	if n.elem != nil {
		c.Elem = n.elem.class
	}
	if n.fn != nil && n.fn.cancels != nil {
		c.Cancels = n.fn.cancels.class
	}
	if n.held == nil {
		return
	}
	for _, p := range n.held.parents {
		if p.class != c && !slices.Contains(c.Parents, p.class) {
			c.Parents = append(c.Parents, p.class)
		}
	}
	slices.SortFunc(c.Parents, func(a, b *Class) int { return cmp.Compare(a.first(), b.first()) })
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

func comparePos(a, b *types.Var) int { return cmp.Compare(a.Pos(), b.Pos()) }

// A Callee is a function that a call may run.
type Callee struct {
	Decl *types.Func  // nil for a literal
	Body *syntax.Func // nil for a function of another package
}

// Pos is where the function is declared.
func (c Callee) Pos() token.Pos {
	if c.Decl != nil {
		return c.Decl.Pos()
	}
	return c.Body.Node.Pos()
}

func compareCallees(a, b Callee) int {
	return cmp.Or(cmp.Compare(a.Pos(), b.Pos()), cmp.Compare(a.name(), b.name()))
}

func (c Callee) name() string {
	if c.Decl != nil {
		return c.Decl.FullName()
	}
	return ""
}

// first is where the class is first seen.
func (c *Class) first() token.Pos {
	switch {
	case len(c.Vars) == 0 && len(c.Ops) == 0:
		return token.NoPos
	case len(c.Ops) == 0:
		return c.Vars[0].Pos()
	case len(c.Vars) == 0:
		return c.Ops[0].Pos()
	}
	return min(c.Vars[0].Pos(), c.Ops[0].Pos())
}
