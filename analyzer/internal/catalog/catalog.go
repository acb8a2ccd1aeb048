// Package catalog says what the functions of each pool library mean.
//
// It is data, one file per library, taken from the library's source at the given version. The logic that
// interprets the data is with its readers.
package catalog

import (
	"go/types"
	"strings"
)

// A Library is what is known about one import path.
type Library struct {
	Path    string // import path
	Module  string // module that holds it; empty for the standard library
	Version string // version whose source was read
	Absent  string // why no test resolves the rows; for example, the module proxy does not have it
	Types   []Type
	Funcs   []Func
	Fields  []Field
}

// A Type is an executor, a group, a future or a limiter.
type Type struct {
	Name    string // without type parameters
	Kind    Kind
	Intent  Intent // what the library says it is for
	Default Bound  // of a value made without a size: the zero value, or a constructor without a size
	Queue   Queue
	Closed  bool   // its workers live until it is closed: not closing it leaks them
	Waited  bool   // work in it must be waited for
	Nested  bool   // a task that submits to its own full pool and waits can deadlock
	Lost    string // future: what is lost if nobody awaits it
	Receipt bool   // future: it reports on work done elsewhere; no task of this program runs behind it
	Why     string // source of the claim, where it is not clear from the documentation
}

// Kind is the kind of a Type.
type Kind uint8

const (
	Executor Kind = iota + 1 // a pool: many submitters, long-lived
	Group                    // submit, then wait for all: for a single use
	Future                   // the result of one task
	Limiter                  // tokens: semaphore, sized wait group
)

// Intent is the purpose of an executor.
type Intent uint8

const (
	AnyIntent Intent = iota
	IO               // for tasks that wait
	CPU              // for tasks that compute
)

// Queue is what happens to tasks that no worker can take at once.
type Queue uint8

const (
	NoQueue        Queue = iota // the submitter waits
	BoundedQueue                // waits or rejects when it is full
	UnboundedQueue              // grows without limit
)

// A Func is a function or method with a meaning for pools.
type Func struct {
	Name     string // "NewPool" or "Pool.Submit": receiver's type without pointer and parameters
	Role     Role
	Task     Arg     // the argument that is the task; in New, what every later submit runs
	Tasks    bool    // Task and all arguments after it are tasks
	Items    Arg     // Map: the collection or count, with one task per element
	Bound    Bound   // New, SetBound, Option, Resize, Map: how many tasks may run at once; Submit: if no executor says so
	Queue    Arg     // New, Option: the argument that bounds the queue
	Callback Arg     // the argument that is called with the outcome: nil loses it
	Returns  Returns // what the caller must not drop
	Blocks   Blocks  // when the caller waits
	Lost     string  // what is lost with a dropped result, if the type of the future does not say so
	Optional bool    // dropping the result is common and sound: worth a question at most
	Refuses  bool    // Returns can say "not accepted" while the pool is open; otherwise only after Close
	Waits    bool    // Close, Stop: returns after the tasks have ended
	Early    bool    // SetBound: panics after the first task
	Once     bool    // the receiver cannot be used after it
	Executor Arg     // the argument that is the executor; none: the receiver, or else the default pool
	Shared   bool    // works on a pool shared by the whole process
	If       string  // the row applies to versions of the package that have this name
	Unless   string  // the row applies to versions of the package that lack this name
	Why      string
}

// A Field is a struct field with a meaning for pools.
type Field struct {
	Name  string // "Iterator.MaxGoroutines"
	Role  Role   // SetBound or Nonblock
	Bound Bound  // what the value stored means
	Why   string
}

// Role is what a Func does.
type Role uint8

