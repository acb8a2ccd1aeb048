// Package throttle answers what keeps tasks from all existing at once: the limit of the executor that
// they are given to, a token that is taken before each, a wait in each turn, a check that there is room.
//
// Every answer has three values: limited, not limited, and unknown, which is never reported.
package throttle

import (
	"go/types"

	"github.com/poollint/poollint/analyzer/internal/knowledge"
	"github.com/poollint/poollint/analyzer/internal/number"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// Throttles answers for one package. Each of its parts answers questions of one kind, and asks the others.
type Throttles struct {
	*sites.Package
	limits  limits
	tokens  tokens
	waits   waits
	workers workers
	rooms   rooms

	base    *knowledge.Base
	numbers *number.Numbers
	marked  func(types.Object, string) bool
	setters map[*types.Var][]*syntax.Call // see promoted
	settled map[*types.Var]Limit          // see limitOnce; nil before Settle
	opsIn   map[*syntax.Func][]operation  // see graph
	taking  map[*syntax.Func][]operation  // see takings
	busy    map[any]bool                  // questions being answered, so that a cycle is unknown
	depth   int
	steps   int // since the outermost question
	gaveUp  int
}

// New returns the throttles of a package. Marked tells whether a directive is on a declaration.
func New(p *sites.Package, base *knowledge.Base, n *number.Numbers, marked func(types.Object, string) bool) *Throttles {
	b := &Throttles{Package: p, base: base, numbers: n, marked: marked, taking: map[*syntax.Func][]operation{}, busy: map[any]bool{}}
	b.limits, b.tokens, b.waits, b.workers, b.rooms = limits{b}, tokens{b}, waits{b}, workers{b}, rooms{b}
	return b
}

// Settle says that the summaries of the package's functions are complete: answers stay what they are.
func (b *Throttles) Settle() { b.settled = map[*types.Var]Limit{} }

// GaveUp is how many questions were not answered because they led to too many others.
func (b *Throttles) GaveUp() int { return b.gaveUp }

// maxDepth bounds how far a value is followed back. Chains on real code are shorter than six.
const maxDepth = 12

// maxSteps bounds how many questions one leads to: functions that call each other from many places
// have more ways back than can be followed. Real code stays below a hundred.
const maxSteps = 2000

// enter begins to answer a question; false means that it is being answered already, or that the
// search has gone too deep.
func (b *Throttles) enter(question any) bool {
	if b.depth == 0 {
		b.steps = 0
	}
	if b.steps++; b.steps == maxSteps {
		b.gaveUp++
	}
	if b.busy[question] || b.depth >= maxDepth || b.steps > maxSteps {
		return false
	}
	b.busy[question] = true
	b.depth++
	return true
}

func (b *Throttles) leave(question any) {
	delete(b.busy, question)
	b.depth--
}
