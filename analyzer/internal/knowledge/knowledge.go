// Package knowledge says what functions, types, fields and words mean: what reads from outside, what
// belongs to the program and its settings, what is called once for each of many.
//
// It is data, read from the source of each library at the version named; who asks interprets it.
package knowledge

import (
	"go/types"
	"slices"
	"strings"
)

// An Origin is where there can be many of something from.
type Origin uint8

const (
	Unsaid      Origin = iota
	Own                // the program's own: what its source lists or registers
	Setting            // flags, the environment, files of settings
	Ticks              // a clock
	Signals            // of the operating system
	Connections        // an accept loop
	Parameter          // whatever callers pass
	Text               // the same, cut from a text, which somebody has written
	Arguments          // of the command line, or typed in by its user
	Answer             // what a function of unknown meaning has returned
	Links              // a linked list
	Turns              // a loop without end that waits for nothing
	Tree               // a recursion over a tree or graph
	Messages           // a channel, a queue, a subscription
	Listing            // a function that lists what it finds elsewhere
	Pages              // page by page, until there are no more
	Response           // what a server has answered
	Records            // what is read piece by piece: lines, documents, datagrams
	File               // what a file holds
	Directory          // what a directory holds
	Rows               // what a database holds
	Request            // what a client has sent
)

// A Library is what is known of one import path.
type Library struct {
	Path    string // import path
	Module  string // module that holds it; empty for the standard library
	Version string // version whose source was read
	Funcs   []Func
	Types   []Type
	Fields  []Field
	Ends    []string // fields with a function after which the process ends: "Command.RunE"
}

// A Func is a function or method whose meaning its body does not show to who looks for numbers.
type Func struct {
	Name   string // "ReadDir" or "Scanner.Scan"
	Does   Does
	Arg    int    // the argument concerned, from 1; 0 is the receiver
	From   int    // Fills and One: the argument that is read from; 0 is the receiver
	Origin Origin // where what it delivers comes from
	Few    int    // the argument that says how many at most; 0: none
	Text   string // what there are many of, as a message says it; Same: if it comes from Origin
}

// Does is what a Func does with many.
type Does uint8

const (
	One   Does = iota + 1 // each call delivers one more of what Origin says
	Many                  // its result holds as many as there are
	Fills                 // puts what is read From into what Arg points to
	Calls                 // calls Arg once for each
	Same                  // its result holds as much as Arg does
	Puts                  // adds what it is given to Arg
	Piece                 // its result is made of pieces of at most Few
	Says                  // its result is a number or text of Origin
	Small                 // its result is small, whatever there is
	Fails                 // its result is an error, never nil
)

// A Type is one whose values come from outside, whatever their fields are called.
type Type struct {
	Name   string
	Origin Origin
	Text   string
}

// A Field is a field or package variable with values from outside.
type Field struct {
	Name   string // "Reader.File", "Args"
	Origin Origin
	Text   string
}

// A Base answers what is known of a function, a type or a field.
type Base struct {
	funcs  map[string]map[string]*Func
	types  map[string]map[string]*Type
	fields map[string]map[string]*Field
	ends   map[string][]string
}

// Load returns what is known.
func Load() *Base {
	b := &Base{map[string]map[string]*Func{}, map[string]map[string]*Type{}, map[string]map[string]*Field{}, map[string][]string{}}
	for _, l := range Libraries() {
		fs, ts, ds := map[string]*Func{}, map[string]*Type{}, map[string]*Field{}
		for i := range l.Funcs {
			fs[l.Funcs[i].Name] = &l.Funcs[i]
		}
		for i := range l.Types {
			ts[l.Types[i].Name] = &l.Types[i]
		}
		for i := range l.Fields {
			ds[l.Fields[i].Name] = &l.Fields[i]
		}
		b.funcs[l.Path], b.types[l.Path], b.fields[l.Path], b.ends[l.Path] = fs, ts, ds, l.Ends
	}
	return b
}

// Func returns the row of a function, or nil.
func (b *Base) Func(f *types.Func) *Func {
	if f == nil || f.Pkg() == nil {
		return nil
	}
	byName := b.funcs[path(f.Pkg())]
	if byName == nil {
		return nil
	}
	return byName[FuncName(f)]
}

// Type returns the row of t, or of what it points to, or nil.
func (b *Base) Type(t types.Type) *Type {
	n := named(t)
	if n == nil || n.Obj().Pkg() == nil {
		return nil
	}
	return b.types[path(n.Obj().Pkg())][n.Obj().Name()]
}

// Field returns the row of a field that is selected from a value of type t, or nil.
func (b *Base) Field(t types.Type, field string) *Field {
	n := named(t)
	if n == nil || n.Obj().Pkg() == nil {
		return nil
	}
	return b.fields[path(n.Obj().Pkg())][n.Obj().Name()+"."+field]
}

// Ends reports whether the process ends when a function returns that a field of type t holds, as the body of a
// command does.
func (b *Base) Ends(t types.Type, field string) bool {
	n := named(t)
	return n != nil && n.Obj().Pkg() != nil && slices.Contains(b.ends[path(n.Obj().Pkg())], n.Obj().Name()+"."+field)
}

// Var returns the row of a package variable, or nil.
func (b *Base) Var(v *types.Var) *Field {
	if v.Pkg() == nil || v.IsField() {
		return nil
	}
	return b.fields[path(v.Pkg())][v.Name()]
}

// FuncName is the name that rows use: "F", or "T.M" for a method of T or *T.
func FuncName(f *types.Func) string {
	recv := f.Signature().Recv()
	if recv == nil {
		return f.Name()
	}
	if n := named(recv.Type()); n != nil {
		return n.Obj().Name() + "." + f.Name()
	}
	return f.Name()
}

func named(t types.Type) *types.Named {
	if t == nil {
		return nil
	}
	t = types.Unalias(t)
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	n, _ := t.(*types.Named)
	return n
}

// path is a package's import path without the prefix of a vendored copy.
func path(p *types.Package) string {
	if i := strings.LastIndex(p.Path(), "/vendor/"); i >= 0 {
		return p.Path()[i+len("/vendor/"):]
	}
	return strings.TrimPrefix(p.Path(), "vendor/")
}
