package main

import (
	"path/filepath"
	"slices"

	"github.com/poollint/poollint/scripts/internal/leak"
	"github.com/poollint/poollint/scripts/internal/lint"
)

// An outcome is how poollint and the runtime agree on a program.
type outcome int

const (
	quiet       outcome = iota // it does not leak, and nothing is reported
	found                      // it leaks, and a goroutine that leaks is reported
	elsewhere                  // it leaks, and something else in it is reported
	missed                     // it leaks, and nothing is reported
	falseReport                // it does not leak, and something is reported
	leftOut
	outcomes
)

func (e *entry) outcome() outcome {
	switch {
	case e.ruined != "" || len(e.leaks) > 0 && !slices.ContainsFunc(e.leaks, e.startsSome):
		return leftOut
	case len(e.leaks) == 0 && len(e.reports) == 0:
		return quiet
	case len(e.leaks) == 0:
		return falseReport
	case len(e.reports) == 0:
		return missed
	case slices.ContainsFunc(e.leaks, e.names):
		return found
	}
	return elsewhere
}

// startsSome tells whether no number is zero in the run that leaks. What happens when there is
// nothing to do is not what the rules are about.
func (e *entry) startsSome(l leaked) bool {
	return l.combination == unknown || !slices.Contains(e.values(l.combination), nothing)
}

// names tells whether a report stands at the goroutine's start, or in what it runs. One of a function
// that waits itself stands at another goroutine's.
func (e *entry) names(l leaked) bool {
	return slices.ContainsFunc(e.reports, func(r lint.Report) bool {
		at := leak.Frame{File: filepath.Base(r.Pos.Filename), Line: r.Pos.Line}
		return l.Created.File != filepath.Base(e.file) || l.Created == at || slices.Contains(l.Frames, at)
	})
}

// Counts says how many programs had which outcome.
type counts [outcomes]int

func (n *counts) leaking() int  { return n.found() + n[missed] }
func (n *counts) found() int    { return n[found] + n[elsewhere] }
func (n *counts) silent() int   { return n[quiet] + n[falseReport] }
func (n *counts) reported() int { return n.found() + n[falseReport] }

func (n *counts) foundPercent() float64 { return percent(n.found(), n.leaking()) }
func (n *counts) falsePercent() float64 { return percent(n[falseReport], n.reported()) }

func percent(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return 100 * float64(part) / float64(whole)
}
