package selfwait

import (
	"net"
	"net/http"
	"sync"
)

// What a vhost waits for is sent by whoever has found it in a map.
type vhosts struct {
	ln        net.Listener
	listeners sync.Map
}

func acceptAll(l net.Listener, f func(net.Conn)) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		go f(c)
	}
}

func (s *vhosts) Start() error {
	acceptAll(s.ln, func(c net.Conn) {
		name := c.RemoteAddr().String()
		var l *vhost
		if v, ok := s.listeners.Load(name); ok {
			l = v.(*vhost)
		} else {
			l = newVhost(s.ln)
			s.serve(l)
			s.listeners.Store(name, l)
		}
		l.conns <- c
	})
	return nil
}

func (s *vhosts) serve(l net.Listener) {
	go func() {
		_ = http.Serve(l, nil)
	}()
}

type vhost struct {
	conns  chan net.Conn
	parent net.Listener
}

func newVhost(l net.Listener) *vhost {
	return &vhost{parent: l, conns: make(chan net.Conn)}
}

func (l *vhost) Accept() (net.Conn, error) {
	c := <-l.conns
	return c, nil
}
func (l *vhost) Close() error   { return nil }
func (l *vhost) Addr() net.Addr { return l.parent.Addr() }
