// Package abandoned is the rule on goroutines that stay blocked.
package abandoned

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/analyzer/internal/explore"
	"github.com/poollint/poollint/analyzer/internal/rule"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/syntax"
	"github.com/poollint/poollint/analyzer/internal/verdict"
)

//go:embed abandoned.md
var page string

// Rule is what this package adds to the table of rules.
var Rule = rule.Rule{
	ID:      "abandoned",
	Title:   "a goroutine that blocks forever, or waits for one that is gone",
	Default: true,
	Page:    page,
	Fixes:   true,
	Run:     run,
}

// A reviewer is the rule at work on one package.
type reviewer struct{ *rule.Pass }

func run(p *rule.Pass) {
	r := &reviewer{p}
	reported := map[*sites.Spawn]bool{}
	first := map[ast.Node]*sites.Spawn{} // of those that are stuck on a channel, one is reported
	hung := map[ast.Node]bool{}          // where goroutines are known to be stuck
	for _, s := range r.Stuck {
		if s.Spawn != nil {
			hung[s.At] = true
		}
		if s.Spawn == nil || s.Made == nil || s.Kind != explore.Sends {
			continue
		}
		if other := first[s.Made]; other != nil && other != s.Spawn {
			reported[s.Spawn] = true
		} else {
			first[s.Made] = s.Spawn
		}
	}
	for _, s := range r.Stuck {
		at := s.Spawn
		if at == nil && len(s.Peers) > 0 {
			at = s.Peers[0]
		}
		if at == nil || s.Self || s.Counts || reported[at] || s.Spawn == nil && hung[s.At] {
			continue
		}
		reported[at] = true
		v := verdict.Verdict{Pos: at.Pos(), End: at.End(), Level: verdict.AskIf(s.Told || s.Late || s.Large && s.Spawn != nil)}
		if s.Owned { // whoever closes what it belongs to ends it
			v.Yields = &verdict.Yield{Rule: "unclosed", Pos: s.Root.Node.Pos(), End: s.Root.Node.End()}
		}
		v.Message, v.Fixes = r.abandonedMessage(s, at.Pos())
		v.Related = s.Shown()
		for _, rel := range v.Related {
			v.Reasons = append(v.Reasons, verdict.For(rel.Pos, "%s", rel.Message))
		}
		if s.Late {
			v.Reasons = append(v.Reasons, verdict.Against(s.At.Pos(), "something else that it waits for may release it eventually"))
		}
		if s.Told {
			v.Reasons = append(v.Reasons, verdict.Against(s.At.Pos(), "the other side goes on until it is told to end, perhaps once, when all ends"))
		}
		if s.Large {
			v.Reasons = append(v.Reasons, verdict.Against(s.At.Pos(), "%s has a buffer that may be enough", s.On))
		}
		r.Report(v)
	}
	for _, s := range p.Spawns {
		if reported[s] {
			continue
		}
		v := verdict.Verdict{Pos: s.Pos(), End: s.End()}
		switch in, whole := r.Explorer.Followed(s); {
		case in == nil:
			v.Reasons = []verdict.Reason{verdict.Against(s.Pos(), "it was not followed: no function in this package both makes a channel or group at which it meets others and leads to this start")}
		case !whole:
			v.Reasons = []verdict.Reason{verdict.Against(in.Node.Pos(), "%s has too many states to follow all of them, and in those that were followed the goroutine never gets stuck", in.Name())}
		case r.Explorer.Exits(in):
			v.Reasons = []verdict.Reason{verdict.Against(in.Node.Pos(), "the process ends when %s returns, or fails; in the other runs that were followed it ends, or others may still unblock it", in.Name())}
		default:
			v.Reasons = []verdict.Reason{verdict.Against(in.Node.Pos(), "in every run of %s that was followed it ends, or others may still unblock it", in.Name())}
		}
		r.Conclude(v)
	}
}

func (r *reviewer) abandonedMessage(s explore.Stuck, at token.Pos) (string, []analysis.SuggestedFix) {
	place := func(n ast.Node) string { return r.LineFrom(at, n.Pos()) }
	if s.Spawn == nil {
		return hangs(s, place(s.At)), nil
	}
	when := "once nobody is left on the other side"
	switch {
	case s.Across != nil:
		in, _ := r.Root.FindNode(s.Across)
		does := "receives from it"
		if s.Kind == explore.Receives {
			does = "sends on it or closes it"
		}
		when = fmt.Sprintf("once %s no longer %s at %s", r.FuncAt(in).Name(), does, place(s.Across))
	case s.Left != nil && !s.Away && s.Spawn.Call.In != nil:
		when = fmt.Sprintf("when %s returns at %s", s.From.Name(), place(s.Left))
	case s.While != nil:
		when = fmt.Sprintf("while %s waits at %s", s.Root.Name(), place(s.While))
	}
	switch {
	case s.Mute:
		return fmt.Sprintf("the goroutine waits forever on %s.C, which is nil: the timer of time.AfterFunc calls its function and sends nothing; do not receive from it", s.On), nil
	case s.Timer:
		return fmt.Sprintf("the goroutine waits forever on %s.C %s: a stopped timer never fires; use time.AfterFunc, or also select on a done channel", s.On, when), nil
	case s.Ticks:
		return fmt.Sprintf("the goroutine waits forever on %s.C once that is stopped: stopping a ticker does not close its channel; also select on a done channel", s.On), nil
	case s.Kind == explore.Waits:
		return fmt.Sprintf("the goroutine waits forever for %s: a goroutine that it counts can return without calling Done, or never returns; defer %s.Done() first", s.On, s.On), nil
	case s.Drop != nil:
		return fmt.Sprintf("the goroutine waits forever on %s once %s has deleted what it is part of at %s, because nothing closes it; close %s there", s.On, s.Root.Name(), place(s.Drop), s.On), nil
	case s.Kind == explore.Receives && s.Away:
		return fmt.Sprintf("the goroutine waits forever on %s %s; close %s on every path", s.On, when, s.On), nil
	case s.Kind == explore.Receives:
		return fmt.Sprintf("the goroutine waits forever on %s %s, because nobody sends on it or closes it after that; close %s on every path", s.On, when, s.On), nil
	}
	what := fmt.Sprintf("the goroutine blocks forever sending on %s %s", s.On, when)
	fixes, buffer := r.bufferFix(s)
	switch {
	case fixes != nil && s.Away:
		return fmt.Sprintf("%s; give %s a buffer of %s", what, s.On, buffer), fixes
	case fixes != nil:
		return fmt.Sprintf("%s without receiving; give %s a buffer of %s", what, s.On, buffer), fixes
	case s.Away:
		return what + "; also select on a done channel in the send", nil
	case s.Left == nil:
		return what + " and does not receive; receive before that, or in another goroutine", nil
	}
	return what + " before receiving everything; receive every value, or also select on a context that is cancelled when the function returns", nil
}

