// Package unbounded is the rule on goroutines and workers whose number grows with the input.
package unbounded

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"math"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/knowledge"
	"github.com/poollint/poollint/analyzer/internal/model"
	"github.com/poollint/poollint/analyzer/internal/number"
	"github.com/poollint/poollint/analyzer/internal/obligation"
	"github.com/poollint/poollint/analyzer/internal/rule"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/summary"
	"github.com/poollint/poollint/analyzer/internal/syntax"
	"github.com/poollint/poollint/analyzer/internal/throttle"
	"github.com/poollint/poollint/analyzer/internal/verdict"
)

//go:embed unbounded.md
var page string

// Rule is what this package adds to the table of rules.
var Rule = rule.Rule{
	ID:      "unbounded",
	Title:   "goroutines or workers whose number grows with the input, without a bound",
	Default: true,
	Page:    page,
	Fixes:   true,
	Run:     run,
}

// A reviewer is the rule at work on one package.
type reviewer struct {
	*rule.Pass
	ledger  ledger
	rarity  rarity
	wording wording
}

func run(p *rule.Pass) {
	r := &reviewer{Pass: p}
	r.ledger, r.rarity, r.wording = ledger{r}, rarity{r}, wording{r}
	var fans []fan
	for _, s := range p.Spawns {
		if f, ok := r.checkFanOut(s); ok {
			fans = append(fans, f)
		}
	}
	for _, f := range fans {
		if first := f.asked(fans); first != nil {
			f.verdict.Silence(verdict.Against(first.Pos(), "the question about this loop is asked at another start in it"))
		}
		r.Conclude(*f.verdict)
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

// A fan is the verdict of a place where a task is started, and what multiplies it most.
type fan struct {
	spawn   *sites.Spawn
	factor  number.Factor
	verdict *verdict.Verdict
}

// asked is a nearer start that the same multiplies, where both are only asked about: a loop that calls a function
// with many starts is one question.
func (f fan) asked(fans []fan) *sites.Spawn {
	if f.verdict.Level != verdict.Ask || f.factor.Far == 0 {
		return nil
	}
	for _, g := range fans {
		if g.verdict.Level == verdict.Ask && g.factor.Region == f.factor.Region &&
			(g.factor.Far < f.factor.Far || g.factor.Far == f.factor.Far && g.spawn.Pos() < f.spawn.Pos()) {
			return g.spawn
		}
	}
	return nil
}

// checkFanOut judges a place where a task is started, by all that multiplies it.
func (r *reviewer) checkFanOut(s *sites.Spawn) (fan, bool) {
	if s.Call.Defer != nil {
		return fan{}, false
	}
	if !r.starts(s) {
		r.checkQueue(s)
		return fan{}, false
	}
	var best fanOut
	// A wrapper is judged where it is called, and workers are as many as somebody chose.
	given, worker := r.startsGiven(s), r.Throttles.Worker(s)
	far := !given && !worker
	most := 0
	for _, way := range r.Numbers.Factors(s.Cur, far) {
		f := r.fansOut(s, way)
		if most = max(most, f.most); f.level() > best.level() || len(best.reasons) == 0 {
			best = f
		}
	}
	if f, ok := r.perNode(s); ok && f.level() > best.level() {
		best, most = f, f.most
	}
	if len(best.reasons) == 0 {
		best.reasons = []verdict.Reason{r.once(s, given, worker)}
	}
	v := verdict.Verdict{Pos: s.Pos(), End: s.End(), Level: best.level(), Sum: most, Reasons: best.reasons}
	if v.Level > verdict.Silent {
		switch {
		case r.trivial(s):
			v.Level, v.Sum = verdict.Silent, 0
			v.Reasons = append(v.Reasons, verdict.Against(s.Pos(), "the task ends before many more are started"))
		case r.judgedAtCalls(s):
			v.Level, v.Sum = verdict.Ask, askAt
			if f := s.Call.In.Declared(); f != nil && !f.Decl.Exported() {
				v.Level, v.Sum = verdict.Silent, 0
			}
			v.Reasons = append(v.Reasons, verdict.Against(s.Pos(), "the work is a parameter: it is checked where the function is called"))
		}
	}
	if v.Level > verdict.Silent {
		r.wording.describe(&v, s, best)
	}
	return fan{s, best.factor, &v}, true
}

// once says why nothing multiplies a spawn.
func (r *reviewer) once(s *sites.Spawn, given, worker bool) verdict.Reason {
	switch {
	case worker:
		return verdict.Against(s.Pos(), "the task is a worker loop, and no loop in this function starts it")
	case given:
		return verdict.Against(s.Pos(), "the task is given by whoever calls the function: it is checked there")
	}
	return verdict.Against(s.Pos(), "no loop, callback or recursion in this package is known to start it more than once")
}

// fansOut weighs what multiplies a spawn on one way, innermost first, up to what throttles it.
func (r *reviewer) fansOut(s *sites.Spawn, way []number.Factor) fanOut {
	inside := r.Throttles.Inside(s)
	best := fanOut{}
	for i, f := range way {
		t := r.Throttles.At(s, f)
		if t.Kind == throttle.Throttled {
			if best.level() == verdict.Silent {
				best.reasons = append(best.reasons, verdict.Against(t.Node.Pos(), "%s", t.Why))
			}
			if !r.holdsForTurn(t, f, way[i+1:]) {
				return best
			}
			continue
		}
		if t.Kind == throttle.TooWide && r.asChosen(t.Node) {
			best.reasons = append(best.reasons, verdict.Against(t.Node.Pos(), "the size is reported where it is set"))
			return best
		}
		if t.Kind == throttle.NoThrottle && inside != nil {
			t = throttle.Throttle{Kind: throttle.Inside, Node: inside}
		}
		if i == 0 && f.Kind > number.Bounded && r.recursive(s, f) {
			f.Number.Kind, f.Number.Origin = number.Grows, knowledge.Tree
			f.Number.Why = "one for each that the recursion finds"
		}
		g := r.ledger.weigh(s, f, t)
		g.most = max(best.most, g.sum)
		if g.level() > best.level() || best.level() == verdict.Silent && len(g.reasons) > 0 {
			best = g
		}
		best.most = g.most
	}
	return best
}

// holdsForTurn reports whether what throttles a loop is made anew in each turn of one around it.
func (r *reviewer) holdsForTurn(t throttle.Throttle, f number.Factor, around []number.Factor) bool {
	return slices.ContainsFunc(around, func(g number.Factor) bool {
		_, loop := g.Region.Node().(ast.Stmt)
		return loop && g.In == f.In && r.Throttles.Renewed(t, f.Region, g.Region)
	})
}

// asChosen reports whether a token is taken from a limiter of a size that a client chooses, or that was read:
// what is to be bounded is that.
func (r *reviewer) asChosen(taken ast.Node) bool {
	call, ok := taken.(*ast.CallExpr)
	if !ok {
		return false
	}
	size := r.Throttles.Limit(r.Call(call).Recv()).Size
	return size.Kind == number.Grows && !r.isLength(size)
}

// isLength reports whether a size is the length of something.
func (r *reviewer) isLength(size number.Number) bool {
	return size.Kind != number.Bounded && size.Of != nil && !isNumber(r.Info.TypeOf(size.Of))
}

// startsGiven reports whether a spawn is that of a function which starts the task that it is given.
func (r *reviewer) startsGiven(s *sites.Spawn) bool {
	f := s.Call.In.Declared()
	if f == nil {
		return false
	}
	sum := r.Summary(f.Decl)
	return sum != nil && slices.ContainsFunc(sum.Params, func(p summary.Param) bool { return p.Task >= summary.Bounded })
}

// recursive reports whether a task in a loop leads back to the function around it, which starts such
// tasks again: one per node of a tree. Parts of what the function was given are no tree: with each turn
// they get smaller. Nor are workers, which are all given the same.
func (r *reviewer) recursive(s *sites.Spawn, f number.Factor) bool {
	loop, is := f.Region.Node().(ast.Stmt)
	if !is || r.Numbers.Divides(f.Number.Of, f.In) || s.Body != nil && !r.givenOfTurn(s, loop) {
		return false
	}
	return r.Numbers.Recursive(s.Body, f.In) || r.Numbers.Recursive(s.Body, f.In.Declared()) && s.Body != nil && s.Body.Decl != nil
}

// givenOfTurn reports whether a spawn in a loop names what each turn has for itself: a variable that is declared
// or set there, and not by the task.
func (r *reviewer) givenOfTurn(s *sites.Spawn, loop ast.Stmt) bool {
	call := s.Cur.Node()
	in := func(pos token.Pos) bool {
		return loop.Pos() <= pos && pos < loop.End() && (pos < call.Pos() || call.End() <= pos)
	}
	for c := range s.Cur.Preorder((*ast.Ident)(nil)) {
		v, is := r.Info.Uses[c.Node().(*ast.Ident)].(*types.Var)
		if is && !v.IsField() && (in(v.Pos()) || slices.ContainsFunc(r.Var(v).Defs, func(d syntax.Def) bool { return in(d.Cur.Node().Pos()) })) {
			return true
		}
	}
	return false
}

// starts reports whether a spawn starts one goroutine more each time, for all that is known: a go
// statement, a group or pool that is known to have no limit, or a wrapper of these.
func (r *reviewer) starts(s *sites.Spawn) bool {
	switch {
	case s.Go():
		return true
	case s.Via != nil:
		return s.Via.Task == summary.Unbounded || s.Via.Task == summary.ByExecutor && r.unlimited(s)
	case s.Row.Blocks == catalog.UntilDone:
		return false // the loop goes on when the task has ended
	case s.Row.Bound.From == catalog.Unlimited:
		return true
	}
	return r.unlimited(s)
}

// unlimited reports whether the executor of a spawn is known to have no limit, or one that holds for one
// turn of a loop only. A size that is no bound is reported where it is given.
func (r *reviewer) unlimited(s *sites.Spawn) bool {
	l := r.Throttles.Limit(s.Pool)
	if l.State == summary.NoLimit {
		return l.Size.Kind == number.None
	}
	return l.State == summary.Limited && r.renewed(s)
}

// renewed reports whether a group is made anew in each turn of a loop and not waited for there: then its
// limit holds for that turn only.
func (r *reviewer) renewed(s *sites.Spawn) bool {
	v := r.Variable(s.Pool)
	loops := syntax.Loops(s.Cur)
	if v == nil || v.IsField() || len(loops) == 0 || s.Type == nil || s.Type.Kind != catalog.Group {
		return false
	}
	loop := loops[0].Node()
	if v.Pos() < loop.Pos() || loop.End() <= v.Pos() {
		return false
	}
	for _, c := range s.Call.In.Calls {
		row := r.Catalog.Func(c.Callee)
		if row != nil && row.Role == catalog.Wait && loop.Pos() <= c.Expr.Pos() && c.Expr.Pos() < loop.End() {
			return false
		}
	}
	return true
}

// checkQueue asks, of a pool with a bound, about its queue without one: a stream can outrun the
// workers for as long as it likes.
func (r *reviewer) checkQueue(s *sites.Spawn) {
	if s.Row == nil || s.Pool == nil || s.Type == nil || s.Type.Queue != catalog.UnboundedQueue || s.Row.Blocks == catalog.UntilDone {
		return
	}
	l := r.Throttles.Limit(s.Pool)
	if l.State != summary.Limited || l.Call == nil || r.queueBound(l.Call) {
		return
	}
	for _, way := range r.Numbers.Factors(s.Cur, false) {
		for _, f := range way {
			if r.Throttles.At(s, f).Kind == throttle.Throttled {
				break
			}
			fed := "the loop that feeds it"
			if _, ok := f.Region.Node().(ast.Stmt); !ok {
				if f.Origin != knowledge.Messages {
					continue // who calls the function may wait for it
				}
				fed = "the function that feeds it"
			}
			if f.Kind != number.Grows || !streams(f.Number) || element(r.Info.TypeOf(f.Of)) != nil && !isChannel(r.Info.TypeOf(f.Of)) {
				continue // what a collection holds is in memory before it is in the queue
			}
			r.Report(verdict.Verdict{
				Pos: s.Pos(), End: s.End(), Level: verdict.Ask,
				Message: fmt.Sprintf("%s has bounded workers but an unbounded queue: whatever %s delivers faster than they work piles up in memory; bound the queue, or acquire a token before each submit",
					syntax.Short(s.Pool), number.Words(f.Number)),
				Related: []analysis.RelatedInformation{verdict.Related(l.Pos, "the pool is made here"), verdict.Related(f.Region.Node().Pos(), "%s", fed)},
			})
			return
		}
	}
}

// streams reports whether a number is of what comes one by one, without an end to be seen.
func streams(x number.Number) bool {
	switch x.Origin {
	case knowledge.Messages, knowledge.Records, knowledge.Rows, knowledge.Listing, knowledge.Pages, knowledge.Request:
		return true
	}
	return false
}

// queueBound reports whether a constructor is given an option that bounds its queue, or makes
// submits refuse.
func (r *reviewer) queueBound(c *syntax.Call) bool {
	for _, a := range c.Expr.Args {
		opt, ok := ast.Unparen(a).(*ast.CallExpr)
		if !ok {
			continue
		}
		if row := r.Catalog.Func(r.Call(opt).Callee); row != nil && (row.Queue != catalog.NoArg || row.Role == catalog.Nonblock) {
			return true
		}
	}
	return c.Expr.Ellipsis.IsValid()
}

// judgedAtCalls reports whether a spawn is that of a helper whose work is a parameter, a parallel map.
func (r *reviewer) judgedAtCalls(s *sites.Spawn) bool {
	f := s.Call.In.Declared()
	if f == nil {
		return false
	}
	for _, loop := range syntax.Loops(s.Cur) {
		over := r.Numbers.Over(loop)
		if over == nil {
			continue
		}
		v := r.Variable(over)
		if v == nil {
			continue
		}
		if i, ok := number.Index(f, v); ok {
			p := r.Summary(f.Decl).Param(i)
			return p != nil && p.Elements == summary.Unbounded && p.By != summary.NoParam
		}
	}
	return false
}

// trivial reports whether a task is gone before many more are started: it is known to wait nowhere
// and to burn less than starting a goroutine does.
func (r *reviewer) trivial(s *sites.Spawn) bool {
	e := r.Effect(s)
	return e.Quiet() && e.Cost.Plausible() < startCost
}

// startCost is what it takes to start and end a goroutine, in ns of CPU: 1,210 measured.
const startCost = 1200

// waits reports whether a task waits for something outside, or may.
func (r *reviewer) waits(s *sites.Spawn) bool {
	e := r.Effect(s)
	return !e.Quiet()
}

func isNumber(t types.Type) bool {
	if t == nil {
		return false
	}
	u, ok := t.Underlying().(*types.Basic)
	return ok && u.Info()&types.IsInteger != 0
}

func startWord(s *sites.Spawn) string {
	if s.Go() {
		return "the go statement"
	}
	return s.Call.Callee.Name()
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

// indent is the white space before a statement, as gofmt writes it.
func indent(fset *token.FileSet, pos token.Pos) string {
	return strings.Repeat("\t", max(0, fset.Position(pos).Column-1))
}

// checkNoBound judges constructors and setters whose size is none.
func (r *reviewer) checkNoBound(u *sites.Use) {
	switch u.Row.Role {
	case catalog.New, catalog.SetBound, catalog.Resize, catalog.Option:
	default:
		return
	}
	arg := u.Call.Arg(u.Row.Bound.Arg.Index())
	if arg == nil || u.Row.Bound.Over != catalog.NoArg {
		return
	}
	name := u.Call.Callee.Name()
	switch u.Row.Bound.From {
	case catalog.FromArg:
	case catalog.Ignored:
		if r.capacity(arg) || obligation.OwnLibrary(r.Package, u.Call.Callee) {
			return // as many as there are tokens: somebody takes them; and whoever wrote a library knows it
		}
		v := r.Variable(arg)
		r.Report(verdict.Verdict{
			Pos: u.Call.NamePos(), End: syntax.NameEnd(u.Call.Expr.Fun),
			Level: verdict.AskIf(v != nil && r.parameter(v)), // whoever calls the function makes the pool
			Message: fmt.Sprintf("%s does not enforce its size %s: it bounds only idle workers, and every task beyond that gets its own goroutine; %s: acquire a token before each submit, or use a pool that enforces its size",
				name, syntax.Short(arg), model.Hold(model.Thousands, r.FootprintOn(u.Call))),
		})
		return
	default:
		return
	}
	size := r.Numbers.Int(arg)
	if u.Type != nil && u.Type.Kind == catalog.Limiter && (r.isLength(size) || size.Kind == number.Bounded) {
		return // tokens are no workers, and may be bytes: who takes them is judged where it starts
	}
	switch {
	case r.isLength(size):
		level := r.ledger.weighSize(arg, size)
		if level == verdict.Silent {
			return
		}
		r.Report(verdict.Verdict{
			Pos: u.Call.NamePos(), End: syntax.NameEnd(u.Call.Expr.Fun),
			Message: fmt.Sprintf("%s(%s) is not a bound: there are as many workers as elements of %s; %s: use a fixed number, or %s",
				name, syntax.Short(arg), number.Words(size), model.Hold(model.Plausible(size), r.FootprintOn(u.Call)), atMost(arg)),
			Level: level,
		})
	case size.Kind == number.Grows && !few(r.Info.TypeOf(arg)):
		at, end := u.Call.NamePos(), syntax.NameEnd(u.Call.Expr.Fun)
		who := "a client chooses the number"
		switch set := r.ledger.domainOfValue(size).set(size); {
		case size.Origin == knowledge.Arguments:
			r.Silent(at, end, verdict.Against(size.Pos, "the user who starts the program chooses the number"))
			return
		case set != "":
			r.Silent(at, end, verdict.Against(size.Pos, "somebody has set the number: names speak of settings (%s)", set))
			return
		case size.Origin != knowledge.Request:
			who = "the number is read from input"
		}
		r.Report(verdict.Verdict{
			Pos: at, End: end,
			Message: fmt.Sprintf("%s(%s) is not a bound: %s, and %s: use %s",
				name, syntax.Short(arg), who, model.Hold(model.Thousands, r.FootprintOn(u.Call)), atMost(arg)),
			Related: []analysis.RelatedInformation{verdict.Related(size.Pos, "the number comes from here")},
		})
	case size.Exact && size.Max >= math.MaxInt32, r.Numbers.CalledUnbounded(arg):
		if u.Row.Role == catalog.New && (u.Call.Expr.Ellipsis.IsValid() || r.Throttles.LimitOfCall(u.Call.Expr, 0).State == summary.Limited) {
			return // options, or options made elsewhere, may bound it
		}
		r.Report(verdict.Verdict{
			Pos: u.Call.NamePos(), End: syntax.NameEnd(u.Call.Expr.Fun),
			Message: fmt.Sprintf("%s(%s) has no bound: each waiting task occupies a worker, and %s: pass a number of workers%s",
				name, syntax.Short(arg), model.Hold(model.Thousands, r.FootprintOn(u.Call)), memoryOption(u)),
		})
	}
}

// few reports whether a number of a type is never large.
func few(t types.Type) bool {
	u, ok := t.Underlying().(*types.Basic)
	return ok && (u.Kind() == types.Int8 || u.Kind() == types.Uint8)
}

// parameter reports whether a variable is a parameter, and nothing else is assigned to it.
func (r *reviewer) parameter(v *types.Var) bool {
	d, ok := r.Only(v)
	return ok && d.Kind == syntax.Param
}

// capacity reports whether an expression is the capacity of a channel.
func (r *reviewer) capacity(e ast.Expr) bool {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return false
	}
	id, ok := call.Fun.(*ast.Ident)
	return ok && r.Info.Uses[id] == types.Universe.Lookup("cap")
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
func (r *reviewer) checkParallelMap(c *syntax.Call) {
	if row := r.Catalog.Func(c.Callee); row != nil {
		if row.Role == catalog.Map && row.Bound.From == catalog.Unlimited {
			r.checkElements(c, row.Items.Index(), c.Callee.Name())
		}
		return
	}
	sum := r.Summary(c.Callee)
	if sum == nil {
		return
	}
	for _, p := range sum.Params {
		switch {
		case p.Elements == summary.Unbounded && p.By != summary.NoParam:
			r.checkElements(c, int(p.Index), c.Callee.Name())
		case p.Elements == summary.ByExecutor:
			pool := sites.ExecutorArg(c, sum)
			if l := r.Throttles.Limit(pool); l.State == summary.NoLimit && l.Size.Kind == number.None {
				r.checkElements(c, int(p.Index), syntax.Short(pool))
			}
		}
	}
}

// checkElements judges the collection that such a helper is given. Runner has no limit.
func (r *reviewer) checkElements(c *syntax.Call, i int, runner string) {
	arg, sig := c.Arg(i), c.Callee.Signature()
	if arg == nil || sig.Variadic() && i == sig.Params().Len()-1 && !c.Expr.Ellipsis.IsValid() {
		return
	}
	x := r.Numbers.Of(arg)
	if x.Of == nil {
		x.Of = arg
	}
	level := r.ledger.weighElements(arg, x)
	if level == verdict.Silent {
		return
	}
	r.Report(verdict.Verdict{
		Pos: c.NamePos(), End: syntax.NameEnd(c.Expr.Fun), Level: level,
		Message: fmt.Sprintf("%s starts one goroutine per element of %s; %s: pass a bounded part of it, or give %s a limit",
			c.Callee.Name(), number.Words(x), model.Hold(model.Plausible(x), nil), runner),
	})
}

// atMost is an expression for a size that is bounded by a number of the reader's choice.
func atMost(size ast.Expr) string {
	if text := syntax.Short(size); text != "n" {
		return fmt.Sprintf("min(%s, n)", text)
	}
	return "min(n, limit)"
}
