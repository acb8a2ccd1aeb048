package selfwait

// A board has one goroutine, to which all say what they want.
type board struct {
	notes chan string
	stop  chan struct{}
	all   []string
}

func newBoard() *board {
	b := &board{notes: make(chan string), stop: make(chan struct{})}
	go b.run()
	return b
}

func (b *board) Pin(note string) { b.notes <- note }
func (b *board) Close()          { close(b.stop) }

func (b *board) run() {
	for {
		select {
		case note := <-b.notes:
			b.put(note) // want "what runs here was taken from notes, and hands on to notes and waits"
		case <-b.stop:
			return
		}
	}
}

func (b *board) put(note string) {
	if note == "" {
		b.Pin("somebody pinned nothing")
		return
	}
	b.all = append(b.all, note)
}

// A calm board does itself what it would say to itself.
type calm struct {
	notes chan string
	stop  chan struct{}
	all   []string
}

func newCalm() *calm {
	c := &calm{notes: make(chan string), stop: make(chan struct{})}
	go c.run()
	return c
}

func (c *calm) Pin(note string) { c.notes <- note }
func (c *calm) Close()          { close(c.stop) }

func (c *calm) run() {
	for {
		select {
		case note := <-c.notes:
			c.put(note)
		case <-c.stop:
			return
		}
	}
}

func (c *calm) put(note string) {
	if note == "" {
		note = "somebody pinned nothing"
	}
	c.all = append(c.all, note)
}

// A clock winds itself anew when that has failed.
type clock struct {
	wind chan int
	stop chan struct{}
}

func newClock(turn func(int) error) *clock {
	c := &clock{wind: make(chan int), stop: make(chan struct{})}
	go func() {
		for {
			select {
			case n := <-c.wind:
				if err := turn(n); err != nil {
					c.wind <- n + 1 // want "what runs here was taken from wind, and hands on to wind and waits"
				}
			case <-c.stop:
				return
			}
		}
	}()
	return c
}

func (c *clock) Wind(n int) { c.wind <- n }
func (c *clock) Stop()      { close(c.stop) }

// A bell rings again without asking itself.
type bell struct {
	ring chan int
	stop chan struct{}
}

func newBell(strike func(int) error) *bell {
	b := &bell{ring: make(chan int), stop: make(chan struct{})}
	go func() {
		for {
			select {
			case n := <-b.ring:
				if err := strike(n); err != nil {
					select {
					case b.ring <- n:
					default:
					}
				}
			case <-b.stop:
				return
			}
		}
	}()
	return b
}

func (b *bell) Ring(n int) { b.ring <- n }
func (b *bell) Stop()      { close(b.stop) }
