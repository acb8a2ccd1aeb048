package analyzer

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/analyzer/internal/explore"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/syntax"
	"github.com/poollint/poollint/analyzer/internal/verdict"
)

var abandoned = Rule{
	ID:      "abandoned",
	Title:   "a goroutine blocks forever, or waits for one that has left",
	Default: true,
	Why: `A send on an unbuffered channel waits for its receiver. When the receiver has left, on a timeout or
with an early return, the goroutine waits forever, with its stack and all that it holds: one for
each timeout, until memory is gone. It happens when the other side is slow, which is when there is
most of it.`,
	Incident: "https://github.com/moby/moby/pull/40994: a goroutine leaked for each request that timed out",
	Wrong: `package health

import (
	"errors"
	"time"
)

func Check(probe func() error) error {
	result := make(chan error)
	go func() {
		result <- probe()
	}()
	select {
	case err := <-result:
		return err
	case <-time.After(time.Second):
		return errors.New("timeout")
	}
}
`,
	Right: `package health

import (
	"errors"
	"time"
)

func Check(probe func() error) error {
	result := make(chan error, 1)
	go func() {
		result <- probe()
	}()
	select {
	case err := <-result:
		return err
	case <-time.After(time.Second):
		return errors.New("timeout")
	}
}
`,
	Decides: `A function that makes a channel, a group or a ticker is run on paper, with the goroutines that it
starts, the functions that they call, and what of the package serves its fields: every choice, and every
order in which they meet. A goroutine is reported that waits for what no other goroutine can do any more:
its receiver has returned, its senders have ended without closing, all wait for each other. A buffer is
offered as a fix where a run with that buffer shows that it mends.`,
	Limits: `Of values only channels, groups, locks, contexts, functions, small numbers and the structs that hold
them are known; what two structs of one type hold is not the same, where both are made here. A condition on
anything else goes both ways, the same way each time it is asked while nothing assigns to what it speaks
of. Loops over what has no known length run twice, and then six times. What another package may serve is
never reported, and a function with too many states is not followed.`,
	NotWhen: `At the end of a process nothing leaks: the function main is left out. A goroutine that has any
alternative, such as a context, can always leave.`,
	Fix: `The buffer that makes the send free: as many values as are sent, or the length of what the goroutines
are started for.`,
	run: runAbandoned,
}

func runAbandoned(r *reporter, p *sites.Package) {
	reported := map[*sites.Spawn]bool{}
	first := map[ast.Node]*sites.Spawn{} // of those that are stuck on a channel, one is reported
	for _, s := range r.stuck {
		if s.Spawn == nil || s.Made == nil || s.Kind != explore.Sends {
			continue
		}
		if other := first[s.Made]; other != nil && other != s.Spawn {
			reported[s.Spawn] = true
		} else {
			first[s.Made] = s.Spawn
		}
	}
	for _, s := range r.stuck {
		at := s.Spawn
		if at == nil && len(s.Peers) > 0 {
			at = s.Peers[0]
		}
		if at == nil || s.Self || s.Counts || reported[at] {
			continue
		}
		reported[at] = true
		if s.Owned {
			if r.owned == nil {
				r.owned = map[token.Pos]*syntax.Func{}
			}
			r.owned[at.Pos()] = s.Root
		}
		v := verdict.Verdict{Pos: at.Pos(), End: at.End(), Level: verdict.AskIf(s.Late || s.Large && s.Spawn != nil)}
		v.Message, v.Fixes = r.abandonedMessage(s)
		v.Related = r.abandonedRelated(s)
		for _, rel := range v.Related {
			v.Reasons = append(v.Reasons, verdict.For(rel.Pos, "%s", rel.Message))
		}
		if s.Late {
			v.Reasons = append(v.Reasons, verdict.Against(s.At.Pos(), "something else that it waits for may let it go, some time"))
		}
		if s.Large {
			v.Reasons = append(v.Reasons, verdict.Against(s.At.Pos(), "%s has a buffer that may be enough", s.On))
		}
		r.report(v)
	}
	for _, s := range p.Spawns {
		if reported[s] {
			continue
		}
		v := verdict.Verdict{Pos: s.Pos(), End: s.End()}
		switch in, whole := r.explorer.Followed(s); {
		case in == nil:
			v.Reasons = []verdict.Reason{verdict.Against(s.Pos(), "it was not followed: it meets no one at a channel or group that a function here makes")}
		case !whole:
			v.Reasons = []verdict.Reason{verdict.Against(in.Node.Pos(), "%s has more states than are followed, and in those that were the goroutine is never stuck", in.Name())}
		default:
			v.Reasons = []verdict.Reason{verdict.Against(in.Node.Pos(), "in every run of %s it ends, or can still be served", in.Name())}
		}
		r.conclude(v)
	}
}

