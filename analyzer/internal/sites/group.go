package sites

import (
	"go/types"
	"slices"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// Group is the row of the group that a type is, or points to. A struct of the package is one, too, whose
// methods start what they are given in a group that is its field, and wait for that. It is nil if it is none.
func (p *Package) Group(t types.Type) *catalog.Type {
	if row := p.Catalog.Type(t); row != nil {
		if row.Kind != catalog.Group {
			return nil
		}
		return row
	}
	return remembered(&p.groups, p.homemade.own(t), p.homemade.ownGroup)
}

func (p homemade) ownGroup(owner *types.TypeName) *catalog.Type {
	st, ok := owner.Type().Underlying().(*types.Struct)
	if !ok || p.Homemade(owner.Type()) != nil {
		return nil
	}
	var group *types.Var
	for v := range st.Fields() {
		if row := p.Catalog.Type(v.Type()); row != nil {
			if row.Kind != catalog.Group || !row.Waited || group != nil || v.Embedded() {
				return nil
			}
			group = v
		}
	}
	if group == nil {
		return nil
	}
	starts, waits, fails := false, false, false
	for _, f := range p.Funcs {
		if f.Decl == nil || !methodOf(f, owner) {
			continue
		}
		starts = starts || takesFunc(f.Sig) && p.StartsIn(f, group)
		if p.does(f, group, catalog.Wait) {
			waits = true
			if n := f.Sig.Results().Len(); n > 0 {
				fails = fails || types.Identical(f.Sig.Results().At(n-1).Type(), types.Universe.Lookup("error").Type())
			}
		}
	}
	if !starts || !waits {
		return nil
	}
	row := *p.Catalog.Type(group.Type())
	if fails && row.Lost == "" {
		row.Lost = "the errors"
	}
	return &row
}

// StartsIn reports whether a function gives work to a group that is a field: a task, or a goroutine that it
// counts in.
func (p *Package) StartsIn(f *syntax.Func, group *types.Var) bool {
	return p.homemade.does(f, group, catalog.Submit) || len(f.Gos) > 0 && p.homemade.does(f, group, catalog.Enter)
}

// GroupField is the field of a struct of the package that makes it a group, or nil.
func (p *Package) GroupField(t types.Type) *types.Var {
	if p.Catalog.Type(t) != nil || p.Group(t) == nil {
		return nil
	}
	for v := range syntax.Named(t).Origin().Underlying().(*types.Struct).Fields() {
		if p.Catalog.Type(v.Type()) != nil {
			return v
		}
	}
	return nil
}

// does reports whether a function, without its literals, does something to a field.
func (p homemade) does(f *syntax.Func, field *types.Var, role catalog.Role) bool {
	return slices.ContainsFunc(f.Calls, func(c *syntax.Call) bool {
		row := p.Catalog.Func(c.Callee)
		return row != nil && row.Role == role && c.Recv() != nil && p.Variable(c.Recv()) == field
	})
}
