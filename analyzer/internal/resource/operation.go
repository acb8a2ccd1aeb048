package resource

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/summary"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// OpKind is what an operation does.
type OpKind uint8

const (
	Make    OpKind = iota + 1 // make(chan T), a constructor, a call that starts a future
	Declare                   // a variable, field or literal whose zero value is the resource
	Send                      // one value
	Receive                   // one value
	Range                     // receives until the channel is closed
	Close                     // of a channel
	Measure                   // len or cap of a channel
	Invoke                    // calls a function value; of a context: calls the function that ends it
	Use                       // what a library's function, or one of another package with a fact, does: see Role
)

var opKinds = [...]string{"", "make", "declare", "send", "receive", "range", "close", "measure", "invoke", "use"}

func (k OpKind) String() string { return opKinds[k] }

// An Op is an operation on the values of a class.
type Op struct {
	Kind  OpKind
	Class *Class           // what its operand is; of a call that ends a context, the function called
	Cur   inspector.Cursor // the call, send, receive, range statement, literal or name
	Var   *types.Var       // of Declare: the field, or nil
	In    *syntax.Func     // where it stands; nil outside functions
	Call  *syntax.Call     // if it is, or is done in, a call
	Role  catalog.Role     // of Use: what is done; of Make: New, Submitted or another that makes one
	Row   *catalog.Func    // the library's function, or nil
	Fact  *summary.Param   // what the called function of another package does, or nil
	Sure  bool             // of a Use by a fact: on every path through that function
	Time  bool             // of Make: a timer, or a context that ends by itself when its time is up
}

// Pos is where it stands: the name called, or the operation.
func (o *Op) Pos() token.Pos {
	switch {
	case o.Call != nil:
		return o.Call.NamePos()
	case o.Var != nil:
		return o.Var.Pos()
	}
	switch n := o.Cur.Node().(type) {
	case *ast.SendStmt:
		return n.Arrow
	case *ast.UnaryExpr:
		return n.OpPos
	case *ast.RangeStmt:
		return n.For
	default:
		return n.Pos()
	}
}

// Channel is the channel that it sends to, receives from or ranges over; nil if it does something else.
func (o *Op) Channel() ast.Expr {
	switch n := o.Cur.Node().(type) {
	case *ast.SendStmt:
		return n.Chan
	case *ast.UnaryExpr:
		return n.X
	case *ast.RangeStmt:
		return n.X
	}
	return nil
}

func compareOps(a, b *Op) int {
	return cmp.Or(cmp.Compare(a.Pos(), b.Pos()), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Role, b.Role), cmp.Compare(a.row(), b.row()))
}

func (o *Op) row() string {
	if o.Row == nil {
		return ""
	}
	return o.Row.Name
}

// Select is the select statement of which the operation is a case, or nil. An operation inside the
// expressions or the body of a case is none.
func (o *Op) Select() *ast.SelectStmt {
	c := o.Cur
	if o.Var != nil {
		return nil
	}
	if _, ok := c.Node().(*ast.UnaryExpr); ok {
		c = syntax.Outer(c)
		if k := c.ParentEdgeKind(); k != edge.ExprStmt_X && k != edge.AssignStmt_Rhs {
			return nil
		}
		c = c.Parent()
	}
	if c.ParentEdgeKind() != edge.CommClause_Comm {
		return nil
	}
	s, _ := c.Parent().Parent().Parent().Node().(*ast.SelectStmt)
	return s
}

// Alone reports whether an operation that cannot go on waits for nothing else: it is no case of a
// select, or the only one.
func (o *Op) Alone() bool {
	s := o.Select()
	return s == nil || len(s.Body.List) == 1
}

// HasDefault reports whether a select statement does not wait.
func HasDefault(s *ast.SelectStmt) bool {
	for _, c := range s.Body.List {
		if c.(*ast.CommClause).Comm == nil {
			return true
		}
	}
	return false
}

// Deferred reports whether it runs when the function around it ends: it is the deferred call, or stands
// in a literal that is deferred.
func (o *Op) Deferred() bool {
	if o.Call != nil && o.Call.Defer != nil {
		return true
	}
	if o.In == nil || o.In.Decl != nil {
		return false
	}
	lit := syntax.Outer(o.In.Cur)
	return lit.ParentEdgeKind() == edge.CallExpr_Fun && lit.Parent().ParentEdgeKind() == edge.DeferStmt_Call
}

// InLoop reports whether it stands in a loop of the function around it.
func (o *Op) InLoop() bool { return o.In != nil && len(syntax.Loops(o.Cur)) > 0 }

// UntilClosed reports whether it receives again and again until the channel is closed: a range, or a
// receive in a loop that is left where its ok is false.
func (o *Op) UntilClosed(p *syntax.Package) bool {
	if o.Kind == Range {
		return true
	}
	if o.Kind != Receive || !o.InLoop() {
		return false
	}
	lhs := syntax.Assigned(o.Cur)
	if len(lhs) != 2 {
		return false
	}
	ok := p.Variable(lhs[1])
	for c := range syntax.Loops(o.Cur)[0].Preorder((*ast.IfStmt)(nil), (*ast.CaseClause)(nil)) {
		for _, b := range syntax.Branches(c) {
			if ok != nil && !b.Is && p.Variable(b.Cond) == ok && leavesLoop(b.Last()) {
				return true
			}
		}
	}
	return false
}

func leavesLoop(s ast.Stmt) bool {
	switch s := s.(type) {
	case *ast.ReturnStmt:
		return true
	case *ast.BranchStmt:
		return s.Tok == token.BREAK || s.Tok == token.GOTO
	}
	return false
}

// Capacity is the capacity of a channel that is made, or nil: unbuffered, or no make.
func (o *Op) Capacity() ast.Expr {
	if o.Kind == Make && o.Row == nil && o.Call != nil && o.Call.Callee == nil {
		return o.Call.Arg(1)
	}
	return nil
}

// do records an operation on a node; nothing for nil.
func (b *builder) do(n *node, o Op) {
	if n == nil {
		return
	}
	h := n.find().hold()
	h.ops = append(h.ops, &o)
}

// operate records what a statement or expression does to channels.
func (b *builder) operate(c inspector.Cursor, f *syntax.Func) {
	switch n := c.Node().(type) {
	case *ast.SendStmt:
		b.do(b.values.value(n.Chan), Op{Kind: Send, Cur: c, In: f})
	case *ast.UnaryExpr:
		b.do(b.values.value(n.X), Op{Kind: Receive, Cur: c, In: f})
	case *ast.RangeStmt:
		if isChan(b.src.Info.TypeOf(n.X)) {
			b.do(b.values.value(n.X), Op{Kind: Range, Cur: c, In: f})
		}
	case *ast.CompositeLit:
		b.declare(b.values.value(n), c, f)
	}
}

// declare records a declaration of what is a resource without being made: var g errgroup.Group.
func (b *builder) declare(n *node, at inspector.Cursor, f *syntax.Func) {
	if n != nil && n.find().kind > Timer {
		b.do(n, Op{Kind: Declare, Cur: at, In: f})
	}
}
