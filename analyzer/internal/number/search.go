package number

import (
	"go/ast"

	"github.com/poollint/poollint/analyzer/internal/paths"
)

// A search answers questions that lead to one another: each once, and not more of them than anybody would wait for.
type search struct {
	busy    map[any]int // questions being answered and how deep, so that a cycle adds nothing
	known   map[any]Number
	framed  map[any]Number // likewise, with a frame
	partial map[any]draft  // answers without what those in a cycle with them add, see once
	awaited map[int][]any  // the keys of partial, by the depth of the question that they lack
	low     int            // how deep the question is that an answer hangs on, see once
	depth   int
	steps   int // since the outermost question
	walked  int // steps of functions that were walked back over, likewise
	gaveUp  int
}

func newSearch() search {
	return search{busy: map[any]int{}, known: map[any]Number{}, framed: map[any]Number{}, partial: map[any]draft{}, awaited: map[int][]any{}}
}

// maxDepth bounds how far a value is followed back, maxSteps how many questions one leads to. Of the
// questions on real code, none that was answered took more than a few hundred.
const (
	maxDepth  = 60
	maxSteps  = 1500
	maxWalked = 20_000
)

// enter begins to answer a question; false means that it is being answered already, or that the
// search has gone too far.
func (s *search) enter(question any) bool {
	if s.depth == 0 {
		s.steps, s.walked = 0, 0
		clear(s.framed)
	}
	over := s.spent()
	s.steps++
	if !over && s.spent() {
		s.gaveUp++
	}
	if at, ok := s.busy[question]; ok {
		s.low = min(s.low, at)
		return false
	}
	if s.depth >= maxDepth || s.spent() {
		s.low = -1
		return false
	}
	s.busy[question] = s.depth
	s.depth++
	return true
}

// A draft is an answer that hangs on a question which is being answered, at a depth.
type draft struct {
	Number
	low int
}

// once answers a question, and remembers the answer if it hangs on no other that is being answered.
// One that does so lacks only what that other will say, and holds until that is known: whoever asks again
// meanwhile is asked for by that other too. An answer that depends on a frame holds for the search that is
// under way.
func (s *search) once(question any, fr *frame, answer func() Number) Number {
	known := s.known
	if fr != nil {
		known = s.framed
	}
	if x, ok := known[question]; ok {
		return x
	}
	if d, ok := s.partial[question]; ok {
		s.low = min(s.low, d.low)
		return d.Number
	}
	if !s.enter(question) {
		return Number{}
	}
	outer, own := s.low, s.depth-1
	s.low = maxDepth
	x := answer()
	switch {
	case s.spent() && fr == nil:
		x = Number{Kind: Unknown, Why: TooFar}
		if own == 0 { // asked for itself, it may be answered
			known[question] = x
		}
	case s.low >= own:
		known[question] = x
		s.low = maxDepth
	default:
		s.partial[question] = draft{x, s.low}
		s.awaited[max(s.low, 0)] = append(s.awaited[max(s.low, 0)], question)
	}
	s.low = min(s.low, outer)
	s.leave(question)
	return x
}

func (s *search) leave(question any) {
	delete(s.busy, question)
	s.depth--
	for _, q := range s.awaited[s.depth] {
		delete(s.partial, q)
	}
	delete(s.awaited, s.depth)
}

// spent reports whether the search that is under way has gone too far: what it says is no answer.
func (s *search) spent() bool { return s.steps > maxSteps || s.walked > maxWalked }

// counting counts what a walk back over a function does, and ends it when the search has gone too far.
func (s *search) counting(step func(ast.Node) bool, test func(paths.Test) bool) (func(ast.Node) bool, func(paths.Test) bool) {
	return func(n ast.Node) bool {
			s.walked++
			return s.spent() || step(n)
		}, func(t paths.Test) bool {
			s.walked++
			return s.spent() || test(t)
		}
}
