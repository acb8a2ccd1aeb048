package analyzer

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/number"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/summary"
	"github.com/poollint/poollint/analyzer/internal/syntax"
	"github.com/poollint/poollint/analyzer/internal/throttle"
	"github.com/poollint/poollint/analyzer/internal/verdict"
)

// A known is what the analyzer knows of a place, so that a user can trust a report or a
// silence. With -sites each place is a diagnostic of category "site" whose message is a known
// as JSON. Empty means unknown.
type known struct {
	Kind     string   `json:"kind"`               // make, limit, submit, go, await, close
	Func     string   `json:"func,omitempty"`     // the function around it
	Executor string   `json:"executor,omitempty"` // as written
	Type     string   `json:"type,omitempty"`
	Library  string   `json:"library,omitempty"` // import path of the function that submits
	Origin   string   `json:"origin,omitempty"`  // which executor, the same at all its sites
	Use      string   `json:"use,omitempty"`     // io or cpu
	UseWhy   string   `json:"useWhy,omitempty"`
	Bound    string   `json:"bound,omitempty"`
	BoundWhy string   `json:"boundWhy,omitempty"`
	Task     string   `json:"task,omitempty"`
	Result   string   `json:"result,omitempty"`
	Notes    []string `json:"notes,omitempty"`
}

// explain reports every site of the package, and what the rules conclude.
func (r *reporter) explain() {
	for _, s := range r.Spawns {
		k := known{Kind: "submit", Func: funcName(s.Call.In), Task: r.taskText(s)}
		if s.Go() {
			k.Kind = "go"
		}
		if s.Row != nil {
			k.Library = s.Call.Callee.Pkg().Path()
		}
		r.explainPool(&k, s.Pool, s.Call)
		if s.Via != nil && s.Via.Task != summary.ByExecutor {
			k.Bound = map[summary.Task]string{summary.Bounded: "bounded", summary.Unbounded: "none"}[s.Via.Task]
			if k.BoundWhy = ""; s.Via.Why != "" {
				k.BoundWhy = s.Call.Callee.Name() + " " + s.Via.Why
			}
		}
		if s.Cur.ParentEdgeKind() == edge.ExprStmt_X && s.Row != nil && s.Row.Returns != catalog.ReturnsNothing && s.Row.Returns != catalog.ReturnsSelf {
			k.Result = "dropped"
		}
		k.Notes = r.loopNotes(s)
		r.site(s.Pos(), s.End(), k)
	}
	kinds := map[catalog.Role]string{
		catalog.New: "make", catalog.SetBound: "limit", catalog.Resize: "limit", catalog.Wait: "await",
		catalog.Await: "await", catalog.AwaitAll: "await", catalog.Combine: "await", catalog.Close: "close", catalog.Stop: "close",
	}
	for _, u := range r.Uses {
		what, ok := kinds[u.Row.Role]
		if !ok {
			continue
		}
		k := known{Kind: what, Func: funcName(u.Call.In)}
		if u.Row.Role == catalog.New {
			k.Type = r.typeText(u.Call.Expr)
			k.setBound(r, r.Throttles.LimitOfCall(u.Call.Expr, 0))
			if to := assigned(u.Call); to != nil {
				k.Executor = syntax.Short(to)
				if v := r.Variable(to); v != nil {
					k.Origin = r.origin(v)
				}
			}
		} else {
			r.explainPool(&k, u.Call.Recv(), u.Call)
		}
		r.site(u.Call.NamePos(), syntax.NameEnd(u.Call.Expr.Fun), k)
	}
	for i := range r.verdicts {
		r.tell(&r.verdicts[i])
	}
}

// A conclusion is a verdict as data: with -sites, a diagnostic of category "verdict".
type conclusion struct {
	Rule    string        `json:"rule"`
	Level   verdict.Level `json:"level"`
	Off     bool          `json:"off,omitempty"`     // -checks leaves the rule out
	Sum     int           `json:"sum,omitempty"`     // of the evidence, where the rule adds it up
	Ignored bool          `json:"ignored,omitempty"` // a directive silences it
	Better  string        `json:"better,omitempty"`  // the rule whose finding says it better
	Message string        `json:"message,omitempty"`
}

func (r *reporter) tell(v *verdict.Verdict) {
	text, err := json.Marshal(conclusion{v.Rule, v.Level, !r.settings.enabled(ruleOf(v.Rule)), v.Sum, v.Ignored, v.Better, v.Message})
	if err != nil {
		return // strings and a level always marshal
	}
	r.pass.Report(analysis.Diagnostic{Pos: v.Pos, End: v.End, Category: "verdict", Message: "verdict: " + string(text), Related: reasons(v)})
}

// reasons are those of a verdict as related places, which the go command carries, too. One that shows
// nowhere in particular stands at the verdict's own place.
func reasons(v *verdict.Verdict) []analysis.RelatedInformation {
	var out []analysis.RelatedInformation
	for _, why := range v.Reasons {
		rel := analysis.RelatedInformation{Pos: why.Pos, Message: "reason against: " + why.Text}
		if why.For {
			rel.Message = "reason for: " + why.Text
		}
		if !why.Pos.IsValid() {
			rel.Pos = v.Pos
		}
		out = append(out, rel)
	}
	return out
}

