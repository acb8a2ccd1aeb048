// Package sites finds the places of a package that matter to rules: where a task is started, where
// an executor is made, limited, waited for or closed, where a future is created. It finds them
// once, for all rules.
package sites

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/effects"
	"github.com/poollint/poollint/analyzer/internal/paths"
	"github.com/poollint/poollint/analyzer/internal/resource"
	"github.com/poollint/poollint/analyzer/internal/summary"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// A finder says which calls are sites.
type finder struct{ *Package }

// A Package is a package's source with its sites.
type Package struct {
	*syntax.Package
	homemade  homemade
	Catalog   *catalog.Catalog
	Resources *resource.Graph
	Spawns    []*Spawn // in source order
	Uses      []*Use   // in source order
	Early     bool     // a summary was asked for before it was there

	imported func(*types.Func) *summary.Func
	local    map[*types.Func]*summary.Func
	spawns   map[*syntax.Call]*Spawn
	uses     map[*syntax.Call]*Use
	of       map[*syntax.Func][]*Spawn
	graphs   map[*syntax.Func]*paths.Graph
	given    map[*types.Var][]*Spawn
	homes    map[*types.TypeName]*Homemade
	groups   map[*types.TypeName]*catalog.Type // of structs that are groups; nil: none
	wraps    map[*types.TypeName]*types.Var    // the pools in structs that close them; nil: none
	futures  map[*types.TypeName]*types.Var    // of structs that are futures; nil: none
}

// A Spawn is a place where a task is started: a go statement, a submit, or a call of a function
// that submits what it is given.
type Spawn struct {
	Cur    inspector.Cursor // of the call
	Call   *syntax.Call
	Row    *catalog.Func  // the library's function; nil for go and for a wrapper
	Via    *summary.Param // what the wrapper does with the task; nil if there is no wrapper
	Pool   ast.Expr       // the executor, or nil: go, a default pool, a wrapper without receiver
	Type   *catalog.Type  // of the executor
	Task   ast.Expr       // the task; for go f(x) it is f
	Tasks  []ast.Expr     // all tasks of a call that takes several
	Body   *syntax.Func   // the task's source, if it is in this package
	Callee *types.Func    // the task, if it is a declared function
}

// Pos and End are what a finding about the spawn points at: the name called, or the keyword go.
func (s *Spawn) Pos() token.Pos {
	if s.Call.Go != nil {
		return s.Call.Go.Go
	}
	return s.Call.NamePos()
}

func (s *Spawn) End() token.Pos {
	if s.Call.Go != nil {
		return s.Call.Go.Go + token.Pos(len("go"))
	}
	return syntax.NameEnd(s.Call.Expr.Fun)
}

// Go reports whether the spawn is a go statement.
func (s *Spawn) Go() bool { return s.Call.Go != nil }

// A Use is a call of a library function that is no spawn: a constructor, a limit, a wait, a close,
// an await.
type Use struct {
	Call *syntax.Call
	Row  *catalog.Func
	Type *catalog.Type // of the receiver, or of what a constructor returns
}

// New returns a package whose sites are not found yet. Imported gives the summary of a function of
// another package, or nil.
func New(src *syntax.Package, cat *catalog.Catalog, imported func(*types.Func) *summary.Func) *Package {
	p := &Package{
		Package:   src,
		Catalog:   cat,
		Resources: resource.New(src, cat, imported, nil),
		imported:  imported,
		local:     map[*types.Func]*summary.Func{},
		spawns:    map[*syntax.Call]*Spawn{},
		uses:      map[*syntax.Call]*Use{},
		of:        map[*syntax.Func][]*Spawn{},
		graphs:    map[*syntax.Func]*paths.Graph{},
	}
	p.homemade = homemade{p}
	return p
}

// Summary is what is known of a function, or nil.
func (p *Package) Summary(f *types.Func) *summary.Func {
	if f == nil {
		return nil
	}
	f = f.Origin()
	if f.Pkg() == p.Types {
		s := p.local[f]
		if s == nil && p.Decl(f) != nil {
			p.Early = true
		}
		return s
	}
	return p.imported(f)
}

// Unheard reports whether nothing can be known of a function: its source is in another package, and
// no fact has come from there. It may do anything. (Interface methods and the standard library have
// no facts; they are taken for what they are called.)
func (p *Package) Unheard(f *types.Func) bool {
	if f == nil || f.Pkg() == nil || f.Pkg() == p.Types || p.Catalog.Func(f) != nil || effects.Std(f.Pkg().Path()) {
		return false
	}
	recv := f.Signature().Recv()
	return (recv == nil || !types.IsInterface(recv.Type())) && p.Summary(f) == nil
}

