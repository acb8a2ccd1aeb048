// Package command is a program's commands: the process ends when one returns, or fails.
package command

import (
	"context"
	"errors"
	"os"

	"github.com/spf13/cobra"
)

func New() *cobra.Command {
	return &cobra.Command{
		Use: "watch",
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return watch(cmd.Context(), os.Args)
			}
			s := &status{}
			return s.load(cmd.Context())
		},
	}
}

func watch(ctx context.Context, names []string) error {
	out := make(chan string)
	go read(names, out)
	select {
	case <-out:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func read(names []string, out chan string) {
	for _, name := range names {
		out <- name
	}
}

type status struct{ names []string }

func (s *status) load(ctx context.Context) error {
	if err := s.first(ctx); err != nil {
		return err
	}
	return s.rest(ctx)
}

// An error goes all the way up.
func (s *status) first(ctx context.Context) error {
	out := make(chan string)
	go read(s.names, out)
	if len(s.names) == 0 {
		return errors.New("no names")
	}
	for range s.names {
		<-out
	}
	return nil
}

// When it has returned, the command goes on.
func (s *status) rest(ctx context.Context) error {
	done := make(chan string)
	go func() { // want `abandoned: the goroutine blocks forever sending on done when rest returns at line \d+ without receiving; give done a buffer of 1`
		done <- os.Getenv("NAME")
	}()
	select {
	case <-done:
	case <-ctx.Done():
	}
	return nil
}

// Each calls what others call, too.
func Each(ctx context.Context, names []string) {
	for range names {
		if err := failing(ctx); err != nil {
			return
		}
	}
}

func failing(ctx context.Context) error {
	done := make(chan string)
	go func() { // want `abandoned: the goroutine blocks forever sending on done when failing returns at line \d+ without receiving; give done a buffer of 1`
		done <- os.Getenv("NAME")
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return errors.New("cancelled")
	}
}

// What is called once, by what a command calls once, is left once.

func NewShow() *cobra.Command {
	return &cobra.Command{Use: "show", Run: func(cmd *cobra.Command, _ []string) { show(cmd.Context()) }}
}

func show(ctx context.Context) { page(ctx) }

func page(ctx context.Context) {
	done := make(chan string)
	go func() { done <- os.Getenv("PAGE") }()
	select {
	case <-done:
	case <-ctx.Done():
	}
}

func NewList() *cobra.Command {
	return &cobra.Command{Use: "list", Run: func(cmd *cobra.Command, args []string) { list(cmd.Context(), args) }}
}

func list(ctx context.Context, names []string) {
	for _, name := range names {
		line(ctx, name)
	}
}

func line(ctx context.Context, name string) {
	done := make(chan string)
	go func() { done <- os.Getenv(name) }() // want `abandoned: the goroutine blocks forever sending on done when line returns at line \d+ without receiving; give done a buffer of 1`
	select {
	case <-done:
	case <-ctx.Done():
	}
}