// assigned is what the first result of a call is assigned to, or nil.
func assigned(c *syntax.Call) ast.Expr {
	switch n := c.Cur.Parent().Node().(type) {
	case *ast.AssignStmt:
		if c.Cur.ParentEdgeKind() == edge.AssignStmt_Rhs {
			return n.Lhs[c.Cur.ParentEdgeIndex()]
		}
	case *ast.ValueSpec:
		if c.Cur.ParentEdgeKind() == edge.ValueSpec_Values {
			return n.Names[c.Cur.ParentEdgeIndex()]
		}
	case *ast.KeyValueExpr:
		if id, ok := n.Key.(*ast.Ident); ok {
			return id
		}
	}
	return nil
}

func (r *reporter) site(pos, end token.Pos, k known) {
	if r.Generated(pos) {
		return
	}
	text, err := json.Marshal(k)
	if err != nil {
		return // a struct of strings always marshals
	}
	r.pass.Report(analysis.Diagnostic{Pos: pos, End: end, Category: "site", Message: "site: " + string(text)})
}

// explainPool says which executor it is, what it is for, and what bounds it.
func (r *reporter) explainPool(k *known, pool ast.Expr, c *syntax.Call) {
	if pool == nil {
		return
	}
	k.Executor, k.Type = syntax.Short(pool), r.typeText(pool)
	if v, _ := r.PoolVar(pool); v != nil {
		k.Origin = r.origin(v)
	}
	use := r.Purposes.Of(pool)
	k.UseWhy = use.Why
	switch use.Intent {
	case catalog.IO:
		k.Use = "io"
	case catalog.CPU:
		k.Use = "cpu"
	}
	k.setBound(r, r.Throttles.Limit(pool))
}

func (k *known) setBound(r *reporter, l throttle.Limit) {
	k.BoundWhy = l.Why
	switch l.State {
	case summary.NoLimit:
		k.Bound = "none"
	case summary.Limited:
		k.Bound = "bounded"
		switch {
		case l.Size.Exact:
			k.Bound = fmt.Sprint(l.Size.Max)
		case l.Size.Kind == number.Bounded && l.Size.Why != "":
			k.Bound = l.Size.Why
		}
	default:
		return
	}
	if !l.Pos.IsValid() {
		return
	}
	at := r.Place(l.Pos)
	switch {
	case l.Call != nil:
		at = syntax.Short(l.Call.Expr) + " at " + at
	case l.State == summary.NoLimit:
		at = "made at " + at + ", and never limited"
	}
	if k.BoundWhy = at; l.Why != "" {
		k.BoundWhy = l.Why + ", " + at
	}
}

// taskText is what the task is known to do.
func (r *reporter) taskText(s *sites.Spawn) string {
	e := r.Effect(s)
	return e.String()
}

// loopNotes say what the loops around a spawn go through, and what throttles them.
func (r *reporter) loopNotes(s *sites.Spawn) []string {
	var notes []string
	for _, f := range slices.Concat(r.Numbers.Factors(s.Cur, true)...) {
		if _, loop := f.Region.Node().(ast.Stmt); !loop && f.Kind != number.Grows {
			continue
		}
		text := "in a loop of unknown length"
		switch {
		case f.Kind == number.Bounded:
			text = "in a bounded loop: " + f.Why
		case f.Why != "":
			text = "in a loop over " + number.Words(f.Number)
		}
		switch t := r.Throttles.At(s, f); t.Kind {
		case throttle.Throttled:
			text += ", throttled at " + r.Place(t.Node.Pos())
		case throttle.TooWide:
			text += ", with a token for each element at " + r.Place(t.Node.Pos())
		}
		if in := r.Throttles.Inside(s); in != nil {
			text += ", with a token acquired inside the task at " + r.Place(in.Pos())
		}
		notes = append(notes, text)
	}
	slices.Sort(notes)
	notes = slices.Compact(notes)
	if r.Throttles.Worker(s) {
		notes = append(notes, "the task is a worker loop")
	}
	return notes
}

func (r *reporter) typeText(e ast.Expr) string {
	t := r.First(e)
	if t == nil {
		return ""
	}
	return types.TypeString(t, (*types.Package).Name)
}

// origin names a variable so that the name is the same at all its sites: a field by its position,
// which is all that a field knows of its struct.
func (r *reporter) origin(v *types.Var) string {
	pkg := ""
	if v.Pkg() != nil {
		pkg = v.Pkg().Path() + "."
	}
	if !v.IsField() && v.Pkg() != nil && v.Parent() == v.Pkg().Scope() {
		return pkg + v.Name()
	}
	return fmt.Sprintf("%s%s (%s)", pkg, v.Name(), r.Place(v.Pos()))
}

// funcName is the declared function around a place: F, or T.M.
func funcName(f *syntax.Func) string {
	d := f.Declared()
	if d == nil {
		return ""
	}
	return catalog.FuncName(d.Decl)
}
