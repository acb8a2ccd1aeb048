// Package bounds answers how large a number can get: the size of an executor, the length of a
// collection, the number of times that a loop runs; and what throttles a loop.
//
// Every answer has three values: bounded, unbounded, and unknown, which is never reported.
package bounds

import (
	"go/token"
	"go/types"

	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// Bounds answers for one package.
type Bounds struct {
	*sites.Package
	marked  func(types.Object, string) bool
	covered func(token.Pos, string) bool
	setters map[*types.Var][]*syntax.Call // see promoted
	limits  map[*types.Var]Limit          // see limitOnce; nil before Settle
	busy    map[any]bool                  // questions being answered, so that a cycle is unknown
	depth   int
	steps   int // since the outermost question
	gaveUp  int
}

// Settle says that the summaries of the package's functions are complete: answers stay what they are.
func (b *Bounds) Settle() { b.limits = map[*types.Var]Limit{} }

// GaveUp is how many questions were not answered because they led to too many others.
func (b *Bounds) GaveUp() int { return b.gaveUp }

// maxDepth bounds how far a value is followed back. Chains on real code are shorter than six.
const maxDepth = 12

// maxSteps bounds how many questions one leads to: functions that call each other from many places
// have more ways back than can be followed. Real code stays below a hundred.
const maxSteps = 2000

// New returns the bounds of a package. Marked tells whether a directive is on a declaration,
// covered whether one covers a position.
func New(p *sites.Package, marked func(types.Object, string) bool, covered func(token.Pos, string) bool) *Bounds {
	return &Bounds{Package: p, marked: marked, covered: covered, busy: map[any]bool{}}
}

// enter begins to answer a question; false means that it is being answered already, or that the
// search has gone too deep.
func (b *Bounds) enter(question any) bool {
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

func (b *Bounds) leave(question any) {
	delete(b.busy, question)
	b.depth--
}
