// Package server serves a program; that one function of it starts a server for tests makes it no
// test support.
package server

import (
	"bufio"
	"io"
	"testing"
)

type Server struct{ names []string }

func New(names ...string) *Server { return &Server{names} }

func ForTest(tb testing.TB) *Server {
	tb.Helper()
	return New("test")
}

func (s *Server) Names() []string { return s.names }
func (s *Server) Len() int        { return len(s.names) }
func (s *Server) First() string   { return s.names[0] }
func (s *Server) Last() string    { return s.names[len(s.names)-1] }
func (s *Server) Add(name string) { s.names = append(s.names, name) }
func (s *Server) Clear()          { s.names = nil }
func (s *Server) Empty() bool     { return len(s.names) == 0 }
func (s *Server) Swap(i, j int)   { s.names[i], s.names[j] = s.names[j], s.names[i] }
func (s *Server) At(i int) string { return s.names[i] }
func (s *Server) Has(n string) bool {
	for _, name := range s.names {
		if name == n {
			return true
		}
	}
	return false
}

func (s *Server) Each(r io.Reader, f func(string)) {
	for lines := bufio.NewScanner(r); lines.Scan(); {
		go f(lines.Text()) // want `unbounded: `
	}
}
