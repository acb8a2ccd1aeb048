// Package helpers holds what the packages beside it call: limits, wrappers and loops are known
// from here by facts.
package helpers

import (
	"bufio"
	"encoding/json"
	"io"
	"iter"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// NewGroup returns a group with a limit.
func NewGroup(n int) *errgroup.Group {
	g := new(errgroup.Group)
	g.SetLimit(n)
	return g
}

// NewFree returns a group without.
func NewFree() *errgroup.Group { return new(errgroup.Group) }

// Limit sets one on what it is given.
func Limit(g *errgroup.Group) { g.SetLimit(4) }

// Group embeds a limited group.
type Group struct{ *errgroup.Group }

// NewEmbedded limits what it embeds.
func NewEmbedded() *Group {
	g := &Group{Group: new(errgroup.Group)}
	g.SetLimit(4)
	return g
}

// Free runs each task in a goroutine of its own.
type Free struct{ wg sync.WaitGroup }

func (f *Free) Go(task func()) {
	f.wg.Add(1)
	go func() {
		defer f.wg.Done()
		task()
	}()
}

func (f *Free) Wait() { f.wg.Wait() }

// Bounded waits for a token first.
type Bounded struct {
	wg  sync.WaitGroup
	sem chan struct{}
}

func NewBounded(n int) *Bounded { return &Bounded{sem: make(chan struct{}, n)} }

func (b *Bounded) Go(task func()) {
	b.sem <- struct{}{}
	b.wg.Add(1)
	go func() {
		defer func() { <-b.sem; b.wg.Done() }()
		task()
	}()
}

func (b *Bounded) Wait() { b.wg.Wait() }

// Each runs fn for each element, all at once.
func Each[T any](in []T, fn func(T)) {
	var wg sync.WaitGroup
	for _, x := range in {
		wg.Go(func() { fn(x) })
	}
	wg.Wait()
}

// Serve works until jobs is closed.
func Serve(jobs <-chan string) {
	for range jobs {
	}
}

// A Doc is a message as protoc writes them.
type Doc struct{ pages []*Page }

type Page struct{ URL string }

func (d *Doc) ProtoMessage()     {}
func (d *Doc) GetPages() []*Page { return d.pages }
func (p *Page) ProtoMessage()    {}

// Lines calls visit for each line of a file, or line by line of a text.
func Lines(name string, visit func(line string) error) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		if err := visit(s.Text()); err != nil {
			return err
		}
	}
	return nil
}

// Timed calls fn once.
func Timed(fn func(at string) error) error { return fn(time.Now().String()) }

// Wanted returns those of names that a reader wants to see.
func Wanted(names []string) []Page {
	var all []Page
	for _, n := range names {
		all = append(all, Page{n})
	}
	return all
}

// Kinds returns the kinds that a text speaks of.
func Kinds(text []byte) []string {
	if len(text) == 0 {
		return nil
	}
	return []string{"a", "b"}
}

// A State is that of one unit.
type State struct{ running, paused bool }

func (s *State) Running() bool { return s.running }
func (s *State) Paused() bool  { return s.paused }

// A Sheet is what is read at once.
type Sheet struct{ links []string }

func ParseSheet(r io.Reader) (*Sheet, error) {
	p := &Sheet{}
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		p.links = append(p.links, lines.Text())
	}
	return p, lines.Err()
}

func (p *Sheet) Links() iter.Seq[string] { return slices.Values(p.links) }

// Len is how many it has.
func (p *Sheet) Len() int { return len(p.links) }

// All are its links.
func (p *Sheet) All() []string { return p.links }

// A Palette is made by a program.
type Palette struct{ themes []string }

func NewPalette() *Palette { return &Palette{themes: []string{"light", "dark"}} }

func (p *Palette) Themes() iter.Seq[string] { return slices.Values(p.themes) }

// Fetch returns what a server has said, FetchFive the first of it, ReadConfig what somebody has set up.
func Fetch(at string) ([]string, error) {
	resp, err := http.Get(at)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	var all []string
	err = json.NewDecoder(resp.Body).Decode(&all)
	return all, err
}

func FetchFive(at string) ([]string, error) {
	all, err := Fetch(at)
	if err != nil {
		return nil, err
	}
	return all[:min(len(all), 5)], nil
}

func ReadConfig(path string) ([]string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return strings.Fields(string(text)), nil
}

// Words are as many as there are in what is passed, and here somebody has passed what was read.
func Words(text string) []string { return strings.Fields(text) }

func Count(path string) int {
	text, _ := os.ReadFile(path)
	return len(Words(string(text)))
}

// Rows reads rows.
type Rows struct {
	lines *bufio.Scanner
	row   string
}

// NewRows reads them from what it is given.
func NewRows(r io.Reader) *Rows { return &Rows{lines: bufio.NewScanner(r)} }

// Next reads one.
func (r *Rows) Next() bool {
	for r.lines.Scan() {
		if r.row = strings.TrimSpace(r.lines.Text()); r.row != "" {
			return true
		}
	}
	return false
}

// Row is what was read.
func (r *Rows) Row() string { return r.row }

// Pair is where it begins and ends.
func (r *Rows) Pair() [2]int64 { return [2]int64{0, int64(len(r.row))} }
