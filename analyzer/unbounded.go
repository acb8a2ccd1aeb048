package analyzer

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"math"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/bounds"
	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/discharge"
	"github.com/poollint/poollint/analyzer/internal/effects"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/summary"
	"github.com/poollint/poollint/analyzer/internal/syntax"
	"github.com/poollint/poollint/analyzer/internal/verdict"
)

var unbounded = Rule{
	ID:      "unbounded",
	Title:   "the number of goroutines or workers can grow with the input, with no bound",
	Default: true,
	Why: `Each goroutine holds at least 2.5 KiB while it waits: 2 KiB of stack and its fixed cost. What it
waits in holds more, 25 KiB for an HTTP request, 800 KiB for a gzip.Writer: docs/memory.md has a table,
by which a message says what so many hold. One for each element of what a client sends, a directory holds
or a query returns is fine on every day but the busy one. Then memory runs out, or the remote side
is flooded, or the thread limit of the process is reached, and the whole process ends.`,
	Incident: "https://github.com/weaviate/weaviate/pull/5093: a batch delete started a goroutine for each of up to 100,000 objects and crossed the limit of 10,000 threads",
	Wrong: `package fetch

import (
	"net/http"
	"sync"
)

func FetchAll(urls []string) {
	var wg sync.WaitGroup
	for _, url := range urls {
		wg.Go(func() {
			if resp, err := http.Get(url); err == nil {
				resp.Body.Close()
			}
		})
	}
	wg.Wait()
}
`,
	Right: `package fetch

import (
	"net/http"

	"golang.org/x/sync/errgroup"
)

func FetchAll(urls []string) error {
	var g errgroup.Group
	g.SetLimit(16)
	for _, url := range urls {
		g.Go(func() error {
			resp, err := http.Get(url)
			if err != nil {
				return err
			}
			return resp.Body.Close()
		})
	}
	return g.Wait()
}
`,
	Decides: `A task is started for each element of a collection, and two things are known: where the
collection comes from (a request, a directory, rows, an iterator, a listing, a stream, or a parameter
whose name, type and work say that it holds data), and that nothing throttles the loop. A token taken
before the start, a limit set anywhere on the group, a wait in the iteration, a loop of workers, a
check of the length in the same function or where the value passes, a chunk, a constant or a setting
all silence it. So does a collection whose
names speak of a fleet (peers, disks, listeners), which grows with the installation and not with use.
A constructor is reported when its size is no bound: Unbounded, math.MaxInt32 and more, the length of
the input, a number that a client sends.`,
	Limits: `A collection in an unexported field is followed to where it is filled, if all of that comes from
a request, a directory, rows or lines. What another package passes to an exported function is
unknown, and so is a limit that another package may set. With -strict the rule also asks about a
parameter of which nothing is known, a listing or a channel whose elements nothing calls data, and a
fleet whose size a client or a query decides.`,
	NotWhen: `When the collection is small by nature, say so where it is declared:
//poollint:bounded <reason>. A rate limiter is no bound: it limits starts per second, not what is in
flight.`,
	Fix: "a token taken inside the goroutine is taken before it starts",
	run: runUnbounded,
}

func runUnbounded(r *reporter, p *sites.Package) {
	for _, s := range p.Spawns {
		r.checkFanOut(s)
	}
	for _, u := range p.Uses {
		r.checkNoBound(u)
	}
	for _, f := range p.Funcs {
		for _, c := range f.Calls {
			r.checkParallelMap(c)
		}
	}
}