// Callee is the function that a call runs: of an interface's method, the only one that it can be.
func (p *Package) Callee(c *syntax.Call) *types.Func {
	recv := c.Recv()
	if recv == nil || !types.IsInterface(p.Info.TypeOf(recv)) {
		return c.Callee
	}
	if to, all := p.Resources.Callees(c); all && len(to) == 1 && to[0].Decl != nil {
		if d := p.Decl(to[0].Decl); d == nil || p.Test(c.Expr.Pos()) || !p.Test(d.Node.Pos()) { // a test's is a stand-in for others
			return to[0].Decl
		}
	}
	return c.Callee
}

// Summarize records the summary of a function of this package. Who calls one that turns out never to
// return goes other ways.
func (p *Package) Summarize(f *types.Func, s *summary.Func) {
	if old := p.local[f]; s.NoReturn != (old != nil && old.NoReturn) {
		for _, c := range p.Decl(f).Callers {
			delete(p.graphs, c.In)
		}
	}
	p.local[f] = s
}

// SpawnAt returns the spawn of a call, or nil.
func (p *Package) SpawnAt(c *syntax.Call) *Spawn { return p.spawns[c] }

// UseAt returns the library use of a call, or nil.
func (p *Package) UseAt(c *syntax.Call) *Use { return p.uses[c] }

// SpawnsIn lists the spawns in the body of a function, without those in literals.
func (p *Package) SpawnsIn(f *syntax.Func) []*Spawn { return p.of[f] }

// Find finds the sites in the body of f. It may be called again when a callee's summary is better
// known.
func (p *Package) Find(f *syntax.Func) {
	find := finder{p}
	p.of[f] = nil
	for _, c := range f.Calls {
		s := find.spawn(c)
		if s != nil {
			p.of[f] = append(p.of[f], s)
			p.spawns[c] = s
			continue
		}
		if row := p.Catalog.Func(c.Callee); row != nil {
			p.uses[c] = &Use{Call: c, Row: row, Type: find.useType(c, row)}
		}
	}
}

// Graph is the control flow of a function.
func (p *Package) Graph(f *syntax.Func) *paths.Graph {
	g := p.graphs[f]
	if g == nil {
		g = paths.New(p.Package, f, p.Ends)
		p.graphs[f] = g
	}
	return g
}

// Draft is the control flow of a function as far as the summaries are known that are not complete yet.
func (p *Package) Draft(f *syntax.Func) *paths.Graph { return paths.New(p.Package, f, p.Ends) }

// GaveUp is how many questions about paths were given up.
func (p *Package) GaveUp() int {
	n := 0
	for _, g := range p.graphs {
		n += g.GaveUp()
	}
	return n
}

// Ends reports whether a call never returns.
func (p *Package) Ends(call *ast.CallExpr) bool {
	if paths.Ends(p.Info, call) {
		return true
	}
	c := p.Call(call)
	if c == nil {
		return false
	}
	s := p.Summary(c.Callee)
	return s != nil && s.NoReturn
}

// Collect gathers what Find found into Spawns and Uses.
func (p *Package) Collect() {
	find := finder{p}
	for _, f := range p.Funcs {
		p.Spawns = append(p.Spawns, p.of[f]...)
		for _, c := range f.Calls {
			if u := p.uses[c]; u != nil {
				p.Uses = append(p.Uses, u)
			}
		}
	}
	for _, c := range p.Inits() {
		if row := p.Catalog.Func(c.Callee); row != nil && find.spawn(c) == nil {
			u := &Use{Call: c, Row: row, Type: find.useType(c, row)}
			p.uses[c] = u
			p.Uses = append(p.Uses, u)
		}
	}
	slices.SortStableFunc(p.Uses, func(a, b *Use) int { return cmp.Compare(a.Call.Expr.Pos(), b.Call.Expr.Pos()) })
}

func (p finder) spawn(c *syntax.Call) *Spawn {
	if c.Go != nil {
		s := &Spawn{Cur: c.Cur, Call: c, Task: c.Expr.Fun}
		p.resolve(s)
		return s
	}
	callee := p.Callee(c)
	if row := p.Catalog.Func(callee); row != nil {
		return p.submit(c, callee, row)
	}
	if callee == nil || !takesFunc(callee.Signature()) {
		return nil // and nobody need know what it does
	}
	return p.wrapped(c, p.Summary(callee))
}

// takesFunc reports whether a function has a parameter that is one.
func takesFunc(sig *types.Signature) bool {
	for v := range sig.Params().Variables() {
		if _, is := v.Type().Underlying().(*types.Signature); is {
			return true
		}
	}
	return false
}

// submit is a call of a library function that starts tasks.
func (p finder) submit(c *syntax.Call, callee *types.Func, row *catalog.Func) *Spawn {
	switch row.Role {
	case catalog.Submit, catalog.Submitted:
	default:
		return nil
	}
	s := &Spawn{Cur: c.Cur, Call: c, Row: row, Task: c.Arg(row.Task.Index())}
	if row.Tasks && s.Task != nil {
		s.Tasks = c.Expr.Args[row.Task.Index():]
	}
	if row.Executor != catalog.NoArg {
		s.Pool = c.Arg(row.Executor.Index())
	} else {
		s.Pool = c.Recv()
	}
	s.Type = p.PoolType(s.Pool)
	if s.Type == nil && callee.Signature().Recv() != nil {
		s.Type = p.Catalog.Type(callee.Signature().Recv().Type())
	}
	p.resolve(s)
	return s
}

