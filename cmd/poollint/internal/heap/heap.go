// Package heap puts garbage collection off.
package heap

import (
	"os"
	"runtime"
	"runtime/debug"
)

// Start puts the first garbage collection off until there are about so many MB to look at, as the
// compiler does: most of our processes have ended by then. After that, the heap grows by so many percent
// from one to the next. Who sets GOGC knows better.
func Start(megabytes, percent int) {
	const minimum = 4 // MB: the runtime's, at 100 percent
	if os.Getenv("GOGC") != "" {
		return
	}
	debug.SetGCPercent(100 * megabytes / minimum)
	runtime.SetFinalizer(&sentinel{}, func(*sentinel) { debug.SetGCPercent(percent) })
}

type sentinel struct{ _ [4]*byte } // not tiny: tiny ones share a block, and may never go
