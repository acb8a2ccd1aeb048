package analyzer

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/linttest"
)

// A program that is written in another way and does the same has the same findings, on the same
// lines: what is reported in the packages of testdata, and all that is silent there on purpose,
// must not hang on how it is put. Every rewrite keeps each statement on its line. Without
// POOLLINT_E2E=all, each rewrites a sixth of the packages, not always the same sixth.
func TestRewritten(t *testing.T) {
	all := linttest.Testdata(t)
	settings := Settings{Checks: Checks{"all"}, Strict: true}
	lines, funcs := map[string]string{}, map[string]string{} // what is found, by line and by function
	plain := checkedOnce(t, true)
	for _, p := range own(t) {
		for _, f := range plain.found[p] {
			lines[lineOf(p, f)], funcs[functionOf(p, f)] = f.Message, f.Message
		}
	}
	for i, r := range rewrites {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			rewritten, d := all.Extend(), plain.driver.Fork(crashing(t, settings).analyzer())
			n, got := 0, map[string]string{}
			want, place := lines, lineOf
			if r.moves {
				want, place = funcs, functionOf
			}
			changed := map[*types.Package]bool{}
			for j, p := range own(t) {
				before := n
				again := &linttest.Package{Path: p.Path, Dir: p.Dir, Module: p.Module}
				added := map[string]bool{}
				with := r.with
				if !linttest.All() && (i+j)%6 != 0 {
					with = func(*rewriter, inspector.Cursor) {} // as it is
				}
				for _, f := range p.Files {
					src, edits := rewrite(t, p, f, added, with)
					n += edits
					file, err := all.Parse(p.Fset.File(f.Package).Name(), src)
					if err != nil {
						t.Fatalf("%v\n%s", err, src)
					}
					again.Files = append(again.Files, file)
				}
				if n == before && !slices.ContainsFunc(p.Types.Imports(), func(imp *types.Package) bool { return changed[imp] }) {
					for _, f := range plain.found[p] { // it is as it was
						got[place(p, f)] = f.Message
					}
					continue
				}
				changed[p.Types] = true
				if err := rewritten.Add(again); err != nil {
					t.Fatal(err)
				}
				for _, f := range d.Check(t, again) {
					got[place(again, f)] = f.Message
				}
			}
			if n == 0 {
				t.Fatal("nothing was rewritten")
			}
			for at, message := range want {
				place, _, _ := strings.Cut(at, ": ")
				instead := slices.ContainsFunc(r.may, func(rule string) bool { return got[place+": "+rule] != "" }) // one finding per call
				if got[at] == "" && !instead {
					t.Errorf("%s: no longer found: %s", at, message)
				}
			}
			for at, message := range got {
				if want[at] == "" && !slices.ContainsFunc(r.may, func(rule string) bool { return strings.HasSuffix(at, ": "+rule) }) {
					t.Errorf("%s: found only when rewritten: %s", at, message)
				}
			}
			t.Logf("%d places rewritten, %d findings", n, len(got))
		})
	}
}

func lineOf(p *linttest.Package, f analysis.Diagnostic) string {
	return fmt.Sprintf("%s: %s", p.Finding(f).Place, f.Category)
}

func functionOf(p *linttest.Package, f analysis.Diagnostic) string {
	name := p.Fset.Position(f.Pos).Filename
	for _, file := range p.Files {
		if file.FileStart <= f.Pos && f.Pos < file.FileEnd {
			return fmt.Sprintf("%s:1: in %s: %s", name, around(file, f.Pos), f.Category)
		}
	}
	return name
}

// A rewriter collects the edits of one file.
type rewriter struct {
	*types.Info
	f     *ast.File
	end   token.Pos
	added map[string]bool // see atEnd
	src   []byte
	file  *token.File
	edits []sourceEdit
}

type sourceEdit struct {
	from, to int
	text     string
}

