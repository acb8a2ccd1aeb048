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
			b.put(note) // want "the work here was received from notes, and sends to notes and waits"
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
					c.wind <- n + 1 // want "the work here was received from wind, and sends to wind and waits"
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

// An account corrects itself by what it would be told, whatever its sum is by then.
type account struct {
	moves chan move
	sums  chan chan int
	sum   int
}

type move struct {
	by  int
	ack chan<- int
}

func newAccount() *account {
	a := &account{moves: make(chan move), sums: make(chan chan int)}
	go a.keep()
	return a
}

func (a *account) keep() {
	for {
		select {
		case m := <-a.moves:
			a.sum += m.by
			if a.sum < 0 {
				a.pay(-a.sum) // want "the work here was received from moves, and sends to moves and waits"
			}
			m.ack <- a.sum
		case c := <-a.sums:
			c <- a.sum
		}
	}
}

func (a *account) pay(by int) int {
	ack := make(chan int, 1)
	a.moves <- move{by, ack}
	return <-ack
}

// A neighbour hands on to the next one, which has a goroutine of its own.
type neighbour struct {
	news chan string
	next *neighbour
	all  []string
}

func newNeighbour(next *neighbour) *neighbour {
	n := &neighbour{news: make(chan string), next: next}
	go n.listen()
	return n
}

func (n *neighbour) Tell(s string) { n.news <- s }

func (n *neighbour) listen() {
	for s := range n.news {
		n.all = append(n.all, s)
		if n.next != nil {
			n.next.Tell(s)
		}
	}
}

// Diggers find work for each other, at a channel without room.
func digAlong(veins func(string) []string, first string, diggers int) {
	todo := make(chan string)
	for range diggers {
		go func() {
			for v := range todo {
				for _, next := range veins(v) {
					todo <- next // want "the work here was received from todo, and sends to todo and waits"
				}
			}
		}()
	}
	todo <- first
}

// Here each has a list for what it finds.
func digByList(veins func(string) []string, starts []string, diggers int) {
	todo := make(chan string)
	for range diggers {
		go func() {
			for v := range todo {
				list := []string{v}
				for len(list) > 0 {
					v, list = list[0], list[1:]
					list = append(list, veins(v)...)
				}
			}
		}()
	}
	for _, v := range starts {
		todo <- v
	}
	close(todo)
}

// Two players have one ball, and a table that holds none.
type rally struct{ hits int }

func play(table chan *rally, stroke func()) {
	for b := range table {
		b.hits++
		stroke()
		table <- b
	}
}

func match(stroke func()) {
	table := make(chan *rally)
	go play(table, stroke)
	go play(table, stroke)
	table <- new(rally)
	<-table
	close(table)
}

func endless(stroke func()) {
	table := make(chan *rally)
	for range 2 {
		go func() {
			for b := range table {
				b.hits++
				stroke()
				table <- b
			}
		}()
	}
	table <- new(rally)
}

// Many try again what has failed, and more comes meanwhile.
func tryAll(jobs []string, try func(string) bool) {
	todo := make(chan string)
	for range 4 {
		go func() { // want "abandoned"
			for j := range todo {
				if !try(j) {
					todo <- j // want "the work here was received from todo, and sends to todo and waits"
				}
			}
		}()
	}
	for _, j := range jobs {
		todo <- j
	}
}

// A press takes jobs of several sorts, of which one brings another job.
type press struct {
	jobs chan pressing
	off  chan struct{}
	ink  int
}

type pressing interface{ on(*press) }

type sheet struct{ lines int }

func (g sheet) on(p *press) { p.ink -= g.lines }

type refill struct{ ink int }

func (r refill) on(p *press) {
	if p.ink += r.ink; p.ink < 0 {
		p.send(refill{-p.ink})
	}
}

func newPress() *press {
	p := &press{jobs: make(chan pressing), off: make(chan struct{})}
	go p.run()
	return p
}

func (p *press) run() {
	for {
		select {
		case j := <-p.jobs:
			j.on(p) // want "the work here was received from jobs, and sends to jobs and waits"
		case <-p.off:
			return
		}
	}
}

func (p *press) send(j pressing) { p.jobs <- j }
func (p *press) Print(lines int) { p.send(sheet{lines}) }
func (p *press) Off()            { close(p.off) }

// A stamp has two sorts, of which neither does.
type stamp struct {
	jobs  chan stamping
	count int
}

type stamping interface{ at(*stamp) }

type once struct{}

func (once) at(s *stamp) { s.count++ }

type twice struct{ first stamping }

func (t twice) at(s *stamp) {
	t.first.at(s)
	once{}.at(s)
}

func newStamp() *stamp {
	s := &stamp{jobs: make(chan stamping)}
	go func() {
		for j := range s.jobs {
			j.at(s)
		}
	}()
	return s
}

func (s *stamp) Send(j stamping) { s.jobs <- j }
func (s *stamp) Close()          { close(s.jobs) }

// A keeper does what he is given, one after the other.
type keeper struct {
	tasks chan func()
	gone  chan struct{}
	items map[string]int
}

func newKeeper() *keeper {
	k := &keeper{tasks: make(chan func()), gone: make(chan struct{}), items: map[string]int{}}
	go k.keep()
	return k
}

func (k *keeper) keep() {
	for {
		select {
		case task := <-k.tasks:
			task()
		case <-k.gone:
			return
		}
	}
}

func (k *keeper) Leave() { close(k.gone) }

func (k *keeper) do(task func()) {
	done := make(chan struct{})
	select {
	case k.tasks <- func() { task(); close(done) }:
		<-done
	case <-k.gone:
	}
}

func (k *keeper) Count(name string) (n int) {
	k.do(func() { n = k.items[name] })
	return n
}

func (k *keeper) Double(name string) {
	k.do(func() {
		k.items[name] += k.Count(name) // want "the work here was received from tasks, and sends to tasks and waits"
	})
}

func (k *keeper) Twice(name string) {
	n := k.Count(name)
	k.do(func() { k.items[name] += n })
}

func (k *keeper) From(other *keeper, name string) {
	k.do(func() { k.items[name] += other.Count(name) })
}

func (k *keeper) Later(name string) {
	k.do(func() {
		go k.Double(name)
	})
}

func (k *keeper) Perhaps(name string) {
	k.do(func() {
		select {
		case k.tasks <- func() { delete(k.items, name) }:
		default:
			delete(k.items, name)
		}
	})
}
