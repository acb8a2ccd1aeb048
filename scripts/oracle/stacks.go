package main

import (
	"regexp"
	"strconv"
	"strings"
)

// A leak is a goroutine that can never run again.
type leak struct {
	run         string // whose run it is part of, without the combination
	combination int
	waits       string // chan send, sync.WaitGroup.Wait, …
	frames      []frame
	created     frame // the go statement
}

type frame struct {
	file string
	line int
}

var (
	leakedHeader = regexp.MustCompile(`^goroutine \d+ \[(.*?)(?:, \d+ minutes)? \(leaked\).*labels:\{"run": "(.*)#(\d+)"\}`)
	frameLine    = regexp.MustCompile(`^\t(.*\.go):(\d+)`)
)

// leaks reads them from the stacks of all goroutines.
func leaks(stacks string) []leak {
	var all []leak
	for stack := range strings.SplitSeq(stacks, "\n\n") {
		header, rest, _ := strings.Cut(stack, "\n")
		m := leakedHeader.FindStringSubmatch(header)
		if m == nil {
			continue
		}
		l := leak{waits: m[1], run: m[2]}
		l.combination, _ = strconv.Atoi(m[3])
		created := false
		for line := range strings.Lines(rest) {
			if strings.HasPrefix(line, "created by ") {
				created = true
			}
			m := frameLine.FindStringSubmatch(line)
			if m == nil {
				continue
			}
			n, _ := strconv.Atoi(m[2])
			if f := (frame{m[1], n}); created {
				l.created = f
			} else {
				l.frames = append(l.frames, f)
			}
		}
		all = append(all, l)
	}
	return all
}
