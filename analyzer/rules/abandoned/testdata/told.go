package abandoned

import (
	"bufio"
	"context"
	"errors"
	"io"
)

// A loop that is left when the context ends, but also by what it reads: it ends often, and not when all does.
func readUntilTold(ctx context.Context, r *bufio.Reader, show func(string)) error {
	lines := make(chan string)
	go func() { // want `abandoned: the goroutine blocks forever sending on lines when readUntilTold returns at line \d+ before receiving everything`
		for {
			line, _ := r.ReadString('\n')
			lines <- line
		}
	}()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case line := <-lines:
			if line == "" {
				return io.ErrUnexpectedEOF
			}
			show(line)
		}
	}
}

// A loop that is left only as it is told, behind a return that is an error's.
func readUnlessStopped(ctx context.Context, r *bufio.Reader, show func(string) error) error {
	lines := make(chan string)
	go func() { // want `abandoned: the goroutine blocks forever sending on lines when readUnlessStopped returns at line \d+ before receiving everything`
		for {
			line, _ := r.ReadString('\n')
			lines <- line
		}
	}()
	if err := show(""); err != nil {
		return errors.New("no screen")
	}
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case line := <-lines:
			show(line)
		}
	}
}

// A loop that is left in no other way is asked about with -strict.
func readForEver(ctx context.Context, r *bufio.Reader, show func(string)) error {
	lines := make(chan string)
	go func() {
		for {
			line, _ := r.ReadString('\n')
			lines <- line
		}
	}()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case line := <-lines:
			show(line)
		}
	}
}
