package abandoned

import (
	"context"
	"errors"
	"time"
)

var errTimeout = errors.New("timeout")

func work() error { return nil }

func timeout() error {
	result := make(chan error)
	go func() { // want `abandoned: the goroutine blocks forever sending on result when timeout returns at line \d+ without receiving; give result a buffer of 1`
		result <- work()
	}()
	select {
	case err := <-result:
		return err
	case <-time.After(time.Second):
		return errTimeout
	}
}

func canceled(ctx context.Context) error {
	done := make(chan struct{})
	var err error
	go func() { // want `abandoned: the goroutine blocks forever sending on done when canceled returns at line \d+ without receiving; give done a buffer of 1`
		err = work()
		done <- struct{}{}
	}()
	select {
	case <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func earlyReturn() error {
	result := make(chan error)
	go func() { result <- work() }() // want `abandoned: the goroutine blocks forever sending on result when earlyReturn returns at line \d+ without receiving; give result a buffer of 1`
	if err := work(); err != nil {
		return err
	}
	return <-result
}

func polled() error {
	result := make(chan error)
	go func() { result <- work() }() // want `abandoned: the goroutine blocks forever sending on result when polled returns at line \d+ without receiving; give result a buffer of 1`
	select {
	case err := <-result:
		return err
	default:
	}
	return nil
}

func eitherOfTwo(ctx context.Context) (int, error) {
	values := make(chan int)
	failures := make(chan error)
	go func() { // want `abandoned: the goroutine blocks forever sending on failures when eitherOfTwo returns at line \d+ without receiving; give failures a buffer of 1`
		if err := work(); err != nil {
			failures <- err
			return
		}
		values <- 1
	}()
	select {
	case n := <-values:
		return n, nil
	case err := <-failures:
		return 0, err
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

func onlyTheFirst(names []string) error {
	failures := make(chan error, 0)
	for range names {
		go func() { failures <- work() }() // want `abandoned: the goroutine blocks forever sending on failures when onlyTheFirst returns at line \d+ without receiving; give failures a buffer of len\(names\)`
	}
	return <-failures
}

func leavesAtTheFirstFailure(names []string) error {
	failures := make(chan error)
	for range names {
		go func() { failures <- work() }() // want `abandoned: the goroutine blocks forever sending on failures when leavesAtTheFirstFailure returns at line \d+ without receiving; give failures a buffer of len\(names\)`
	}
	for range names {
		if err := <-failures; err != nil {
			return err
		}
	}
	return nil
}

func bufferTooSmall() error {
	failures := make(chan error, 1)
	go func() { failures <- work() }() // want `abandoned: the goroutine blocks forever sending on failures when bufferTooSmall returns at line \d+ without receiving; give failures a buffer of 2`
	go func() { failures <- work() }()
	go func() { failures <- work() }()
	return <-failures
}
