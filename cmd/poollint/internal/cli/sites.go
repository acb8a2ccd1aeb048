package cli

import (
	"context"
	"errors"

	"github.com/poollint/poollint/cmd/poollint/internal/govet"
	"github.com/poollint/poollint/cmd/poollint/internal/plan"
	"github.com/poollint/poollint/cmd/poollint/internal/report"
)

func (c *command) explainPlace(ctx context.Context, tool *govet.Tool, runs []plan.Run) {
	c.fail(errors.New("todo"))
}

func (c *command) page(ctx context.Context, tool *govet.Tool, runs []plan.Run, r *report.Report) {
}
