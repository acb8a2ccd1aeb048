package profile

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/maruel/panicparse/v2/stack"
)

// largest is the size at which the runtime cuts off a dump.
const largest = 64 << 20

// batch is how much of a dump is given to the parser at once, since it keeps more of a goroutine than its
// text.
const batch = 64 << 10

var dumpHeader = regexp.MustCompile(`^goroutine \d+ (?:gp=.* )?\[`)

// A dump reads the stacks of all goroutines, as debug=2 and a crash write them.
type dump struct {
	*collector
	leaks bool // some are marked as leaked
}

// readDump reads a dump. One of the largest size is without its end, and then its last goroutine does not
// count. What stands before the first goroutine is passed over: a crash says why.
func readDump(r io.Reader, largest int) (*Profile, error) {
	d := &dump{collector: newCollector()}
	in := bufio.NewReaderSize(r, 1<<20)
	var pending bytes.Buffer
	size := 0
	for begun := false; ; {
		line, err := in.ReadSlice('\n')
		size += len(line)
		end := err == io.EOF
		switch {
		case err != nil && !end && err != bufio.ErrBufferFull:
			return nil, damaged(err)
		case err == bufio.ErrBufferFull && begun:
			return nil, errors.New("is damaged: it has a line longer than a megabyte")
		case err == bufio.ErrBufferFull:
			return d.profile(), nil // no text
		case end && begun && len(line) > 0 && size < largest:
			return nil, errors.New("is truncated in the middle of a line: take it again")
		}
		begun = begun || dumpHeader.Match(line)
		if begun {
			pending.Write(bytes.TrimRight(line, "\r\n"))
			pending.WriteByte('\n')
		}
		if end && size >= largest {
			dropLast(&pending) // the runtime has cut it off
		}
		if end || len(bytes.TrimSpace(line)) == 0 && pending.Len() >= batch {
			if err := d.parse(&pending, end && size < largest); err != nil {
				return nil, err
			}
		}
		if end {
			break
		}
	}
	p := d.profile()
	p.Leaks = d.leaks
	return p, nil
}

// dropLast drops the last goroutine.
func dropLast(b *bytes.Buffer) {
	if i := bytes.LastIndex(b.Bytes(), []byte("\n\n")); i >= 0 {
		b.Truncate(i + 1)
	} else {
		b.Reset()
	}
}

// parse takes what is pending, which is whole goroutines; of the last ones, the last may be cut off.
func (d *dump) parse(pending *bytes.Buffer, last bool) error {
	var cutOff bool
	for pending.Len() > 0 {
		snapshot, rest, err := stack.ScanSnapshot(bytes.NewReader(pending.Bytes()), io.Discard, &stack.Opts{})
		if err != nil && err != io.EOF {
			return fmt.Errorf("is damaged: %v", err)
		}
		if snapshot == nil {
			break
		}
		for _, g := range snapshot.Goroutines {
			// All but the first goroutine of a process say what created them.
			cutOff = len(g.Stack.Calls) == 0 || len(g.CreatedBy.Calls) == 0 && g.ID > 1
			d.goroutine(g)
		}
		if len(rest) >= pending.Len() {
			break
		}
		again := bytes.Clone(rest) // what follows a line that belongs to no goroutine
		pending.Reset()
		pending.Write(again)
	}
	pending.Reset()
	if last && cutOff {
		return errors.New("is truncated within a goroutine: take it again")
	}
	return nil
}

func (d *dump) goroutine(g *stack.Goroutine) {
	s := Stack{Count: 1, Oldest: minutes(g.SleepMax), Whole: !g.Stack.Elided}
	state, _, _ := strings.Cut(g.State, " labels:{")
	state, s.Leaked = strings.CutSuffix(strings.TrimSuffix(state, " (durable)"), " (leaked)")
	d.leaks = d.leaks || s.Leaked
	for i := range g.Stack.Calls {
		s.Frames = append(s.Frames, frameOf(&g.Stack.Calls[i]))
	}
	s.Frames, s.Wait = trim(s.Frames)
	if wait, ok := states[strings.TrimSuffix(state, " (nil chan)")]; ok {
		s.Wait = wait
	} else if !working[state] {
		s.Wait = Other
	}
	if len(g.CreatedBy.Calls) > 0 {
		s.Start = frameOf(&g.CreatedBy.Calls[0])
		s.Start.Func, _, _ = strings.Cut(s.Start.Func, " in goroutine ")
	}
	d.add(s)
}

func frameOf(c *stack.Call) Frame {
	return Frame{Func: symbol(c.Func.Complete), File: filepath.ToSlash(c.RemoteSrcPath), Line: c.Line}
}

// states are the words of a dump for what is waited for; all others but those of working are Other.
var states = map[string]Wait{
	"chan send": Send, "chan receive": Receive, "select": Select, "select (no cases)": Forever,
}

// working are the states of goroutines that wait for nobody.
var working = map[string]bool{"running": true, "runnable": true, "syscall": true, "idle": true, "preempted": true, "copystack": true}
