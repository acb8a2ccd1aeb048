// Package resource is the picture of what a package does with its channels, pools, groups, futures,
// semaphores, wait groups, contexts and function values: which of them may be the same, all that is done
// to each, wherever it stands, and what code outside the package can do.
//
// Values that may be the same are one class (Steensgaard's analysis, on typed syntax). A field is one
// variable for all values of its struct, and so is an element for its container; a pointer is what it
// points to. So a class may be larger than what can happen, and is never smaller, but for code that is
// not seen: reflection, and what is said in Escape.
//
// What a class says is what may happen. Whether it happens on every path is a question for paths.
package resource

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/summary"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// A Graph is the picture of one package. It does not change, and can be asked from several goroutines.
type Graph struct {
	Classes []*Class // those with an operation that are no functions, in source order
	Spawns  []*Spawn // in source order

	b       *builder
	ops     map[*syntax.Func][]*Op
	callers map[*syntax.Func][]Caller
	starts  map[*syntax.Func][]*Spawn
	public  map[*syntax.Func]Escape
}

// A Spawn is a place where tasks are started in other goroutines.
type Spawn struct {
	Call     *syntax.Call
	Row      *catalog.Func  // the library's function that starts them; nil for go and for a Fact
	Fact     *summary.Param // what a function of another package does with the task
	Pool     *Class         // the executor or group; nil for go, and where it is not known
	Tasks    []Callee       // what is started, in source order
	Complete bool           // nothing else can be
}

// Pos is where it stands: the name called, or the keyword go.
func (s *Spawn) Pos() token.Pos {
	if s.Call.Go != nil {
		return s.Call.Go.Go
	}
	return s.Call.NamePos()
}

// spawn is a Spawn whose tasks are not known yet.
type spawn struct {
	Spawn
	at    target // of a go statement
	pool  *node
	tasks []*node
}

// New builds the graph of a package. Imported gives what is known of functions of other packages, nil
// where nothing is; hidden maps the names that files left out of this build mention to a file each.
func New(src *syntax.Package, cat *catalog.Catalog, imported func(*types.Func) *summary.Func, hidden map[string]string) *Graph {
	b := &builder{
		src: src, cat: cat, imported: imported, hidden: hidden,
		marks:     map[*types.Named]mark{},
		vars:      map[*types.Var]*node{},
		funcs:     map[*syntax.Func]*node{},
		others:    map[*types.Func]other{},
		exprs:     map[ast.Expr]*node{},
		tuples:    map[*ast.CallExpr][]*node{},
		virtual:   map[*syntax.Call]*dispatched{},
		methods:   map[string][]*syntax.Func{},
		converted: map[*types.TypeName]token.Pos{},
		public:    map[*syntax.Func]Escape{},
	}
	b.calls, b.virtuals, b.exposure = calls{b}, virtuals{b}, exposure{b}
	b.flows, b.elsewhere, b.values = flows{b}, elsewhere{b}, values{b}
	if b.busy() {
		b.methodsByName()
		b.read(nil, src.Inits())
		for _, f := range src.Funcs {
			b.read(f, f.Calls)
			b.flows.returns(f)
		}
		b.virtuals.dispatchAll()
		b.values.settle()
		b.exposure.escapes()
	} else {
		b.skim()
	}
	g := &Graph{b: b, ops: map[*syntax.Func][]*Op{}, callers: map[*syntax.Func][]Caller{}, starts: map[*syntax.Func][]*Spawn{}, public: b.public}
	b.freeze()
	b.values.instances()
	g.Classes = b.classes()
	g.connect()
	return g
}

// A builder reads a package.
type builder struct {
	union
	calls     calls
	virtuals  virtuals
	exposure  exposure
	flows     flows
	elsewhere elsewhere
	values    values

	src      *syntax.Package
	cat      *catalog.Catalog
	imported func(*types.Func) *summary.Func
	hidden   map[string]string

	marks   map[*types.Named]mark
	vars    map[*types.Var]*node
	funcs   map[*syntax.Func]*node
	others  map[*types.Func]other // functions of other packages
	exprs   map[ast.Expr]*node    // literals and calls that make a value
	tuples  map[*ast.CallExpr][]*node
	boxes   typeutil.Map // of type: what of it is put into interfaces
	methods map[string][]*syntax.Func

	spawns     []*spawn
	through    []through
	dispatches []*dispatched
	virtual    map[*syntax.Call]*dispatched
	leaks      []leak
	converted  map[*types.TypeName]token.Pos // types that are put into interfaces
	public     map[*syntax.Func]Escape
}