const (
	New        Role = iota + 1 // creates an executor, group or limiter
	SetBound                   // sets the bound of its receiver; may return it
	Convert                    // returns another view of its receiver, with the same bound and obligations
	Option                     // an option for New; with a Bound, it sets it
	Nonblock                   // an option for New: submits are rejected instead of waiting
	Resize                     // changes the bound
	Submit                     // hands over a task
	Submitted                  // hands over a task and returns its future
	Map                        // runs many tasks, waits for them itself
	Stream                     // starts workers behind a channel that must be drained
	Acquire                    // acquires a token, waiting for it
	TryAcquire                 // acquires a token if there is one
	Release                    // returns a token
	Wait                       // waits for all work of a group
	Close                      // ends an executor
	Stop                       // signals an executor to end
	Await                      // consumes a future: waits for its result
	AwaitChan                  // returns a channel whose receive consumes a future
	AwaitAll                   // consumes every future of its receiver
	Poll                       // checks a future without consuming it
	Combine                    // takes futures and consumes or forwards them
	Chain                      // derives a future from a future
	Cancel                     // gives up a future
	Handler                    // installs a handler that observes failures nobody awaits
	Start                      // hands over work that a workflow engine, not this process, runs: never a goroutine
	Enter                      // counts a task in, WaitGroup style
	Leave                      // counts a task out
	Settle                     // completes a future
	Seal                       // says that no more tasks will come: results end only after it
	Pause                      // stops an executor from starting tasks
	Run                        // runs its task in the caller's goroutine: starts none
)

// Arg is a parameter by position; the receiver does not count.
type Arg int8

const (
	NoArg  Arg = iota
	First      // the first argument
	Second     // and so on
	Third
	Fourth
	Fifth
)

// Index returns a's index into a call's arguments, or -1.
func (a Arg) Index() int { return int(a) - 1 }

// A Bound is how many tasks may run at once, and what odd sizes do.
type Bound struct {
	From     From
	Arg      Arg  // for FromArg
	Times    Arg  // multiplied by this argument
	Over     Arg  // divided by this argument
	Fixed    int  // for FixedBound
	Zero     Edge // what 0 means
	Negative Edge // what a negative number means
	MinusOne Edge // what -1 means, if that differs from Negative
}

// Edge returns what the size n does, if n is not a plain bound.
func (b Bound) Edge(n int64) Edge {
	switch {
	case n == -1 && b.MinusOne != EdgeUnsaid:
		return b.MinusOne
	case n < 0:
		return b.Negative
	case n == 0:
		return b.Zero
	}
	return EdgeUnsaid
}

// From is where a bound comes from.
type From uint8

const (
	Unsaid     From = iota // nothing known
	Unlimited              // no bound at all
	FromArg                // an argument gives it
	CPUs                   // GOMAXPROCS or the number of CPUs
	FixedBound             // a constant of the library
	FromValue              // the value stored: fields
	Inherited              // the receiver's or Executor's: subpools, groups of a pool
	Ignored                // an argument looks like a bound, but the library does not enforce it
)

// Edge is what a size at the edge does.
type Edge uint8

const (
	EdgeUnsaid    Edge = iota
	EdgeUnlimited      // means no limit
	EdgePanics         // panics
	EdgeHangs          // every later submit, or the wait, blocks forever
	EdgeNothing        // nothing runs, without an error
	EdgeDefault        // a sane default or one worker
	EdgeError          // the constructor returns an error
)

// Returns is the result of a Func that must not be dropped.
type Returns uint8

const (
	ReturnsNothing     Returns = iota
	ReturnsError               // the last result is an error
	ReturnsBool                // the last result says whether it was accepted
	ReturnsFuture              // the first result is the future
	ReturnsFutureError         // future and error
	ReturnsFutureBool          // future and accepted
	ReturnsChan                // a channel that delivers the result once
	ReturnsSelf                // the receiver, for chains
)

// Blocks is when a call waits.
type Blocks uint8

const (
	Never        Blocks = iota
	WhenFull            // while the pool has no room
	UntilDone           // until the task, or all tasks, are done
	WhenFullRare        // only in an unusual configuration
)

// A Catalog looks up what a function, type or field means.
type Catalog struct {
	funcs  map[string]map[string][]*Func
	types  map[string]map[string]*Type
	fields map[string]map[string]*Field
}

// Load returns the built-in catalogue with more libraries added to it. If a row is given twice, the last
// one wins.
func Load(more ...Library) *Catalog {
	c := &Catalog{
		funcs:  map[string]map[string][]*Func{},
		types:  map[string]map[string]*Type{},
		fields: map[string]map[string]*Field{},
	}
	for _, l := range append(Libraries(), more...) {
		c.add(l)
	}
	return c
}

