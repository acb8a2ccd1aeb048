package profile

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// The text with debug=1 has addresses, for programs, and what they mean in comments, for people:
//
//	goroutine profile: total 3
//	2 @ 0x43c12e 0x4098f1 0x409537 0x4a1b2c 0x46f0a1
//	#	0x4a1b2b	main.fetch.func1+0x2b	/src/fetch.go:3
//
// github.com/google/pprof/profile reads the former only, which need the program's binary. Frames of the
// runtime at the inner end have an address and no comment.
var (
	countsHeader = regexp.MustCompile(`^goroutine(leak)? profile: total (\d+)$`)
	countsGroup  = regexp.MustCompile(`^(\d+) @((?: 0x[0-9a-f]+)*)$`)
	countsFrame  = regexp.MustCompile(`^#\t(0x[0-9a-f]+)\t(.+)\+0x[0-9a-f]+\t+(.+):(\d+)$`)
)

// A group is goroutines with the same addresses.
type group struct {
	Stack
	addresses []string
	hidden    int // addresses at the inner end without a comment
	last      int // index of the address of the last comment
}

// wholeLines has a scanner refuse a last line that is not ended.
func wholeLines(data []byte, atEOF bool) (advance int, token []byte, err error) {
	if advance, token, err = bufio.ScanLines(data, false); advance == 0 && atEOF && len(data) > 0 && err == nil {
		err = errors.New("it is truncated in the middle of a line: take it again")
	}
	return advance, token, err
}

// readCounts reads a profile as debug=1 writes it.
func readCounts(r io.Reader) (*Profile, error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	lines.Split(wholeLines)
	var leaks bool
	total, sum := 0, 0
	var groups []group
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimRight(lines.Text(), "\r")
		if n == 1 {
			m := countsHeader.FindStringSubmatch(line)
			if m == nil {
				return nil, fmt.Errorf("is not a goroutine profile: its first line is %q", line)
			}
			leaks = m[1] != ""
			total, _ = strconv.Atoi(m[2])
			continue
		}
		if line == "" || strings.HasPrefix(line, "# labels:") {
			continue
		}
		if m := countsGroup.FindStringSubmatch(line); m != nil {
			count, err := strconv.Atoi(m[1])
			if err != nil || count < 1 {
				return nil, fmt.Errorf("is damaged at line %d: %q counts no goroutines", n, line)
			}
			sum += count
			groups = append(groups, group{Stack: Stack{Count: count, Leaked: leaks}, addresses: strings.Fields(m[2])})
			continue
		}
		m := countsFrame.FindStringSubmatch(line)
		if m == nil && strings.HasPrefix(line, "#\t0x") {
			continue // the runtime does not know the function: it is not Go's
		}
		if m == nil || len(groups) == 0 {
			return nil, fmt.Errorf("is damaged at line %d: %q is not a stack frame", n, line)
		}
		g := &groups[len(groups)-1]
		if g.last = g.before(m[1]); len(g.Frames) == 0 {
			g.hidden = g.last
		}
		at, _ := strconv.Atoi(m[4])
		g.Frames = append(g.Frames, Frame{Func: symbol(m[2]), File: filepath.ToSlash(m[3]), Line: at})
	}
	if err := lines.Err(); err != nil {
		return nil, damaged(err)
	}
	// The address of runtime.goexit, the last, has no comment.
	if n := len(groups) - 1; n >= 0 && groups[n].last < len(groups[n].addresses)-2 {
		return nil, errors.New("is truncated within a goroutine: take it again")
	}
	if sum != total {
		return nil, fmt.Errorf("is truncated: it announces %d goroutines and has %d; take it again", total, sum)
	}
	c := newCollector()
	parked := parkedAt(groups)
	for _, g := range groups {
		g.Whole = !cut(len(g.addresses))
		g.wait(parked)
		c.add(g.Stack)
	}
	p := c.profile()
	p.Leaks = leaks
	return p, nil
}

// before is how many addresses stand before the one of a frame, which is one less.
func (g *group) before(frame string) int {
	at, _ := strconv.ParseUint(frame, 0, 64)
	for i, a := range g.addresses {
		if n, _ := strconv.ParseUint(a, 0, 64); n == at+1 {
			return i
		}
	}
	return 0
}

// parkedAt is the address at which goroutines wait: the innermost of most of those whose innermost
// frames are hidden.
func parkedAt(groups []group) string {
	times := map[string]int{}
	best := ""
	for _, g := range groups {
		if g.hidden < 2 {
			continue
		}
		a := g.addresses[0]
		if times[a]++; times[a] > times[best] {
			best = a
		}
	}
	return best
}

// wait says what the goroutines wait for, as far as the text does.
func (g *group) wait(parked string) {
	var wait Wait
	g.Frames, wait = trim(g.Frames)
	switch {
	case wait != Runs: // all frames are the runtime's, and shown
		g.Wait = wait
	case g.hidden < 1 || g.addresses[0] != parked:
		g.Wait = Runs
	case len(g.Frames) > 0 && lent(g.Frames[0].Func):
		g.Wait = Other
	default:
		g.Wait = Channel
	}
}

// lent reports whether a function is the runtime's under the name of another package: what waits in it
// waits for no channel.
func lent(symbol string) bool {
	name := symbol[strings.LastIndexByte(symbol, '.')+1:]
	return symbol == "time.Sleep" || strings.HasPrefix(name, "runtime_")
}