// busy reports whether a package starts goroutines, or does anything to a channel or pool.
func (b *builder) busy() bool {
	for _, f := range append([]*syntax.Func{nil}, b.src.Funcs...) {
		for _, c := range b.src.Flows(f) {
			switch n := c.Node().(type) {
			case *ast.SendStmt, *ast.UnaryExpr:
				return true
			case *ast.RangeStmt:
				if isChan(b.src.Info.TypeOf(n.X)) {
					return true
				}
			}
		}
		calls := b.src.Inits()
		if f != nil {
			if len(f.Gos) > 0 {
				return true
			}
			calls = f.Calls
		}
		if slices.ContainsFunc(calls, b.counts) {
			return true
		}
	}
	return false
}

// counts reports whether a call does something to a channel or pool, or starts a goroutine.
func (b *builder) counts(c *syntax.Call) bool {
	if c.Callee == nil {
		switch what := b.calls.builtinOf(c.Expr); {
		case what == nil:
			return false
		case what.Name() == "make":
			return isChan(b.src.Info.TypeOf(c.Expr))
		default:
			return what.Name() == "close"
		}
	}
	if b.cat.Func(c.Callee) != nil {
		return true
	}
	row, ok := standardRow(c.Callee)
	return ok && (row.starts != none || row.timer || row.cancel != none)
}

// skim reads a package in which values need not be followed: a function that is used as a value may be
// called by anyone.
func (b *builder) skim() {
	for _, f := range b.src.Funcs {
		if f.Valued || f.Decl == nil {
			b.public[f] = Escape{Rights: MayCall, Answer: Unknown, Way: Unread, Obj: obj(f), Pos: f.Node.Pos()}
		}
	}
	b.exposure.publish()
}

func obj(f *syntax.Func) types.Object {
	if f.Decl == nil {
		return nil
	}
	return f.Decl
}

// methodsByName lists methods first, so that their order does not matter.
func (b *builder) methodsByName() {
	for _, f := range b.src.Funcs {
		if f.Decl != nil && f.Sig.Recv() != nil {
			b.methods[f.Decl.Name()] = append(b.methods[f.Decl.Name()], f)
		}
	}
}

// read reads a function without its literals, or what is outside all functions.
func (b *builder) read(f *syntax.Func, calls []*syntax.Call) {
	for _, c := range b.src.Flows(f) {
		b.flows.flows(c, f)
		b.operate(c, f)
	}
	for _, c := range calls {
		b.calls.call(c)
	}
}

// Class is the class of an expression. It is nil if the type is of no interest, if nothing is known of
// it, and in a package that starts no goroutine and does nothing to a channel or pool.
func (g *Graph) Class(e ast.Expr) *Class { return g.class(g.b.values.value(e)) }

// Var is the class of a variable or field.
func (g *Graph) Var(v *types.Var) *Class { return g.class(g.b.values.variable(v)) }

// Result is the class of a result of a call.
func (g *Graph) Result(call *ast.CallExpr, i int) *Class { return g.class(g.b.calls.result(call, i)) }

// Value is the class of a function of the package as a value, or nil if it is only called.
func (g *Graph) Value(f *syntax.Func) *Class { return g.class(g.b.calls.function(f)) }

func (g *Graph) class(n *node) *Class {
	if n == nil {
		return nil
	}
	return n.find().class
}

// Callees are the functions that a call may run, and whether these are all. Conversions and calls of
// built-in functions run none.
func (g *Graph) Callees(c *syntax.Call) ([]Callee, bool) {
	t := g.b.calls.target(c.Expr)
	switch {
	case t.conv || t.what != nil:
		return nil, true
	case t.body != nil:
		return []Callee{{t.body.Decl, t.body}}, true
	case t.decl != nil:
		if d := g.b.virtual[c]; d != nil {
			return d.to, d.on != nil && len(d.to) > 0 && !d.on.find().in
		}
		recv := t.decl.Signature().Recv()
		return []Callee{{Decl: t.decl}}, recv == nil || !isInterface(recv.Type())
	}
	return g.functions(t.value)
}

// Functions are the functions that an expression may be, and whether these are all.
func (g *Graph) Functions(e ast.Expr) ([]Callee, bool) { return g.functions(g.b.values.value(e)) }

func (g *Graph) functions(n *node) ([]Callee, bool) {
	if n == nil {
		return nil, false
	}
	n = n.find()
	return n.class.Callees, len(n.class.Callees) > 0 && !n.in
}

// Ops are the operations in a function without its literals, in source order, those on function values
// left out; for nil, those outside functions.
func (g *Graph) Ops(f *syntax.Func) []*Op { return g.ops[f] }

// Callers are the places where a function of the package is run in the goroutine of its caller, in source
// order. They are all there are unless it is Public.
func (g *Graph) Callers(f *syntax.Func) []Caller { return g.callers[f] }

