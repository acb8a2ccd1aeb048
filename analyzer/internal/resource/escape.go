package resource

import (
	"cmp"
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// exposure says what others, who are not seen here, have and may do with it.
type exposure struct{ *builder }

// Rights are what code outside the package can do to what is made in it.
type Rights uint8

const (
	MaySend    Rights = 1 << iota // send, submit, add, set a limit
	MayReceive                    // receive, wait, await
	MayClose                      // close, stop, cancel
	MayCall                       // call the function
	// MayGive is another matter: a value of the class may have been made outside, and of that one
	// nothing is known. It says nothing of those made here.
	MayGive

	mayAll = MaySend | MayReceive | MayClose | MayCall
)

func (r Rights) String() string {
	var s []string
	for i, name := range []string{"send", "receive", "close", "call", "give"} {
		if r&(1<<i) != 0 {
			s = append(s, name)
		}
	}
	return strings.Join(s, ", ")
}

// An Answer has three values.
type Answer uint8

const (
	No      Answer = iota
	Unknown        // code that is not seen may
	Yes            // other packages are free to
)

var answers = [...]string{"no", "unknown", "yes"}

func (a Answer) String() string { return answers[a] }

// An Escape is a way by which code outside the package reaches a value.
type Escape struct {
	Rights Rights
	Answer Answer // Yes or Unknown
	Way    Way
	Obj    types.Object // the function, variable or type concerned, or nil
	File   string       // of Hidden: the file's name
	Pos    token.Pos
}

// A Way is how a value escapes.
type Way uint8

const (
	ParamOf    Way = iota + 1 // a parameter of Obj, which other packages may call
	ResultOf                  // a result of Obj, which other packages may call
	Exported                  // Obj is a variable, field or function that other packages can name
	ArgumentOf                // an argument of Obj, a function of another package or nil: not known
	MadeBy                    // a result of Obj, a function of another package
	Foreign                   // Obj is a variable or field of another package
	Boxed                     // converted to an interface
	Unboxed                   // taken out of an interface
	Converted                 // a value of the package's type Obj is converted to an interface
	Unsafe                    // converted to an unsafe.Pointer
	Hidden                    // a file that is left out of this build mentions Obj
	Body                      // of a function: the body of a range loop
	Unread                    // of a function: it is used as a value in a package whose values are not followed
)

// String says why, as a message would.
func (e Escape) String() string {
	name := "a function"
	if e.Obj != nil {
		name = e.Obj.Name()
		if p := e.Obj.Pkg(); p != nil && (e.Way == ArgumentOf || e.Way == MadeBy || e.Way == Foreign) {
			name = p.Name() + "." + name
		}
	}
	switch e.Way {
	case ParamOf:
		return fmt.Sprintf("%s may be called from other packages, which bring their own", name)
	case ResultOf:
		return fmt.Sprintf("%s returns it to other packages", name)
	case Exported:
		return fmt.Sprintf("%s is exported", name)
	case ArgumentOf:
		return fmt.Sprintf("it is handed to %s", name)
	case MadeBy:
		return fmt.Sprintf("it comes from %s", name)
	case Foreign:
		return fmt.Sprintf("%s belongs to another package", name)
	case Boxed:
		return "it is converted to an interface"
	case Unboxed:
		return "it comes out of an interface"
	case Converted:
		return fmt.Sprintf("a %s is converted to an interface", name)
	case Unsafe:
		return "it is converted to an unsafe.Pointer"
	case Hidden:
		return fmt.Sprintf("%s, which this build leaves out, mentions %s", e.File, name)
	case Body:
		return "it is the body of a range loop"
	default:
		return fmt.Sprintf("%s is used as a value", name)
	}
}

// Can reports whether code outside the package can do something to what is made in it, and how it
// reaches it.
func (c *Class) Can(r Rights) (Answer, Escape) {
	var best Escape
	for _, e := range c.Escapes {
		if e.Rights&r != 0 && e.Answer > best.Answer {
			best = e
		}
	}
	return best.Answer, best
}

// Closed reports whether all is seen: every value is made here, and no code outside reaches any.
func (c *Class) Closed() bool { return len(c.Escapes) == 0 }

func compareEscapes(a, b Escape) int {
	return cmp.Or(cmp.Compare(a.Pos, b.Pos), cmp.Compare(a.Way, b.Way), cmp.Compare(a.Rights, b.Rights),
		cmp.Compare(a.Answer, b.Answer), cmp.Compare(a.File, b.File), cmp.Compare(nameOf(a.Obj), nameOf(b.Obj)))
}

func nameOf(o types.Object) string {
	if o == nil {
		return ""
	}
	return o.Name()
}

// A leak is an escape that is seen while values are still being joined.
type leak struct {
	n *node
	t types.Type
	Escape
}

// leak says that a value of a type gets outside.
func (b exposure) leak(n *node, t types.Type, e Escape) {
	if n != nil {
		e.Rights = b.rights(t)
		b.leaks = append(b.leaks, leak{n, t, e})
	}
}

// admit says that a value of a type may come from outside.
func (b exposure) admit(n *node, t types.Type, e Escape) {
	if n != nil {
		e.Rights = MayGive
		b.leaks = append(b.leaks, leak{n, t, e})
	}
}

// rights are what whoever holds a value of a type can do to it.
func (b exposure) rights(t types.Type) Rights {
	switch u := t.Underlying().(type) {
	case *types.Chan:
		switch u.Dir() {
		case types.RecvOnly:
			return MayReceive
		case types.SendOnly:
			return MaySend | MayClose
		}
		return MaySend | MayReceive | MayClose
	case *types.Signature:
		return MayCall
	case *types.Pointer:
		return b.rights(u.Elem())
	}
	switch k := b.values.kind(t); {
	case k == Context:
		return MayReceive
	case k > Channel:
		return mayAll &^ MayCall
	}
	return mayAll
}

// escapes follows the leaks, in source order, to all that can be had of what escapes. Nothing is
// joined any more.
func (b exposure) escapes() {
	b.publish()
	slices.SortStableFunc(b.leaks, func(x, y leak) int { return compareEscapes(x.Escape, y.Escape) })
	// What has no node yet concerns nobody here: a function that returns its own type would have no end of them.
	b.frozen = true
	defer func() { b.frozen = false }()
	for i := 0; i < len(b.leaks); i++ { // the list grows
		l := b.leaks[i]
		n := l.n.find()
		h := n.hold()
		known := l.Rights&^MayGive&^n.out == 0 && (n.in || l.Rights&MayGive == 0)
		if known && len(h.escapes) >= maxEscapes {
			continue
		}
		h.escapes = append(h.escapes, l.Escape)
		if !known {
			n.out |= l.Rights &^ MayGive
			n.in = n.in || l.Rights&MayGive != 0
			if l.Way != Body { // what it is given goes to the loop, which is seen
				b.spread(n, l.t, l.Escape)
			}
		}
	}
}

// maxEscapes bounds how many escapes of a class are kept that tell nothing new.
const maxEscapes = 8

// spread follows a value that escapes to what can be had of it.
func (b exposure) spread(n *node, t types.Type, e Escape) {
	give := e.Rights == MayGive
	both := func(elem *node, t types.Type) {
		if elem == nil || !b.values.interesting(t) {
			return
		}
		if give || e.Rights&(MayReceive|MayCall) != 0 {
			b.leak(elem, t, e)
		}
		if give || e.Rights&(MaySend|MayCall) != 0 {
			b.admit(elem, t, e)
		}
	}
	switch u := t.Underlying().(type) {
	case *types.Chan:
		both(b.elem(n), u.Elem())
	case *types.Slice:
		both(b.elem(n), u.Elem())
	case *types.Array:
		both(b.elem(n), u.Elem())
	case *types.Map:
		both(b.elem(n), u.Elem())
	case *types.Pointer:
		b.spread(n, u.Elem(), e)
	case *types.Signature:
		b.spreadCall(n, u, e)
	case *types.Interface:
		if h := n.held; h != nil && !give {
			for _, t := range h.types {
				b.open(t, e)
			}
		}
	}
}

// spreadCall is a function that the outside calls, or gives.
func (b exposure) spreadCall(n *node, sig *types.Signature, e Escape) {
	in, out := b.admit, b.leak
	if e.Rights == MayGive {
		in, out = out, in
	}
	for i := range sig.Params().Len() {
		if t := sig.Params().At(i).Type(); b.values.interesting(t) {
			in(b.paramOf(n, i), t, e)
		}
	}
	for i := range sig.Results().Len() {
		if t := sig.Results().At(i).Type(); b.values.interesting(t) {
			out(b.resultOf(n, i), t, e)
		}
	}
}
