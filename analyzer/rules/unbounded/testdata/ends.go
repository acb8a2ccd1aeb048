package unbounded

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
)

const most = 200

// A guard that stops the program bounds what comes after it, whoever stops it.

func stopsByPanicf(pattern string) {
	names, _ := filepath.Glob(pattern)
	if len(names) > most {
		log.Panicf("%d names", len(names))
	}
	var wg sync.WaitGroup
	for _, name := range names {
		wg.Go(func() { use(name) })
	}
	wg.Wait()
}

func stopsByPanicln(pattern string) {
	names, _ := filepath.Glob(pattern)
	if len(names) > most {
		log.Default().Panicln("names")
	}
	var wg sync.WaitGroup
	for _, name := range names {
		wg.Go(func() { use(name) })
	}
	wg.Wait()
}

func stopsByAHelper(pattern string) {
	names, _ := filepath.Glob(pattern)
	if most < len(names) {
		die("%d names", len(names))
	}
	var wg sync.WaitGroup
	for _, name := range names {
		wg.Go(func() { use(name) })
	}
	wg.Wait()
}

func stopsByAPanicInAHelper(pattern string) {
	names, _ := filepath.Glob(pattern)
	if len(names) > most {
		panicsFor(names)
	}
	var wg sync.WaitGroup
	for _, name := range names {
		wg.Go(func() { use(name) })
	}
	wg.Wait()
}

func stopsUnlessAHelperIsContent(pattern string) {
	names, err := filepath.Glob(pattern)
	mustHold(err == nil && len(names) <= most, pattern)
	var wg sync.WaitGroup
	for _, name := range names {
		wg.Go(func() { use(name) })
	}
	wg.Wait()
}

func stopsIfAHelperSaysSo(pattern string) {
	names, _ := filepath.Glob(pattern)
	refuse(len(names) > most, pattern)
	var wg sync.WaitGroup
	for _, name := range names {
		wg.Go(func() { use(name) })
	}
	wg.Wait()
}

func logsOnly(pattern string) {
	names, _ := filepath.Glob(pattern)
	if len(names) > most {
		tell("%d names", len(names))
	}
	var wg sync.WaitGroup
	for _, name := range names {
		wg.Go(func() { use(name) }) // want `unbounded: `
	}
	wg.Wait()
}

func logsUnlessAHelperIsContent(pattern string) {
	names, _ := filepath.Glob(pattern)
	shouldHold(len(names) <= most, pattern)
	var wg sync.WaitGroup
	for _, name := range names {
		wg.Go(func() { use(name) }) // want `unbounded: `
	}
	wg.Wait()
}

func stopsTheOtherWayRound(pattern string) {
	names, _ := filepath.Glob(pattern)
	refuse(len(names) <= most, pattern)
	var wg sync.WaitGroup
	for _, name := range names {
		wg.Go(func() { use(name) }) // want `unbounded: `
	}
	wg.Wait()
}

func die(format string, args ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", args...)
	os.Exit(1)
}

func panicsFor(names []string) { panic(fmt.Sprint(len(names))) }

func tell(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }

func mustHold(ok bool, what string) {
	if !ok {
		panic(what)
	}
}

func refuse(bad bool, what string) {
	if bad {
		log.Fatal(what)
	}
}

func shouldHold(ok bool, what string) {
	if !ok {
		log.Print(what)
	}
}

// A watcher that its own iteration ends is alone.

func watchedUntilClosed(in *bufio.Scanner, slow func(time.Duration)) {
	for in.Scan() {
		began := time.Now()
		over := make(chan struct{})
		go func() {
			select {
			case <-time.After(time.Minute):
				slow(time.Since(began))
			case <-over:
			}
		}()
		use(in.Text())
		close(over)
	}
}

func watchedUntilCancelled(in *bufio.Scanner, slow func()) {
	for in.Scan() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		go func() {
			<-ctx.Done()
			slow()
		}()
		use(in.Text())
		cancel()
	}
}

func watchedForEver(in *bufio.Scanner, slow func(time.Duration), over chan struct{}) {
	for in.Scan() {
		began := time.Now()
		go func() { // want `unbounded: `
			select {
			case <-time.After(time.Minute):
				slow(time.Since(began))
			case <-over:
			}
		}()
		use(in.Text())
	}
	close(over)
}

func cancelledAtTheEnd(in *bufio.Scanner, slow func()) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	for in.Scan() {
		go func() { // want `unbounded: `
			<-ctx.Done()
			slow()
		}()
		use(in.Text())
	}
	cancel()
}

func deafToTheClose(in *bufio.Scanner, slow func()) {
	for in.Scan() {
		over := make(chan struct{})
		go func() { // want `unbounded: `
			time.Sleep(time.Hour)
			slow()
		}()
		close(over)
	}
}

// A token is taken by a closure, too.

func tokenByAClosure(in *bufio.Scanner) {
	free := make(chan struct{}, 7)
	take := func() { free <- struct{}{} }
	give := func() { <-free }
	for in.Scan() {
		take()
		go func() {
			defer give()
			use(in.Text())
		}()
	}
}

func weightByAClosure(ctx context.Context, in *bufio.Scanner) error {
	sem := semaphore.NewWeighted(7)
	take := func() error { return sem.Acquire(ctx, 1) }
	for in.Scan() {
		if err := take(); err != nil {
			return err
		}
		go func() {
			defer sem.Release(1)
			use(in.Text())
		}()
	}
	return in.Err()
}

func prefilled(in *bufio.Scanner) {
	free := make(chan struct{}, 7)
	for range cap(free) {
		free <- struct{}{}
	}
	for in.Scan() {
		<-free
		go func() {
			defer func() { free <- struct{}{} }()
			use(in.Text())
		}()
	}
}

func eventByAClosure(in *bufio.Scanner, w io.Writer) {
	note := func() { fmt.Fprintln(w, "next") }
	for in.Scan() {
		note()
		go use(in.Text()) // want `unbounded: `
	}
}

// Who breaks off when no token is to be had starts nothing more.

func breaksOff(ctx context.Context, in *bufio.Scanner) error {
	sem := semaphore.NewWeighted(7)
	var wg sync.WaitGroup
	for in.Scan() {
		if err := sem.Acquire(ctx, 1); err != nil {
			break
		}
		wg.Go(func() {
			defer sem.Release(1)
			use(in.Text())
		})
	}
	wg.Wait()
	return ctx.Err()
}

// The loop is left after the one that was looked for, also past an error.
func endsAtWanted(ctx context.Context, r *http.Request) error {
	links := r.URL.Query()["link"]
	for i, link := range links {
		if link == "https://a.example" {
			go fetch(ctx, link) // silent: unbounded "the loop exits after it"
			seen, err := url.Parse(link)
			if err != nil {
				return err
			}
			links[i] = seen.Host
			break
		}
	}
	return nil
}

// What is left here is the switch.
func endsSwitch(ctx context.Context, r *http.Request) {
	for _, link := range r.URL.Query()["link"] {
		switch {
		case len(link) > 8:
			go fetch(ctx, link) // want `unbounded: one goroutine per element of r.URL.Query\(\)\["link"\]`
			break
		}
	}
}
