// Package driver runs programs over all their choices, and asks the runtime which of their
// goroutines can never run again. It is copied into the modules that are built with
// GOEXPERIMENT=goroutineleakprofile.
package driver

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"runtime/pprof"
	"sync"
	"sync/atomic"
	"time"
)

// A Program is a function, which takes its arguments from Choices.
type Program struct {
	Name         string
	Combinations int // of its arguments
	Run          func(*Choices)
}

// Choices are one combination of a program's arguments: the digits of a number, the first the lowest.
type Choices struct {
	rest    int
	round   int
	endings *endings
}

func (c *Choices) choose(options int) int {
	i := c.rest % options
	c.rest /= options
	return i
}

// Bool is false or true.
func (c *Choices) Bool() bool { return c.choose(2) == 1 }

// Int is one of Ints.
func (c *Choices) Int() int { return Ints[c.choose(len(Ints))] }

// Strings are as many as one of Ints.
func (c *Choices) Strings() []string { return make([]string, c.Int()) }

// Ints are the numbers that programs are given.
var Ints = []int{1, 3, 0}

// Error is nil or not.
func (c *Choices) Error() error {
	if c.choose(2) == 1 {
		return errors.New("an error")
	}
	return nil
}

// Context ends at once, or soon, or when all else has come to rest: no caller keeps one forever.
func (c *Choices) Context() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	switch {
	case c.choose(2) == 0:
		c.endings.add(cancel)
	case c.round%2 == 0:
		cancel()
	default:
		time.AfterFunc(2*time.Millisecond, cancel)
	}
	return ctx
}

// endings are the contexts that end when all else has come to rest.
type endings struct {
	mu  sync.Mutex
	all []context.CancelFunc
}

func (e *endings) add(cancel context.CancelFunc) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.all = append(e.all, cancel)
}

func (e *endings) end() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, cancel := range e.all {
		cancel()
	}
}

// Programs hesitate seldom, often and very often in turn.
var hesitations = []int32{24, 12, 6}

const (
	together         = 200 // runs at a time
	settle           = 60 * time.Millisecond
	manyCombinations = 64 // of a program: more are not all run
)

// Main runs each program with its combinations, so many times, and writes which functions panicked
// or spun, an empty line, and the stacks of all goroutines. Those of a run are labelled with the program's name and the combination's number.
// From the second round on the programs are made to hesitate here and there.
func Main(rounds int, programs []Program) {
	type run struct{ program, combination int }
	var runs []run
	for i, p := range programs {
		step := 1
		if p.Combinations > manyCombinations {
			step = 5 // shares no factor with the options of any argument: each is taken as often
		}
		for n := 0; n < p.Combinations; n += step {
			runs = append(runs, run{i, n})
		}
	}
	for round := range rounds {
		if round > 0 {
			hesitates.Store(hesitations[(round-1)%len(hesitations)])
		}
		for from := 0; from < len(runs); from += together {
			var e endings
			for _, r := range runs[from:min(from+together, len(runs))] {
				p := programs[r.program]
				labels := pprof.Labels("run", fmt.Sprintf("%s#%d", p.Name, r.combination))
				go pprof.Do(context.Background(), labels, func(context.Context) {
					p.Run(&Choices{rest: r.combination, round: round, endings: &e})
				})
			}
			time.Sleep(settle)
			e.end()
			time.Sleep(settle / 4)
		}
	}
	time.Sleep(2 * settle)
	ruined.Range(func(function, why any) bool {
		fmt.Printf("%s: %v\n", function, why)
		return true
	})
	fmt.Println()
	if err := pprof.Lookup("goroutineleak").WriteTo(os.Stdout, 2); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

var (
	hesitates atomic.Int32 // at one step of so many; 0: at none
	ruined    sync.Map     // functions that panic or spin, with what they did
	steps     sync.Map     // by function
)

// Rescue stands in a defer at the start of every function.
func Rescue(function string) {
	if r := recover(); r != nil {
		ruined.LoadOrStore(function, r)
	}
}

// A function that takes so many steps spins.
const manySteps = 1_000_000

// Step stands before every statement.
func Step(function string) {
	n, ok := steps.Load(function)
	if !ok {
		n, _ = steps.LoadOrStore(function, new(atomic.Int64))
	}
	if n.(*atomic.Int64).Add(1) > manySteps {
		panic("it spins")
	}
	if one := hesitates.Load(); one > 0 {
		switch rand.Int32N(one) {
		case 0: // long enough for a timeout
			time.Sleep(time.Duration(rand.IntN(10_000)) * time.Microsecond)
		case 1, 2:
			runtime.Gosched()
		}
	}
}

// Copy returns v, which then lies on the stack.
//
//go:noinline
func Copy[T any](v T) T { return v }
