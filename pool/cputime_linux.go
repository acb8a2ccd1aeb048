package pool

import (
	"syscall"
	"time"
	"unsafe"
)

// threadCPU returns the CPU time that the calling thread has used. Getrusage
// would tell, too, but only as of the last tick of the kernel, milliseconds ago.
func threadCPU() (time.Duration, bool) {
	const clockThreadCPUTime = 3 // CLOCK_THREAD_CPUTIME_ID
	var ts syscall.Timespec
	_, _, errno := syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, clockThreadCPUTime, uintptr(unsafe.Pointer(&ts)), 0)
	return time.Duration(ts.Nano()), errno == 0
}
