package cli

import (
	"fmt"
	"os"
	"sync"
	"time"
)

// colourful reports whether a reader of f sees colours: a terminal, unless the user
// said otherwise (https://no-color.org).
func colourful(f *os.File) bool {
	return isTerminal(f) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull) // a character device too
	return err != nil || !os.SameFile(info, null)
}

// progress tells people at a terminal that a long run is alive.
type progress struct {
	mu       sync.Mutex
	start    time.Time
	packages int
	shown    bool
}

// patience is how long a run may be silent.
const patience = 2 * time.Second

// step counts a package.
func (p *progress) step() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.start.IsZero() {
		p.start = time.Now()
	}
	p.packages++
	if time.Since(p.start) < patience || !isTerminal(os.Stderr) {
		return
	}
	p.shown = true
	fmt.Fprintf(os.Stderr, "\r\x1b[K%d packages checked", p.packages)
}

// clear takes the line away.
func (p *progress) clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shown {
		fmt.Fprint(os.Stderr, "\r\x1b[K")
		p.shown = false
	}
}
