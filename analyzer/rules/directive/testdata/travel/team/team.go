// Package team says of its declarations what their names do not. What it says of exported ones is
// known where they are used.
package team

import (
	"time"

	"github.com/hashicorp/raft"
	"github.com/panjf2000/ants/v2"
)

// Calls waits for others.
//
//poollint:io
var Calls *ants.Pool

// Sums computes.
//
//poollint:cpu
var Sums *ants.Pool

// Plain says nothing.
var Plain *ants.Pool

// Callers is a type for waiting.
//
//poollint:io
type Callers struct{ *ants.Pool }

// Desk has a pool for waiting, and one that says nothing.
type Desk struct {
	//poollint:io
	Calls *ants.Pool
	Plain *ants.Pool
}

// Form is what a client sends.
type Form struct {
	//poollint:bounded the form has three lines for it
	Mirrors []string `json:"mirrors"`
	Urls    []string `json:"urls"`
}

// Hint makes a future that nobody needs, Order one that somebody does.
//
//poollint:detached a hint: losing it costs a cache miss
func Hint(r *raft.Raft, cmd []byte) raft.ApplyFuture { return r.Apply(cmd, time.Second) }

func Order(r *raft.Raft, cmd []byte) raft.ApplyFuture { return r.Apply(cmd, time.Second) }
