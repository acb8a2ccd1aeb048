package analyzer

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/resource"
	"github.com/poollint/poollint/analyzer/internal/rule"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// An operation is a place where a goroutine begins or may wait, in the words of a stack: by the function
// around it and by what is called there. With -sites each is a diagnostic of category "operation" whose
// message is an operation as JSON, at the place that a finding would have.
type operation struct {
	Kind     string   `json:"kind"`               // file, go, submit, send, receive, range, select, call
	Symbol   string   `json:"symbol,omitempty"`   // of the function around it
	From     int      `json:"from,omitempty"`     // that function's first line
	To       int      `json:"to,omitempty"`       // and its last
	Lines    []int    `json:"lines,omitempty"`    // those that a stack may give it; none: that of the place
	Callee   string   `json:"callee,omitempty"`   // symbol of the function called
	Starts   []string `json:"starts,omitempty"`   // symbols of the tasks that begin here, as far as known
	Bodies   []int    `json:"bodies,omitempty"`   // and their first lines
	Deferred bool     `json:"deferred,omitempty"` // it runs when the function ends
	On       string   `json:"on,omitempty"`       // the channel, group or lock, as written
	Resource string   `json:"resource,omitempty"` // which one it is, the same at all operations on it
	Cases    []arm    `json:"cases,omitempty"`    // of a select
	Foreign  string   `json:"foreign,omitempty"`  // how other packages come to the resource
	Ignored  bool     `json:"ignored,omitempty"`  // a directive silences what only a profile shows
	Main     bool     `json:"main,omitempty"`     // of a file: its package is a program
	Funcs    []body   `json:"funcs,omitempty"`    // of a file: its functions and literals
}

// A body is a function or literal with its lines.
type body struct {
	Name string `json:"name"`
	From int    `json:"from"`
	To   int    `json:"to"`
}

// An arm is a case of a select.
type arm struct {
	Kind     string `json:"kind"` // send, receive
	On       string `json:"on"`
	Resource string `json:"resource,omitempty"`
}

// operations reports what stacks of the program can be matched with.
func (r *reporter) operations() {
	symbols := r.Symbols()
	bodies := map[*token.File][]body{}
	for _, f := range r.Funcs {
		if !r.Dead(f.Cur) {
			in, name := r.Fset.File(f.Node.Pos()), strings.TrimPrefix(symbols[f], r.Types.Path()+".")
			bodies[in] = append(bodies[in], body{name, r.Line(f.Node.Pos()), r.Line(f.Node.End())})
		}
	}
	for _, f := range r.pass.Files {
		r.operation(f.Name.Pos(), operation{Kind: "file", Main: r.Types.Name() == "main", Funcs: bodies[r.Fset.File(f.FileStart)]})
	}
	for _, f := range r.Funcs {
		in := operation{Symbol: symbols[f], From: r.Line(f.Node.Pos()), To: r.Line(f.Node.End())}
		for _, c := range f.Flows {
			if !r.Dead(c) {
				r.flowOperation(c, in)
			}
		}
		for _, c := range f.Calls {
			if !r.Dead(c.Cur) {
				r.callOperation(c, in, symbols)
			}
		}
	}
	for c := range r.Root.Preorder((*ast.SelectStmt)(nil)) {
		if f := r.FuncAt(c); f != nil && !r.Dead(c) {
			r.selectOperation(c.Node().(*ast.SelectStmt), operation{Symbol: symbols[f], From: r.Line(f.Node.Pos()), To: r.Line(f.Node.End())})
		}
	}
}

// flowOperation reports a send or receive that waits for itself, and not as one case of several.
func (r *reporter) flowOperation(c inspector.Cursor, o operation) {
	op := resource.Op{Cur: c}
	var on ast.Expr
	switch n := c.Node().(type) {
	case *ast.SendStmt:
		o.Kind, on = "send", n.Chan
		o.Lines = r.lines(n.Pos(), n.Arrow)
	case *ast.UnaryExpr:
		o.Kind, on = "receive", n.X
	case *ast.RangeStmt:
		t := r.Info.TypeOf(n.X)
		if t == nil {
			return
		}
		if _, ok := t.Underlying().(*types.Chan); !ok {
			return
		}
		o.Kind, on = "range", n.X
		o.Lines = r.lines(n.For, n.X.Pos())
	default:
		return
	}
	if !op.Alone() {
		return
	}
	r.concerns(&o, on)
	r.operation(op.Pos(), o)
}