func (c *Catalog) add(l Library) {
	if c.funcs[l.Path] == nil {
		c.funcs[l.Path] = make(map[string][]*Func, len(l.Funcs))
		c.types[l.Path] = make(map[string]*Type, len(l.Types))
		c.fields[l.Path] = make(map[string]*Field, len(l.Fields))
	}
	for i := range l.Funcs {
		f := &l.Funcs[i]
		c.funcs[l.Path][f.Name] = append(c.funcs[l.Path][f.Name], f)
	}
	for i := range l.Types {
		c.types[l.Path][l.Types[i].Name] = &l.Types[i]
	}
	for i := range l.Fields {
		c.fields[l.Path][l.Fields[i].Name] = &l.Fields[i]
	}
}

// Knows reports whether the catalogue has rows for an import path.
func (c *Catalog) Knows(path string) bool { return c.funcs[trimVendor(path)] != nil }

// Func returns the row of f that applies to f's version of the library, or nil.
func (c *Catalog) Func(f *types.Func) *Func {
	if f == nil || f.Pkg() == nil {
		return nil
	}
	byName := c.funcs[trimVendor(f.Pkg().Path())]
	if byName == nil {
		return nil
	}
	rows := byName[FuncName(f)]
	for i := len(rows) - 1; i >= 0; i-- {
		if rows[i].holds(f.Pkg()) {
			return rows[i]
		}
	}
	return nil
}

// holds reports whether f applies to the version of pkg. For a package that is seen only in part (one that
// is imported indirectly) this is not known: only rows for every version apply.
func (f *Func) holds(pkg *types.Package) bool {
	if f.If == "" && f.Unless == "" {
		return true
	}
	return pkg.Complete() &&
		(f.If == "" || lookup(pkg, f.If) != nil) &&
		(f.Unless == "" || lookup(pkg, f.Unless) == nil)
}

// Type returns the row of t, or of what it points to, or nil.
func (c *Catalog) Type(t types.Type) *Type {
	n := named(t)
	if n == nil || n.Obj().Pkg() == nil {
		return nil
	}
	return c.types[trimVendor(n.Obj().Pkg().Path())][n.Obj().Name()]
}

// Field returns the row of the field of struct type t, or of what it points to, or nil.
func (c *Catalog) Field(t types.Type, field string) *Field {
	n := named(t)
	if n == nil || n.Obj().Pkg() == nil {
		return nil
	}
	return c.fields[trimVendor(n.Obj().Pkg().Path())][n.Obj().Name()+"."+field]
}

// FuncName is the name that rows use: "F", or "T.M" for a method of T or *T.
func FuncName(f *types.Func) string {
	sig := f.Signature()
	if sig.Recv() == nil {
		return f.Name()
	}
	if n := named(sig.Recv().Type()); n != nil {
		return n.Obj().Name() + "." + f.Name()
	}
	return f.Name()
}

// named returns the named type of t or *t, aliases resolved.
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

// trimVendor removes the prefix of a vendored copy.
func trimVendor(path string) string {
	if i := strings.LastIndex(path, "/vendor/"); i >= 0 {
		return path[i+len("/vendor/"):]
	}
	return strings.TrimPrefix(path, "vendor/")
}

// lookup finds "F" or "T.M" in pkg: a function, type, variable, or a method or field that T itself
// declares, or nil. Promoted methods are found under the type that declares them.
func lookup(pkg *types.Package, name string) types.Object {
	typ, member, isMember := strings.Cut(name, ".")
	obj := pkg.Scope().Lookup(typ)
	if obj == nil || !isMember {
		return obj
	}
	n, ok := types.Unalias(obj.Type()).(*types.Named)
	if !ok || n.Obj() != obj {
		return nil
	}
	for m := range n.Methods() {
		if m.Name() == member {
			return m
		}
	}
	switch u := n.Underlying().(type) {
	case *types.Interface:
		for m := range u.ExplicitMethods() {
			if m.Name() == member {
				return m
			}
		}
	case *types.Struct:
		for f := range u.Fields() {
			if f.Name() == member {
				return f
			}
		}
	}
	return nil
}
