package abandoned

import (
	"bufio"
	"context"
	"errors"
	"log"
	"os"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"poollint.test/analyzer/rules/abandoned/testdata/help"
)

// The sender never waits.

func buffered() error {
	result := make(chan error, 1)
	go func() { result <- work() }()
	select {
	case err := <-result:
		return err
	case <-time.After(time.Second):
		return errTimeout
	}
}

func bufferedForAll(names [4]string) error {
	failures := make(chan error, len(names))
	for range names {
		go func() { failures <- work() }()
	}
	return <-failures
}

func senderSelects(ctx context.Context) error {
	result := make(chan error)
	go func() {
		select {
		case result <- work():
		case <-ctx.Done():
		}
	}()
	select {
	case err := <-result:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func senderHasDefault() error {
	result := make(chan error)
	go func() {
		select {
		case result <- work():
		default:
		}
	}()
	select {
	case err := <-result:
		return err
	case <-time.After(time.Second):
		return errTimeout
	}
}

func closes() error {
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := work(); err != nil {
			log.Print(err)
		}
	}()
	select {
	case <-done:
		return nil
	case <-time.After(time.Second):
		return errTimeout
	}
}

// The receiver never leaves without.

func receives() error {
	result := make(chan error)
	go func() { result <- work() }()
	return <-result
}

func leavingBranchDrains(ctx context.Context, stop func()) error {
	result := make(chan error)
	go func() { result <- work() }()
	select {
	case err := <-result:
		return err
	case <-ctx.Done():
		stop()
		<-result
		return ctx.Err()
	}
}

func drainsInADefer() error {
	result := make(chan error)
	go func() { result <- work() }()
	defer func() { <-result }()
	return work()
}

func drainsInAGoroutine(ctx context.Context) error {
	result := make(chan error)
	go func() { result <- work() }()
	select {
	case err := <-result:
		return err
	case <-ctx.Done():
		go func() { <-result }()
		return ctx.Err()
	}
}

func loopsUntilTheResult() error {
	result := make(chan error)
	go func() { result <- work() }()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case err := <-result:
			return err
		case <-tick.C:
			log.Print("still waiting")
		}
	}
}

func eitherOfTwoInALoop(tick <-chan time.Time) error {
	failures := make(chan error)
	done := make(chan bool)
	go func() {
		for i := range 10 {
			if err := work(); err != nil {
				failures <- err
				return
			}
			log.Print(i)
		}
		done <- true
	}()
	for {
		select {
		case <-tick:
		case err := <-failures:
			return err
		case <-done:
			return nil
		}
	}
}

func exits(ctx context.Context) error {
	result := make(chan error)
	go func() { result <- work() }()
	select {
	case err := <-result:
		return err
	case <-ctx.Done():
		os.Exit(1)
	}
	return nil
}

func asManyAsSent() (err error) {
	failures := make(chan error)
	go func() { failures <- work() }()
	go func() { failures <- work() }()
	for range 2 {
		if e := <-failures; e != nil {
			err = e
		}
	}
	return err
}

func oneByOne() error {
	a := make(chan error)
	go func() { a <- work() }()
	go func() { a <- work() }()
	err := <-a
	if other := <-a; other != nil {
		return other
	}
	return err
}

func barrier(names [4]string) {
	done := make(chan bool)
	for range names {
		go func() {
			log.Print("working")
			done <- true
		}()
	}
	for range names {
		<-done
	}
}

func countsDown(names [4]string) error {
	failures := make(chan error)
	for range names {
		go func() { failures <- work() }()
	}
	left := len(names)
	for {
		if err := <-failures; err != nil {
			log.Print(err)
		}
		if left--; left == 0 {
			return nil
		}
	}
}

