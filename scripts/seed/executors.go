package main

import (
	"go/types"
	"slices"
)

// An executor is a type that runs tasks, as its library documents it.
type executor struct {
	path, name string
	group      bool     // has no workers: it is waited for and not closed
	idle       bool     // keeps no worker without work: it need not be closed
	submits    []string // methods that take a task
	refuses    []string // those of them whose result says that the task was not taken
	closes     []string
	nested     string // a call that, in a task, waits for room or for the end of another task of %s, the executor
}

const (
	ants = "github.com/panjf2000/ants"
	conc = "github.com/sourcegraph/conc"
)

var executors = []executor{
	{path: "golang.org/x/sync/errgroup", name: "Group", group: true,
		submits: []string{"Go", "TryGo"}, refuses: []string{"TryGo"}, nested: "%s.Go(func() error { return nil })"},
	{path: conc, name: "WaitGroup", group: true, submits: []string{"Go"}},
	{path: conc + "/pool", name: "Pool", group: true, submits: []string{"Go"}, nested: "%s.Go(func() {})"},
	{path: conc + "/pool", name: "ErrorPool", group: true, submits: []string{"Go"}, nested: "%s.Go(func() error { return nil })"},
	{path: conc + "/pool", name: "ContextPool", group: true, submits: []string{"Go"}},
	{path: conc + "/pool", name: "ResultPool", group: true, submits: []string{"Go"}},
	{path: conc + "/pool", name: "ResultErrorPool", group: true, submits: []string{"Go"}},
	{path: conc + "/pool", name: "ResultContextPool", group: true, submits: []string{"Go"}},
	{path: ants, name: "Pool", submits: []string{"Submit"}, refuses: []string{"Submit"},
		closes: []string{"Release"}},
	{path: ants, name: "PoolWithFunc", submits: []string{"Invoke"}, refuses: []string{"Invoke"}, closes: []string{"Release"}},
	{path: ants + "/v2", name: "Pool", submits: []string{"Submit"}, refuses: []string{"Submit"},
		closes: []string{"Release", "ReleaseTimeout"}},
	{path: ants + "/v2", name: "PoolWithFunc", submits: []string{"Invoke"}, refuses: []string{"Invoke"},
		closes: []string{"Release", "ReleaseTimeout"}},
	{path: "github.com/gammazero/workerpool", name: "WorkerPool", submits: []string{"Submit", "SubmitWait"},
		closes: []string{"Stop", "StopWait"}, nested: "%s.SubmitWait(func() {})"},
	{path: "github.com/Jeffail/tunny", name: "Pool", submits: []string{"Process", "ProcessTimed", "ProcessCtx"},
		closes: []string{"Close"}},
	{path: "github.com/alitto/pond", name: "WorkerPool", submits: []string{"Submit", "TrySubmit", "SubmitAndWait"},
		refuses: []string{"TrySubmit"}, closes: []string{"Stop", "StopAndWait", "StopAndWaitFor"},
		nested: "%s.SubmitAndWait(func() {})"},
	{path: "github.com/alitto/pond/v2", name: "Pool", idle: true, submits: []string{"Submit", "SubmitErr", "Go"},
		refuses: []string{"Go"}, closes: []string{"Stop", "StopAndWait"}, nested: "%s.Submit(func() {}).Wait()"},
	// Takes no tasks, but refuses like what does.
	{path: "golang.org/x/sync/semaphore", name: "Weighted", group: true, refuses: []string{"Acquire", "TryAcquire"}},
}

// A future is the type of a task's result, and how it is asked for.
type future struct {
	path, name string
	awaits     []string
}

var futures = []future{
	{"github.com/poollint/poollint/pool", "Future", []string{"Await"}},
	{"github.com/alitto/pond/v2", "Task", []string{"Wait"}},
	{"github.com/hashicorp/raft", "Future", []string{"Error"}},
	{"github.com/hashicorp/raft", "ApplyFuture", []string{"Error"}},
	{"github.com/hashicorp/raft", "IndexFuture", []string{"Error"}},
	{"github.com/hashicorp/raft", "SnapshotFuture", []string{"Error"}},
	{"go.temporal.io/sdk/internal", "Future", []string{"Get"}},
	{"go.uber.org/cadence/internal", "Future", []string{"Get"}},
}

// named is the package and the name of a type, or of what it points to.
func named(t types.Type) (path, name string) {
	if t == nil {
		return "", ""
	}
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || n.Obj().Pkg() == nil {
		return "", ""
	}
	return n.Obj().Pkg().Path(), n.Obj().Name()
}

// executorOf is the row for a type, or nil.
func executorOf(t types.Type) *executor {
	path, name := named(t)
	i := slices.IndexFunc(executors, func(e executor) bool { return e.path == path && e.name == name })
	if i < 0 {
		return nil
	}
	return &executors[i]
}

// awaitsOf are the methods that ask a future for its result; none if the type is no future.
func awaitsOf(t types.Type) []string {
	path, name := named(t)
	for _, f := range futures {
		if f.path == path && f.name == name {
			return f.awaits
		}
	}
	return nil
}

func isFuture(t types.Type) bool { return awaitsOf(t) != nil }

func isGroup(t types.Type) bool {
	e := executorOf(t)
	return e != nil && e.group && len(e.submits) > 0
}

// isPool is for executors whose workers live until it is closed.
func isPool(t types.Type) bool {
	e := executorOf(t)
	return e != nil && !e.group && !e.idle
}

func isChan(t types.Type) bool {
	_, ok := t.Underlying().(*types.Chan)
	return ok
}

func isWaitGroup(t types.Type) bool {
	path, name := named(t)
	return path == "sync" && name == "WaitGroup"
}
