// Package summary is what callers must know of a function, as the fact that travels between
// packages. A missing summary means nothing is known, and nothing is reported for it.
package summary

import (
	"fmt"
	"strings"
)

// A Func summarises a function or method. The zero Func says that it does nothing of interest.
type Func struct {
	Params   []Param  // by Index, only those of which something is known
	Results  []Result // by Index, likewise
	Pools    []Pool   // to which it gives tasks that may have to wait for each other
	Place    Place    // what a method does with the semaphore in its receiver
	Acquires bool     // returns holding a token of a limiter that outlives the call
	Worker   bool     // runs until it is told to stop, or shares its work with others
	Limiter  bool     // waits at its start for a token, and gives it back at its end
	Rejects  Rejects  // when its error or bool says that a task was not accepted
	NoReturn bool     // never returns: it ends the process or the goroutine, or runs forever
}

// Rejects says when a function does not accept a task, or takes no token, and answers so.
type Rejects uint8

const (
	Never      Rejects = iota
	WhenClosed         // only when the pool has ended
	WhenEnded          // only then, or when the context that it is given has ended
	AnyTime            // when there is no room, too
)

// AFact marks Func as a fact.
func (*Func) AFact() {}

// A Param is what a function does with a parameter, or with its receiver.
type Param struct {
	Index    int8   // position; Receiver for the receiver
	Task     Task   // a function: who runs it
	Elements Task   // a collection: each element's task, or the task for each element
	By       int8   // Elements: the parameter that is the task, or NoParam when the work is its own
	Use      Use    // a future, group or pool: what becomes of the obligation
	Limits   bool   // a group or pool: gets a bound
	Spawns   bool   // a group or pool: gets tasks
	Each     uint8  // Task is Called: for each of many from there, a knowledge.Origin; 0 is once, or not known
	Why      string // of Task: what the function does about their number
}

// The indexes that are not positions.
const (
	Receiver int8 = -1
	NoParam  int8 = -2
)

// A Task says who runs a function that a function was given.
type Task uint8

const (
	NotRun     Task = iota // not known to run
	Called                 // the caller itself, before it returns
	Bounded                // a goroutine or pool, with a bound
	Unbounded              // a goroutine of its own, with no bound
	ByExecutor             // the group or pool that was given too, see Spawns: the caller knows its bound
	Undecided              // a goroutine or pool of unknown bound
)

// Use says what becomes of a value that carries an obligation.
type Use uint8

const (
	Keeps    Use = 1 << iota // stored, returned, sent, or unknown: somebody else's from here on
	Awaits                   // a future: its result is observed; a group: waited for, on every path
	Closes                   // a pool: closed, on every path
	Receives                 // a channel: received from, on every path
	Sends                    // a channel: sent to
	Reads                    // looked at without consequence
	Drains                   // a channel that it receives from: until it is closed
)

// A Result is what a function returns.
type Result struct {
	Index int8
	Limit Limit  // an executor or limiter: its bound
	Why   string // where the bound is set
	Owes  bool   // a future or pool that nobody else holds: the caller must await or close it
	Kind  uint8  // of what a home-made one owes: a catalog.Kind, or 0
	Few   bool   // a collection: of bounded length, whoever calls
	Many  uint8  // a collection: it grows with what comes from there, a knowledge.Origin; 0 is not known
}

// A Pool is an executor to which a function gives tasks, of those that its caller can name, too.
type Pool struct {
	Name  string // what the function is given and fields of it, or a package's variable: see obligation.Pools
	Runs  int8   // the parameter that runs there, or NoParam
	Waits bool   // the function waits: for a worker, or for the result
}

// A Place is what a method does with the one semaphore in its receiver that it has to do with.
type Place struct {
	Field string // that holds the semaphore
	Does  PlaceUse
}

// A PlaceUse says who has a place of a semaphore when a method returns.
type PlaceUse uint8

const (
	NoPlace PlaceUse = iota
	Takes            // the caller, who had none before
	Gives            // not the caller, who had one
	Holds            // nobody: it was held while what the method was given ran
)

