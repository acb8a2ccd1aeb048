package selfwait

import "errors"

// Who makes room in a queue answers whom it displaces, and then waits for its own answer: done holds no tokens.
type asking struct {
	done chan struct{}
	err  error
}

type answering struct{ queue chan *asking }

func (a *answering) ask() error {
	w := &asking{done: make(chan struct{}, 1)}
	select {
	case a.queue <- w:
	default:
		select {
		case old := <-a.queue:
			old.err = errors.New("displaced")
			old.done <- struct{}{}
		default:
		}
		select {
		case a.queue <- w:
		default:
			return errors.New("full")
		}
	}
	<-w.done
	return w.err
}

func (a *answering) answerAll() {
	for len(a.queue) > 0 {
		w := <-a.queue
		w.done <- struct{}{}
	}
}

func (a *answering) answerTwo() {
	first := <-a.queue
	first.done <- struct{}{}
	second := <-a.queue
	second.done <- struct{}{}
}

func answers() *answering { return &answering{queue: make(chan *asking, 16)} }