func (r *reporter) abandonedMessage(s explore.Stuck) (string, []analysis.SuggestedFix) {
	who, waits := s.Root.Name(), r.line(s.At.Pos())
	if s.Spawn == nil {
		switch s.Kind {
		case explore.Waits:
			return fmt.Sprintf("%s waits forever for %s at line %d: this goroutine can end without Done, or is not started for all that were counted; defer %s.Done() first, and count what is started", who, s.On, waits, s.On), nil
		case explore.Sends:
			return fmt.Sprintf("%s blocks forever sending on %s at line %d when this goroutine has stopped receiving; let the send select on its end", who, s.On, waits), nil
		}
		if s.Range {
			return fmt.Sprintf("%s ranges over %s at line %d and waits forever at the end, since no one closes it; close %s when all that send have ended", who, s.On, waits, s.On), nil
		}
		return fmt.Sprintf("%s waits forever on %s at line %d when this goroutine ends without sending, or is not started; send or close on every path", who, s.On, waits), nil
	}
	when := "once no one is left to serve it"
	switch {
	case s.Left != nil && s.Spawn.Call.In != nil:
		when = fmt.Sprintf("when %s returns at line %d", who, r.line(s.Left.Pos()))
	case s.While != nil:
		when = fmt.Sprintf("while %s waits at line %d", who, r.line(s.While.Pos()))
	}
	switch {
	case s.Ticks:
		return fmt.Sprintf("the goroutine waits forever on %s.C %s: a stopped ticker closes nothing; let it select on a done channel", s.On, when), nil
	case s.Kind == explore.Waits:
		return fmt.Sprintf("the goroutine waits forever for %s: one that it counts can end without Done, or never ends; defer %s.Done() first", s.On, s.On), nil
	case s.Kind == explore.Receives:
		return fmt.Sprintf("the goroutine waits forever on %s %s, since no one sends or closes it then; close %s on every path", s.On, when, s.On), nil
	}
	what := fmt.Sprintf("the goroutine blocks forever sending on %s %s", s.On, when)
	if fixes, buffer := r.bufferFix(s); fixes != nil {
		return fmt.Sprintf("%s without receiving; give %s a buffer of %s", what, s.On, buffer), fixes
	}
	if s.Left == nil {
		return what + " and receives nothing; receive before that, or in another goroutine", nil
	}
	return what + " before it has received all; receive all, or let the goroutine select on a context that ends with the function", nil
}

// abandonedRelated shows where it waits, and who has left.
func (r *reporter) abandonedRelated(s explore.Stuck) []analysis.RelatedInformation {
	verb := map[explore.Operation]string{explore.Sends: "sends on", explore.Receives: "receives from", explore.Waits: "waits for"}[s.Kind]
	list := []analysis.RelatedInformation{related(s.At.Pos(), "%s %s here", verb, s.On)}
	if s.Made != nil {
		list = append(list, related(s.Made.Pos(), "%s is made here", s.On))
	}
	if s.Left != nil && s.Spawn != nil {
		list = append(list, related(s.Left.Pos(), "%s has returned here", s.Root.Name()))
	}
	return list
}

// bufferFix looks for a buffer with which the goroutine is not stuck: one that holds a few values, or as
// many as the goroutines that a loop starts.
func (r *reporter) bufferFix(s explore.Stuck) ([]analysis.SuggestedFix, string) {
	type try struct {
		size int
		text string
	}
	tries := []try{{1, "1"}, {2, "2"}, {3, "3"}}
	if text, n := r.lengthOfLoop(s); text != "" {
		tries = append(tries, try{n, text})
	}
	for _, t := range tries {
		made, ok := r.explorer.Mends(s, t.size)
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

// lengthOfLoop is how many goroutines the loop around a spawn starts, in words of what is there where
// the channel is made, and as the size of a buffer to try.
func (r *reporter) lengthOfLoop(s explore.Stuck) (string, int) {
	loops := syntax.Loops(s.Spawn.Cur)
	if len(loops) != 1 || s.Made == nil {
		return "", 0
	}
	loop, ok := loops[0].Node().(*ast.RangeStmt)
	if !ok {
		return "", 0
	}
	if tv := r.pass.TypesInfo.Types[loop.X]; tv.Value != nil && tv.Value.Kind() == constant.Int {
		n, _ := constant.Int64Val(tv.Value)
		return tv.Value.String(), r.explorer.Counts(n)
	}
	id, ok := ast.Unparen(loop.X).(*ast.Ident)
	if !ok {
		return "", 0
	}
	v := r.pkg.Variable(id)
	if v == nil || v.Pos() > s.Made.Pos() {
		return "", 0
	}
	if d, ok := r.pkg.Only(v); !ok || d.Cur.Node().Pos() > s.Made.Pos() {
		return "", 0
	}
	switch t := v.Type().Underlying().(type) {
	case *types.Array:
		return "len(" + id.Name + ")", r.explorer.Counts(t.Len())
	case *types.Slice, *types.Map:
		return "len(" + id.Name + ")", explore.AsMany
	case *types.Basic:
		if t.Kind() == types.Int {
			return id.Name, explore.AsMany
		}
	}
	return "", 0
}
