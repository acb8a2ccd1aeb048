// Package directive reads //poollint: comments.
//
//	//poollint:ignore <rule> <reason>   no finding of the rule in this statement
//	//poollint:bounded <reason>         this loop, field or variable has a bound
//	//poollint:detached <reason>        nobody needs to await this result
//	//poollint:io                       this pool is for tasks that wait
//	//poollint:cpu                      this pool is for tasks that compute
//
// A directive stands on the line it is for, or above it. It covers the whole statement or
// declaration that starts there.
package directive

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// A Directive is one comment.
type Directive struct {
	Comment  *ast.Comment
	Name     string // ignore, bounded, detached, io or cpu
	Rule     string // for ignore
	Reason   string
	Problem  string    // why it is malformed; empty if it is not
	From, To token.Pos // what it covers
	Used     bool      // something was silenced, or decided, by it
}

// A Set is the directives of a package.
type Set struct {
	all     []*Directive
	objects map[types.Object][]*Directive
}

// names says of each directive whether it needs a reason.
var names = map[string]bool{"ignore": true, "bounded": true, "detached": true, "io": false, "cpu": false}

// Parse reads the directives of a package's files. Rules are the ids that ignore may name.
func Parse(fset *token.FileSet, info *types.Info, files []*ast.File, rules []string) *Set {
	s := &Set{objects: map[types.Object][]*Directive{}}
	for _, f := range files {
		if ds := parseFile(fset, f, rules); len(ds) > 0 {
			s.attach(fset, info, f, ds)
		}
	}
	return s
}

// line is where a directive takes effect.
type line struct {
	*Directive
	at int
}

func parseFile(fset *token.FileSet, f *ast.File, rules []string) []line {
	var ds []line
	var code map[int]bool // lines with code before a comment, found when first needed
	for _, g := range f.Comments {
		for _, c := range g.List {
			if !strings.HasPrefix(c.Text, "//poollint:") {
				continue
			}
			if code == nil {
				code = codeLines(fset, f)
			}
			at := fset.Position(c.Pos()).Line
			if !code[at] {
				at = fset.Position(g.End()).Line + 1
			}
			ds = append(ds, line{parse(c, rules), at})
		}
	}
	return ds
}

// codeLines are the lines on which a node starts or ends.
func codeLines(fset *token.FileSet, f *ast.File) map[int]bool {
	lines := map[int]bool{}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n.(type) {
		case nil, *ast.File, *ast.CommentGroup, *ast.Comment:
			return n != nil && !isComment(n)
		}
		lines[fset.Position(n.Pos()).Line] = true
		lines[fset.Position(n.End()).Line] = true
		return true
	})
	return lines
}

func isComment(n ast.Node) bool {
	_, ok := n.(*ast.CommentGroup)
	return ok
}

func parse(c *ast.Comment, rules []string) *Directive {
	d := &Directive{Comment: c, From: c.Pos(), To: c.End()}
	name, rest, _ := strings.Cut(strings.TrimPrefix(c.Text, "//poollint:"), " ")
	d.Name = strings.TrimSpace(name)
	d.Reason = strings.TrimSpace(rest)
	needsReason, known := names[d.Name]
	if !known {
		d.Problem = fmt.Sprintf("//poollint:%s is not a directive; the directives are ignore, bounded, detached, io and cpu", d.Name)
		return d
	}
	if d.Name == "ignore" {
		d.Rule, d.Reason, _ = strings.Cut(d.Reason, " ")
		d.Reason = strings.TrimSpace(d.Reason)
		switch {
		case d.Rule == "":
			d.Problem = "//poollint:ignore names no rule; write //poollint:ignore <rule> <reason>"
			return d
		case !slices.Contains(rules, d.Rule):
			d.Problem = fmt.Sprintf("//poollint:ignore names %q, which is not a rule", d.Rule)
			return d
		}
	}
	if needsReason && d.Reason == "" {
		d.Problem = fmt.Sprintf("//poollint:%s gives no reason; add one after it", strings.TrimSpace(d.Name+" "+d.Rule))
	}
	return d
}