func rewrite(t *testing.T, p *linttest.Package, f *ast.File, added map[string]bool, with func(*rewriter, inspector.Cursor)) (src []byte, edits int) {
	file := p.Fset.File(f.Package)
	src, err := os.ReadFile(file.Name())
	if err != nil {
		t.Fatal(err)
	}
	r := &rewriter{Info: p.Info, f: f, end: f.FileEnd, added: added, src: src, file: file}
	for c := range inspector.New([]*ast.File{f}).Root().Preorder() {
		with(r, c)
	}
	// From the back, so that offsets stay valid; what was asked first at a place stands first.
	slices.Reverse(r.edits)
	slices.SortStableFunc(r.edits, func(a, b sourceEdit) int { return b.from - a.from })
	for _, e := range r.edits {
		src = slices.Concat(src[:e.from], []byte(e.text), src[e.to:])
	}
	return src, len(r.edits)
}

func (r *rewriter) replace(from, to token.Pos, text string) {
	r.edits = append(r.edits, sourceEdit{r.file.Offset(from), r.file.Offset(to), text})
}

// atEnd adds a declaration to the package, once.
func (r *rewriter) atEnd(text string) {
	if !r.added[text] {
		r.added[text] = true
		r.insert(r.end, "\n"+text+"\n")
	}
}

func (r *rewriter) insert(at token.Pos, text string) { r.replace(at, at, text) }

func (r *rewriter) around(n ast.Node, before, after string) {
	r.insert(n.Pos(), before)
	r.insert(n.End(), after)
}

func (r *rewriter) text(n ast.Node) string {
	return string(r.src[r.file.Offset(n.Pos()):r.file.Offset(n.End())])
}

// lines are all lines of a declaration, its comments included.
func (r *rewriter) lines(d ast.Decl) (from, to token.Pos) {
	from = d.Pos()
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Doc != nil {
			from = d.Doc.Pos()
		}
	case *ast.GenDecl:
		if d.Doc != nil {
			from = d.Doc.Pos()
		}
	}
	end := r.file.Offset(d.End())
	if n := bytes.IndexByte(r.src[end:], '\n'); n >= 0 {
		end += n
	}
	return from, r.file.Pos(end)
}

