package answers

import "errors"

type line struct {
	text string
	err  error
}

// Both sides leave with the error that is sent: what the struct says decides.
func count(next func() (string, bool), good func(string) bool) (n int, err error) {
	lines := make(chan line)
	go func() { // silent: abandoned "in every run of count that was followed it ends"
		defer close(lines)
		for text, ok := next(); ok; text, ok = next() {
			if !good(text) {
				lines <- line{err: errors.New("bad " + text)}
				return
			}
			lines <- line{text: text}
		}
	}()
	for l := range lines {
		if l.err != nil {
			return n, l.err
		}
		n++
	}
	return n, nil
}

// The reader leaves with the first error, and the writer goes on.
func countOn(next func() (string, bool), good func(string) bool) (n int, err error) {
	lines := make(chan line)
	go func() { // want `abandoned: the goroutine blocks forever sending on lines when countOn returns`
		defer close(lines)
		for text, ok := next(); ok; text, ok = next() {
			if !good(text) {
				lines <- line{err: errors.New("bad " + text)}
				continue
			}
			lines <- line{text: text}
		}
	}()
	for l := range lines {
		if l.err != nil {
			return n, l.err
		}
		n++
	}
	return n, nil
}

// A flag says it as well; one that is set afterwards says nothing.
func countToLast(next func() (string, bool)) (n int) {
	type page struct {
		text string
		last bool
	}
	pages := make(chan page)
	go func() { // silent: abandoned "in every run of countToLast that was followed it ends"
		for text, more := next(); more; text, more = next() {
			pages <- page{text: text}
		}
		pages <- page{last: true}
	}()
	for {
		p := <-pages
		if p.last {
			return n
		}
		n += len(p.text)
	}
}

// A cutter leaves with the first text that is too short, how short nobody knows, while the feeder goes on.
func cutAll(texts []string, least int, sink func(string)) error {
	feed, left := make(chan string), make(chan error, 3)
	go func() { // want `abandoned: the goroutine blocks forever sending on feed when cutAll returns`
		defer close(feed)
		for _, t := range texts {
			feed <- t
		}
	}()
	for range 3 {
		go func() { left <- cut(feed, least, sink) }()
	}
	for range 3 {
		if err := <-left; err != nil {
			return err
		}
	}
	return nil
}

func cut(in <-chan string, least int, sink func(string)) error {
	for t := range in {
		if len(t) < least {
			return errors.New("too short")
		}
		sink(t)
	}
	return nil
}

// Four places are too few for eight who send before anybody receives; eight are enough.
func measureEight(tubes [8]string, measure func(string) line) (all []line) {
	out := make(chan line, 4)
	done := make(chan struct{}, 8)
	for _, t := range tubes {
		go func() { // want `abandoned: the goroutine blocks forever sending on out`
			out <- measure(t)
			done <- struct{}{}
		}()
	}
	for range tubes {
		<-done
	}
	for range tubes {
		all = append(all, <-out)
	}
	return all
}

func measureEightWithRoom(tubes [8]string, measure func(string) line) (all []line) {
	out := make(chan line, 8)
	done := make(chan struct{}, 8)
	for _, t := range tubes {
		go func() {
			out <- measure(t)
			done <- struct{}{}
		}()
	}
	for range tubes {
		<-done
	}
	for range tubes {
		all = append(all, <-out)
	}
	return all
}
