package main

import (
	"fmt"
	"slices"
	"strings"
)

// A kind is one way to break right code.
type kind struct {
	name string
	rule string // of poollint, which ought to find it
	what string
	find func(*function) *fault // the first place in a function, or nil
}

// kinds are all of them. What is certain is a fault wherever the variables of a function say all; U1 to U3 take
// a limit away, which matters if what is looped over may be long.
var kinds = []kind{
	{"W1", "unawaited", "no Wait on a group", noWait},
	{"W2", "unawaited", "a return between the last Go and the Wait", leavesEarly},
	{"W3", "unawaited", "no Wait on a WaitGroup whose goroutines write what is read after it", readsUnwaited},
	{"W4", "unawaited", "a future that nobody asks for its result", dropsFuture},
	{"W5", "unawaited", "a channel with room for a result that nobody receives", dropsBuffered},
	{"A1", "abandoned", "no buffer for a result channel whose receiver can leave", noBuffer},
	{"A2", "abandoned", "no close of a channel that somebody ranges over", noClose},
	{"A3", "abandoned", "one receive in place of the loop that drains a channel", receivesOnce},
	{"A4", "abandoned", "a Done that an early return misses", missesDone},
	{"A5", "abandoned", "a path that returns without sending what is waited for", missesSend},
	{"A6", "abandoned", "a channel without room for a result that nobody receives", dropsUnbuffered},
	{"A7", "abandoned", "no close of a field's channel that a goroutine ranges over", noFieldClose},
	{"U1", "unbounded", "no limit on a group that a loop feeds", noLimit},
	{"U2", "unbounded", "no semaphore before the goroutine of a loop", noSemaphore},
	{"U3", "unbounded", "as many workers as there is work, without a min", noMin},
	{"R1", "rejected", "the result of a submit or Acquire ignored", ignoresRefusal},
	{"R2", "rejected", "an empty body where a submit or Acquire fails", doesNothing},
	{"R3", "rejected", "no Done for a task that was counted and refused", keepsCount},
	{"C1", "unclosed", "no Release, Close or Stop of a pool", noRelease},
	{"C2", "unclosed", "no Release, Close or Stop of the pool in a field", keepsOpen},
	{"K1", "afterclose", "a deferred Release that is done at once", releasesEarly},
	{"L1", "limit", "a SetLimit when the tasks are started", setsLate},
	{"P1", "churn", "a pool made anew in each iteration", poolPerIteration},
	{"P2", "churn", "a pool made for each request", poolPerRequest},
	{"S1", "selfwait", "a task that submits to its own pool and waits", submitsToOwn},
	{"S2", "selfwait", "a task that waits for the group that counts it", waitsForSelf},
	{"S3", "selfwait", "a token taken by a task that holds one", takesTwice},
}

// choose returns the kinds with some names, separated by commas; all for an empty text.
func choose(names string) ([]kind, error) {
	if names == "" {
		return kinds, nil
	}
	var chosen []kind
	for name := range strings.SplitSeq(names, ",") {
		i := slices.IndexFunc(kinds, func(k kind) bool { return k.name == name })
		if i < 0 {
			return nil, fmt.Errorf("there is no kind %q; -h lists them", name)
		}
		chosen = append(chosen, kinds[i])
	}
	return chosen, nil
}
