// Package blocking is the rule on tasks that wait on a CPU pool.
package blocking

import (
	_ "embed"
	"fmt"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/effects"
	"github.com/poollint/poollint/analyzer/internal/rule"
	"github.com/poollint/poollint/analyzer/internal/tasks"
)

//go:embed blocking.md
var page string

// Rule is what this package adds to the table of rules.
var Rule = rule.Rule{
	ID:    "blocking",
	Title: "a blocking task on a CPU pool",
	Page:  page,
	Run:   run,
}

func run(p *rule.Pass) {
	tasks.Each(p, catalog.CPU, func(t tasks.Task, e *effects.Effect) {
		switch {
		case e.Waits == nil && e.Blind != nil:
			t.Spare(p, e.Blind, fmt.Sprintf("it is not known what %s does, and the rest does not wait", e.Blind.What))
			return
		case e.Waits == nil:
			t.Spare(p, nil, "the task does not wait")
			return
		case !e.Clear:
			t.Spare(p, e.Waits, fmt.Sprintf("%s may wait, but that is not certain", e.Waits.What))
			return
		case t.Taken != nil && t.Taken(e.Waits):
			t.Spare(p, e.Waits, "the worker waits for its next task")
			return
		}
		cure := "submit it to an I/O pool"
		if _, ok := e.Computes(); ok {
			cure = "split it: wait on an I/O pool, and compute here"
		}
		t.Report(p, fmt.Sprintf("the task on CPU %s (%s) waits while a CPU is idle: %s; %s", t.Name, t.For.Why, t.From(e.Waits), cure), e.Waits, "it waits here")
	})
}