// Starts are the places where a function of the package is started as a task, in source order.
func (g *Graph) Starts(f *syntax.Func) []*Spawn { return g.starts[f] }

// Public reports whether code outside the package may call a function, and how it comes to it.
func (g *Graph) Public(f *syntax.Func) (Escape, bool) {
	e, ok := g.public[f]
	return e, ok
}

// An Entry is where a goroutine comes into the package's code.
type Entry struct {
	Func  *syntax.Func
	Spawn *Spawn // what starts it as a task; nil: it is called from outside, or by the program's start
}

// Entries are the tasks and the functions called from outside in which statements of f, without its
// literals, may run.
func (g *Graph) Entries(f *syntax.Func) []Entry {
	var all []Entry
	seen := map[*syntax.Func]bool{f: true}
	for todo := []*syntax.Func{f}; len(todo) > 0; todo = todo[1:] {
		f := todo[0]
		for _, s := range g.starts[f] {
			all = append(all, Entry{f, s})
		}
		if _, ok := g.public[f]; ok || g.first(f) {
			all = append(all, Entry{Func: f})
		}
		for _, c := range g.callers[f] {
			if c.In != nil && !seen[c.In] {
				seen[c.In] = true
				todo = append(todo, c.In)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Entry) int { return cmp.Compare(a.Func.Node.Pos(), b.Func.Node.Pos()) })
	return all
}

// first reports whether the program's start runs a function.
func (g *Graph) first(f *syntax.Func) bool {
	if slices.ContainsFunc(g.callers[f], func(c Caller) bool { return c.In == nil }) {
		return true
	}
	if f.Decl == nil || f.Sig.Recv() != nil {
		return false
	}
	return f.Decl.Name() == "init" || f.Decl.Name() == "main" && g.b.src.Types.Name() == "main"
}

// connect turns calls and spawns round: from what is run to where.
func (g *Graph) connect() {
	g.spawns()
	for n := range g.b.roots {
		for _, o := range n.class.Ops {
			if o.Class == n.class && n.class.Kind > Function {
				g.ops[o.In] = append(g.ops[o.In], o)
			}
		}
	}
	for _, ops := range g.ops {
		slices.SortFunc(ops, func(a, b *Op) int { return cmp.Or(compareOps(a, b), cmp.Compare(a.Class.Kind, b.Class.Kind)) })
	}
	add := func(c Caller, to []Callee) {
		for _, t := range to {
			if t.Body != nil {
				g.callers[t.Body] = append(g.callers[t.Body], c)
			}
		}
	}
	calls := func(calls []*syntax.Call) {
		for _, c := range calls {
			if c.Go == nil {
				to, _ := g.Callees(c)
				add(Caller{Cur: c.Cur, In: c.In, Call: c}, to)
			}
		}
	}
	calls(g.b.src.Inits())
	for _, f := range g.b.src.Funcs {
		calls(f.Calls)
	}
	for _, t := range g.b.through {
		to, _ := g.functions(t.n)
		add(t.Caller, to)
	}
	for _, callers := range g.callers {
		slices.SortStableFunc(callers, func(a, b Caller) int { return cmp.Compare(a.Cur.Node().Pos(), b.Cur.Node().Pos()) })
	}
	for n := range g.b.roots {
		if n.out&MayCall != 0 {
			g.escaped(n.class)
		}
	}
}

// escaped makes the functions of a class public.
func (g *Graph) escaped(c *Class) {
	_, e := c.Can(MayCall)
	for _, to := range c.Callees {
		if _, ok := g.public[to.Body]; to.Body != nil && !ok {
			g.public[to.Body] = e
		}
	}
}

func (g *Graph) spawns() {
	for _, s := range g.b.spawns {
		s.Pool = g.class(s.pool)
		if s.Call.Go != nil {
			s.Tasks, s.Complete = g.Callees(s.Call)
		} else {
			s.Complete = true
			for _, n := range s.tasks {
				to, all := g.functions(n)
				s.Tasks = append(s.Tasks, to...)
				s.Complete = s.Complete && all
			}
			slices.SortFunc(s.Tasks, compareCallees)
			s.Tasks = slices.Compact(s.Tasks)
		}
		g.Spawns = append(g.Spawns, &s.Spawn)
	}
	slices.SortStableFunc(g.Spawns, func(a, b *Spawn) int { return cmp.Compare(a.Pos(), b.Pos()) })
	for _, s := range g.Spawns {
		for _, t := range s.Tasks {
			if t.Body != nil {
				g.starts[t.Body] = append(g.starts[t.Body], s)
			}
		}
	}
}
