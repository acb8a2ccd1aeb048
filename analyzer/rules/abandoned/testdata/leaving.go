package abandoned

import (
	"bufio"
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// A constructor that fails after it has started a goroutine.

type modem struct {
	line net.Conn
	out  chan []byte
	quit chan struct{}
}

func dial(line net.Conn) (*modem, error) {
	m := &modem{line: line, out: make(chan []byte), quit: make(chan struct{})}
	go m.write() // want `abandoned: the goroutine waits forever on quit when dial returns at line \d+, because nobody sends on it or closes it after that; close quit on every path`
	if _, err := line.Write([]byte("ATDT")); err != nil {
		line.Close()
		return nil, err
	}
	return m, nil
}

func dialOrHangUp(line net.Conn) (*modem, error) {
	m := &modem{line: line, out: make(chan []byte), quit: make(chan struct{})}
	go m.write()
	if _, err := line.Write([]byte("ATDT")); err != nil {
		m.hangUp()
		return nil, err
	}
	return m, nil
}

func (m *modem) write() {
	for {
		select {
		case b := <-m.out:
			m.line.Write(b)
		case <-m.quit:
			return
		}
	}
}

func (m *modem) send(b []byte) {
	select {
	case m.out <- b:
	case <-m.quit:
	}
}

func (m *modem) hangUp() {
	close(m.quit)
	m.line.Close()
}

// A send in a loop that returns after it is one send.

type Permit struct {
	ask  func() error
	lost chan error
	stop chan struct{}
}

func Apply(ask func() error) *Permit {
	p := &Permit{ask: ask, lost: make(chan error), stop: make(chan struct{})}
	go p.renew() // want `abandoned: the goroutine blocks forever sending on lost once While no longer receives from it at line \d+; also select on a done channel in the send`
	return p
}

func (p *Permit) renew() {
	for {
		select {
		case <-p.stop:
			return
		case <-time.After(time.Minute):
			if err := p.ask(); err != nil {
				p.lost <- err
				return
			}
		}
	}
}

func (p *Permit) While(done <-chan error) error {
	select {
	case err := <-done:
		return err
	case err := <-p.lost:
		return err
	}
}

func (p *Permit) Return() { close(p.stop) }

type Licence struct {
	ask  func() error
	lost chan error
	stop chan struct{}
}

func Register(ask func() error) *Licence {
	l := &Licence{ask: ask, lost: make(chan error), stop: make(chan struct{})}
	go l.renew()
	return l
}

func (l *Licence) renew() {
	for {
		select {
		case <-l.stop:
			return
		case <-time.After(time.Minute):
			if err := l.ask(); err != nil {
				select {
				case l.lost <- err:
				case <-l.stop:
				}
				return
			}
		}
	}
}

func (l *Licence) While(done <-chan error) error {
	select {
	case err := <-done:
		return err
	case err := <-l.lost:
		return err
	}
}

func (l *Licence) Return() { close(l.stop) }

// Who receives has started the sender: no other call comes for what it leaves.

type Press struct {
	pages  int
	sheets chan int
}

func NewPress(pages int) *Press { return &Press{pages: pages, sheets: make(chan int, 2)} }

func (p *Press) feed() {
	defer close(p.sheets)
	for i := range p.pages {
		p.sheets <- i
	}
}

func (p *Press) Run(w io.Writer) error {
	go p.feed() // want `abandoned: the goroutine blocks forever sending on sheets once Run no longer receives from it at line \d+; also select on a done channel in the send`
	for s := range p.sheets {
		if _, err := w.Write([]byte{byte(s)}); err != nil {
			return err
		}
	}
	return nil
}

// Tray is one whose sheets are asked for one by one: the next call may come.
type Tray struct {
	pages  int
	sheets chan int
}

func NewTray(pages int) *Tray {
	t := &Tray{pages: pages, sheets: make(chan int, 2)}
	go t.feed()
	return t
}

func (t *Tray) feed() {
	defer close(t.sheets)
	for i := range t.pages {
		t.sheets <- i
	}
}

func (t *Tray) Next() (int, bool) {
	s, ok := <-t.sheets
	return s, ok
}

// The goroutine that serves what others put into a map has ended, and told none of them.

type Radio struct {
	rw    io.ReadWriter
	mu    sync.Mutex
	next  byte
	calls map[byte]chan []byte
}

func NewRadio(rw io.ReadWriter) *Radio {
	r := &Radio{rw: rw, calls: map[byte]chan []byte{}}
	go r.listen() // want `abandoned: Call waits forever on answer at line \d+ if this goroutine returns without sending or is never started; send or close on every path`
	return r
}

func (r *Radio) listen() {
	for in := bufio.NewReader(r.rw); ; {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return
		}
		r.mu.Lock()
		answer := r.calls[line[0]]
		delete(r.calls, line[0])
		r.mu.Unlock()
		if answer != nil {
			answer <- line
		}
	}
}

