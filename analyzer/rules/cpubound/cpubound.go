// Package cpubound is the rule on tasks that compute on an I/O pool.
package cpubound

import (
	_ "embed"
	"fmt"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/effects"
	"github.com/poollint/poollint/analyzer/internal/rule"
	"github.com/poollint/poollint/analyzer/internal/tasks"
)

//go:embed cpubound.md
var page string

// Rule is what this package adds to the table of rules.
var Rule = rule.Rule{
	ID:      "cpubound",
	Title:   "CPU-bound work on an I/O pool",
	Default: true,
	Page:    page,
	Run:     run,
}

func run(p *rule.Pass) {
	tasks.Each(p, catalog.IO, func(t tasks.Task, e *effects.Effect) {
		c, ok := e.Computes()
		if !ok {
			why, at := e.Spares()
			t.Spare(p, at, why)
			return
		}
		var what string
		switch {
		case c.Light:
			what = fmt.Sprintf("computes and never waits: %s", t.From(c.Why))
		case c.Grows:
			what = fmt.Sprintf("may well use %s of CPU, and more with larger input: %s", c.Time(), t.From(c.Why))
		default:
			what = fmt.Sprintf("uses about %s of CPU: %s", c.Time(), t.From(c.Why))
		}
		cure := "submit it to a CPU pool"
		if c.Waits || !e.Quiet() {
			cure = "split it: wait here, and submit the computation to a CPU pool"
		}
		t.Report(p, fmt.Sprintf("the task on I/O %s (%s) %s; %s", t.Name, t.For.Why, what, cure), c.Why, "it computes here")
	})
}
