package abandoned

import (
	"errors"
	"os"
)

// A deferred function that asks how the other one has ended closes when there is something to end.

var errCorrupt = errors.New("corrupt")

func replay(names []string) (err error) {
	in := make(chan string)
	defer func() {
		if errors.Is(err, errCorrupt) {
			close(in)
		}
	}()
	go func() {
		for name := range in {
			_ = os.Remove(name)
		}
	}()
	for _, name := range names {
		in <- name
		if name == "" {
			return errCorrupt
		}
	}
	close(in)
	return nil
}

// A deferred function that asks nothing of the kind does not.
func replayed(names []string) (err error) {
	in := make(chan string)
	defer func() {
		if err != nil {
			println("failed")
		}
	}()
	go func() { // want `the goroutine waits forever on in when replayed returns at line \d+, because nobody sends on it or closes it after that; close in on every path`
		for name := range in {
			_ = os.Remove(name)
		}
	}()
	for _, name := range names {
		in <- name
		if name == "" {
			return errCorrupt
		}
	}
	close(in)
	return nil
}