// checkFanOut judges a task started in a loop.
func (r *reporter) checkFanOut(s *sites.Spawn) {
	if s.Call.Defer != nil {
		return
	}
	if !r.starts(s) {
		r.checkQueue(s)
		return
	}
	for _, loop := range syntax.Loops(s.Cur) {
		o := r.bounds.Trip(loop)
		if o.State == bounds.Bounded {
			continue
		}
		t := r.throttle(s, loop)
		if !r.bounds.Feeds(loop, s) || o.Source == bounds.NoSource && t.Kind != bounds.Inside {
			continue // whatever it is, nobody who throttles it inside thinks that it is few
		}
		if t.Kind == bounds.Throttled || r.trivial(s) {
			return
		}
		// Workers are as many as somebody chose, unless that is a client. Who takes a token and gives
		// it back is none, however long its loops.
		if !o.Counted() && t.Kind != bounds.Inside && r.bounds.Worker(s) {
			return
		}
		if _, call := t.Node.(*ast.CallExpr); call && t.Kind == bounds.TooWide {
			return // the size is reported where it is given
		}
		strict, ok := r.convicts(s, loop, o, t)
		if !ok {
			return
		}
		r.reportFanOut(s, loop, o, t, strict || r.judgedAtCalls(s, loop))
		return
	}
}

// starts reports whether a spawn starts one goroutine more each time, for all that is known: a go
// statement, a group or pool that is known to have no limit, or a wrapper of these.
func (r *reporter) starts(s *sites.Spawn) bool {
	switch {
	case s.Go():
		return true
	case s.Via != nil:
		return s.Via.Task == summary.Unbounded || s.Via.Task == summary.ByExecutor && r.unlimited(s.Pool)
	case s.Row.Blocks == catalog.UntilDone:
		return false // the loop goes on when the task has ended
	case s.Row.Bound.From == catalog.Unlimited:
		return true
	}
	return r.unlimited(s.Pool)
}

// unlimited reports whether an executor is known to have no limit. A size that is no bound is
// reported where it is given.
func (r *reporter) unlimited(pool ast.Expr) bool {
	l := r.bounds.Limit(pool)
	return l.State == summary.NoLimit && l.Size.Kind == bounds.UnknownSize
}

// checkQueue asks, of a pool with a bound, about its queue without one: a stream can outrun the
// workers for as long as it likes.
func (r *reporter) checkQueue(s *sites.Spawn) {
	if s.Row == nil || s.Pool == nil || s.Type == nil || s.Type.Queue != catalog.UnboundedQueue || s.Row.Blocks == catalog.UntilDone {
		return
	}
	l := r.bounds.Limit(s.Pool)
	if l.State != summary.Limited || l.Call == nil || r.queueBound(l.Call) {
		return
	}
	for _, loop := range syntax.Loops(s.Cur) {
		o := r.bounds.Trip(loop)
		switch o.Source {
		case bounds.Stream, bounds.Iterator, bounds.Rows, bounds.Lines:
		default:
			continue
		}
		if o.State == bounds.Bounded || r.throttle(s, loop).Kind == bounds.Throttled {
			return
		}
		r.report(verdict.Verdict{
			Pos: s.Pos(), End: s.End(), Level: verdict.Ask,
			Message: fmt.Sprintf("%s has bounded workers and an unbounded queue: whatever %s%s delivers faster than they work stays in memory: bound the queue, or take a token before each submit",
				short(s.Pool), short(o.Over), o.Describe()),
			Related: []analysis.RelatedInformation{related(l.Pos, "the pool is made here"), related(loop.Node().Pos(), "the loop that feeds it")},
		})
		return
	}
}

// queueBound reports whether a constructor is given an option that bounds its queue, or makes
// submits refuse.
func (r *reporter) queueBound(c *syntax.Call) bool {
	for _, a := range c.Expr.Args {
		opt, ok := ast.Unparen(a).(*ast.CallExpr)
		if !ok {
			continue
		}
		if row := r.pkg.Catalog.Func(r.pkg.Call(opt).Callee); row != nil && (row.Queue != catalog.NoArg || row.Role == catalog.Nonblock) {
			return true
		}
	}
	return c.Expr.Ellipsis.IsValid()
}

// judgedAtCalls reports whether a spawn is that of a helper whose work is a parameter, a parallel map.
func (r *reporter) judgedAtCalls(s *sites.Spawn, loop inspector.Cursor) bool {
	n, ok := loop.Node().(*ast.RangeStmt)
	f := s.Call.In.Declared()
	if !ok || f == nil {
		return false
	}
	v := r.pkg.Variable(n.X)
	if v == nil {
		return false
	}
	i, ok := bounds.ParamIndex(f, v)
	p := r.pkg.Summary(f.Decl).Param(i)
	return ok && p != nil && p.Elements == summary.Unbounded && p.By != summary.NoParam
}

