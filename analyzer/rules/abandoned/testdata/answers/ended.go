package answers

// A cursor's producer ends when the cursor is closed, and whoever leaves early closes it.
type cursor struct {
	items chan string
	done  chan struct{}
}

func open(shelf func(int) []string) *cursor {
	c := &cursor{items: make(chan string), done: make(chan struct{})}
	go func() {
		defer close(c.items)
		for n := 0; ; n++ {
			items := shelf(n)
			if len(items) == 0 {
				return
			}
			for _, it := range items {
				select {
				case c.items <- it:
				case <-c.done:
					return
				}
			}
		}
	}()
	return c
}

func (c *cursor) close() { close(c.done) }

func find(shelf func(int) []string, title string) bool {
	c := open(shelf)
	defer c.close()
	for it := range c.items {
		if it == title {
			return true
		}
	}
	return false
}

// Of two who leave early, one forgets to.
type scan struct {
	items chan string
	done  chan struct{}
}

func start(shelf func(int) []string) *scan {
	s := &scan{items: make(chan string), done: make(chan struct{})}
	go func() { // want `abandoned: the goroutine blocks forever sending on items when first returns`
		defer close(s.items)
		for n := 0; ; n++ {
			items := shelf(n)
			if len(items) == 0 {
				return
			}
			for _, it := range items {
				select {
				case s.items <- it:
				case <-s.done:
					return
				}
			}
		}
	}()
	return s
}

func (s *scan) stop() { close(s.done) }

func scanFor(shelf func(int) []string, title string) bool {
	s := start(shelf)
	defer s.stop()
	for it := range s.items {
		if it == title {
			return true
		}
	}
	return false
}

func first(shelf func(int) []string, accept func(string) bool) string {
	s := start(shelf)
	for it := range s.items {
		if accept(it) {
			return it
		}
	}
	return ""
}
