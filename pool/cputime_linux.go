package pool

import (
	"syscall"
	"time"
)

// threadCPU returns the CPU time that the calling thread has used.
func threadCPU() (time.Duration, bool) {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_THREAD, &u) != nil {
		return 0, false
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), true
}
