package profile

import (
	"cmp"
	"encoding/binary"
	"slices"
	"strings"
	"time"
)

// A collector puts together the goroutines that are at the same place, as they come: what it holds grows
// with the places, and not with the goroutines.
type collector struct {
	frames map[Frame]uint64
	stacks map[string]*Stack
	key    []byte
}

func newCollector() *collector {
	return &collector{frames: map[Frame]uint64{}, stacks: map[string]*Stack{}}
}

// add takes a stack, which the caller may use again.
func (c *collector) add(s Stack) {
	c.key = c.key[:0]
	for _, f := range append(s.Frames, s.Start) {
		n, ok := c.frames[f]
		if !ok {
			n = uint64(len(c.frames))
			c.frames[f] = n
		}
		c.key = binary.AppendUvarint(c.key, n)
	}
	leaked := byte(0)
	if s.Leaked {
		leaked = 1
	}
	c.key = append(c.key, byte(s.Wait), leaked)
	if known := c.stacks[string(c.key)]; known != nil {
		known.Count += s.Count
		known.Oldest = max(known.Oldest, s.Oldest)
		known.Whole = known.Whole && s.Whole
		return
	}
	s.Frames = slices.Clone(s.Frames)
	c.stacks[string(c.key)] = &s
}

// profile is what was collected.
func (c *collector) profile() *Profile {
	p := &Profile{}
	for _, s := range c.stacks {
		p.Total += s.Count
		p.Stacks = append(p.Stacks, *s)
	}
	slices.SortFunc(p.Stacks, func(a, b Stack) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), slices.CompareFunc(a.Frames, b.Frames, compareFrames),
			compareFrames(a.Start, b.Start), cmp.Compare(a.Wait, b.Wait), cmp.Compare(b.Oldest, a.Oldest))
	})
	return p
}

func compareFrames(a, b Frame) int {
	return cmp.Or(strings.Compare(a.Func, b.Func), strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Start, b.Start))
}

// trim takes the frames of package runtime from both ends of a stack, and says what those at the inner
// end wait for.
func trim(frames []Frame) (rest []Frame, wait Wait) {
	inner := 0
	parked := false
	wait = Other
	for ; inner < len(frames) && inRuntime(frames[inner].Func); inner++ {
		switch frames[inner].Func {
		case "runtime.gopark":
			parked = true
		case "runtime.chansend":
			wait = Send
		case "runtime.chanrecv":
			wait = Receive
		case "runtime.selectgo":
			wait = Select
		case "runtime.block":
			wait = Forever
		}
	}
	if !parked {
		wait = Runs
	}
	outer := len(frames)
	for outer > inner && inRuntime(frames[outer-1].Func) {
		outer--
	}
	return frames[inner:outer], wait
}

// inRuntime reports whether a function is one of the runtime's own. Those that it lends to other packages
// go by their names, such as time.Sleep.
func inRuntime(symbol string) bool {
	return strings.HasPrefix(symbol, "runtime.") || strings.HasPrefix(symbol, "internal/runtime/")
}

// minutes is what a dump says of how long a goroutine has waited.
func minutes(n int) time.Duration { return time.Duration(n) * time.Minute }

// Merge puts together profiles of several processes as one of that name, taken at no time: of leaks, if
// all are.
func Merge(name string, profiles ...*Profile) *Profile {
	c := newCollector()
	leaks := true
	for _, p := range profiles {
		leaks = leaks && p.Leaks
		for _, s := range p.Stacks {
			c.add(s)
		}
	}
	all := c.profile()
	all.Name, all.Leaks = name, leaks
	return all
}
