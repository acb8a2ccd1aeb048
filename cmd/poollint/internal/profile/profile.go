// Package profile reads what a running program says of its goroutines: the profiles goroutine and
// goroutineleak of runtime/pprof, in each of their three forms, and the findings of an audit of package
// pool. Whatever the form, the same goroutines come out as the same stacks; what a form does not say is
// left unknown.
package profile

import (
	"strings"
	"time"
)

// A Profile is what one source says.
type Profile struct {
	Name   string    // of the file, or the address
	Leaks  bool      // it is the profile goroutineleak
	Time   time.Time // when it was taken; zero: not known
	Total  int       // goroutines
	Stacks []Stack   // the most frequent first
	Seen   []Seen    // of an audit, which has no stacks
}

// A Stack is goroutines that are at the same place.
type Stack struct {
	Count  int           // of goroutines, at least 1
	Leaked bool          // the runtime says that they can never run again
	Wait   Wait          // what they wait for
	Oldest time.Duration // how long one has waited, in whole minutes; 0: not known
	Frames []Frame       // from the inside out, without those of package runtime at either end
	Start  Frame         // the statement that started them; zero: not known
	Whole  bool          // the last frame is the first function that they run
}

// A Frame is a line of a function. Code that was inlined has frames of its own.
type Frame struct {
	Func  string // the symbol, type arguments written as [...]: example.com/p.(*T).M.func1
	File  string // as the program was compiled, slash-separated
	Line  int
	Start int // the function's first line; 0: not known
}

// A Wait is what a goroutine waits for.
type Wait uint8

const (
	Runs    Wait = iota // it does not wait, or for the processor or the operating system
	Send                // on a channel
	Receive             // from a channel
	Select              // for one of several channels
	Forever             // a select without cases
	Channel             // one of these; the text with debug=1 does not say which
	Other               // in the function of the first frame, which is a library's: a lock, a group, the network
)

var waits = [...]string{"runs", "send", "receive", "select", "select without cases", "channel", "other"}

func (w Wait) String() string { return waits[w] }

// symbol writes a function's symbol as Frame has it.
func symbol(s string) string {
	s = unescape(s)
	open := strings.IndexByte(s, '[')
	if open < 0 {
		return s
	}
	var b strings.Builder
	depth := 0
	for _, c := range s {
		switch {
		case c == '[':
			if depth == 0 {
				b.WriteString("[...]")
			}
			depth++
		case c == ']':
			depth--
		case depth == 0:
			b.WriteRune(c)
		}
	}
	return b.String()
}

// unescape undoes what the linker does to dots in the last element of an import path, and to others.
func unescape(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			hi, lo := hex(s[i+1]), hex(s[i+2])
			if hi >= 0 && lo >= 0 {
				b.WriteByte(byte(hi<<4 | lo))
				i += 2
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func hex(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	}
	return -1
}
