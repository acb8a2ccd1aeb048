package cli

import (
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/term"
)

// colourful reports whether a reader of f sees colours: a terminal, unless the user
// said otherwise (https://no-color.org).
func colourful(f *os.File) bool {
	return isTerminal(f) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}

func isTerminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

// progress tells people at a terminal that a long run is alive. Between the runs of the go command
// nothing of it is to be seen, so that whatever is printed then stands on a line of its own.
type progress struct {
	since    time.Time // when the first run began
	packages atomic.Int64
	expected atomic.Int64 // 0: not known
	quit     chan struct{}
	shown    sync.WaitGroup
}

// patience is how long a run may be silent.
const patience = time.Second

func (p *progress) Start() {
	if p.since.IsZero() {
		p.since = time.Now()
	}
	if p.quit = nil; !isTerminal(os.Stderr) || os.Getenv("TERM") == "dumb" {
		return
	}
	p.quit = make(chan struct{})
	p.shown.Go(p.show)
}

func (p *progress) Expect(packages int) { p.expected.Add(int64(packages)) }

func (p *progress) Step() { p.packages.Add(1) }

func (p *progress) Stop() {
	if p.quit != nil {
		close(p.quit)
	}
	p.shown.Wait()
}

// show keeps a line up to date, also while the first package waits for what it depends on, and
// takes it away at the end.
func (p *progress) show() {
	const erase = "\r\x1b[K"
	tick := time.NewTicker(patience / 4)
	defer tick.Stop()
	shown := false
	for {
		select {
		case <-p.quit:
			if shown {
				fmt.Fprint(os.Stderr, erase)
			}
			return
		case <-tick.C:
			if run := time.Since(p.since); run >= patience {
				shown = true
				doing := "reading dependencies"
				if n := p.packages.Load(); n > 0 {
					doing = fmt.Sprintf("packages checked: %d", n)
					if of := p.expected.Load(); of > 0 {
						doing += fmt.Sprintf(" of %d", of)
					}
				}
				fmt.Fprintf(os.Stderr, "%spoollint: %s, %d s", erase, doing, int(run.Seconds()))
			}
		}
	}
}
