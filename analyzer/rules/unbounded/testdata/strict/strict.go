// Package strict holds what only a careful reviewer would ask about.
package strict

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strings"

	"github.com/gammazero/workerpool"
)

func visit(ctx context.Context, name string) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, name, nil)
	if err == nil {
		http.DefaultClient.Do(req)
	}
}

// A parameter of unknown size and unknown domain.
func Visit(ctx context.Context, things []string) {
	for _, thing := range things {
		go visit(ctx, thing) // want `unbounded: one goroutine per element of things \(the parameter things of Visit\)`
	}
}

// Peers grow with the installation, but they are few who agree.
func Ping(ctx context.Context, peers []string) {
	for _, peer := range peers {
		go visit(ctx, peer) // silent: unbounded "the names suggest things that a program operates"
	}
}

// There are as many machines as somebody has.
func Patch(ctx context.Context, machines map[string]string) {
	for name := range machines {
		go visit(ctx, machines[name]) // want `unbounded: one goroutine per element of machines \(the parameter machines of Patch\)`
	}
	for name := range machines {
		go func() { // silent: unbounded "the task never waits"
			if name == "" {
				panic(len(machines))
			}
		}()
	}
}

// What is run is as much as callers pass, whatever that is called; what they list is few.
func RunSteps(steps []func()) {
	for _, step := range steps {
		go step() // want `unbounded: one goroutine per element of steps \(the parameter steps of RunSteps\)`
	}
}

func RunListed(steps ...func()) {
	for _, step := range steps {
		go step() // silent: unbounded "the names suggest a list that the program defines"
	}
}

func RunStages(ctx context.Context, stages []string) {
	for _, stage := range stages {
		go visit(ctx, stage) // silent: unbounded "the names suggest a list that the program defines"
	}
}

type racks struct{ hosts []string }

func NewRacks(hosts []string) *racks { return &racks{hosts} }

func (r *racks) Patch(ctx context.Context) {
	for _, host := range r.hosts {
		go visit(ctx, host) // want `unbounded: one goroutine per element of r.hosts \(the parameter r of Patch\)`
	}
}

// A query decides how many, whatever they are called.
func Pipelines(ctx context.Context, db store) error {
	var pipelines []string
	if err := db.All(&pipelines); err != nil {
		return err
	}
	for _, pipeline := range pipelines {
		go visit(ctx, pipeline) // want `unbounded: one goroutine per element of pipelines \(loaded by db.All\)`
	}
	return nil
}

type store interface{ All(dst any) error }

// What a directory is searched for may be anything.
func Release(ctx context.Context, in index) error {
	refs, err := in.SearchDir(ctx, "cache")
	for _, ref := range refs {
		go visit(ctx, ref) // want `unbounded: one goroutine per element of refs \(listed by in.SearchDir\)`
	}
	return err
}

type index interface {
	SearchDir(ctx context.Context, dir string) ([]string, error)
}

type node struct {
	name  string
	attrs []string
}

// What the elements are made from is a fleet, they are not.
func attributes(ctx context.Context, nodes []node) {
	var names []string
	for _, n := range nodes {
		names = append(names, n.attrs[0])
	}
	for _, name := range names {
		go visit(ctx, name) // want `unbounded: one goroutine per element of names \(the parameter nodes of attributes\)`
	}
}

func members(ctx context.Context, nodes []node) {
	var servers []string
	for _, n := range nodes {
		servers = append(servers, n.name)
	}
	for _, server := range servers {
		go visit(ctx, server)
	}
}

var (
	_ = attributes
	_ = members
)

// The workers are bounded, the queue is not.
func Lines(ctx context.Context, in io.Reader) {
	p := workerpool.New(8)
	defer p.StopWait()
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		name := lines.Text()
		p.Submit(func() { visit(ctx, name) }) // want `unbounded: p has bounded workers but an unbounded queue: whatever lines \(the lines of an input\) delivers faster than they work piles up in memory`
	}
}

// What is read at once is in memory before it is in the queue, which adds little.
func AllLines(ctx context.Context, in io.Reader) error {
	p := workerpool.New(8)
	defer p.StopWait()
	text, err := io.ReadAll(in)
	if err != nil {
		return err
	}
	for _, name := range strings.Split(string(text), "\n") {
		p.Submit(func() { visit(ctx, name) })
	}
	return nil
}

// A pool that serves what comes through a channel is made once for that.
func Arrivals(ctx context.Context, names <-chan string) {
	p := workerpool.New(8) // silent: churn "as long as messages arrive"
	defer p.StopWait()
	for name := range names {
		p.SubmitWait(func() { visit(ctx, name) })
	}
}

// One for each that comes is used for that one only.
func Arrival(ctx context.Context, names <-chan []string) {
	for some := range names {
		p := workerpool.New(8) // want `churn: p is a new pool in each iteration`
		for _, name := range some {
			p.Submit(func() { visit(ctx, name) })
		}
		p.StopWait()
	}
}

// A token before each submit bounds what is queued.
func Tokens(ctx context.Context, in io.Reader) {
	p := workerpool.New(8)
	defer p.StopWait()
	tokens := make(chan struct{}, 32)
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		name := lines.Text()
		tokens <- struct{}{}
		p.Submit(func() {
			defer func() { <-tokens }()
			visit(ctx, name)
		})
	}
}

// A page is as long as a client asks, whatever its rows are called.
type table interface {
	Limit(n int) table
	Find(into any) error
}

func pipelinesOfPage(ctx context.Context, db table, size int) error {
	var pipelines []string
	if err := db.Limit(size).Find(&pipelines); err != nil {
		return err
	}
	for _, p := range pipelines {
		go visit(ctx, p) // want `unbounded: one goroutine per element of pipelines \(a page loaded by .*\)`
	}
	return nil
}

func pipelinesOfFixedPage(ctx context.Context, db table) error {
	var pipelines []string
	if err := db.Limit(50).Find(&pipelines); err != nil {
		return err
	}
	for _, p := range pipelines {
		go visit(ctx, p)
	}
	return nil
}

// A number that a function returns is one that somebody has chosen; a list is as long as there is.
func Chosen(ctx context.Context, p plan) {
	for range p.Workers() {
		go visit(ctx, "one of them")
	}
	for _, s := range p.Visits() {
		go visit(ctx, s) // want `unbounded: one goroutine per element of p.Visits\(\)`
	}
}

type plan interface {
	Workers() int
	Visits() []string
}
