// Package check is what the command asks of a way to run the analyzer. There are two: a driver in this
// process, and the go command with this program as its vet tool.
package check

import (
	"context"
	"fmt"

	"github.com/poollint/poollint/cmd/poollint/internal/finding"
	"github.com/poollint/poollint/cmd/poollint/internal/plan"
)

// A Checker runs the analyzer over packages.
type Checker interface {
	// Check returns the findings of a run. The flags are the analyzer's, beside those that the
	// checker has anyway.
	Check(ctx context.Context, run plan.Run, flags ...string) Result

	// Fix applies the first fix of each finding.
	Fix(ctx context.Context, run plan.Run) Result

	// Diff returns what Fix would change, as a unified diff.
	Diff(ctx context.Context, run plan.Run) Result
}

// A Result is what came back. Failures say what could not be checked, and why; warnings, what else
// went wrong.
type Result struct {
	Findings []finding.Finding
	Failures []error
	Warnings []error
	Diff     []byte
}

// Fail adds a failure.
func (res *Result) Fail(format string, args ...any) {
	res.Failures = append(res.Failures, fmt.Errorf(format, args...))
}

// A Progress is told of a run: its start, how many packages there are once that is known, each that
// is done, and the end.
type Progress interface {
	Start()
	Expect(packages int)
	Step()
	Stop()
}
