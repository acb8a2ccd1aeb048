package discharge

import (
	"cmp"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/paths"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/summary"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// A channel is a local channel of which every use is seen: made in a function with a constant
// capacity, sent to by the goroutines that it starts, received from by itself.
type channel struct {
	v      *types.Var
	in     *syntax.Func
	made   *ast.CallExpr
	cap    int
	sends  []send
	recvs  []receive
	closed bool // by one of the goroutines
}

// A send is a place in a task where it sends.
type send struct {
	by   *sites.Spawn
	body *syntax.Func
	at   inspector.Cursor
}

// A receive is a place in the function where it receives.
type receive struct {
	at     inspector.Cursor
	choice bool // one of the cases of a select
}

// chanOf is the channel type of a variable.
func chanOf(t types.Type) (*types.Chan, bool) {
	ch, ok := t.Underlying().(*types.Chan)
	return ch, ok
}

// channels finds the local channels of a package of which every use is seen.
func channels(p *sites.Package) []*channel {
	tasks := map[*syntax.Func]*sites.Spawn{}
	for _, s := range p.Spawns {
		if s.Body != nil {
			tasks[s.Body] = s
		}
	}
	var vars []*types.Var
	for _, obj := range p.Info.Defs {
		if v, ok := obj.(*types.Var); ok && !v.IsField() && !global(v) {
			if _, ok := chanOf(v.Type()); ok {
				vars = append(vars, v)
			}
		}
	}
	slices.SortFunc(vars, func(a, b *types.Var) int { return cmp.Compare(a.Pos(), b.Pos()) })
	var chans []*channel
	for _, v := range slices.Compact(vars) {
		if ch := made(p, v); ch != nil && ch.uses(p, tasks) && len(ch.sends) > 0 {
			chans = append(chans, ch)
		}
	}
	return chans
}

// made returns the channel of a variable whose only value is made where it is declared, with a
// constant capacity.
func made(p *sites.Package, v *types.Var) *channel {
	d, ok := p.Only(v)
	if !ok || d.Kind != syntax.Assign || d.In == nil {
		return nil
	}
	call, ok := ast.Unparen(d.Expr).(*ast.CallExpr)
	if !ok {
		return nil
	}
	if b, ok := p.Info.Uses[ident(call.Fun)].(*types.Builtin); !ok || b.Name() != "make" {
		return nil
	}
	ch := &channel{v: v, in: d.In, made: call}
	if len(call.Args) == 2 {
		n, ok := constantInt(p.Info, call.Args[1])
		if !ok {
			return nil
		}
		ch.cap = n
	}
	return ch
}

func ident(e ast.Expr) *ast.Ident {
	id, _ := ast.Unparen(e).(*ast.Ident)
	return id
}

func constantInt(info *types.Info, e ast.Expr) (int, bool) {
	tv := info.Types[e]
	if tv.Value == nil || tv.Value.Kind() != constant.Int {
		return 0, false
	}
	n, exact := constant.Int64Val(tv.Value)
	return int(n), exact
}

// uses looks at every mention of the channel, and reports whether all are understood. One that is
// not may send, receive or close anywhere: the channel is somebody else's.
func (ch *channel) uses(p *sites.Package, tasks map[*syntax.Func]*sites.Spawn) bool {
	for _, u := range p.Var(ch.v).Uses {
		if !ch.use(p, tasks, u, ch.in, nil) {
			return false
		}
	}
	return true
}

// use looks at one mention. Inside a task that was given the channel as a parameter, by is the
// spawn of the task; else it is found from where the mention stands.
func (ch *channel) use(p *sites.Package, tasks map[*syntax.Func]*sites.Spawn, u inspector.Cursor, home *syntax.Func, by *sites.Spawn) bool {
	c := u
	at := p.FuncAt(u)
	var body *syntax.Func
	if by == nil {
		by, body = ch.task(p, tasks, at)
		if by == nil && at != ch.in && !deferredLit(u, ch.in) {
			return false
		}
	} else {
		body = home
	}
	switch c.ParentEdgeKind() {
	case edge.AssignStmt_Lhs, edge.ValueSpec_Names, edge.Field_Names:
		return true // its declaration: there is only one
	case edge.BinaryExpr_X, edge.BinaryExpr_Y:
		return true
	case edge.SendStmt_Chan:
		if by == nil {
			return false
		}
		if !inChoice(c.Parent()) {
			ch.sends = append(ch.sends, send{by, body, c.Parent()})
		}
		return true
	case edge.UnaryExpr_X:
		if by != nil || c.Parent().Node().(*ast.UnaryExpr).Op != token.ARROW {
			return false
		}
		ch.recvs = append(ch.recvs, receive{c.Parent(), inChoice(comm(c.Parent()))})
		return true
	case edge.RangeStmt_X:
		if by != nil {
			return false
		}
		ch.recvs = append(ch.recvs, receive{c.Parent(), false})
		return true
	case edge.CallExpr_Args:
		return ch.argument(p, tasks, c, by, body)
	}
	return false
}

// task returns the spawn, in the channel's function, of the task that a mention is in.
func (ch *channel) task(p *sites.Package, tasks map[*syntax.Func]*sites.Spawn, at *syntax.Func) (*sites.Spawn, *syntax.Func) {
	for f := at; f != nil && f != ch.in; f = f.Outer {
		if s := tasks[f]; s != nil && s.Call.In == ch.in {
			return s, f
		}
	}
	return nil, nil
}

// deferredLit reports whether a mention is in a literal that f defers.
func deferredLit(u inspector.Cursor, f *syntax.Func) bool {
	for e := range u.Enclosing((*ast.FuncLit)(nil)) {
		if e.Node() == f.Node {
			return false
		}
		call := e.Parent()
		return e.ParentEdgeKind() == edge.CallExpr_Fun && call.ParentEdgeKind() == edge.DeferStmt_Call
	}
	return false
}

// argument is f(…, ch, …).
func (ch *channel) argument(p *sites.Package, tasks map[*syntax.Func]*sites.Spawn, c inspector.Cursor, by *sites.Spawn, body *syntax.Func) bool {
	call := c.Parent().Node().(*ast.CallExpr)
	i := c.ParentEdgeIndex()
	switch track(p, 0).builtin(call) {
	case "len", "cap":
		return true
	case "close":
		ch.closed = true
		return by != nil
	}
	sc := p.Call(call)
	if s := p.SpawnAt(sc); s != nil && s.Go() && s.Call.In == ch.in && s.Body != nil {
		v := param(s.Body.Sig, i)
		if v == nil {
			return false
		}
		for _, u := range p.Var(v).Uses {
			if !ch.use(p, tasks, u, s.Body, s) {
				return false
			}
		}
		return true
	}
	if sc.Callee == nil {
		return false
	}
	par := p.Summary(sc.Callee).Param(i)
	if par == nil || par.Use&summary.Keeps != 0 {
		return false
	}
	switch s := p.SpawnAt(sc); {
	case s != nil && s.Go() && s.Call.In == ch.in && par.Use == summary.Sends:
		ch.sends = append(ch.sends, send{s, nil, c})
		return true
	case s != nil:
		return false
	case by != nil && par.Use == summary.Sends:
		ch.sends = append(ch.sends, send{by, body, c})
		return true
	case by == nil && par.Use == summary.Receives && p.FuncAt(c) == ch.in:
		ch.recvs = append(ch.recvs, receive{c, false})
		return true
	}
	return par.Use == summary.Reads
}

// comm is the statement of a receive, if the receive is all that it does: <-ch, x := <-ch.
func comm(recv inspector.Cursor) inspector.Cursor {
	switch recv.ParentEdgeKind() {
	case edge.ExprStmt_X, edge.AssignStmt_Rhs:
		return recv.Parent()
	}
	return recv
}

// inChoice reports whether a send or receive statement is one of several cases of a select.
func inChoice(stmt inspector.Cursor) bool {
	if stmt.ParentEdgeKind() != edge.CommClause_Comm {
		return false
	}
	sel := stmt.Parent().Parent().Parent().Node().(*ast.SelectStmt)
	return len(sel.Body.List) > 1
}

// channelParam is what becomes of a channel that a function is given.
func channelParam(p *sites.Package, f *syntax.Func, v *types.Var, _ *types.Chan) summary.Use {
	var use summary.Use
	received := map[ast.Node]fate{}
	g := p.Graph(f)
	for _, u := range p.Var(v).Uses {
		c := u
		for c.ParentEdgeKind() == edge.ParenExpr_X {
			c = c.Parent()
		}
		if p.FuncAt(u) != f && c.ParentEdgeKind() != edge.Field_Names && !deferredLit(u, f) {
			return summary.Keeps
		}
		switch c.ParentEdgeKind() {
		case edge.Field_Names, edge.BinaryExpr_X, edge.BinaryExpr_Y:
		case edge.SendStmt_Chan:
			if !inChoice(c.Parent()) {
				use |= summary.Sends
			}
		case edge.UnaryExpr_X, edge.RangeStmt_X:
			if step := g.Step(u.Node()); step != nil {
				received[step] = met
			}
		case edge.CallExpr_Args:
			call := c.Parent().Node().(*ast.CallExpr)
			switch track(p, 0).builtin(call) {
			case "len", "cap":
				continue
			}
			par := p.Summary(p.Call(call).Callee).Param(c.ParentEdgeIndex())
			if par == nil || par.Use == 0 || p.SpawnAt(p.Call(call)) != nil {
				return summary.Keeps
			}
			switch {
			case par.Use&summary.Keeps != 0:
				return summary.Keeps
			case par.Use&summary.Receives != 0:
				if step := g.Step(u.Node()); step != nil {
					received[step] = met
				}
			}
			use |= par.Use & summary.Sends
		default:
			return summary.Keeps
		}
	}
	switch {
	case len(received) > 0:
		answer := g.Ask(paths.Query{
			Step: func(step ast.Node, _ int) (int, paths.Effect) {
				if received[step] != idle {
					return 0, paths.Meets
				}
				return 0, paths.Nothing
			},
		})
		if answer.Verdict != paths.Honoured || use != 0 {
			return summary.Keeps
		}
		return summary.Receives
	case use != 0:
		return use
	}
	return summary.Reads
}
