// Package leak reads what a program writes that was built with GOEXPERIMENT=goroutineleakprofile.
package leak

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/maruel/panicparse/v2/stack"
)

// A Leak is a goroutine that can never run again.
type Leak struct {
	Label   string  // its label "run", with GODEBUG=tracebacklabels=1
	Waits   string  // chan send, sync.WaitGroup.Wait, …
	Frames  []Frame // from the inside out
	Created Frame   // the go statement
}

// A Frame is a line of a file, which is given without its folder.
type Frame struct {
	File string
	Line int
}

// labels are how the state of a goroutine ends that has the label "run" alone.
var labels = regexp.MustCompile(` labels:\{"run": "([^"]*)"\}$`)

// Parse reads the leaks from the stacks of all goroutines, such as
//
//	goroutine 20 [chan send (leaked) labels:{"run": "Fetch#5"}]:
//	main.fetch.func1()
//		/src/fetch.go:3 +0x1e
//	created by main.fetch in goroutine 19
//		/src/fetch.go:3 +0x5f
func Parse(stacks string) ([]Leak, error) {
	var leaks []Leak
	for rest := []byte(stacks); len(rest) > 0; {
		snapshot, after, err := stack.ScanSnapshot(bytes.NewReader(rest), io.Discard, &stack.Opts{})
		if err != nil && err != io.EOF {
			return nil, fmt.Errorf("reading the stacks of all goroutines: %w", err)
		}
		if snapshot == nil {
			break
		}
		for _, g := range snapshot.Goroutines {
			var l Leak
			state := g.State
			if m := labels.FindStringSubmatch(state); m != nil {
				l.Label, state = m[1], strings.TrimSuffix(state, m[0])
			}
			var leaked bool
			if l.Waits, leaked = strings.CutSuffix(state, " (leaked)"); !leaked {
				continue
			}
			for _, c := range g.Stack.Calls {
				l.Frames = append(l.Frames, Frame{c.SrcName, c.Line})
			}
			if calls := g.CreatedBy.Calls; len(calls) > 0 {
				l.Created = Frame{calls[0].SrcName, calls[0].Line}
			}
			leaks = append(leaks, l)
		}
		rest = after
	}
	return leaks, nil
}
