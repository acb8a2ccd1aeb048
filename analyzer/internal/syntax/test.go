package syntax

import (
	"go/token"
	"go/types"
	"slices"
)

// Test reports whether a position is in a test file, in a test's helper that another file has, or in
// a package that only serves tests.
func (p *Package) Test(pos token.Pos) bool {
	return p.only || p.files[p.Fset.File(pos)].test || slices.ContainsFunc(p.tests, func(f *Func) bool {
		return f.Node.Pos() <= pos && pos < f.Node.End()
	})
}

// support finds the functions that belong to a test because they are given one: a *testing.T, what
// stands for it in a library, or what holds one. A package outside of test files that has such
// functions only serves tests, unless they are a few beside many others: a server's package may have
// a function that starts it for tests. Generated files say nothing: mocks are put beside what they stand for.
func (p *Package) support() {
	tester := testers()
	all, given := 0, 0
	for _, f := range p.Funcs {
		if file := p.files[p.Fset.File(f.Node.Pos())]; f.Decl == nil || file.test || file.generated {
			continue
		}
		all++
		if givesTest(f.Sig, tester) {
			given++
			p.tests = append(p.tests, f)
		}
	}
	p.only = given > 0 && 10*given >= all
}

func givesTest(sig *types.Signature, tester func(types.Type) bool) bool {
	if r := sig.Recv(); r != nil && tester(r.Type()) {
		return true
	}
	for v := range sig.Params().Variables() {
		if tester(v.Type()) {
			return true
		}
	}
	return false
}

// testers returns what tells, and remembers, whether a type is a test or a struct that holds one.
func testers() func(types.Type) bool {
	known := map[*types.TypeName]bool{}
	var tester func(types.Type) bool
	tester = func(t types.Type) bool {
		n := Named(t)
		if n == nil || n.Obj().Pkg() == nil {
			return false
		}
		is, ok := known[n.Obj()]
		if ok {
			return is
		}
		known[n.Obj()] = false // until it is known, for a struct that points to its like
		is = n.Obj().Pkg().Path() == "testing" || fails(n)
		if st, ok := n.Underlying().(*types.Struct); ok && !is {
			for f := range st.Fields() {
				is = is || tester(f.Type())
			}
		}
		known[n.Obj()] = is
		return is
	}
	return tester
}

// fails reports whether a type has what a test is told of a failure by, and what no logger has.
// Testify's assert asks for the first alone.
func fails(n *types.Named) bool {
	if Is(n, "github.com/stretchr/testify/assert", "TestingT") {
		return true
	}
	methods := types.NewMethodSet(n)
	if !types.IsInterface(n) {
		methods = types.NewMethodSet(types.NewPointer(n))
	}
	has := func(name string) bool { return methods.Lookup(nil, name) != nil }
	return (has("Errorf") || has("Fatalf")) && (has("FailNow") || has("Helper"))
}
