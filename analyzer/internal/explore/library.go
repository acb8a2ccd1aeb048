package explore

import (
	"go/types"
	"strings"
)

// What functions of the standard library do to what goroutines meet at.
type effect uint8

const (
	makesContext effect = iota + 1 // with a function that cancels it
	makesTimeout                   // that ends by itself, too
	detaches                       // a context that does not end
	background                     // likewise
	done                           // the channel of a context
	tellsWhy                       // why a context has ended: an error from then on
	makesTicker
	makesTimer
	after // a channel that delivers once, by itself
	stops
	restarts
	onceDo
	startsLater // the function that it is given, in a goroutine
	notifies    // sends on the channel that it is given
	notifiesNoMore
	keepsIt // the function that it is given: it is called later, by others

	locks
	locksShared
	unlocks
	unlocksShared

	loads // the number at an address, or of the atomic that it is a method of
	stores
	adds
	swaps
	swapsIf // the number is what is said
)

// library lists functions by their full names.
var library = map[string]effect{
	"context.WithCancel":        makesContext,
	"context.WithCancelCause":   makesContext,
	"context.WithTimeout":       makesTimeout,
	"context.WithDeadline":      makesTimeout,
	"context.WithTimeoutCause":  makesTimeout,
	"context.WithDeadlineCause": makesTimeout,
	"context.WithoutCancel":     detaches,
	"context.Background":        background,
	"context.TODO":              background,
	"(context.Context).Done":    done,
	"(context.Context).Err":     tellsWhy,
	"context.Cause":             tellsWhy,
	"context.AfterFunc":         startsLater,
	"time.AfterFunc":            startsLater,
	"time.After":                after,
	"time.Tick":                 after,
	"time.NewTimer":             makesTimer,
	"time.NewTicker":            makesTicker,
	"(*time.Ticker).Stop":       stops,
	"(*time.Timer).Stop":        stops,
	"(*time.Ticker).Reset":      restarts,
	"(*time.Timer).Reset":       restarts,
	"(*sync.Once).Do":           onceDo,
	"os/signal.Notify":          notifies,
	"os/signal.Stop":            notifiesNoMore,
	"os/signal.NotifyContext":   makesTimeout,

	"(*sync.Mutex).Lock":      locks,
	"(*sync.Mutex).Unlock":    unlocks,
	"(*sync.RWMutex).Lock":    locks,
	"(*sync.RWMutex).Unlock":  unlocks,
	"(*sync.RWMutex).RLock":   locksShared,
	"(*sync.RWMutex).RUnlock": unlocksShared,

	"net/http.HandleFunc":                   keepsIt,
	"(*net/http.ServeMux).HandleFunc":       keepsIt,
	"(*net/http.Server).RegisterOnShutdown": keepsIt,
	"runtime.AddCleanup":                    keepsIt,
	"runtime.SetFinalizer":                  keepsIt,
	"sync.OnceFunc":                         keepsIt,
	"sync.OnceValue":                        keepsIt,
	"sync.OnceValues":                       keepsIt,
	"(*testing.common).Cleanup":             keepsIt,
}

// atomics lists what the functions and methods of sync/atomic do, by how their names begin.
var atomics = []struct {
	name string
	does effect
}{
	{"Load", loads},
	{"Store", stores},
	{"Add", adds},
	{"Swap", swaps},
	{"CompareAndSwap", swapsIf},
}

// effectOf is what a function of the standard library does; 0 if that is nothing of interest.
func effectOf(f *types.Func) effect {
	if f.Pkg() != nil && f.Pkg().Path() == "sync/atomic" {
		for _, a := range atomics {
			if strings.HasPrefix(f.Name(), a.name) {
				return a.does
			}
		}
	}
	return library[f.FullName()]
}
