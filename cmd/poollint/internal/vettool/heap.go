package vettool

import (
	"runtime"
	"runtime/debug"
)

// startingHeap puts the first garbage collection off until there are about 48 MB to look at, as
// the compiler does: the process of most packages has ended by then.
func startingHeap() {
	const minimum = 4 // MB: the runtime's, at 100 percent
	debug.SetGCPercent(100 * 48 / minimum)
	runtime.SetFinalizer(&sentinel{}, func(*sentinel) { debug.SetGCPercent(100) })
}

type sentinel struct{ _ [4]*byte } // not tiny: tiny ones share a block, and may never go