var rewrites = []struct {
	name  string
	with  func(*rewriter, inspector.Cursor)
	may   []string // rules that may find more, since the program is another one
	moves bool     // findings may get to other lines of their functions
}{
	{name: "declarations from the last to the first", moves: true, with: func(r *rewriter, c inspector.Cursor) {
		f, ok := c.Node().(*ast.File)
		if !ok {
			return
		}
		decls := slices.DeleteFunc(slices.Clone(f.Decls), func(d ast.Decl) bool {
			g, ok := d.(*ast.GenDecl)
			return ok && g.Tok == token.IMPORT
		})
		for i, d := range decls {
			from, to := r.lines(d)
			first, last := r.lines(decls[len(decls)-1-i])
			r.replace(from, to, string(r.src[r.file.Offset(first):r.file.Offset(last)]))
		}
	}},
	{name: "declarations in any order", moves: true, with: func(r *rewriter, c inspector.Cursor) {
		f, ok := c.Node().(*ast.File)
		if !ok {
			return
		}
		decls := slices.DeleteFunc(slices.Clone(f.Decls), func(d ast.Decl) bool {
			g, ok := d.(*ast.GenDecl)
			return ok && g.Tok == token.IMPORT
		})
		for i, j := range rand.New(rand.NewPCG(uint64(len(decls)), 0)).Perm(len(decls)) {
			from, to := r.lines(decls[i])
			first, last := r.lines(decls[j])
			r.replace(from, to, string(r.src[r.file.Offset(first):r.file.Offset(last)]))
		}
	}},
	{name: "locals of other names", with: func(r *rewriter, c inspector.Cursor) {
		// Names of pools and of data are evidence; those of what goroutines meet at are not.
		id, ok := c.Node().(*ast.Ident)
		if !ok {
			return
		}
		v, ok := r.ObjectOf(id).(*types.Var)
		if !ok || v.IsField() || v.Parent() == nil || v.Parent() == v.Pkg().Scope() || id.Name == "_" {
			return
		}
		switch t := types.Unalias(v.Type()).(type) {
		case *types.Chan:
			r.insert(id.End(), "Other")
		case *types.Named:
			if name := t.Obj().Name(); name == "WaitGroup" || name == "Group" || name == "CancelFunc" {
				r.insert(id.End(), "Other")
			}
		}
	}},
	{name: "parentheses", with: func(r *rewriter, c inspector.Cursor) {
		if call, ok := c.Node().(*ast.CallExpr); ok {
			for _, arg := range call.Args {
				if tv := r.Types[arg]; tv.IsValue() && !call.Ellipsis.IsValid() {
					r.around(arg, "(", ")")
				}
			}
		}
	}},
	{name: "receiver in parentheses", with: func(r *rewriter, c inspector.Cursor) {
		if sel, ok := c.Node().(*ast.SelectorExpr); ok && r.Selections[sel] != nil && r.Types[sel.X].IsValue() {
			r.around(sel.X, "(", ")")
		}
	}},
	{name: "body in a block", with: func(r *rewriter, c inspector.Cursor) {
		if body := bodyOf(c.Node()); body != nil {
			r.insert(body.Lbrace+1, "{")
			r.insert(body.Rbrace, "}")
		}
	}},
	{name: "statement that does nothing", with: func(r *rewriter, c inspector.Cursor) {
		if stmt, ok := c.Node().(ast.Stmt); ok && inBlock(c) && !r.directed(stmt) {
			r.insert(stmt.Pos(), "_ = 0; ")
		}
	}},
	{name: "return at the end", with: func(r *rewriter, c inspector.Cursor) {
		if body := bodyOf(c.Node()); body != nil && !results(c.Node()) && len(body.List) > 0 {
			r.insert(body.List[len(body.List)-1].End(), "; return")
		}
	}},
	{name: "var for :=", with: func(r *rewriter, c inspector.Cursor) {
		if as, ok := c.Node().(*ast.AssignStmt); ok && as.Tok == token.DEFINE && inBlock(c) {
			for _, l := range as.Lhs {
				if id := l.(*ast.Ident); id.Name != "_" && r.Defs[id] == nil {
					return
				}
			}
			r.insert(as.Pos(), "var ")
			r.replace(as.TokPos, as.TokPos+2, "=")
		}
	}},
	{name: "else for if", with: func(r *rewriter, c inspector.Cursor) {
		if s, ok := c.Node().(*ast.IfStmt); ok && s.Else == nil {
			r.insert(s.Cond.Pos(), "!(")
			r.insert(s.Cond.End(), ") {} else")
		}
	}},
	{name: "switch for if", with: func(r *rewriter, c inspector.Cursor) {
		s, ok := c.Node().(*ast.IfStmt)
		if !ok || s.Else != nil || leaves(s.Body) || !inBlock(c) {
			return
		}
		r.replace(s.If, s.If+2, "switch")
		r.insert(s.Cond.Pos(), "{ case ")
		r.replace(s.Body.Lbrace, s.Body.Lbrace+1, ":")
	}},
	{name: "spawn in a literal", with: func(r *rewriter, c inspector.Cursor) {
		if s, ok := c.Node().(*ast.GoStmt); ok && r.plain(s.Call) {
			r.around(s.Call, "func() { ", " }()")
		}
	}},
	{name: "task in a literal", with: func(r *rewriter, c inspector.Cursor) {
		if lit, ok := c.Node().(*ast.FuncLit); ok && lit.Type.Params.NumFields() == 0 {
			call := "func() {"
			if lit.Type.Results.NumFields() > 0 {
				call = "return " + r.text(lit.Type) + " {"
			}
			r.insert(lit.Body.Lbrace+1, call)
			r.insert(lit.Body.Rbrace, "}()")
		}
	}},
	{name: "defer in a literal", with: func(r *rewriter, c inspector.Cursor) {
		if s, ok := c.Node().(*ast.DeferStmt); ok && r.plain(s.Call) {
			r.around(s.Call, "func() { ", " }()")
		}
	}},
	{name: "spawn in an if", with: func(r *rewriter, c inspector.Cursor) {
		switch n := c.Node().(type) {
		case *ast.File:
			r.atEnd("// Possible may be set by others.\nvar Possible bool")
		case *ast.GoStmt:
			if inBlock(c) {
				r.around(n, "if Possible { ", " }")
			}
		case *ast.ExprStmt:
			call, ok := n.X.(*ast.CallExpr)
			if !ok || !inBlock(c) {
				return
			}
			if sel, ok := call.Fun.(*ast.SelectorExpr); ok && (sel.Sel.Name == "Go" || sel.Sel.Name == "Submit") {
				r.around(n, "if Possible { ", " }")
			}
		}
	}, may: []string{"abandoned", "selfwait", "unawaited", "unclosed"}}, // by what is not started
	{name: "comparison negated", with: func(r *rewriter, c inspector.Cursor) {
		opposite := map[token.Token]string{token.EQL: "!=", token.NEQ: "==", token.LSS: ">=", token.GEQ: "<", token.GTR: "<=", token.LEQ: ">"}
		n, ok := c.Node().(*ast.BinaryExpr)
		if !ok || opposite[n.Op] == "" || r.Types[n].Value != nil || c.ParentEdgeKind() == edge.ForStmt_Cond {
			return
		}
		r.around(n, "!(", ")")
		r.replace(n.OpPos, n.OpPos+token.Pos(len(n.Op.String())), opposite[n.Op])
	}},
	{name: "comparison the other way round", with: func(r *rewriter, c inspector.Cursor) {
		mirror := map[token.Token]string{token.EQL: "==", token.NEQ: "!=", token.LSS: ">", token.GEQ: "<=", token.GTR: "<", token.LEQ: ">="}
		n, ok := c.Node().(*ast.BinaryExpr)
		if !ok || mirror[n.Op] == "" || strings.Contains(r.text(n), "\n") || strings.Contains(r.text(n), "{") {
			return
		}
		if compares(n.X) || compares(n.Y) {
			return
		}
		r.replace(n.Pos(), n.End(), "("+r.text(n.Y)+" "+mirror[n.Op]+" "+r.text(n.X)+")")
	}},
	{name: "two ifs for and", with: func(r *rewriter, c inspector.Cursor) {
		s, ok := c.Node().(*ast.IfStmt)
		if !ok || s.Else != nil || c.ParentEdgeKind() == edge.IfStmt_Else {
			return
		}
		if and, ok := s.Cond.(*ast.BinaryExpr); ok && and.Op == token.LAND {
			r.replace(and.OpPos, and.OpPos+2, "{ if")
			r.insert(s.End(), "}")
		}
	}},
	{name: "init before if", with: func(r *rewriter, c inspector.Cursor) {
		s, ok := c.Node().(*ast.IfStmt)
		if !ok || s.Init == nil || !inBlock(c) {
			return
		}
		r.replace(s.If, s.Init.Pos(), "{ ")
		r.insert(s.Cond.Pos(), " if ")
		r.insert(s.End(), "}")
	}},
	{name: "sum for number", with: func(r *rewriter, c inspector.Cursor) {
		if n, ok := c.Node().(*ast.BasicLit); ok && n.Kind == token.INT {
			r.around(n, "(1 + ", " - 1)")
		}
	}},
	{name: "task in a variable", with: func(r *rewriter, c inspector.Cursor) {
		s, ok := c.Node().(*ast.ExprStmt)
		if !ok || !inBlock(c) {
			return
		}
		call, ok := s.X.(*ast.CallExpr)
		if !ok || len(call.Args) != 1 || call.Ellipsis.IsValid() {
			return
		}
		if _, ok := call.Args[0].(*ast.FuncLit); !ok {
			return
		}
		r.replace(s.Pos(), call.Lparen+1, "{ task := ")
		r.replace(call.Args[0].End(), call.Rparen+1, "; "+string(r.src[r.file.Offset(s.Pos()):r.file.Offset(call.Lparen)])+"(task) }")
	}, moves: true},
	{name: "imports of other names", with: func(r *rewriter, c inspector.Cursor) {
		switch n := c.Node().(type) {
		case *ast.ImportSpec:
			if n.Name == nil {
				r.insert(n.Path.Pos(), "x"+r.Implicits[n].Name()+" ")
			}
		case *ast.Ident:
			if pkg, ok := r.Uses[n].(*types.PkgName); ok && pkg.Name() == pkg.Imported().Name() {
				r.insert(n.Pos(), "x")
			}
		}
	}},
	{name: "alias for type", with: func(r *rewriter, c inspector.Cursor) {
		sel, ok := c.Node().(*ast.SelectorExpr)
		if !ok {
			return
		}
		for f := range c.Enclosing((*ast.Field)(nil)) {
			if f.Node().(*ast.Field).Names == nil {
				return // embedded: the name counts
			}
		}
		name, ok := r.Uses[sel.Sel].(*types.TypeName)
		if !ok || name.IsAlias() || generic(name.Type()) {
			return
		}
		alias := fmt.Sprintf("alias%d_%s_%s", r.file.Base(), strings.ReplaceAll(r.text(sel.X), ".", "_"), name.Name()) // of this file
		r.replace(sel.Pos(), sel.End(), alias)
		r.atEnd("type " + alias + " = " + r.text(sel))
	}},
	{name: "new for var", with: func(r *rewriter, c inspector.Cursor) {
		s, ok := c.Node().(*ast.DeclStmt)
		if !ok {
			return
		}
		d := s.Decl.(*ast.GenDecl)
		spec, ok := d.Specs[0].(*ast.ValueSpec)
		if !ok || d.Tok != token.VAR || len(d.Specs) != 1 || d.Lparen.IsValid() || len(spec.Names) != 1 || len(spec.Values) != 0 || !r.onlyReceiver(spec.Names[0]) {
			return
		}
		if _, ok := r.TypeOf(spec.Type).Underlying().(*types.Struct); ok {
			r.replace(s.Pos(), s.End(), spec.Names[0].Name+" := new("+r.text(spec.Type)+")")
		}
	}},
	{name: "counter for range", with: func(r *rewriter, c inspector.Cursor) {
		s, ok := c.Node().(*ast.RangeStmt)
		if !ok || s.Tok == token.ASSIGN {
			return
		}
		if t, ok := r.TypeOf(s.X).Underlying().(*types.Basic); !ok || t.Kind() != types.Int && t.Kind() != types.UntypedInt || compares(s.X) {
			return
		}
		i := "index"
		if s.Key != nil {
			i = r.text(s.Key)
		}
		r.replace(s.For, s.Body.Lbrace, fmt.Sprintf("for %[1]s := 0; %[1]s < %[2]s; %[1]s++ ", i, r.text(s.X)))
	}},
	{name: "receive for range", with: func(r *rewriter, c inspector.Cursor) {
		s, ok := c.Node().(*ast.RangeStmt)
		if !ok || s.Tok != token.DEFINE || r.text(s.Key) == "_" {
			return
		}
		if _, ok := r.TypeOf(s.X).Underlying().(*types.Chan); ok && r.variable(s.X) {
			r.replace(s.For, s.Body.Lbrace+1, "for { "+r.text(s.Key)+", more := <-"+r.text(s.X)+"; if !more { break }; ")
		}
	}},
	{name: "index for range", with: func(r *rewriter, c inspector.Cursor) {
		s, ok := c.Node().(*ast.RangeStmt)
		if !ok || s.Tok != token.DEFINE || s.Value == nil || r.text(s.Value) == "_" || !r.variable(s.X) {
			return
		}
		if _, ok := r.TypeOf(s.X).Underlying().(*types.Slice); !ok {
			return
		}
		i, x := r.text(s.Key), r.text(s.X)
		if i == "_" {
			i = "index"
		}
		r.replace(s.Key.Pos(), s.Body.Lbrace+1, fmt.Sprintf("%[1]s := 0; %[1]s < len(%[2]s); %[1]s++ { %[3]s := %[2]s[%[1]s]; ", i, x, r.text(s.Value)))
	}},
}

