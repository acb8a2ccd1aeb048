// Package measure measures what a goroutine holds that waits inside an operation: the growth of the
// heap and of the stacks, for each of some hundreds that wait there at the same time, after the
// garbage collector has taken what is not held.
//
// Each sample is measured in a process of its own, which is the test's program run again; its other
// side, a server that never answers, stays in the test's process, so that it is not counted.
package measure

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// A Sample is one operation.
type Sample struct {
	Name  string          // of its row
	N     int             // how many wait at the same time
	Size  int             // if the row has a figure per byte: the larger of the sizes that are measured
	Serve func() string   // starts the other side, and returns its address
	Task  func(Side) Task // prepares, before anything is measured

	// Resident tells that memory is held which Go's runtime does not see.
	Resident bool
}

// A Side is what a sample is measured with.
type Side struct {
	Addr string // of what Serve started
	Size int    // one of the sizes
}

// A Task is what each goroutine does: it waits and never returns, or returns what is then held. It
// panics if it cannot.
type Task func(i int) any

// A Figure is what was measured for each goroutine.
type Figure struct {
	Bytes   float64
	Threads float64 // of the operating system
}

// Small is the smaller of the two sizes at which a sample with a size is measured.
const Small = 4 << 10

const (
	nameVar = "POOLLINT_FOOTPRINT"
	addrVar = "POOLLINT_FOOTPRINT_ADDR"
	sizeVar = "POOLLINT_FOOTPRINT_SIZE"
)

// Child measures and ends the process, if Run started it. TestMain calls it first.
func Child(samples []Sample) {
	name, ok := os.LookupEnv(nameVar)
	if !ok {
		return
	}
	size, err := strconv.Atoi(os.Getenv(sizeVar))
	if err != nil {
		fatal(err)
	}
	for _, s := range append(slices.Clip(samples), Goroutine) {
		if s.Name == name {
			runtime.GOMAXPROCS(2) // some libraries hold as many buffers
			fmt.Println(s.measure(s.Task(Side{Addr: os.Getenv(addrVar), Size: size})))
			os.Exit(0)
		}
	}
	fatal(fmt.Errorf("there is no sample %q", name))
}

func fatal(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(2)
}

// Run measures s at a size.
func (s Sample) Run(size int) (Figure, error) {
	addr := ""
	if s.Serve != nil {
		addr = s.Serve()
	}
	self, err := os.Executable()
	if err != nil {
		return Figure{}, err
	}
	tmp, err := os.MkdirTemp("", "footprint")
	if err != nil {
		return Figure{}, err
	}
	defer os.RemoveAll(tmp)
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), nameVar+"="+s.Name, addrVar+"="+addr, sizeVar+"="+strconv.Itoa(size), "TMPDIR="+tmp)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		text := said.String()
		return Figure{}, fmt.Errorf("%s: %w: %s", s.Name, err, text[:min(len(text), 2000)])
	}
	var f Figure
	if _, err := fmt.Sscan(strings.Trim(string(out), "{}\n"), &f.Bytes, &f.Threads); err != nil {
		return Figure{}, fmt.Errorf("%s: %q: %w", s.Name, out, err)
	}
	return f, nil
}

func (s Sample) measure(task Task) Figure {
	before := s.settled()
	var begun atomic.Int64
	for i := range s.N {
		go func() {
			begun.Add(1)
			held := task(i)
			wait()
			runtime.KeepAlive(held)
		}()
	}
	for begun.Load() < int64(s.N) {
		time.Sleep(time.Millisecond)
	}
	after := s.settled()
	n := float64(s.N)
	return Figure{Bytes: math.Round((after.Bytes - before.Bytes) / n), Threads: (after.Threads - before.Threads) / n}
}

var never = make(chan struct{})

func wait() { <-never }

// settled is what the process holds when that no longer changes: connections are made, stacks are
// no longer halved, and pools are empty.
func (s Sample) settled() Figure {
	const same, turns = 5, 400
	var last Figure
	seen := 0
	for range turns {
		now := s.held()
		if math.Abs(now.Bytes-last.Bytes) > 0.002*last.Bytes+4096 {
			seen = 0
		}
		last = now
		if seen++; seen == same {
			return last
		}
		time.Sleep(50 * time.Millisecond)
	}
	fatal(fmt.Errorf("%s: what is held still changes", s.Name))
	return last
}

func (s Sample) held() Figure {
	if s.Resident {
		debug.FreeOSMemory()
	}
	runtime.GC()
	samples := []metrics.Sample{
		{Name: "/memory/classes/heap/objects:bytes"},
		{Name: "/memory/classes/heap/stacks:bytes"},
		{Name: "/sched/threads/total:threads"},
	}
	metrics.Read(samples)
	f := Figure{
		Bytes:   float64(samples[0].Value.Uint64() + samples[1].Value.Uint64()),
		Threads: float64(samples[2].Value.Uint64()),
	}
	if s.Resident {
		f.Bytes = resident()
	}
	return f
}

// resident is what the system says that the process holds.
func resident() float64 {
	statm, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		fatal(err)
	}
	pages, err := strconv.Atoi(strings.Fields(string(statm))[1])
	if err != nil {
		fatal(err)
	}
	return float64(pages * os.Getpagesize())
}
