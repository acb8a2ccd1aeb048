package selfwait

import (
	"os"
	"sync"
)

// Tokens that are taken and given back only if a flag says so. It is set before.
type docker struct {
	limited bool
	slots   chan struct{}
	wg      sync.WaitGroup
	mu      sync.Mutex
}

func NewDocker() *docker { return &docker{slots: make(chan struct{}, 4)} }

func (d *docker) check() {
	if os.Getenv("DOCKER") != "" {
		d.limited = true
	}
}

func (d *docker) queue() {
	d.wg.Add(1)
	if d.limited {
		d.slots <- struct{}{}
	}
}

func (d *docker) dequeue() {
	d.wg.Done()
	if d.limited {
		<-d.slots
	}
}

func (d *docker) Stats(names []string) {
	d.check()
	var failed []string
	for _, name := range names {
		d.queue()
		go func(name string) {
			defer d.dequeue()
			if os.Remove(name) != nil {
				d.mu.Lock()
				failed = append(failed, name)
				d.mu.Unlock()
			}
		}(name)
	}
	d.wg.Wait()
	for _, name := range failed {
		d.queue()
		go func(name string) {
			defer d.dequeue()
			_ = os.Remove(name)
		}(name)
	}
	d.wg.Wait()
}
