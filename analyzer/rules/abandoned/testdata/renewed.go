package abandoned

// A survey sets its channel anew at each call: who left before has no one.
type survey struct {
	houses  [5]func() int
	answers chan int
}

func (s *survey) any() bool {
	s.ask()
	for range s.houses {
		if <-s.answers > 10 {
			return true
		}
	}
	return false
}

func (s *survey) ask() {
	s.answers = make(chan int)
	for _, h := range s.houses {
		go func() { s.answers <- h() }() // want `abandoned: the goroutine blocks forever sending on answers when any returns at line \d+ before receiving everything`
	}
}

// A poll leaves the rest for the next call.
type poll struct {
	houses  [5]func() int
	answers chan int
}

func (p *poll) start() {
	p.answers = make(chan int)
	for _, h := range p.houses {
		go func() { p.answers <- h() }() // silent: abandoned "others may still unblock it"
	}
}

func (p *poll) Next() int { return <-p.answers }

// A census receives all.
type census struct {
	houses  [5]func() int
	answers chan int
}

func (c *census) sum() (n int) {
	c.ask()
	for range c.houses {
		n += <-c.answers
	}
	return n
}

func (c *census) ask() {
	c.answers = make(chan int)
	for _, h := range c.houses {
		go func() { c.answers <- h() }() // silent: abandoned "in every run"
	}
}

func surveys(s *survey, p *poll, c *census) {
	s.any()
	p.start()
	c.sum()
}
