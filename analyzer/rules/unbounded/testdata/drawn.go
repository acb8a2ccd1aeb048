package unbounded

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	"poollint.test/analyzer/rules/unbounded/testdata/helpers"
)

type bale struct{ street string }

type conveyor interface {
	Receive(ctx context.Context) (bale, error)
	Poll(ctx context.Context, most int, wait time.Duration) ([]bale, bool)
	AcceptLine(ctx context.Context) (net.Conn, error)
	Fetch(ctx context.Context, street string) (bale, error)
	Consume(belt string, carry func(bale)) error
	EachBale(ctx context.Context, carry func(bale) error) error
	EachPeer(ctx context.Context, greet func(name string) error) error
	ConsumeWith(settings func(*baleOptions)) error
}

type baleOptions struct{ belts int }

// What comes one by one comes without an end.
func drawnEach(ctx context.Context, c conveyor) error {
	for {
		p, err := c.Receive(ctx)
		if err != nil {
			return err
		}
		go fetch(ctx, p.street) // want `unbounded: one goroutine per element of c \(one by one from c.Receive\)`
	}
}

func drawnInHelper(ctx context.Context, c conveyor) error {
	g, ctx := errgroup.WithContext(ctx)
	for ctx.Err() == nil {
		p, err := nextBale(ctx, c)
		if err != nil {
			return errors.Join(err, g.Wait())
		}
		g.Go(func() error { return fetch(ctx, p.street) }) // want `unbounded: one goroutine per iteration of the loop`
	}
	return g.Wait()
}

func nextBale(ctx context.Context, c conveyor) (bale, error) { return c.Receive(ctx) }

// A few at a time, without a wait between.
func drawnBatches(ctx context.Context, c conveyor) {
	for {
		ps, more := c.Poll(ctx, 10, time.Second)
		if !more {
			return
		}
		for _, p := range ps {
			go fetch(ctx, p.street) // want `unbounded: one goroutine per element of c \(one by one from c.Poll\)`
		}
	}
}

// Each is waited for before the next is taken.
func drawnInTurn(ctx context.Context, c conveyor) error {
	for {
		p, err := c.Receive(ctx)
		if err != nil {
			return err
		}
		var wg sync.WaitGroup
		wg.Go(func() { fetch(ctx, p.street) }) // silent: unbounded "waited for"
		wg.Wait()
	}
}

// Connections are as many as keep theirs open.
func drawnLines(ctx context.Context, c conveyor) error {
	for {
		line, err := c.AcceptLine(ctx)
		if err != nil {
			return err
		}
		go io.Copy(io.Discard, line)
	}
}

// What is asked for by its name does not come by itself.
func drawnAgain(ctx context.Context, c conveyor, street string) error {
	for {
		p, err := c.Fetch(ctx, street)
		if err == nil {
			go fetch(ctx, p.street) // silent: unbounded "the loop exits after it"
			return nil
		}
	}
}

func drawnSubscribed(ctx context.Context, c conveyor) error {
	return c.Consume("north", func(p bale) {
		go fetch(ctx, p.street) // want `unbounded: one goroutine per call \(called for each message by c.Consume\)`
	})
}

// It is called once, to set something.
func drawnSettings(ctx context.Context, c conveyor) error {
	return c.ConsumeWith(func(o *baleOptions) {
		go fetch(ctx, "settings")
	})
}

// What another package reads line by line is as long as the file.
func drawnFile(ctx context.Context, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	var g errgroup.Group
	for r := helpers.NewRows(f); r.Next(); {
		row := r.Row()
		g.Go(func() error { return fetch(ctx, row) }) // want `unbounded: one goroutine per element of r \(the contents of a file\)`
	}
	return g.Wait()
}

// A number from an array is any number, one by which an array is indexed is small.
func drawnPairs(ctx context.Context, r *os.File) {
	ends, lanes := map[int64]bool{}, map[int]bool{}
	for rows := helpers.NewRows(r); rows.Next(); {
		pair := rows.Pair()
		ends[pair[1]] = true
		lanes[len(rows.Row())%4] = true
	}
	for range ends {
		go fetch(ctx, "end") // want `unbounded: one goroutine per element of ends`
	}
	for range lanes {
		go fetch(ctx, "lane") // silent: unbounded "it is bounded"
	}
}

// Who calls back for each has too many for a list.
func drawnVisited(ctx context.Context, c conveyor) error {
	var g errgroup.Group
	err := c.EachBale(ctx, func(b bale) error {
		g.Go(func() error { return fetch(ctx, b.street) }) // want `unbounded: one goroutine per call \(called for each by c.EachBale\)`
		return nil
	})
	return errors.Join(err, g.Wait())
}

func drawnPeers(ctx context.Context, c conveyor) error {
	var g errgroup.Group
	err := c.EachPeer(ctx, func(name string) error {
		g.Go(func() error { return fetch(ctx, name) })
		return nil
	})
	return errors.Join(err, g.Wait())
}

// Each is given the other.
func mirrored(ctx context.Context) {
	var left, right []string
	left = right
	right = left
	for _, at := range left[:len(right)] {
		go fetch(ctx, at)
	}
}
