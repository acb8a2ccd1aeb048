package abandoned

import (
	"errors"
	"time"
)

// A listener hands out what comes in. Who has it may ask again at any time.
type listener struct {
	accepted chan int
	err      error
}

func listen(next func() (int, error)) *listener {
	l := &listener{accepted: make(chan int)}
	go func() { // silent: abandoned "others may still unblock it"
		for {
			n, err := next()
			if err != nil {
				l.err = err
				close(l.accepted)
				return
			}
			l.accepted <- n
		}
	}()
	return l
}

func (l *listener) Accept() (int, error) {
	n, ok := <-l.accepted
	if !ok {
		return 0, l.err
	}
	return n, nil
}

// It has two things to say.
func introduce(name, trade string) *listener {
	l := &listener{accepted: make(chan int)}
	go func() { // silent: abandoned "others may still unblock it"
		l.accepted <- len(name)
		l.accepted <- len(trade)
	}()
	return l
}

// A letter comes once; who has given up waiting does not ask again.
type letter struct{ arrived chan error }

func post(deliver func() error) *letter {
	p := &letter{arrived: make(chan error)}
	go func() { // want `abandoned: the goroutine blocks forever sending on arrived`
		p.arrived <- deliver()
	}()
	return p
}

func (p *letter) Await(d time.Duration) error {
	select {
	case err := <-p.arrived:
		return err
	case <-time.After(d):
		return errors.New("still on its way")
	}
}
