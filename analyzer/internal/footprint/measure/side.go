package measure

import (
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
)

// Never waits, and is what a sample's other side does.
func Never() { wait() }

// Must returns v, unless there is an error.
func Must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// Waited panics: what should have waited has returned.
func Waited(err error) any {
	if err != nil {
		panic(err)
	}
	panic("it did not wait")
}

// HTTP is the address of a server that reads requests and answers none.
func HTTP() string { return server().URL }

// Body is the address of a server that answers with that, and does not end.
func Body(body []byte) string {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		Must(w.Write(body))
		w.(http.Flusher).Flush()
		wait()
	})).URL
}

// TLS is HTTP over TLS, with HTTP/1.1 only.
func TLS() string {
	s := unstarted()
	s.StartTLS()
	return s.URL
}

// HTTP2 is HTTP over TLS.
func HTTP2() string {
	s := unstarted()
	s.EnableHTTP2 = true
	s.StartTLS()
	return s.URL
}

func unstarted() *httptest.Server {
	return httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { wait() }))
}

func server() *httptest.Server {
	s := unstarted()
	s.Start()
	return s
}

// Silent is the address of a server that accepts connections and says nothing.
func Silent() string { return Serving(func(net.Conn) {}) }

// TLSConn is that of one that says nothing after the handshake.
func TLSConn() string {
	s := unstarted()
	s.StartTLS() // for its certificate
	config := s.TLS
	s.Close()
	return Serving(func(c net.Conn) { tls.Server(c, config).Read(make([]byte, 1)) })
}

// Serving is the address of a server that runs talk for each connection, and keeps it open.
func Serving(talk func(net.Conn)) string {
	l := Must(net.Listen("tcp", "127.0.0.1:0"))
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				panic(err)
			}
			go func() {
				talk(c)
				wait()
				runtime.KeepAlive(c) // what nobody refers to, the collector closes
			}()
		}
	}()
	return l.Addr().String()
}

// Stalled is a reader of data that then neither ends nor brings more. It has no other method, so that
// nothing takes a shortcut.
func Stalled(data []byte) io.Reader { return &stalled{data} }

type stalled struct{ rest []byte }

func (s *stalled) Read(p []byte) (int, error) {
	if len(s.rest) == 0 {
		wait()
	}
	n := copy(p, s.rest)
	s.rest = s.rest[n:]
	return n, nil
}

// Full is a writer that takes nothing.
var Full io.Writer = full{}

type full struct{}

func (full) Write([]byte) (int, error) { wait(); return 0, nil }
