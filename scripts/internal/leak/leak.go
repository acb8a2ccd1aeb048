// Package leak reads what a program writes that was built with GOEXPERIMENT=goroutineleakprofile.
package leak

import (
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
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

var (
	header = regexp.MustCompile(`^goroutine \d+ \[([^,\]]*?) \(leaked\)[^\]]*\]`)
	label  = regexp.MustCompile(`labels:\{.*"run": "([^"]*)"`)
	frame  = regexp.MustCompile(`^\t(.*\.go):(\d+)`)
)

// Parse reads the leaks from the stacks of all goroutines, such as
//
//	goroutine 20 [chan send (leaked) labels:{"run": "Fetch#5"}]:
//	main.fetch.func1()
//		/src/fetch.go:3 +0x1e
//	created by main.fetch in goroutine 19
//		/src/fetch.go:3 +0x5f
func Parse(stacks string) []Leak {
	var leaks []Leak
	for stack := range strings.SplitSeq(stacks, "\n\n") {
		first, rest, _ := strings.Cut(stack, "\n")
		m := header.FindStringSubmatch(first)
		if m == nil {
			continue
		}
		l := Leak{Waits: m[1]}
		if m := label.FindStringSubmatch(first); m != nil {
			l.Label = m[1]
		}
		created := false
		for line := range strings.Lines(rest) {
			created = created || strings.HasPrefix(line, "created by ")
			m := frame.FindStringSubmatch(line)
			if m == nil {
				continue
			}
			n, _ := strconv.Atoi(m[2])
			if f := (Frame{filepath.Base(m[1]), n}); created {
				l.Created = f
			} else {
				l.Frames = append(l.Frames, f)
			}
		}
		leaks = append(leaks, l)
	}
	return leaks
}
