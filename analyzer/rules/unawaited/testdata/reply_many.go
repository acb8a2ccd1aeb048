package unawaited

import "sync"

type listenerOf interface{ Tell(string) bool }

// Each of many says whether it has heard: that is no result of one task.
func tellAll(all []listenerOf, text string) chan bool {
	var wg sync.WaitGroup
	heard := make(chan bool, len(all))
	for _, l := range all {
		wg.Go(func() { heard <- l.Tell(text) })
	}
	go func() {
		wg.Wait()
		close(heard)
	}()
	return heard
}

// One says it.
func tellOne(l listenerOf, text string) chan bool {
	heard := make(chan bool, 1)
	go func() { heard <- l.Tell(text) }()
	return heard
}

// Each of these has a channel of its own.
func tellEach(all []listenerOf, text string) []chan bool {
	var each []chan bool
	for _, l := range all {
		heard := make(chan bool, 1)
		go func() { heard <- l.Tell(text) }()
		each = append(each, heard)
	}
	return each
}

func tell(all []listenerOf) {
	tellAll(all, "now")
	tellOne(all[0], "now") // want `unawaited: .*`
	for _, heard := range tellEach(all, "later") {
		<-heard
	}
}

// What calls a function for each event has more than one result.
type feed struct {
	events chan string
	quit   chan struct{}
}

func (f *feed) each(handle func(string)) {
	go func() {
		for e := range f.events {
			handle(e)
		}
	}()
}

func (f *feed) subscribe() <-chan string {
	heard := make(chan string)
	f.each(func(e string) {
		select {
		case heard <- e:
		case <-f.quit:
		}
	})
	return heard
}

func (f *feed) follow() {
	heard := f.subscribe()
	for {
		select {
		case <-f.quit:
			return
		case e := <-heard:
			println(e)
		}
	}
}
