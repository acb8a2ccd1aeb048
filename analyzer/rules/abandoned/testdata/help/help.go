// Package help has helpers that are given a channel.
package help

// Wait receives on every path.
func Wait(done <-chan error) error {
	err := <-done
	return err
}

// Run sends once.
func Run(done chan<- error, task func() error) { done <- task() }

var last <-chan error

// Keep keeps it.
func Keep(done <-chan error) { last = done }

// Len only looks.
func Len(done <-chan error) int { return len(done) }

// Drain receives until it is closed.
func Drain(done <-chan error) {
	for range done {
	}
}

// First receives until there is one.
func First(done <-chan error) error {
	for err := range done {
		if err != nil {
			return err
		}
	}
	return nil
}
