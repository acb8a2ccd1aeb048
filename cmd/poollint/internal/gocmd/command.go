package gocmd

import (
	"context"
	"os"
	"os/exec"
	"time"

	"github.com/poollint/poollint/cmd/poollint/internal/plan"
)

// Command prepares a go command for a run.
func Command(ctx context.Context, run plan.Run, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = run.Dir
	if run.NoWork {
		cmd.Env = append(cmd.Environ(), "GOWORK=off")
	}
	// An interrupt lets the go command remove its temporary files.
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	return cmd
}
