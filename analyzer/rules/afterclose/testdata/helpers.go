package afterclose

import (
	"log"

	"github.com/gammazero/workerpool"

	"poollint.test/analyzer/rules/afterclose/testdata/help"
)

// A helper, a closure or another name closes the pool.

func end(p *workerpool.WorkerPool) {
	log.Print("stopping")
	if p != nil {
		p.StopWait()
	}
}

func endIf(p *workerpool.WorkerPool, sure bool) {
	if sure {
		p.StopWait()
	}
}

func byAHelper() {
	p := workerpool.New(2)
	p.Submit(task)
	end(p)
	p.Submit(task) // want `afterclose: p is given a task after end, which closes it, at line \d+: it panics`
}

func byAHelperPerhaps(sure bool) {
	p := workerpool.New(2)
	endIf(p, sure)
	p.Submit(task)
	p.StopWait()
}

func byAClosure() {
	p := workerpool.New(2)
	stop := func() { p.StopWait() }
	stop()
	p.Submit(task) // want `afterclose: p is given a task after stop, which closes it`
}

func byAClosureLater() {
	p := workerpool.New(2)
	stop := func() { p.StopWait() }
	p.Submit(task)
	stop()
}

func byAnotherName() {
	p := workerpool.New(2)
	q := p
	q.StopWait()
	p.Submit(task) // want `afterclose: p is given a task after q\.StopWait\(\)`
}

func byAnotherNameOfAnother() {
	p := workerpool.New(2)
	q := p
	p = workerpool.New(2)
	q.StopWait()
	p.Submit(task)
	p.StopWait()
}

type holder struct{ pool *workerpool.WorkerPool }

func (h *holder) stop() { h.pool.StopWait() }

func (h *holder) add() { h.pool.Submit(task) }

func byAMethod(h *holder) {
	h.stop()
	h.add() // want `afterclose: h\.pool is given a task after stop, which closes it`
}

func ofAnother(h, other *holder) {
	h.stop()
	other.add()
}

// What a helper does if there is a pool, it does to the pool.

func (h *holder) stopIfAny() {
	if h == nil || h.pool == nil {
		return
	}
	h.pool.StopWait()
}

func byAMethodIfAny(h *holder) {
	h.stopIfAny()
	h.add() // want `afterclose: h\.pool is given a task after stopIfAny, which closes it`
}

func (h *holder) stopOnError(err error) {
	if err != nil {
		h.pool.StopWait()
	}
}

func byAMethodOnError(h *holder, err error) {
	h.stopOnError(err)
	h.add()
}

func beforeItsEnd() {
	p := workerpool.New(2)
	p.Submit(task) // silent: afterclose "no path leads here after the close"
	end(p)
}

func openedAgain() {
	p := workerpool.New(2)
	p.StopWait()
	p = workerpool.New(2)
	defer p.StopWait()
	p.Submit(task) // silent: afterclose "another pool, or one that has been reopened"
}

// A variable holds the method.

func byAMethodValue() {
	p := workerpool.New(2)
	end := p.StopWait
	p.Submit(task)
	end()
	p.Submit(task) // want `afterclose: p is given a task after end\(\) at line \d+: it panics`
}

func byAMethodValueLater() {
	p := workerpool.New(2)
	defer p.StopWait()
	wait := p.WaitingQueueSize
	log.Print(wait())
	p.Submit(task) // silent: afterclose "the pool is closed when byAMethodValueLater ends"
}

func byAMethodValueOfAnother() {
	p := workerpool.New(2)
	end := p.StopWait
	p = workerpool.New(3)
	end()
	p.Submit(task)
	p.StopWait()
}

// The pool is in what another package makes.

func kitchenShut(dish func()) {
	k := help.Open()
	k.Cook(dish)
	k.Shut()
	k.Cook(dish) // want `afterclose: k is given a task after k\.Shut\(\) at line \d+: no worker is left to run it`
}

func kitchenShutLast(dish func()) {
	k := help.Open()
	k.Cook(dish)
	k.Cook(dish) // silent: afterclose "no path leads here after the close"
	k.Shut()
}
