package unbounded

import (
	"bufio"
	"io"
	"net"
	"sync"
	"sync/atomic"
)

// A source reloads when it is told to, one reload at a time.
type source struct {
	reloading atomic.Bool
	load      func()
	ask       func(string) error
}

func (s *source) reloadOnce() {
	if !s.reloading.CompareAndSwap(false, true) {
		return
	}
	go func() { // silent: unbounded "only while there is room"
		s.load()
		s.reloading.Store(false)
	}()
}

func (s *source) reload() {
	go s.load() // want `unbounded: one goroutine per element of lines`
}

func (s *source) each(lines *bufio.Scanner) {
	for lines.Scan() {
		if s.ask(lines.Text()) != nil {
			s.reloadOnce()
		}
	}
}

func (s *source) eachAtOnce(lines *bufio.Scanner) {
	for lines.Scan() {
		if s.ask(lines.Text()) != nil {
			s.reload()
		}
	}
}

type packet struct {
	from string
	data []byte
}

func drain(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) }

// One session for each sender that is new: how many there are is asked with -strict.
func sessions(packets chan packet, dial func(string) (net.Conn, error)) {
	var mu sync.Mutex
	known := map[string]net.Conn{}
	for p := range packets {
		mu.Lock()
		conn, ok := known[p.from]
		if !ok {
			var err error
			if conn, err = dial(p.from); err != nil {
				mu.Unlock()
				continue
			}
			known[p.from] = conn
		}
		mu.Unlock()
		_, _ = conn.Write(p.data)
		if !ok {
			go drain(conn)
		}
	}
}

// Each of many has its own flag.
func reloadAll(lines *bufio.Scanner, open func(string) *source) {
	for lines.Scan() {
		s := open(lines.Text())
		s.reloadAlone()
	}
}

func (s *source) reloadAlone() {
	if !s.reloading.CompareAndSwap(false, true) {
		return
	}
	go func() { // want `unbounded: one goroutine per element of lines`
		s.load()
		s.reloading.Store(false)
	}()
}
