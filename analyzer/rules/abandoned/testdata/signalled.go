package abandoned

import (
	"os"
	"os/signal"
)

// The system never closes the channel that it sends signals to: a loop over it goes on until one comes.
func untilInterrupted(save func()) {
	exit := make(chan struct{})
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt)
	go func() {
		for range signals {
			save()
			close(exit)
			break
		}
	}()
	<-exit
}

// Who sends work may be done.
func untilDone(work <-chan func()) {
	exit := make(chan struct{})
	go func() { // want `abandoned: untilDone waits forever on exit at line \d+ if this goroutine returns without sending or is never started`
		for f := range work {
			f()
			close(exit)
			break
		}
	}()
	<-exit
}