// selectOperation reports a select statement that waits for several.
func (r *reporter) selectOperation(s *ast.SelectStmt, o operation) {
	if len(s.Body.List) == 1 || resource.HasDefault(s) {
		return
	}
	o.Kind = "select"
	at := []token.Pos{s.Select}
	for _, c := range s.Body.List {
		clause := c.(*ast.CommClause)
		at = append(at, clause.Case)
		var one operation
		switch n := clause.Comm.(type) {
		case *ast.SendStmt:
			one.Kind = "send"
			r.concerns(&one, n.Chan)
		default:
			one.Kind = "receive"
			r.concerns(&one, receivedFrom(n))
		}
		o.Cases = append(o.Cases, arm{one.Kind, one.On, one.Resource})
	}
	o.Lines = r.lines(at...)
	r.operation(s.Select, o)
}

// receivedFrom is the channel that a case receives from.
func receivedFrom(s ast.Stmt) ast.Expr {
	var x ast.Expr
	switch s := s.(type) {
	case *ast.ExprStmt:
		x = s.X
	case *ast.AssignStmt:
		x = s.Rhs[0]
	}
	if u, ok := ast.Unparen(x).(*ast.UnaryExpr); ok {
		return u.X
	}
	return x
}

// callOperation reports a call that starts a task, or of a function by which goroutines wait for each other.
func (r *reporter) callOperation(c *syntax.Call, o operation, symbols map[*syntax.Func]string) {
	pos := c.NamePos()
	o.Lines = r.lines(c.Expr.Pos(), pos, c.Expr.Lparen)
	o.Deferred = c.Defer != nil
	if c.Callee != nil {
		o.Callee = syntax.Symbol(c.Callee)
	}
	spawn := r.SpawnAt(c)
	switch {
	case spawn != nil:
		o.Kind, pos = "submit", spawn.Pos()
		if spawn.Go() {
			o.Kind = "go"
			o.Lines = append(o.Lines, r.Line(pos))
		}
		r.concerns(&o, spawn.Pool)
		for _, t := range r.tasks(spawn) {
			switch {
			case t.Body != nil:
				o.Starts = append(o.Starts, symbols[t.Body])
				o.Bodies = append(o.Bodies, r.Line(t.Body.Node.Pos()))
			case t.Decl != nil:
				o.Starts = append(o.Starts, syntax.Symbol(t.Decl))
				o.Bodies = append(o.Bodies, 0)
			}
		}
	case c.Callee != nil && (r.UseAt(c) != nil || blocks(c.Callee)):
		o.Kind = "call"
		if r.concerns(&o, c.Recv()); c.Recv() == nil {
			r.which(&o, r.Resources.Result(c.Expr, 0)) // what a constructor makes
		}
	default:
		return
	}
	slices.Sort(o.Lines)
	o.Lines = slices.Compact(o.Lines)
	r.operation(pos, o)
}

// tasks are what a spawn starts, as far as known.
func (r *reporter) tasks(s *sites.Spawn) []resource.Callee {
	for _, known := range r.Resources.Spawns {
		if known.Call == s.Call && len(known.Tasks) > 0 {
			return known.Tasks
		}
	}
	return []resource.Callee{{Decl: s.Callee, Body: s.Body}}
}

// blocks reports whether a function of the standard library is made to wait in.
func blocks(f *types.Func) bool {
	if f.Pkg() == nil {
		return false
	}
	return f.Pkg().Path() == "sync" || f.Pkg().Path() == "time" && f.Name() == "Sleep"
}

// concerns says what an operation is done to, and which one that is.
func (r *reporter) concerns(o *operation, e ast.Expr) {
	if e == nil {
		return
	}
	o.On = syntax.Short(e)
	r.which(o, r.Resources.Class(e))
}

// which says which resource an operation is done to, if that is known.
func (r *reporter) which(o *operation, class *resource.Class) {
	if class == nil || len(class.Ops) == 0 {
		return
	}
	first := class.Ops[0]
	if makers := class.Makers(); len(makers) > 0 {
		first = makers[0]
	}
	o.Resource = fmt.Sprintf("%s %s", class.Name(), r.Fset.Position(first.Pos()))
	if len(class.Escapes) > 0 {
		o.Foreign = class.Escapes[0].String()
	}
}

// lines are those of places, in order.
func (r *reporter) lines(at ...token.Pos) []int {
	var lines []int
	for _, pos := range at {
		lines = append(lines, r.Line(pos))
	}
	slices.Sort(lines)
	return slices.Compact(lines)
}

func (r *reporter) operation(pos token.Pos, o operation) {
	o.Ignored = r.Directives.At(pos, "ignore", rule.Profiled) != nil
	text, err := json.Marshal(o)
	if err != nil {
		return // strings and numbers always marshal
	}
	r.pass.Report(analysis.Diagnostic{Pos: pos, Category: "operation", Message: "operation: " + string(text)})
}