// throttle looks in the loop, and in the loops around it.
func (r *reporter) throttle(s *sites.Spawn, loop inspector.Cursor) bounds.Throttle {
	t := r.bounds.Throttle(s, loop)
	for _, outer := range syntax.Loops(loop.Parent()) {
		if t.Kind == bounds.Throttled {
			return t
		}
		if u := r.bounds.Throttle(s, outer); u.Kind != bounds.NoThrottle {
			t = u
		}
	}
	return t
}

// trivial reports whether a task is gone before many more are started: it is known to wait nowhere
// and to burn less than starting a goroutine does.
func (r *reporter) trivial(s *sites.Spawn) bool {
	e := r.effect(s)
	return e.Quiet() && e.Cost.Plausible() < startCost
}

// startCost is what it takes to start and end a goroutine, in ns of CPU: 1,210 measured.
const startCost = 1200

// effect is what the task of a spawn does.
func (r *reporter) effect(s *sites.Spawn) effects.Effect {
	if s.Task == nil {
		return effects.Effect{}
	}
	return r.effects.Task(s.Task, s.Call.In)
}

// convicts weighs the evidence: strict says that only a careful reviewer would ask.
func (r *reporter) convicts(s *sites.Spawn, loop inspector.Cursor, o bounds.Origin, t bounds.Throttle) (strict, ok bool) {
	elem := r.bounds.Element(o.Over)
	domain := r.bounds.Domain(o, elem, r.work(s))
	if domain == bounds.Fleet {
		// A name is little against a source that grows, a throttle that is none, or when it is said
		// of what the elements were made from.
		return true, o.State == bounds.Open || o.Source == bounds.Page || t.Kind == bounds.Inside || r.bounds.Called(loop, o, elem) != bounds.Fleet
	}
	switch o.Source {
	case bounds.Request, bounds.Directory, bounds.Rows, bounds.Iterator, bounds.Lines:
		return false, true
	case bounds.Listing:
		return domain != bounds.Data, true
	case bounds.Stream, bounds.Parameter:
		if o.State == bounds.Open || t.Kind == bounds.Inside || t.Kind == bounds.TooWide {
			return domain != bounds.Data, true
		}
		// FetchAll(urls []string): name, type and work say that these are data.
		return o.Events || o.Silent || r.bounds.Batches(o.Over) || !bounds.StrongData(o.Names...) || !r.waits(s), true
	}
	// Of data that somebody throttles, though inside, there are many wherever it comes from.
	return domain != bounds.Data || t.Kind != bounds.Inside, true
}

// waits reports whether a task waits for something outside, or may.
func (r *reporter) waits(s *sites.Spawn) bool {
	e := r.effect(s)
	return !e.Quiet()
}

// computes reports whether a task is known to compute and never to wait.
func (r *reporter) computes(s *sites.Spawn) bool {
	e := r.effect(s)
	return e.Quiet() && e.Cost.Plausible() >= 100_000
}

// work is what the task is called, if it is a declared function.
func (r *reporter) work(s *sites.Spawn) string {
	if s.Callee != nil {
		return s.Callee.Name()
	}
	return ""
}