// Limit is what is known of an executor's bound.
type Limit uint8

const (
	UnknownLimit Limit = iota
	Limited
	NoLimit
)

// Param returns what is known of the parameter at an index, or nil.
func (f *Func) Param(i int) *Param {
	if f != nil {
		for k := range f.Params {
			if int(f.Params[k].Index) == i {
				return &f.Params[k]
			}
		}
	}
	return nil
}

// Executor returns the index of the one group or pool that a function gives tasks to, and false if
// there is none, or more than one.
func (f *Func) Executor() (index int8, ok bool) {
	for i := range f.Params {
		if f.Params[i].Spawns {
			if ok {
				return 0, false
			}
			index, ok = f.Params[i].Index, true
		}
	}
	return index, ok
}

// Result returns what is known of the result at an index, or nil.
func (f *Func) Result(i int) *Result {
	if f != nil {
		for k := range f.Results {
			if int(f.Results[k].Index) == i {
				return &f.Results[k]
			}
		}
	}
	return nil
}

// Zero reports whether f says nothing.
func (f *Func) Zero() bool {
	return len(f.Params) == 0 && len(f.Results) == 0 && len(f.Pools) == 0 && f.Place.Does == NoPlace && !f.Acquires && !f.Worker && !f.Limiter && f.Rejects == Never && !f.NoReturn
}

// String is the fact as analysistest matches it.
func (f *Func) String() string {
	var s []string
	for _, p := range f.Params {
		s = append(s, fmt.Sprintf("param%d{%s}", p.Index, p))
	}
	for _, r := range f.Results {
		s = append(s, fmt.Sprintf("result%d{%s}", r.Index, r))
	}
	for _, p := range f.Pools {
		s = append(s, "pool{"+p.Name+"}")
	}
	if f.Place.Does != NoPlace {
		s = append(s, [...]string{"", "takes", "gives", "holds"}[f.Place.Does]+" a place of "+f.Place.Field)
	}
	for _, b := range []struct {
		on   bool
		name string
	}{{f.Acquires, "acquires"}, {f.Worker, "worker"}, {f.Limiter, "limiter"}, {f.Rejects != Never, "rejects"}, {f.NoReturn, "noreturn"}} {
		if b.on {
			s = append(s, b.name)
		}
	}
	return strings.Join(s, " ")
}

func (p Param) String() string {
	var s []string
	tasks := [...]string{"", "called", "bounded", "unbounded", "by executor", "undecided"}
	if p.Task != NotRun {
		s = append(s, "task "+tasks[p.Task])
	}
	if p.Each != 0 {
		s = append(s, "for each")
	}
	if p.Elements != NotRun {
		s = append(s, "elements "+tasks[p.Elements])
	}
	for i, name := range []string{"keeps", "awaits", "closes", "receives", "sends", "reads"} {
		if p.Use&(1<<i) != 0 {
			s = append(s, name)
		}
	}
	if p.Limits {
		s = append(s, "limits")
	}
	if p.Spawns {
		s = append(s, "spawns")
	}
	return strings.Join(s, " ")
}

func (r Result) String() string {
	s := [...]string{"?", "limited", "unlimited"}[r.Limit]
	if r.Owes {
		s += " owes"
	}
	if r.Few {
		s += " few"
	}
	if r.Many != 0 {
		s += " many"
	}
	return s
}

// Telling reports whether f says more than that it keeps, reads or sends what it is given.
func (f *Func) Telling() bool {
	if len(f.Pools) > 0 || f.Place.Does != NoPlace || f.Acquires || f.Worker || f.Limiter || f.Rejects != Never {
		return true
	}
	for i := range f.Params {
		if p := &f.Params[i]; p.Task != NotRun || p.Elements != NotRun || p.Limits || p.Spawns || p.Use&(Awaits|Closes|Receives) != 0 {
			return true
		}
	}
	for i := range f.Results {
		if r := &f.Results[i]; r.Limit != UnknownLimit || r.Owes || r.Few || r.Many != 0 {
			return true
		}
	}
	return false
}
