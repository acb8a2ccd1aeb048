//go:build !linux

package pool

import "time"

// threadCPU cannot tell.
func threadCPU() (time.Duration, bool) { return 0, false }