// hangs says of a function, and not of a goroutine, that it waits at a place.
func hangs(s explore.Stuck, place string) string {
	who := s.Root.Name()
	switch {
	case s.Kind == explore.Waits:
		return fmt.Sprintf("%s waits forever for %s at %s: this goroutine can return without calling Done, or fewer goroutines are started than were counted; defer %s.Done() first, and count only what is started", who, s.On, place, s.On)
	case s.Kind == explore.Sends:
		return fmt.Sprintf("%s blocks forever sending on %s at %s once this goroutine has stopped receiving; select on a done channel in the send", who, s.On, place)
	case s.Ticks:
		return fmt.Sprintf("%s waits forever on %s.C at %s once that is stopped: stopping a ticker does not close its channel; also select on a done channel", who, s.On, place)
	case s.Range:
		return fmt.Sprintf("%s ranges over %s at %s and never returns, because nothing closes it; close %s once all senders are done", who, s.On, place, s.On)
	}
	return fmt.Sprintf("%s waits forever on %s at %s if this goroutine returns without sending or is never started; send or close on every path", who, s.On, place)
}

// bufferFix looks for a buffer with which the goroutine is not stuck: one that holds a few values, or as
// many as the goroutines that a loop starts.
func (r *reviewer) bufferFix(s explore.Stuck) ([]analysis.SuggestedFix, string) {
	type try struct {
		size int64
		text string
	}
	if s.Each || s.Reply && s.Loop || !s.Reply && r.streams(s) {
		return nil, ""
	}
	tries := []try{{1, "1"}, {2, "2"}, {3, "3"}}
	if text, n := r.lengthOfLoop(s); text != "" {
		tries = append(tries, try{n, text})
	}
	for _, t := range tries {
		made, ok := r.Explorer.Mends(s, t.size)
		if !ok {
			continue
		}
		var edits []analysis.TextEdit
		for _, call := range made {
			edit := analysis.TextEdit{Pos: call.Args[0].End(), End: call.Rparen, NewText: []byte(", " + t.text)}
			edits = append(edits, edit)
		}
		return []analysis.SuggestedFix{{Message: fmt.Sprintf("Give %s a buffer of %s", s.On, t.text), TextEdits: edits}}, t.text
	}
	return nil, ""
}

// streams reports whether a send stands in a loop that counts nothing, and goes on: no buffer is large enough.
func (r *reviewer) streams(s explore.Stuck) bool {
	at, ok := r.Root.FindNode(s.At)
	if !ok {
		return false
	}
	loops := syntax.Loops(at)
	if len(loops) == 0 {
		return false
	}
	n, ok := loops[0].Node().(*ast.ForStmt)
	if !ok || n.Post != nil {
		return false
	}
	g := r.Graph(r.FuncAt(at))
	return n.Cond == nil || g.Step(n.Cond) == nil || g.Reaches(s.At, g.Step(n.Cond))
}

// lengthOfLoop is how many goroutines the loop around a spawn starts, in words of what is there where
// the channel is made, and as the size of a buffer to try.
func (r *reviewer) lengthOfLoop(s explore.Stuck) (string, int64) {
	loops := syntax.Loops(s.Spawn.Cur)
	if len(loops) != 1 || s.Made == nil {
		return "", 0
	}
	loop, ok := loops[0].Node().(*ast.RangeStmt)
	if !ok {
		return "", 0
	}
	if tv := r.Info.Types[loop.X]; tv.Value != nil && tv.Value.Kind() == constant.Int {
		n, _ := constant.Int64Val(tv.Value)
		return tv.Value.String(), n
	}
	id, ok := ast.Unparen(loop.X).(*ast.Ident)
	if !ok {
		return "", 0
	}
	v := r.Variable(id)
	if v == nil || v.Pos() > s.Made.Pos() {
		return "", 0
	}
	if d, ok := r.Only(v); !ok || d.Cur.Node().Pos() > s.Made.Pos() {
		return "", 0
	}
	switch t := v.Type().Underlying().(type) {
	case *types.Array:
		return "len(" + id.Name + ")", t.Len()
	case *types.Slice, *types.Map:
		return "len(" + id.Name + ")", explore.AsMany
	case *types.Basic:
		if t.Kind() == types.Int {
			return id.Name, explore.AsMany
		}
	}
	return "", 0
}
