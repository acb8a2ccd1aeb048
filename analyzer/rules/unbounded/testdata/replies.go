package unbounded

import (
	"log"
	"net/http"
	"sync"
)

// Who waits for a reply takes no token, be it with a condition that others make true.

type reply struct {
	mu   sync.Mutex
	cond *sync.Cond
	done bool
	err  error
}

func (r *reply) wait() {
	r.mu.Lock()
	for !r.done {
		r.cond.Wait()
	}
	r.mu.Unlock()
}

func (r *reply) Result() error {
	r.wait()
	return r.err
}

type verifier struct{ blocks chan []string }

func (v *verifier) ask(block []string) *reply {
	r := &reply{}
	r.cond = sync.NewCond(&r.mu)
	return r
}

func (v *verifier) run() {
	for block := range v.blocks {
		go func() { // want `one goroutine per element of v.blocks \(a channel\); a million at once hold`
			if err := v.ask(block).Result(); err != nil {
				log.Print(err)
				return
			}
			for _, tx := range block {
				http.Get(tx)
			}
		}()
	}
}
