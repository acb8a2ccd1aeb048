package answers

import (
	"os"
	"os/signal"

	"poollint.test/analyzer/rules/abandoned/testdata/help"
)

// A getter gives the channel that a field holds.
type program struct{ events chan int }

func (p *program) Events() <-chan int { return p.events }

func relayed() int {
	p := &program{make(chan int)}
	done := make(chan int, 1)
	go func() { done <- <-p.Events() }() // silent: abandoned "in every run of relayed"
	p.events <- 1
	return <-done
}

func gotBefore() int {
	p := &program{make(chan int)}
	done := make(chan int, 1)
	events := p.Events()
	go func() { // silent: abandoned "in every run of gotBefore"
		done <- <-events
	}()
	p.events <- 1
	return <-done
}

// A callback may be called again.
func visitedOften(devices []*help.Device, match func(*int) *int) *int {
	out := make(chan *int)
	go func() { // want `abandoned: the goroutine blocks forever sending on out when visitedOften returns at line \d+ before receiving everything`
		for _, d := range devices {
			d.VisitServices(func(s *int) {
				if x := match(s); x != nil {
					out <- x
				}
			})
		}
		close(out)
	}()
	return <-out
}

// After signal.Stop, nobody sends a signal.
func interrupted(work func() error) error {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt)
	defer signal.Stop(stop)
	go func() { // want `abandoned: the goroutine waits forever on stop when interrupted returns at line \d+`
		<-stop
		println("interrupted")
	}()
	return work()
}

func interruptedLater(work func() error) error {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt)
	go func() { // silent: abandoned "in every run of interruptedLater"
		for range stop {
			println("interrupted")
		}
	}()
	return work()
}

func interruptedUntil(work func() error) error {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt)
	defer func() {
		signal.Stop(stop)
		close(stop)
	}()
	go func() { // silent: abandoned "in every run of interruptedUntil"
		for range stop {
			println("interrupted")
		}
	}()
	return work()
}