func (r *Radio) Call(b []byte) ([]byte, error) {
	answer := make(chan []byte, 1)
	r.mu.Lock()
	r.next++
	r.calls[r.next] = answer
	r.mu.Unlock()
	if _, err := r.rw.Write(b); err != nil {
		return nil, err
	}
	return <-answer, nil
}

type Phone struct {
	rw    io.ReadWriter
	mu    sync.Mutex
	dead  bool
	next  byte
	calls map[byte]chan []byte
}

func NewPhone(rw io.ReadWriter) *Phone {
	p := &Phone{rw: rw, calls: map[byte]chan []byte{}}
	go p.listen()
	return p
}

func (p *Phone) listen() {
	defer p.end()
	for in := bufio.NewReader(p.rw); ; {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return
		}
		p.mu.Lock()
		answer := p.calls[line[0]]
		delete(p.calls, line[0])
		p.mu.Unlock()
		if answer != nil {
			answer <- line
		}
	}
}

func (p *Phone) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.dead = true
	for _, answer := range p.calls {
		close(answer)
	}
}

func (p *Phone) Call(b []byte) ([]byte, error) {
	answer := make(chan []byte, 1)
	p.mu.Lock()
	if p.dead {
		p.mu.Unlock()
		return nil, errors.New("the line is dead")
	}
	p.next++
	p.calls[p.next] = answer
	p.mu.Unlock()
	if _, err := p.rw.Write(b); err != nil {
		return nil, err
	}
	return <-answer, nil
}

// A flag that a sender asks for between its sends does not end the one at which it blocks.

type reel struct {
	frames chan int
	cut    atomic.Bool
}

func roll(more func() bool) *reel {
	r := &reel{frames: make(chan int)}
	go func() { // want `abandoned: the goroutine blocks forever sending on frames when find returns at line \d+ before receiving everything`
		defer close(r.frames)
		for i := 0; more() && !r.cut.Load(); i++ {
			r.frames <- i
		}
	}()
	return r
}

func find(more func() bool, want int) bool {
	r := roll(more)
	defer r.cut.Store(true)
	for i := range r.frames {
		if i == want {
			return true
		}
	}
	return false
}

func rollDrained(more func() bool) *reel {
	r := &reel{frames: make(chan int)}
	go func() {
		defer close(r.frames)
		for i := 0; more() && !r.cut.Load(); i++ {
			r.frames <- i
		}
	}()
	return r
}

func findDrained(more func() bool, want int) bool {
	r := rollDrained(more)
	defer func() {
		r.cut.Store(true)
		for range r.frames {
		}
	}()
	for i := range r.frames {
		if i == want {
			return true
		}
	}
	return false
}

// Who leaves has said so in a field that who waits asks for.

type dipstick struct {
	mu   sync.Mutex
	err  error
	asks chan struct{}
	last byte
}

func newDipstick(r io.ByteReader) *dipstick {
	g := &dipstick{asks: make(chan struct{}, 1)}
	go g.pull(r)
	return g
}

func (g *dipstick) pull(r io.ByteReader) {
	for range g.asks {
		b, err := r.ReadByte()
		g.mu.Lock()
		g.last, g.err = b, err
		g.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func (g *dipstick) Read() (byte, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.err != nil {
		return 0, g.err
	}
	g.asks <- struct{}{}
	return g.last, nil
}

// How much is in a buffer is known.

func drainNow(n chan int) (total int) {
	if len(n) == 1 {
		total = <-n
	}
	return total
}

func spill() int {
	n := make(chan int, 1)
	go func() {
		select {
		case n <- 1:
		default:
		}
	}()
	return drainNow(n)
}
