// Package help has a pool that is a field, and a method that closes it.
package help

import "github.com/gammazero/workerpool"

// A Kitchen has cooks until it shuts.
type Kitchen struct{ cooks *workerpool.WorkerPool }

// Open hires them.
func Open() *Kitchen { return &Kitchen{workerpool.New(3)} }

// Cook has one of them do it.
func (k *Kitchen) Cook(dish func()) { k.cooks.Submit(dish) }

// Shut sends them home.
func (k *Kitchen) Shut() { k.cooks.StopWait() }
