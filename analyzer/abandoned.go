package analyzer

import (
	"fmt"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/analyzer/internal/discharge"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/verdict"
)

var abandoned = Rule{
	ID:      "abandoned",
	Title:   "a goroutine blocks for ever on a result channel whose receiver has left",
	Default: true,
	Why: `A send on an unbuffered channel waits for its receiver. When the receiver has left, on a timeout or
with an early return, the goroutine waits for ever, with its stack and all that it holds: one for
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
	Decides: `A local channel is made without a buffer, or with a constant one, goroutines that the function starts
send to it with no alternative, and the function itself receives. Then values are counted: on each
path from the start of the goroutines to the function's end, as many must be received as are sent,
up to the buffer. A receiver that waits, on every path, for a channel to which its only sender does
not always send is reported too. Nothing is reported if the sender selects, if the leaving branch
drains, if the channel is returned, stored, or passed to a function of which nothing is known, or if
the function closes it.`,
	Limits: `Only what one function makes and receives is followed. A producer that sends a stream in a loop is
reported only if the receiver can leave without having received anything.`,
	NotWhen: `At the end of a process nothing leaks: the function main is left out.`,
	Fix: `The buffer that makes the send free: 1 for one sender, the number of senders or the length of what they
are started for when that is known where the channel is made.`,
	run: runAbandoned,
}

func runAbandoned(r *reporter, p *sites.Package) {
	for _, a := range discharge.Abandoned(p) {
		f := verdict.Verdict{Pos: a.Spawn.Pos(), End: a.Spawn.End()}
		f.Message, f.Related = r.abandonedMessage(a)
		if fix, ok := bufferFix(a.Chans); ok && !a.Hangs {
			f.Fixes = []analysis.SuggestedFix{fix}
		}
		r.report(f)
	}
}

func (r *reporter) abandonedMessage(a discharge.Abandonment) (string, []analysis.RelatedInformation) {
	ch := a.Chan.Name()
	line := r.line(a.Leaves.Pos())
	left := fmt.Sprintf("the function leaves at line %d", line)
	if a.Leaves.Pos() <= a.Spawn.Pos() { // and makes the next channel there
		left = fmt.Sprintf("the loop goes on to line %d", line)
	}
	sent := related(a.Send, "sends on %s", ch)
	switch {
	case a.Hangs:
		return fmt.Sprintf("the function waits for %s at line %d, but this goroutine can end without sending on it: the wait is for ever; send or close it on every path", ch, line),
			[]analysis.RelatedInformation{sent, related(a.Leaves.Pos(), "waits here")}
	case a.Many && a.Stream:
		return fmt.Sprintf("the goroutine sends on %s more than the path that leaves at line %d receives, and blocks for ever; let it select on a context that ends when the function leaves, or receive all", ch, line),
			[]analysis.RelatedInformation{sent, related(a.Leaves.Pos(), "leaves here")}
	case a.Some:
		return fmt.Sprintf("more goroutines send on %s than the path that leaves at line %d receives: the others block on it for ever; give %s a buffer for all of them, or receive all", ch, line, ch),
			[]analysis.RelatedInformation{sent, related(a.Leaves.Pos(), "leaves here")}
	case a.Many:
		return fmt.Sprintf("the goroutines that send on %s block for ever when %s without receiving; give %s a buffer for all of them, or receive all", ch, left, ch),
			[]analysis.RelatedInformation{sent, related(a.Leaves.Pos(), "leaves here")}
	}
	return fmt.Sprintf("the goroutine blocks on %s for ever when %s without receiving; give %s a buffer of 1", ch, left, ch),
		[]analysis.RelatedInformation{sent, related(a.Leaves.Pos(), "leaves here")}
}

// bufferFix makes every channel that the senders use wide enough, or none.
func bufferFix(chans []discharge.Unbuffered) (analysis.SuggestedFix, bool) {
	var edits []analysis.TextEdit
	var what []string
	for _, ch := range chans {
		if ch.Buffer == "" {
			return analysis.SuggestedFix{}, false
		}
		edit := analysis.TextEdit{Pos: ch.Made.Args[0].End(), End: ch.Made.Rparen, NewText: []byte(", " + ch.Buffer)}
		edits = append(edits, edit)
		what = append(what, fmt.Sprintf("%s a buffer of %s", ch.Var.Name(), ch.Buffer))
	}
	return analysis.SuggestedFix{Message: "Give " + strings.Join(what, ", "), TextEdits: edits}, len(edits) > 0
}