// compares reports whether an expression is, or holds, a comparison.
func compares(e ast.Expr) bool {
	for n := range ast.Preorder(e) {
		if b, ok := n.(*ast.BinaryExpr); ok && b.Op.Precedence() == token.EQL.Precedence() {
			return true
		}
	}
	return false
}

// bodyOf is the body of a function, or nil.
func bodyOf(n ast.Node) *ast.BlockStmt {
	switch n := n.(type) {
	case *ast.FuncDecl:
		return n.Body
	case *ast.FuncLit:
		return n.Body
	}
	return nil
}

func results(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.FuncDecl:
		return n.Type.Results.NumFields() > 0
	case *ast.FuncLit:
		return n.Type.Results.NumFields() > 0
	}
	return false
}

// inBlock reports whether a statement stands in a list of statements.
func inBlock(c inspector.Cursor) bool {
	switch c.Parent().Node().(type) {
	case *ast.BlockStmt:
		_, clause := c.Node().(*ast.CaseClause)
		_, comm := c.Node().(*ast.CommClause)
		return !clause && !comm
	case *ast.CaseClause:
		_, stmt := c.Node().(ast.Stmt)
		return stmt
	}
	return false
}

// leaves reports whether a block has a break, which a switch around it would take.
func leaves(b *ast.BlockStmt) bool {
	found := false
	ast.Inspect(b, func(n ast.Node) bool {
		if s, ok := n.(*ast.BranchStmt); ok && s.Tok == token.BREAK && s.Label == nil {
			found = true
		}
		return !found
	})
	return found
}