func countsDownOrLeaves(ctx context.Context, names [4]string) error {
	failures := make(chan error)
	for range names {
		go func() { failures <- work() }() // want `abandoned: the goroutine blocks forever sending on failures when countsDownOrLeaves returns at line \d+ without receiving; give failures a buffer of len\(names\)`
	}
	left := len(names)
	for {
		select {
		case err := <-failures:
			if left--; left == 0 {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func waitsForAllThenCloses(names [4]string) error {
	var wg sync.WaitGroup
	failures := make(chan error)
	for range names {
		wg.Go(func() {
			if err := work(); err != nil {
				failures <- err
			}
		})
	}
	go func() {
		wg.Wait()
		close(failures)
	}()
	for err := range failures {
		log.Print(err)
	}
	return nil
}

func waitsForAllButTakesOne(ctx context.Context, names [4]string) error {
	var wg sync.WaitGroup
	failures := make(chan error)
	for range names {
		wg.Add(1)
		go func() { // want `abandoned: the goroutine blocks forever sending on failures when waitsForAllButTakesOne returns at line \d+ without receiving; give failures a buffer of len\(names\)`
			defer wg.Done()
			failures <- work()
		}()
	}
	go func() {
		wg.Wait()
		close(failures)
	}()
	select {
	case err := <-failures:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func eachTurnReceives(names [4]string) error {
	for range names {
		result := make(chan error)
		go func() { result <- work() }()
		if err := <-result; err != nil {
			return err
		}
	}
	return nil
}

func eachTurnMayLeave(names [4]string) {
	for range names {
		result := make(chan error)
		go func() { result <- work() }() // want `abandoned: the goroutine blocks forever sending on result while eachTurnMayLeave waits at line \d+ without receiving; give result a buffer of 1`
		select {
		case err := <-result:
			log.Print(err)
		case <-time.After(time.Second):
		}
	}
}

func conditionRepeated(parallel bool) error {
	result := make(chan error)
	if parallel {
		go func() { result <- work() }()
	}
	log.Print("working")
	if parallel {
		return <-result
	}
	return nil
}

// What escapes is somebody else's.

func returned() <-chan error {
	result := make(chan error)
	go func() { result <- work() }()
	return result
}

func kept() {
	result := make(chan error)
	go func() { result <- work() }()
	help.Keep(result)
}

func helperReceives() error {
	result := make(chan error)
	go func() { result <- work() }()
	return help.Wait(result)
}

func helperReceivesOnOnePath() error {
	result := make(chan error)
	go func() { result <- work() }() // want `abandoned: the goroutine blocks forever sending on result when helperReceivesOnOnePath returns at line \d+ without receiving; give result a buffer of 1`
	if err := work(); err != nil {
		return err
	}
	return help.Wait(result)
}

func helperSends() error {
	result := make(chan error)
	go help.Run(result, work) // want `abandoned: the goroutine blocks forever sending on result when helperSends returns at line \d+ without receiving; give result a buffer of 1`
	select {
	case err := <-result:
		return err
	case <-time.After(time.Second):
		return errTimeout
	}
}

func helperLooks() int {
	result := make(chan error)
	go func() { result <- work() }() // want `abandoned: the goroutine blocks forever sending on result when helperLooks returns at line \d+ without receiving; give result a buffer of 1`
	if n := help.Len(result); n > 0 {
		return n
	}
	<-result
	return 0
}

func givenAsParameter() error {
	result := make(chan error)
	go func(out chan<- error) { // want `abandoned: the goroutine blocks forever sending on result when givenAsParameter returns at line \d+ without receiving; give result a buffer of 1`
		out <- work()
	}(result)
	select {
	case err := <-result:
		return err
	case <-time.After(time.Second):
		return errTimeout
	}
}

func fetchInto(out chan<- int, failures chan<- error) {
	failures <- work()
	out <- 1
}

func twoChannelsEachSends() (int, error) {
	out := make(chan int)
	failures := make(chan error)
	go fetchInto(out, failures) // want `abandoned: the goroutine blocks forever sending on out when twoChannelsEachSends returns at line \d+ without receiving; give out a buffer of 1`
	select {
	case err := <-failures:
		if err != nil {
			return 0, err
		}
	case n := <-out:
		return n, nil
	}
	return <-out, nil
}

// A loop that ends with its send sends once.
func pollsThenSends(ctx context.Context) error {
	result := make(chan error, 1)
	go func() {
		for {
			if err := work(); err != nil {
				result <- err
				return
			}
			if ctx.Err() != nil {
				result <- nil
				return
			}
			time.Sleep(time.Second)
		}
	}()
	select {
	case err := <-result:
		return err
	case <-time.After(time.Minute):
		return errTimeout
	}
}

// One finding for channels that are joined by what one goroutine sends to both.
func joinedByTheThird() (a, b int, err error) {
	first, second := make(chan int), make(chan int)
	failures := make(chan error)
	go fetchInto(first, failures) // want `abandoned: the goroutine blocks forever sending on failures when joinedByTheThird returns at line \d+ without receiving; give failures a buffer of 1`
	go fetchInto(second, failures)
	for range 4 {
		select {
		case err := <-failures:
			if err != nil {
				return 0, 0, err
			}
		case a = <-first:
		case b = <-second:
		}
	}
	return a, b, nil
}

func inAGroup(ctx context.Context) error {
	var g errgroup.Group
	result := make(chan error)
	g.Go(func() error { // want `abandoned: the goroutine blocks forever sending on result when inAGroup returns at line \d+ without receiving; give result a buffer of 1`
		result <- work()
		return nil
	})
	select {
	case <-result:
	case <-ctx.Done():
		return ctx.Err()
	}
	return g.Wait()
}

// The receiver waits for what nobody sends.

func secondChannel() (int, error) {
	values := make(chan int)
	failures := make(chan error, 1)
	go func() { // want `abandoned: secondChannel waits forever on failures at line \d+ if this goroutine returns without sending or is never started; send or close on every path`
		if err := work(); err != nil {
			failures <- err
		}
		values <- 1
	}()
	n := <-values
	return n, <-failures
}

func secondChannelClosed() (int, error) {
	values := make(chan int)
	failures := make(chan error, 1)
	go func() {
		defer close(failures)
		if err := work(); err != nil {
			failures <- err
		}
		values <- 1
	}()
	n := <-values
	return n, <-failures
}

func secondChannelAlways() (int, error) {
	values := make(chan int)
	failures := make(chan error, 1)
	go func() {
		failures <- work()
		values <- 1
	}()
	n := <-values
	return n, <-failures
}

// The end of the process leaks nothing: see the package program.

// A loop that goes on with a channel of its own for each turn leaves the one before.
func Prompt(read func() error, toggled chan struct{}) error {
	for {
		failed, quit := make(chan error), make(chan struct{})
		go func() { // want `abandoned: the goroutine blocks forever sending on failed while Prompt waits at line \d+ without receiving; give failed a buffer of 1`
			defer close(quit)
			if err := read(); err != nil {
				failed <- err
			}
		}()
		select {
		case err := <-failed:
			return err
		case <-quit:
			return nil
		case <-toggled:
		}
	}
}

// Each turn of a loop has a channel of its own, with room for what is sent on it.
func Attempts(ask func() error) {
	for range 3 {
		answer := make(chan error, 1)
		go func() { answer <- ask() }()
		select {
		case <-answer:
			return
		case <-time.After(time.Second):
		}
	}
}

func Copies(accept func() bool, a, b func() error) {
	var done chan error
	for accept() {
		done = make(chan error, 2)
		go func(done chan<- error) { done <- a() }(done)
		go func(done chan<- error) { done <- b() }(done)
		<-done
	}
}

func Again(ask func() error) error {
retry:
	answer := make(chan error, 1)
	go func() { answer <- ask() }()
	select {
	case err := <-answer:
		return err
	case <-time.After(time.Second):
		goto retry
	}
}

// As many senders as the literal has elements, with room for all.
func First(a, b, c func() error) error {
	all := []func() error{a, b, c}
	answers := make(chan error, 3)
	for _, ask := range all {
		go func() { answers <- ask() }()
	}
	return <-answers
}

// A sender that a sender starts sends once too.
func Relayed(ctx context.Context, lines *bufio.Scanner) (string, error) {
	found := make(chan string)
	go func() {
		go func() { // want `abandoned: the goroutine blocks forever sending on found when Relayed returns at line \d+ without receiving; give found a buffer of 1`
			for lines.Scan() {
				if lines.Text() != "" {
					found <- lines.Text()
					return
				}
			}
		}()
	}()
	select {
	case line := <-found:
		return line, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// What Once runs, it runs once.
func Once(ask func() error) error {
	answer := make(chan error)
	var once sync.Once
	go func() { once.Do(func() { answer <- ask() }) }()
	return <-answer
}

// A goroutine that reads its input to the end sends only when that is closed.
func collect(from <-chan error, to chan<- error) {
	var all []error
	defer func() { to <- errors.Join(all...) }()
	for err := range from {
		all = append(all, err)
	}
}

func CollectAll(asks []func() error, ready func() error) error {
	results, all := make(chan error, 1), make(chan error)
	go collect(results, all) // want `abandoned: the goroutine waits forever on results when CollectAll returns at line \d+, because nobody sends on it or closes it after that; close results on every path`
	for _, ask := range asks {
		if err := ready(); err != nil {
			return err // it waits for results, which stay open, and is not at its send
		}
		results <- ask()
	}
	close(results)
	return <-all
}

func CollectAndLeave(asks []func() error, ready func() error) error {
	results, all := make(chan error, 1), make(chan error)
	go collect(results, all) // want `abandoned: the goroutine blocks forever sending on all when CollectAndLeave returns at line \d+ without receiving; give all a buffer of 1`
	for _, ask := range asks {
		results <- ask()
	}
	close(results)
	if err := ready(); err != nil {
		return err
	}
	return <-all
}

func CollectOfAnother(ctx context.Context, fill func(chan<- error)) error {
	results, all := make(chan error, 1), make(chan error)
	go collect(results, all) // want `abandoned: the goroutine blocks forever sending on all when CollectOfAnother returns at line \d+ without receiving; give all a buffer of 1`
	fill(results)            // who is given it, closes it
	select {
	case err := <-all:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func CollectElsewhere(results chan error, ready func() error) error {
	all := make(chan error)
	go collect(results, all) // want `abandoned: the goroutine blocks forever sending on all when CollectElsewhere returns at line \d+ without receiving; give all a buffer of 1`
	if err := ready(); err != nil {
		return err
	}
	return <-all
}
