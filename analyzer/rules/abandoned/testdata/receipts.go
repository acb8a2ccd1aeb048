package abandoned

import (
	"errors"
	"time"
)

type receipt struct {
	ref string
	err error
}

type charge struct{ out chan receipt }

func (c *charge) waitFor(d time.Duration) (receipt, error) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case r := <-c.out:
		return r, nil
	case <-t.C:
		return receipt{}, errors.New("no answer yet")
	}
}

func authorize(ask func() (string, error)) *charge {
	c := &charge{out: make(chan receipt)}
	go func() { // want `abandoned: the goroutine blocks forever sending on out when pay returns`
		ref, err := ask()
		c.out <- receipt{ref, err}
	}()
	return c
}

// A receipt holds an error, but nobody comes to the charge by it.
func pay(ask func() (string, error)) (receipt, error) {
	return authorize(ask).waitFor(3 * time.Second)
}

type voucher struct {
	of  *charge
	err error
}

func reserve(ask func() (string, error)) *charge {
	c := &charge{out: make(chan receipt)}
	go func() { // silent: abandoned "others may still unblock it"
		ref, err := ask()
		c.out <- receipt{ref, err}
	}()
	return c
}

// Who has the voucher may wait for the charge again.
func book(ask func() (string, error)) voucher {
	c := reserve(ask)
	_, err := c.waitFor(time.Second)
	return voucher{c, err}
}
