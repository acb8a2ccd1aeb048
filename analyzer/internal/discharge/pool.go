package discharge

import (
	"go/types"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// Pool tells whether the pool that a constructor makes is left open on some path. A pool that
// escapes is closed by whoever has it.
func Pool(p *sites.Package, c *syntax.Call) (loss Loss, never, lost bool) {
	if c.In == nil {
		return Loss{}, false, false
	}
	t := track(p, catalog.Executor)
	h := t.settle(c.Cur)
	if !h.valid || h.many || results(p.Var(h.v)) || declaredOutside(p, h.v, c.In) {
		return Loss{}, false, false
	}
	if t.variable(h.v) == passed {
		return Loss{}, false, false
	}
	o := &owing{t: t, f: c.In, v: h.v, from: c.Expr, assume: succeeded(p, c, h.v)}
	loss, lost = o.ask()
	return loss, t.variable(h.v) == idle, lost
}

// Variable returns the local variable that the result of a call is assigned to, or nil.
func Variable(p *sites.Package, c *syntax.Call) *types.Var {
	if h := track(p, catalog.Executor).settle(c.Cur); h.valid && !h.many {
		return h.v
	}
	return nil
}

// aggregated reports whether the executor of a call waits for all of its work elsewhere in the
// package: StopAndWait, PublishAsyncComplete, the Wait of a group.
func aggregated(p *sites.Package, c *syntax.Call) bool {
	recv := c.Recv()
	if s := p.SpawnAt(c); s != nil && s.Pool != nil {
		recv = s.Pool
	}
	if recv == nil {
		return false
	}
	v, root := p.PoolVar(recv)
	if v == nil {
		return false
	}
	for _, u := range p.Uses {
		switch u.Row.Role {
		case catalog.AwaitAll, catalog.Wait:
		case catalog.Close:
			if !u.Row.Waits {
				continue
			}
		default:
			continue
		}
		if w, r := p.PoolVar(u.Call.Recv()); w == v && r == root {
			return true
		}
	}
	return false
}
