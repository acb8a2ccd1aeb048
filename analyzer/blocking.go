package analyzer

import (
	"fmt"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/effects"
	"github.com/poollint/poollint/analyzer/internal/sites"
)

var blocking = Rule{
	ID:    "blocking",
	Title: "a task on a pool for computing waits",
	Why: `A pool for computing has as many workers as there are CPUs. While its tasks wait for the network, a
file or a channel, the CPUs idle and the tasks that could compute stand in the queue.`,
	Incident: "https://github.com/minio/warp/pull/151: the concurrency of a network client followed the number of CPUs",
	Wrong: `package blocking

import (
	"context"
	"net/http"

	"github.com/poollint/poollint/pool"
)

func ping(ctx context.Context, cpu *pool.CPU, url string) (int, error) {
	return pool.Submit(ctx, cpu, func(context.Context) (int, error) {
		resp, err := http.Get(url)
		if err != nil {
			return 0, err
		}
		return resp.StatusCode, resp.Body.Close()
	}).Await(ctx)
}
`,
	Right: `package blocking

import (
	"context"
	"net/http"

	"github.com/poollint/poollint/pool"
)

func ping(ctx context.Context, io *pool.IO, url string) (int, error) {
	return pool.Submit(ctx, io, func(context.Context) (int, error) {
		resp, err := http.Get(url)
		if err != nil {
			return 0, err
		}
		return resp.StatusCode, resp.Body.Close()
	}).Await(ctx)
}
`,
	Decides: `The pool is for computing by its type (pool.CPU), by //poollint:cpu, by what its library says, or by
a name that says so (cpuPool, computePool). The task, or what it calls, unmistakably waits: for the
network, a file, a database, a process, a timer, another task, or by receiving from a channel. A
send into a channel with room, a mutex, a log are no waits; neither is a select that only sends or
is told to stop.`,
	Limits: `A wait behind an interface is seen only where the interface says that it waits, as net.Conn does.`,
	NotWhen: `Off by default: many a pool is sized by the number of CPUs as some limit, and a short read from a
local file before minutes of computing hurts nobody.`,
	run: runBlocking,
}

func runBlocking(r *reporter, p *sites.Package) {
	r.eachTask(p, catalog.CPU, func(t task, e *effects.Effect) {
		switch {
		case e.Waits == nil && e.Blind != nil:
			r.spare(t, e.Blind, fmt.Sprintf("nothing is known of what %s does, and the rest does not wait", e.Blind.What))
			return
		case e.Waits == nil:
			r.spare(t, nil, "the task waits for nothing")
			return
		case !e.Clear:
			r.spare(t, e.Waits, fmt.Sprintf("%s may wait, but not unmistakably", e.Waits.What))
			return
		case t.taken != nil && t.taken(e.Waits):
			r.spare(t, e.Waits, "the worker waits for its next piece of work")
			return
		}
		cure := "submit it to an I/O pool"
		if _, ok := e.Computes(); ok {
			cure = "split it: wait on an I/O pool, and compute here"
		}
		r.reportTask(t, fmt.Sprintf("the task on CPU %s (%s) waits, and a CPU idles: %s: %s", t.name, t.kind.Why, t.from(e.Waits), cure), e.Waits, "it waits here")
	})
}