// plain reports whether it makes no difference when the arguments of a call are evaluated, and the
// function is not a literal.
func (r *rewriter) plain(call *ast.CallExpr) bool {
	if _, ok := ast.Unparen(call.Fun).(*ast.FuncLit); ok {
		return false
	}
	if id, ok := call.Fun.(*ast.Ident); ok && id.Name == "recover" {
		return false
	}
	plain := true
	ast.Inspect(call, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			plain = plain && n == call
		case *ast.FuncLit, *ast.UnaryExpr:
			plain = false
		}
		return plain
	})
	return plain
}

// onlyReceiver reports whether a variable is only used to call its methods.
func (r *rewriter) onlyReceiver(id *ast.Ident) bool {
	v := r.Defs[id]
	for c := range inspector.New([]*ast.File{r.f}).Root().Preorder((*ast.Ident)(nil)) {
		if r.Uses[c.Node().(*ast.Ident)] == v && c.ParentEdgeKind() != edge.SelectorExpr_X {
			return false
		}
	}
	return true
}

func generic(t types.Type) bool {
	n, ok := t.(*types.Named)
	return ok && n.TypeParams().Len() > 0
}

// variable reports whether e is a variable or a field of one.
func (r *rewriter) variable(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.Ident:
		return true
	case *ast.SelectorExpr:
		return r.variable(e.X)
	}
	return false
}

// directed reports whether a directive stands on the line of a statement, or on that before.
func (r *rewriter) directed(stmt ast.Stmt) bool {
	at := r.file.Offset(stmt.Pos())
	start := 1 + strings.LastIndexByte(string(r.src[:max(0, strings.LastIndexByte(string(r.src[:at]), '\n'))]), '\n')
	line, _, _ := strings.Cut(string(r.src[at:]), "\n")
	return strings.Contains(string(r.src[start:at])+line, "//poollint:")
}
