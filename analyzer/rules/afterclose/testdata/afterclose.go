package afterclose

import (
	"log"

	"github.com/gammazero/workerpool"
	"github.com/panjf2000/ants/v2"
	concpool "github.com/sourcegraph/conc/pool"
)

func task() {}

func late() {
	p := workerpool.New(2)
	p.Submit(task)
	p.StopWait()
	p.Submit(task) // want `afterclose: p is given a task after p.StopWait\(\) at line \d+: it panics; submit it earlier, or keep the pool open`
}

func lateRefused() error {
	p, err := ants.NewPool(2)
	if err != nil {
		return err
	}
	p.Release()
	return p.Submit(task) // want `afterclose: p is given a task after p.Release\(\) at line \d+: the submit is rejected, and the task never runs`
}

func lateField(s *struct{ pool *workerpool.WorkerPool }) {
	s.pool.Stop()
	s.pool.Submit(task) // want `afterclose: s.pool is given a task after s.pool.Stop\(\)`
}

func lateOnOnePath(stop bool) {
	p := workerpool.New(2)
	if stop {
		p.StopWait()
		log.Print("stopped")
	}
	p.Submit(task) // want `afterclose: p is given a task after p.StopWait\(\)`
	if !stop {
		p.StopWait()
	}
}

func waitEnds() {
	p := concpool.New()
	p.Go(task)
	p.Wait()
	p.Go(task) // want `afterclose: p is given a task after p.Wait\(\)`
	p.Wait()
}

func deferredClose() {
	p := workerpool.New(2)
	defer p.StopWait()
	p.Submit(task)
}

func closesAndLeaves(stop bool) {
	p := workerpool.New(2)
	if stop {
		p.StopWait()
		return
	}
	p.Submit(task)
	p.StopWait()
}

func sameCondition(stop bool) {
	p := workerpool.New(2)
	if stop {
		p.StopWait()
	}
	if !stop {
		p.Submit(task)
		p.StopWait()
	}
}

func newPool(s *struct{ pool *workerpool.WorkerPool }) {
	s.pool.Stop()
	s.pool = workerpool.New(2)
	s.pool.Submit(task)
}

func newPoolEachTurn(names [4]string) {
	for range names {
		p := workerpool.New(2) // want "churn: p is a new pool in each iteration"
		p.Submit(task)
		p.StopWait()
	}
}

func otherPool() {
	p, q := workerpool.New(2), workerpool.New(2)
	p.StopWait()
	q.Submit(task)
	q.StopWait()
}

type server struct{ pool *workerpool.WorkerPool }

func (s *server) restart() { s.pool = workerpool.New(2) }

func (s *server) reopens() {
	s.pool.Stop()
	s.restart()
	s.pool.Submit(task)
}

func reboots(p *ants.Pool) error {
	p.Release()
	p.Reboot()
	return p.Submit(task)
}

// The default pool is everybody's.

func releasesShared() {
	defer ants.Release() // want `afterclose: ants.Release\(\) closes the default pool of the whole process, for everyone who uses it; call it only when the program exits`
	if err := ants.Submit(task); err != nil {
		log.Print(err)
	}
}

func releasesTheWrongOne() error {
	p, err := ants.NewPool(2) // want `unclosed: p is never closed`
	if err != nil {
		return err
	}
	defer ants.Release() // want `afterclose: ants.Release\(\) closes the default pool of the whole process, not the pool that this function makes; close the function's own pool`
	return p.Submit(task)
}

func everyPool(pools []*workerpool.WorkerPool, byName map[string]*workerpool.WorkerPool) {
	for _, p := range pools {
		p.Submit(task)
		p.StopWait()
	}
	for _, p := range byName {
		p.Submit(task)
		p.StopWait()
	}
}
