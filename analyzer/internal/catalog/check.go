package catalog

import (
	"errors"
	"fmt"
	"go/types"
	"strings"

	"github.com/poollint/poollint/internal/suggest"
)

// Check reports the names in l that pkg, the package l is about, does not have, and arguments that
// its functions do not take. It reports nothing for a package that is seen only in part.
func (l *Library) Check(pkg *types.Package) error {
	if !pkg.Complete() {
		return nil
	}
	var errs []error
	errorf := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf("%s: %s", l.Path, fmt.Sprintf(format, args...)))
	}
	for _, t := range l.Types {
		if _, ok := pkg.Scope().Lookup(t.Name).(*types.TypeName); !ok {
			errorf("no type %s%s", t.Name, hint(pkg, t.Name, isType))
		}
	}
	for _, f := range l.Fields {
		if _, ok := lookup(pkg, f.Name).(*types.Var); !ok {
			errorf("no field %s%s", f.Name, hint(pkg, f.Name, isField))
		}
	}
	for _, f := range l.Funcs {
		fn, ok := lookup(pkg, f.Name).(*types.Func)
		if !ok {
			errorf("no func %s%s", f.Name, hint(pkg, f.Name, isFunc))
			continue
		}
		n := fn.Signature().Params().Len()
		for _, a := range []Arg{f.Task, f.Items, f.Queue, f.Callback, f.Executor, f.Bound.Arg, f.Bound.Times, f.Bound.Over} {
			if int(a) > n {
				errorf("func %s has %d arguments, no argument %d", f.Name, n, a)
				break
			}
		}
	}
	return errors.Join(errs...)
}

// hint suggests what name was meant to be: a method or field under the type that declares it, or the
// nearest name.
func hint(pkg *types.Package, name string, is func(types.Object) bool) string {
	typ, member, isMember := strings.Cut(name, ".")
	if obj, ok := pkg.Scope().Lookup(typ).(*types.TypeName); ok && isMember {
		found, _, _ := types.LookupFieldOrMethod(obj.Type(), true, pkg, member)
		if fn, ok := found.(*types.Func); ok && fn.Pkg() == pkg && is(fn) {
			return fmt.Sprintf(": it is declared as %s", FuncName(fn))
		}
		if fn, ok := found.(*types.Func); ok && is(fn) {
			return fmt.Sprintf(": it is declared in %s as %s", fn.Pkg().Path(), FuncName(fn))
		}
	}
	if near := suggest.Nearest(name, names(pkg, is)); near != "" {
		return fmt.Sprintf(": did you mean %s?", near)
	}
	return ""
}

// names are the names of pkg that rows can have, sorted by type.
func names(pkg *types.Package, is func(types.Object) bool) []string {
	var all []string
	add := func(prefix string, obj types.Object) {
		if is(obj) {
			all = append(all, prefix+obj.Name())
		}
	}
	for _, name := range pkg.Scope().Names() {
		obj := pkg.Scope().Lookup(name)
		add("", obj)
		if _, ok := obj.(*types.TypeName); !ok {
			continue
		}
		n, ok := types.Unalias(obj.Type()).(*types.Named)
		if !ok || n.Obj() != obj {
			continue
		}
		for m := range n.Methods() {
			add(name+".", m)
		}
		switch u := n.Underlying().(type) {
		case *types.Interface:
			for m := range u.ExplicitMethods() {
				add(name+".", m)
			}
		case *types.Struct:
			for f := range u.Fields() {
				add(name+".", f)
			}
		}
	}
	return all
}

func isType(obj types.Object) bool { _, ok := obj.(*types.TypeName); return ok }
func isFunc(obj types.Object) bool { _, ok := obj.(*types.Func); return ok }
func isField(obj types.Object) bool {
	v, ok := obj.(*types.Var)
	return ok && v.IsField()
}
