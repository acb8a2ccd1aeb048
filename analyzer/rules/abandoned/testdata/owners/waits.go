package owners

import (
	"context"
	"io"
	"log"
	"sync"
	"time"
)

// The group is in a field, and each function that tells it of tasks waits for them.
type stage struct {
	ready sync.WaitGroup
}

func (s *stage) rehearse(lights func(), sound func() error) {
	s.ready.Add(2)
	go func() {
		defer s.ready.Done()
		lights()
	}()
	go func() { // want `abandoned: rehearse waits forever for ready at line \d+: this goroutine can return without calling Done`
		if err := sound(); err != nil {
			return
		}
		s.ready.Done()
	}()
	s.ready.Wait()
}

func (s *stage) rehearseAnyway(lights func(), sound func() error) {
	s.ready.Add(2)
	go func() {
		defer s.ready.Done()
		lights()
	}()
	go func() {
		defer s.ready.Done()
		_ = sound()
	}()
	s.ready.Wait()
}

// Nobody closes parsed, and all who send on it are started here.
type importer struct {
	lines  chan string
	parsed chan int
	wg     sync.WaitGroup
}

func newImporter() *importer { return &importer{lines: make(chan string), parsed: make(chan int)} }

func (im *importer) parse() {
	defer im.wg.Done()
	for l := range im.lines {
		im.parsed <- len(l)
	}
}

func (im *importer) Run(lines []string) (n int) {
	go func() {
		defer close(im.lines)
		for _, l := range lines {
			im.lines <- l
		}
	}()
	im.wg.Add(2)
	for range 2 {
		go im.parse() // want `abandoned: Run ranges over parsed at line \d+ and never returns, because nothing closes it`
	}
	for p := range im.parsed {
		n += p
	}
	return n
}

// A watcher hands on what comes, also when nobody asks any more; that something has come says nothing of an end.
type Watcher struct {
	src     <-chan string
	changed chan string
	quit    chan struct{}
	wg      sync.WaitGroup
}

func NewWatcher(src <-chan string) *Watcher {
	w := &Watcher{src: src, changed: make(chan string), quit: make(chan struct{})}
	w.wg.Add(1)
	go w.pump() // want `abandoned: the goroutine blocks forever sending on changed once Next no longer receives from it`
	return w
}

func (w *Watcher) pump() {
	defer w.wg.Done()
	for {
		select {
		case e, ok := <-w.src:
			if !ok {
				return
			}
			w.changed <- e
		case <-w.quit:
			return
		}
	}
}

func (w *Watcher) Next(ctx context.Context) (string, error) {
	select {
	case f := <-w.changed:
		return f, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func (w *Watcher) Close() {
	close(w.quit)
	w.wg.Wait()
}

// A reader gives up with the watch that it serves.
type Reader struct {
	src     <-chan string
	changed chan string
	quit    chan struct{}
	wg      sync.WaitGroup
}

func NewReader(src <-chan string) *Reader {
	r := &Reader{src: src, changed: make(chan string), quit: make(chan struct{})}
	r.wg.Add(1)
	go r.pump()
	return r
}

func (r *Reader) pump() {
	defer r.wg.Done()
	for {
		select {
		case e, ok := <-r.src:
			if !ok {
				return
			}
			select {
			case r.changed <- e:
			case <-r.quit:
				return
			}
		case <-r.quit:
			return
		}
	}
}

func (r *Reader) Next(ctx context.Context) (string, error) {
	select {
	case f := <-r.changed:
		return f, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func (r *Reader) Close() {
	close(r.quit)
	r.wg.Wait()
}

// After the hammer nobody takes bids; a timer says so to the clerk, and to nobody else.
type Lot struct {
	bids   chan int
	winner chan int
}

func Open(limit time.Duration) *Lot {
	l := &Lot{bids: make(chan int), winner: make(chan int, 1)}
	go l.clerk(limit) // want `abandoned: Bid blocks forever sending on bids at line \d+ once this goroutine has stopped receiving`
	return l
}

func (l *Lot) clerk(limit time.Duration) {
	best := 0
	hammer := time.After(limit)
	for {
		select {
		case b := <-l.bids:
			best = max(best, b)
		case <-hammer:
			l.winner <- best
			return
		}
	}
}

func (l *Lot) Bid(b int) { l.bids <- b }

// Three send, and there is room for two.
func calibrate(measure [3]func() float64) (all []float64, err error) {
	values := make(chan float64, 2)
	for _, m := range measure {
		go func() { values <- m() }() // want `abandoned: the goroutine blocks forever sending on values when calibrate returns at line \d+ without receiving; give values a buffer of 3`
	}
	late := time.After(time.Minute)
	for len(all) < len(measure) {
		select {
		case v := <-values:
			all = append(all, v)
		case <-late:
			return all, io.ErrUnexpectedEOF
		}
	}
	return all, nil
}

// Whoever has the lines as a writer can write them, and not close them.
type lineWriter chan<- string

func (w lineWriter) Write(p []byte) (int, error) {
	w <- string(p)
	return len(p), nil
}

func run(steps []func(io.Writer) error, show func(string)) error {
	lines := make(chan string)
	go func() { // want `abandoned: the goroutine waits forever on lines when run returns at line \d+`
		for l := range lines {
			show(l)
		}
	}()
	for _, s := range steps {
		if err := s(lineWriter(lines)); err != nil {
			return err
		}
	}
	close(lines)
	return nil
}

type pipe chan<- string

func (p pipe) Write(b []byte) (int, error) {
	p <- string(b)
	return len(b), nil
}

func (p pipe) Close() error {
	close(p)
	return nil
}

func runPiped(steps []func(io.WriteCloser) error, show func(string)) error {
	lines := make(chan string)
	go func() {
		for l := range lines {
			show(l)
		}
	}()
	for _, s := range steps {
		if err := s(pipe(lines)); err != nil {
			return err
		}
	}
	return nil
}

// A library keeps the writer.
func logTo(show func(string)) {
	lines := make(chan string)
	go func() {
		for l := range lines {
			show(l)
		}
	}()
	log.SetOutput(lineWriter(lines))
}

// Whoever is subscribed is called for as long as the program runs.
type bus interface {
	Subscribe(topic string, f func(string)) error
}

func listen(b bus, show func(string)) error {
	lines := make(chan string)
	go func() { // silent: abandoned "in every run of listen that was followed it ends, or others may still unblock it"
		for l := range lines {
			show(l)
		}
	}()
	return b.Subscribe("news", func(s string) { lines <- s })
}

func listenAndWait(b bus, show func(string)) error {
	lines, shown := make(chan string), make(chan bool)
	go func() { // want `abandoned: the goroutine waits forever on lines while listenAndWait waits at line \d+`
		for l := range lines {
			show(l)
		}
		close(shown)
	}()
	if err := b.Subscribe("news", func(s string) { lines <- s }); err != nil {
		close(lines)
		return err
	}
	<-shown
	return nil
}