func (r *reporter) reportFanOut(s *sites.Spawn, loop inspector.Cursor, o bounds.Origin, t bounds.Throttle, strict bool) {
	over := "turn of the loop"
	switch {
	case o.Over == nil:
	case r.bounds.Number(o.Over):
		over = "unit of " + short(o.Over)
	default:
		over = "element of " + short(o.Over)
	}
	what := "one goroutine per " + over + o.Describe()
	var f verdict.Verdict
	switch t.Kind {
	case bounds.Inside:
		f = verdict.Verdict{Related: []analysis.RelatedInformation{related(t.Node.Pos(), "the token is taken here, inside the goroutine")}}
		remedy := "bound what comes in: the tasks start more of their kind, and with the token taken before they would wait for each other"
		if !discharge.Again(r.pkg, s) {
			f.Fixes, remedy = r.tokenFix(s, t.Node), "take the token before "+startWord(s)
		}
		f.Message = fmt.Sprintf("%s waits for its token only after it has started, so all exist at once; %s: %s", what, hold(plausible(o), r.footprint(s)), remedy)
	case bounds.TooWide:
		f = verdict.Verdict{
			Message: fmt.Sprintf("%s; the semaphore has a token for each of them, so nothing waits; %s: give it a fixed number of tokens", what, hold(plausible(o), r.footprint(s))),
			Related: []analysis.RelatedInformation{related(t.Node.Pos(), "this semaphore admits every task")},
		}
	default:
		f = verdict.Verdict{Message: fmt.Sprintf("%s; %s: %s", what, hold(plausible(o), r.footprint(s)), r.remedy(s))}
	}
	f.Pos, f.End, f.Level = s.Pos(), s.End(), verdict.AskIf(strict)
	f.Related = append(f.Related, related(loop.Node().Pos(), "the loop that starts them"))
	if o.Pos.IsValid() && o.Pos != loop.Node().Pos() {
		f.Related = append(f.Related, related(o.Pos, "where the elements come from"))
	}
	r.report(f)
}

func startWord(s *sites.Spawn) string {
	if s.Go() {
		return "the go statement"
	}
	return s.Call.Callee.Name()
}

// short is an expression as a message names it.
func short(e ast.Expr) string {
	s := types.ExprString(e)
	if len(s) > 40 {
		if i := strings.IndexByte(s, '('); i > 0 {
			return s[:i] + "(…)"
		}
	}
	return s
}

// remedy names the line to write.
func (r *reporter) remedy(s *sites.Spawn) string {
	if discharge.Again(r.pkg, s) {
		return "hold a semaphore around the work alone, or bound what comes in: the tasks start more of their kind, and under a limit they would wait for each other"
	}
	n := "a limit that the remote side can bear"
	if r.computes(s) {
		n = "runtime.GOMAXPROCS(0)"
	}
	if s.Pool != nil && (s.Row != nil || s.Via != nil && s.Via.Task == summary.ByExecutor) {
		pool := short(s.Pool)
		switch {
		case s.Type != nil && hasMethod(r.pass.TypesInfo.TypeOf(s.Pool), "SetLimit"):
			if n == "runtime.GOMAXPROCS(0)" {
				return fmt.Sprintf("set a limit with %s.SetLimit(%s)", pool, n)
			}
			return fmt.Sprintf("set a limit with %s.SetLimit", pool)
		case hasMethod(r.pass.TypesInfo.TypeOf(s.Pool), "WithMaxGoroutines"):
			return fmt.Sprintf("set a limit with %s.WithMaxGoroutines", pool)
		}
	}
	if n == "runtime.GOMAXPROCS(0)" {
		return "use an errgroup with SetLimit(runtime.GOMAXPROCS(0)), or a pool for computing such as pool.NewCPU"
	}
	return "use an errgroup with SetLimit, or a bounded pool such as pool.NewIO"
}

func hasMethod(t types.Type, name string) bool {
	if t == nil {
		return false
	}
	if _, ok := t.Underlying().(*types.Pointer); !ok {
		t = types.NewPointer(t)
	}
	obj, _, _ := types.LookupFieldOrMethod(t, true, nil, name)
	_, ok := obj.(*types.Func)
	return ok
}

