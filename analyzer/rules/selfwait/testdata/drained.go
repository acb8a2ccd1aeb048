package selfwait

import (
	"sync"
	"time"
)

// What takes as many tokens as there are waits until all have been given back.

type talker struct {
	once sync.Once
	talk *talks
}

func newTalker() *talker { return &talker{talk: newTalks()} }

type talks struct {
	slots chan struct{}
}

func newTalks() *talks {
	t := &talks{slots: make(chan struct{}, 1024)}
	for i := 0; i < cap(t.slots); i++ {
		t.slots <- struct{}{}
	}
	return t
}

func (t *talks) handle(work func()) {
	timeout := time.NewTimer(time.Second)
	defer timeout.Stop()
	select {
	case <-t.slots:
		go func() {
			defer func() { t.slots <- struct{}{} }()
			work()
		}()
	case <-timeout.C:
	}
}

func (t *talks) wait() {
	for i := 0; i < cap(t.slots); i++ {
		<-t.slots
	}
}

func (s *talker) Close() {
	s.once.Do(func() {
		s.talk.wait() // silent: selfwait "as many tokens as there are"
	})
}

func (t *talks) both(work func()) {
	<-t.slots
	t.wait1() // want `both acquires a token of slots while it holds one`
	work()
	t.slots <- struct{}{}
}

func (t *talks) wait1() {
	<-t.slots
	t.slots <- struct{}{}
}

// What tells the watcher of each node to end is no token of it.

type watched struct {
	done     chan struct{}
	events   chan int
	stopped  bool
	children map[string]*watched
}

func (n *watched) update(names map[string]bool) {
	for name := range names {
		child := &watched{done: make(chan struct{}, 1), events: n.events, children: map[string]*watched{}}
		n.children[name] = child
		child.update(nil)
	}
	for name, child := range n.children {
		if !names[name] {
			child.stop()
			delete(n.children, name)
		}
	}
	go func() {
		select {
		case n.events <- len(names):
		case <-n.done:
		}
	}()
}

func (n *watched) stop() {
	if !n.stopped {
		n.done <- struct{}{}
		n.stopped = true
	}
	for _, child := range n.children {
		child.stop()
	}
}
