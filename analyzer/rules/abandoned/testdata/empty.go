package abandoned

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"
)

// How long an element is says nothing of how many there are: it may be empty.
func emptyElement(pages [][]byte) error {
	wire := make(chan []byte)
	go func() { // want `abandoned: the goroutine waits forever on wire when emptyElement returns`
		for p := range wire {
			fmt.Println(string(p))
		}
	}()
	for _, p := range pages {
		if len(p) == 0 {
			return errors.New("an empty page")
		}
		wire <- p
	}
	close(wire)
	return nil
}

// Nor is a collection empty for which nothing is done often.
func emptyPart(picture, sound []byte) []string {
	parts := make(chan string)
	go func() { // silent: abandoned "it ends"
		parts <- string(picture)
	}()
	go func() { // want `abandoned: emptyPart waits forever on parts`
		if len(sound) == 0 {
			return
		}
		parts <- string(sound)
	}()
	return []string{<-parts, <-parts}
}

func emptyCounted(picture, sound []byte) (all []string) {
	parts := make(chan string)
	n := 1
	go func() { // silent: abandoned "it ends|never gets stuck"
		parts <- string(picture)
	}()
	if len(sound) > 0 {
		n++
		go func() { // silent: abandoned "it ends|never gets stuck"
			parts <- string(sound)
		}()
	}
	for range n {
		all = append(all, <-parts)
	}
	return all
}

// Who asks whether there are any may find none.
func emptyList(pages []string) error {
	wire := make(chan string)
	go func() { // want `abandoned: the goroutine waits forever on wire when emptyList returns`
		for p := range wire {
			fmt.Println(p)
		}
	}()
	if len(pages) == 0 {
		return errors.New("no pages")
	}
	for _, p := range pages {
		wire <- p
	}
	close(wire)
	return nil
}

// It is as empty the second time as the first.
func emptyTwice(pages []string) {
	wire := make(chan string)
	if len(pages) > 0 {
		go func() { // silent: abandoned "it ends|never gets stuck"
			for p := range wire {
				fmt.Println(p)
			}
		}()
	}
	for _, p := range pages {
		wire <- p
	}
	if 0 != len(pages) {
		close(wire)
	}
}

// What has been gone through had elements.
func emptyAfterwards(pages []string) error {
	wire := make(chan string)
	for _, p := range pages[:min(len(pages), 8)] {
		go func() { // silent: abandoned "it ends|never gets stuck"
			wire <- p
		}()
	}
	if len(pages) == 0 {
		return errors.New("no pages")
	}
	for range min(len(pages), 8) {
		fmt.Println(<-wire)
	}
	return nil
}

// Nobody counts that far: the generator ends with its context, which closes the channel.
func numbers(ctx context.Context, stall time.Duration) error {
	next, done := make(chan int), make(chan int, 1)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() { // silent: abandoned "it ends|never gets stuck"
		for i := 0; i < math.MaxInt64; i++ {
			select {
			case next <- i:
			case <-ctx.Done():
				close(next)
				return
			}
		}
	}()
	go func() { // silent: abandoned "it ends|never gets stuck"
		for n := range next {
			select {
			case done <- n:
			default:
			}
		}
	}()
	for {
		select {
		case <-done:
		case <-time.After(stall):
			return context.DeadlineExceeded
		}
	}
}