// attach finds what each directive covers: the outermost statement or declaration that starts on
// its line, and the objects declared there.
func (s *Set) attach(fset *token.FileSet, info *types.Info, f *ast.File, ds []line) {
	byLine := map[int][]*Directive{}
	for _, d := range ds {
		s.all = append(s.all, d.Directive)
		if d.Problem == "" {
			byLine[d.at] = append(byLine[d.at], d.Directive)
		}
	}
	covered := map[*Directive]bool{}
	ast.Inspect(f, func(n ast.Node) bool {
		var names []*ast.Ident
		switch n := n.(type) {
		case *ast.FuncDecl:
			// A directive above a function speaks of its results, not of its body.
			for _, d := range byLine[fset.Position(n.Pos()).Line] {
				s.bind(info, d, n.Name)
			}
			return true
		case *ast.TypeSpec:
			names = []*ast.Ident{n.Name}
		case *ast.ValueSpec:
			names = n.Names
		case *ast.Field:
			names = n.Names
			if len(names) == 0 {
				if id := embeddedName(n.Type); id != nil {
					names = []*ast.Ident{id}
				}
			}
		case *ast.AssignStmt:
			for _, e := range n.Lhs {
				switch e := e.(type) {
				case *ast.Ident:
					names = append(names, e)
				case *ast.SelectorExpr:
					names = append(names, e.Sel)
				}
			}
		case *ast.GenDecl:
			if len(n.Specs) == 1 {
				switch spec := n.Specs[0].(type) {
				case *ast.TypeSpec:
					names = []*ast.Ident{spec.Name}
				case *ast.ValueSpec:
					names = spec.Names
				}
			}
		case ast.Stmt:
		default:
			return true
		}
		for _, d := range byLine[fset.Position(n.Pos()).Line] {
			if !covered[d] {
				covered[d] = true
				d.From, d.To = n.Pos(), n.End()
			}
			for _, id := range names {
				s.bind(info, d, id)
			}
		}
		return true
	})
}

// embeddedName is the name of an embedded field.
func embeddedName(t ast.Expr) *ast.Ident {
	switch t := t.(type) {
	case *ast.Ident:
		return t
	case *ast.StarExpr:
		return embeddedName(t.X)
	case *ast.SelectorExpr:
		return t.Sel
	case *ast.IndexExpr:
		return embeddedName(t.X)
	}
	return nil
}

func (s *Set) bind(info *types.Info, d *Directive, id *ast.Ident) {
	obj := info.Defs[id]
	if obj == nil {
		if v, ok := info.Uses[id].(*types.Var); ok {
			obj = v.Origin()
		}
	}
	if obj != nil && !slices.Contains(s.objects[obj], d) {
		s.objects[obj] = append(s.objects[obj], d)
	}
}

// At returns the directive of a name that covers a position and, for ignore, names a rule.
func (s *Set) At(pos token.Pos, name, rule string) *Directive {
	for _, d := range s.all {
		if d.Problem == "" && d.Name == name && d.Rule == rule && d.From <= pos && pos <= d.To {
			return d
		}
	}
	return nil
}

// Of returns the directive of a name on the declaration of an object.
func (s *Set) Of(obj types.Object, name string) *Directive {
	for _, d := range s.objects[obj] {
		if d.Name == name {
			return d
		}
	}
	return nil
}

// All lists the directives in source order.
func (s *Set) All() []*Directive { return s.all }

// A Fact is the directives on an exported declaration.
type Fact struct{ Names []string }

// AFact marks Fact as a fact.
func (*Fact) AFact() {}

func (f *Fact) String() string { return strings.Join(f.Names, " ") }

// Facts lists the declarations whose directives importing packages must know, with a fact for
// each, in source order.
func (s *Set) Facts() []ObjectFact {
	var facts []ObjectFact
	for obj, ds := range s.objects {
		if !obj.Exported() {
			continue
		}
		var f Fact
		for _, d := range ds {
			if d.Name != "ignore" {
				f.Names = append(f.Names, d.Name)
				d.Used = true // by whoever imports it
			}
		}
		if len(f.Names) > 0 {
			slices.Sort(f.Names)
			facts = append(facts, ObjectFact{obj, &f})
		}
	}
	slices.SortFunc(facts, func(a, b ObjectFact) int { return int(a.Obj.Pos() - b.Obj.Pos()) })
	return facts
}

// An ObjectFact is a fact and what it is about.
type ObjectFact struct {
	Obj  types.Object
	Fact *Fact
}