// wrapped is a call of a function that runs its parameter in a goroutine or submits it.
func (p finder) wrapped(c *syntax.Call, sum *summary.Func) *Spawn {
	if sum == nil {
		return nil
	}
	for i := range sum.Params {
		via := &sum.Params[i]
		if via.Task < summary.Bounded || int(via.Index) < 0 || int(via.Index) >= len(c.Expr.Args) {
			continue
		}
		s := &Spawn{Cur: c.Cur, Call: c, Via: via, Task: c.Expr.Args[via.Index], Pool: c.Recv()}
		if via.Task == summary.ByExecutor {
			s.Pool = ExecutorArg(c, sum)
		}
		s.Type = p.PoolType(s.Pool)
		p.resolve(s)
		return s
	}
	return nil
}

// ExecutorArg is what a call passes for the executor that its function gives tasks to, its address
// or itself; nil if there is none.
func ExecutorArg(c *syntax.Call, sum *summary.Func) ast.Expr {
	i, ok := sum.Executor()
	if !ok {
		return nil
	}
	if i == summary.Receiver {
		return c.Recv()
	}
	arg := ast.Unparen(c.Arg(int(i)))
	if u, ok := arg.(*ast.UnaryExpr); ok && u.Op == token.AND {
		return u.X
	}
	return arg
}

func (p finder) resolve(s *Spawn) {
	if s.Task == nil {
		return
	}
	s.Body = p.Target(s.Task)
	s.Callee = p.FuncObj(s.Task)
}

func (p finder) useType(c *syntax.Call, row *catalog.Func) *catalog.Type {
	if row.Role == catalog.New {
		t := p.First(c.Expr)
		return p.Catalog.Type(t)
	}
	return p.PoolType(c.Recv())
}

// PoolType returns the row of the type of an executor expression: of the expression itself or, if
// it is a type that embeds an executor, of what is embedded.
func (p *Package) PoolType(e ast.Expr) *catalog.Type {
	if e == nil {
		return nil
	}
	t := p.Info.TypeOf(e)
	if row := p.Catalog.Type(t); row != nil {
		return row
	}
	if f := p.Embeds(t); f != nil {
		return p.Catalog.Type(f.Type())
	}
	return nil
}

// Given are the places at which the executor or group of a variable is given work, in source order.
func (p *Package) Given(v *types.Var) []*Spawn {
	if p.given == nil {
		p.given = map[*types.Var][]*Spawn{}
		for _, s := range p.Spawns {
			if _, root := p.PoolVar(s.Pool); root != nil {
				p.given[root] = append(p.given[root], s)
			}
		}
	}
	return p.given[v]
}

// PoolVar returns the variable or field that holds the executor of an expression. For a value
// whose type embeds an executor that is the embedded field; root is then the value's own variable.
func (p *Package) PoolVar(e ast.Expr) (v, root *types.Var) {
	if e == nil {
		return nil, nil
	}
	root = p.Variable(e)
	t := p.Info.TypeOf(e)
	if p.Catalog.Type(t) == nil {
		if f := p.Embeds(t); f != nil {
			return f, root
		}
	}
	return root, root
}

// Embeds returns the field of t's struct that embeds an executor, or nil.
func (p *Package) Embeds(t types.Type) *types.Var {
	if st := structure(t); st != nil {
		for f := range st.Fields() {
			if f.Embedded() && p.Catalog.Type(f.Type()) != nil {
				return f.Origin()
			}
		}
	}
	return nil
}

// Bounds returns the field of t's struct that says how many of the tasks that its methods start there are at once:
// the executor that it embeds, or its only executor, semaphore or channel of tokens. It is nil if there is none, or
// more than one: those of a wait group are not bounded.
func (p *Package) Bounds(t types.Type) *types.Var {
	st := structure(t)
	if st == nil || p.Catalog.Type(t) != nil {
		return nil
	}
	if f := p.Embeds(t); f != nil {
		return f
	}
	var only *types.Var
	for f := range st.Fields() {
		row := p.Catalog.Type(f.Type())
		ch, ok := f.Type().Underlying().(*types.Chan)
		if ok && syntax.Hollow(ch.Elem()) || row != nil && row.Kind != catalog.Future && !syntax.Is(f.Type(), "sync", "WaitGroup") {
			if only != nil {
				return nil
			}
			only = f.Origin()
		}
	}
	return only
}

// structure is the struct that a type is, or points to, or nil.
func structure(t types.Type) *types.Struct {
	if t == nil {
		return nil
	}
	t = types.Unalias(t)
	if ptr, ok := t.Underlying().(*types.Pointer); ok {
		t = ptr.Elem()
	}
	st, _ := t.Underlying().(*types.Struct)
	return st
}
