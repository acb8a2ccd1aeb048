package explore

import (
	"go/ast"

	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// A scope says what a search takes for granted, and what of the package it follows.
type scope struct {
	many     int                // what a number is that nobody knows
	few      int                // what a larger number of the program counts as
	above    int64              // if not zero, what is larger than this counts as one more than few
	choose   bool               // what a caller chooses counts as fewer than all else, see chosenNumbers
	rough    bool               // calls are passed that are given nothing of what was made
	narrow   bool               // only semaphores are followed, see narrowly
	lone     bool               // one goroutine is followed by itself, see themselves
	dispatch *syntax.Func       // the function that runs where nobody knows which, see chosenBy
	sizes    map[ast.Node]int64 // buffers that channels are given for a try, by where they are made
}

// A trace is what a search has met with.
type trace struct {
	spent  int               // steps
	budget int               // how many it may take
	gaveUp bool              // it went too deep
	served map[ast.Node]bool // where goroutines that met others have gone on
	set    bool              // a flag or number in a field has been set that conditions ask for
	known  int               // the things that there were when the goroutine that runs went on: nobody else has a newer one
}

// A demand is what the searches of one function have asked for: it decides which others are worth their steps.
type demand struct {
	choices bool  // a number that a caller chooses
	guessed bool  // one that nobody knows
	clamped bool  // one that counts as fewer than it is
	least   int64 // the smallest constant that counts as few; zero if none does
	room    int64 // the same of buffers
	most    int64 // the largest constant
	largest int   // constant, as it counts
	selfish bool  // a goroutine waits for what itself has to give
	raised  bool  // a flag is set while others run: who of them comes first to ask for it is not followed step by step
}

// begin prepares a search of a function.
func (x *Explorer) begin(f *syntax.Func, s scope, budget int) {
	x.exploring, x.scope = f, s
	x.trace = trace{budget: budget, served: map[ast.Node]bool{}}
}