// tokenFix moves sem <- struct{}{} or sem.Acquire from the first line of a goroutine to the line
// before it. Only the plain send has no error to handle.
func (r *reporter) tokenFix(s *sites.Spawn, taken ast.Node) []analysis.SuggestedFix {
	send, ok := taken.(*ast.SendStmt)
	stmt, inBlock := syntax.Stmt(s.Cur)
	if !ok || !inBlock || s.Body == nil || s.Body.Decl != nil || len(s.Body.Body.List) == 0 {
		return nil
	}
	if v := r.pkg.Variable(send.Chan); v == nil || v.Pos() > s.Call.Expr.Pos() {
		return nil
	}
	text := types.ExprString(send.Chan) + " <- " + types.ExprString(send.Value)
	line := func(p token.Pos) int { return r.pass.Fset.Position(p).Line }
	from, to := send.Pos(), send.End()
	for _, next := range s.Body.Body.List {
		if next.Pos() > send.End() && line(next.Pos()) > line(send.End()) {
			to = next.Pos()
			break
		}
	}
	return []analysis.SuggestedFix{{
		Message: "take the token before the goroutine starts",
		TextEdits: []analysis.TextEdit{
			{Pos: stmt.Node().Pos(), End: stmt.Node().Pos(), NewText: []byte(text + "\n" + indent(r.pass.Fset, stmt.Node().Pos()))},
			{Pos: from, End: to},
		},
	}}
}

// indent is the white space before a statement, as gofmt writes it.
func indent(fset *token.FileSet, pos token.Pos) string {
	return strings.Repeat("\t", max(0, fset.Position(pos).Column-1))
}

// checkNoBound judges constructors and setters whose size is none.
func (r *reporter) checkNoBound(u *sites.Use) {
	switch u.Row.Role {
	case catalog.New, catalog.SetBound, catalog.Resize:
	default:
		return
	}
	arg := u.Call.Arg(u.Row.Bound.Arg.Index())
	if arg == nil {
		return
	}
	name := u.Call.Callee.Name()
	switch u.Row.Bound.From {
	case catalog.FromArg:
	case catalog.Ignored:
		if r.capacity(arg) || discharge.OwnLibrary(r.pkg, u.Call.Callee) {
			return // as many as there are tokens: somebody takes them; and whoever wrote a library knows it
		}
		v := r.pkg.Variable(arg)
		r.report(verdict.Verdict{
			Pos: u.Call.NamePos(), End: syntax.NameEnd(u.Call.Expr.Fun),
			Level: verdict.AskIf(v != nil && r.parameter(v)), // whoever calls the function makes the pool
			Message: fmt.Sprintf("%s does not keep to its size %s: it bounds only workers that idle, and each task more has a goroutine of its own; %s: take a token before each submit, or use a pool that keeps to its size",
				name, short(arg), hold(thousands, r.footprintOn(u.Call))),
		})
		return
	default:
		return
	}
	size := r.bounds.Size(arg)
	switch {
	case size.Kind == bounds.Length:
		o := r.bounds.Collection(size.Of)
		if o.State == bounds.Bounded {
			return
		}
		domain := r.bounds.Domain(o, r.bounds.Element(size.Of), "")
		r.report(verdict.Verdict{
			Pos: u.Call.NamePos(), End: syntax.NameEnd(u.Call.Expr.Fun),
			Message: fmt.Sprintf("%s(%s) is no bound: there are as many workers as elements of %s%s; %s: use a number that does not grow with them, or min(%s, n)",
				name, short(arg), short(size.Of), o.Describe(), hold(plausible(o), r.footprintOn(u.Call)), short(arg)),
			Level: verdict.AskIf(domain == bounds.Fleet || o.Source == bounds.NoSource && domain != bounds.Data),
		})
	case size.Kind == bounds.Requested:
		r.report(verdict.Verdict{
			Pos: u.Call.NamePos(), End: syntax.NameEnd(u.Call.Expr.Fun),
			Message: fmt.Sprintf("%s(%s) is no bound: a client chooses the number, and %s: use min(%s, n)",
				name, short(arg), hold(thousands, r.footprintOn(u.Call)), short(arg)),
			Related: []analysis.RelatedInformation{related(size.Of.Pos(), "the number comes from the request")},
		})
	case size.Kind == bounds.Const && size.Value >= math.MaxInt32, r.unboundedConst(arg):
		if u.Row.Role == catalog.New && (u.Call.Expr.Ellipsis.IsValid() || r.bounds.LimitOfCall(u.Call.Expr, 0).State == summary.Limited) {
			return // options, or options made elsewhere, may bound it
		}
		r.report(verdict.Verdict{
			Pos: u.Call.NamePos(), End: syntax.NameEnd(u.Call.Expr.Fun),
			Message: fmt.Sprintf("%s(%s) has no bound: each waiting task holds a worker, and %s: give it a number of workers%s",
				name, short(arg), hold(thousands, r.footprintOn(u.Call)), memoryOption(u)),
		})
	}
}

