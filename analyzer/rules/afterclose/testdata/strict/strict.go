// Package strict has tasks that submit to a pool which may be closed by then.
package strict

import (
	"sync"

	"github.com/gammazero/workerpool"
)

func crawl(root string, children func(string) []string) {
	p := workerpool.New(2)
	var visit func(string)
	visit = func(node string) {
		for _, child := range children(node) {
			p.Submit(func() { visit(child) }) // want `afterclose: a task of p submits to the pool, and StopWait at line \d+ may have closed it by then: it panics; wait for the tasks before closing it`
		}
	}
	p.Submit(func() { visit(root) })
	p.StopWait()
}

func crawlCounted(root string, children func(string) []string) {
	p := workerpool.New(2)
	var open sync.WaitGroup
	var visit func(string)
	visit = func(node string) {
		defer open.Done()
		for _, child := range children(node) {
			open.Add(1)
			p.Submit(func() { visit(child) })
		}
	}
	open.Add(1)
	p.Submit(func() { visit(root) })
	open.Wait()
	p.StopWait()
}