// parameter reports whether a variable is a parameter, and nothing else is assigned to it.
func (r *reporter) parameter(v *types.Var) bool {
	d, ok := r.pkg.Only(v)
	return ok && d.Kind == syntax.Param
}

// capacity reports whether an expression is the capacity of a channel.
func (r *reporter) capacity(e ast.Expr) bool {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return false
	}
	id, ok := call.Fun.(*ast.Ident)
	return ok && r.pass.TypesInfo.Uses[id] == types.Universe.Lookup("cap")
}

// unboundedConst reports whether an argument is a constant that a library calls Unbounded.
func (r *reporter) unboundedConst(e ast.Expr) bool {
	var id *ast.Ident
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		id = e
	case *ast.SelectorExpr:
		id = e.Sel
	default:
		return false
	}
	c, ok := r.pass.TypesInfo.Uses[id].(*types.Const)
	return ok && c.Name() == "Unbounded" && c.Pkg() != nil && r.pkg.Catalog.Knows(c.Pkg().Path())
}

func memoryOption(u *sites.Use) string {
	if u.Call.Callee.Pkg() != nil && hasObject(u.Call.Callee.Pkg(), "WithMemory") {
		return ", or a budget with WithMemory"
	}
	return ""
}

func hasObject(p *types.Package, name string) bool { return p.Scope().Lookup(name) != nil }

// checkParallelMap judges a call of a helper that starts a goroutine per element of an argument,
// for work that it is given.
func (r *reporter) checkParallelMap(c *syntax.Call) {
	if row := r.pkg.Catalog.Func(c.Callee); row != nil {
		if row.Role == catalog.Map && row.Bound.From == catalog.Unlimited {
			r.checkElements(c, row.Items.Index(), c.Callee.Name())
		}
		return
	}
	sum := r.pkg.Summary(c.Callee)
	if sum == nil {
		return
	}
	for _, p := range sum.Params {
		switch {
		case p.Elements == summary.Unbounded && p.By != summary.NoParam:
			r.checkElements(c, int(p.Index), c.Callee.Name())
		case p.Elements == summary.ByExecutor:
			if pool := sites.ExecutorArg(c, sum); r.unlimited(pool) {
				r.checkElements(c, int(p.Index), short(pool))
			}
		}
	}
}

// checkElements judges the collection that such a helper is given. Runner has no limit.
func (r *reporter) checkElements(c *syntax.Call, i int, runner string) {
	arg, sig := c.Arg(i), c.Callee.Signature()
	if arg == nil || sig.Variadic() && i == sig.Params().Len()-1 && !c.Expr.Ellipsis.IsValid() {
		return
	}
	o := r.bounds.Collection(arg)
	if o.State == bounds.Bounded || o.Source == bounds.NoSource {
		return
	}
	strict := true
	if domain := r.bounds.Domain(o, r.bounds.Element(arg), ""); domain != bounds.Fleet {
		switch o.Source {
		case bounds.Request, bounds.Directory, bounds.Rows:
			strict = false
		case bounds.Listing, bounds.Stream, bounds.Iterator:
			strict = domain != bounds.Data
		}
	}
	r.report(verdict.Verdict{
		Pos: c.NamePos(), End: syntax.NameEnd(c.Expr.Fun), Level: verdict.AskIf(strict),
		Message: fmt.Sprintf("%s starts one goroutine per element of %s%s; %s: pass it a bounded part, or give %s a limit",
			c.Callee.Name(), short(arg), o.Describe(), hold(plausible(o), nil), runner),
	})
}
