// Package blocking gives work to CPU pools.
package blocking

import (
	"bytes"
	"context"
	"database/sql"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/exec"
	"sync"
	"time"

	"github.com/panjf2000/ants/v2"

	"github.com/poollint/poollint/pool"
)

func fetch(url string) (int, error) {
	resp, err := http.Get(url)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	return resp.StatusCode, nil
}

func waits(ctx context.Context, cpu *pool.CPU, io *pool.IO, db *sql.DB, conn net.Conn, in <-chan int) {
	check(cpu.Go(ctx, func(context.Context) error { // want `blocking: the task on CPU pool cpu \(by its type\) waits while a CPU is idle: http.Get in fetch \(blocking.go:\d+\), called from the task; submit it to an I/O pool`
		_, err := fetch("https://example.com")
		return err
	}))
	check(io.Go(ctx, func(context.Context) error { // silent: blocking "io is an I/O pool, by its type" cpubound "uses .* ns of CPU"
		_, err := fetch("https://example.com")
		return err
	}))
	check(cpu.Go(ctx, func(context.Context) error { // want `blocking: .* time.Sleep`
		time.Sleep(time.Second)
		return nil
	}))
	check(cpu.Go(ctx, func(context.Context) error { // want `blocking: .* sql.DB.ExecContext`
		_, err := db.ExecContext(ctx, "delete from t")
		return err
	}))
	check(cpu.Go(ctx, func(context.Context) error { // want `blocking: .* net.Conn.Read`
		_, err := conn.Read(make([]byte, 10))
		return err
	}))
	check(cpu.Go(ctx, func(context.Context) error { // want `blocking: .* os.ReadFile`
		_, err := os.ReadFile("x")
		return err
	}))
	check(cpu.Go(ctx, func(context.Context) error { // want `blocking: .* exec.Cmd.Run`
		return exec.Command("true").Run()
	}))
	check(cpu.Go(ctx, func(context.Context) error { // want `blocking: .* a receive`
		log.Println(<-in)
		return nil
	}))
	check(cpu.Go(ctx, func(context.Context) error { // want `blocking: .* pool.Future.Await`
		f := pool.Submit(ctx, io, func(context.Context) (int, error) { return fetch("https://example.com") })
		_, err := f.Await(ctx)
		return err
	}))
}

// What is no wait, or no unmistakable one.
func computes(ctx context.Context, cpu *pool.CPU, out chan<- int, mu *sync.Mutex, w io.Writer, stop <-chan struct{}) {
	results := make(chan int, 1)
	check(cpu.Go(ctx, func(context.Context) error { // silent: blocking "does not wait"
		mu.Lock()
		defer mu.Unlock()
		log.Println("computed")
		results <- 1
		return nil
	}))
	check(cpu.Go(ctx, func(ctx context.Context) error { // silent: blocking "select may wait, but that is not certain"
		select {
		case out <- 1:
		case <-ctx.Done():
		}
		select {
		case <-stop:
		default:
		}
		return nil
	}))
	check(cpu.Go(ctx, func(context.Context) error { // silent: blocking "does not wait"
		var b bytes.Buffer
		_, err := io.Copy(&b, bytes.NewReader(make([]byte, 100)))
		return err
	}))
	check(cpu.Go(ctx, func(context.Context) error { // silent: blocking "it is not known what io.WriteString does"
		_, err := io.WriteString(w, "whatever is behind it")
		return err
	}))
	check(cpu.Go(ctx, func(context.Context) error { // silent: blocking "does not wait"
		go func() { time.Sleep(time.Second) }()
		return nil
	}))
}

type workers struct {
	computePool *ants.Pool
	// People take the number of CPUs as some limit.
	pool *ants.Pool
}

func (w *workers) byName() error {
	if err := w.computePool.Submit(func() { time.Sleep(time.Second) }); err != nil { // want `blocking: the task on CPU pool w.computePool \(by its name\) waits`
		return err
	}
	return w.pool.Submit(func() { time.Sleep(time.Second) }) // silent: blocking "it is not known whether w.pool is an I/O or a CPU pool"
}

// A worker waits for its next piece of work; what it waits for else is another matter.

type darkroom struct {
	//poollint:cpu
	films  chan string
	prints chan string
	lamp   chan string
}

func newDarkroom() *darkroom {
	return &darkroom{films: make(chan string, 8), prints: make(chan string), lamp: make(chan string, 8)}
}

func (d *darkroom) develop() {
	go func() { // want `blocking: the task on CPU worker films \(by its directive\) waits while a CPU is idle: http.Get in fetch`
		for url := range d.films {
			_, err := fetch(url)
			check(err)
		}
	}()
	go func() { // silent: blocking "the worker waits for its next task"
		for name := range d.films {
			log.Println(len(name))
		}
	}()
}

// A channel without room is waited for, beside whatever ends it.
func (d *darkroom) enlarge(ctx context.Context, cpu *pool.CPU) {
	check(cpu.Go(ctx, func(ctx context.Context) error { // want `blocking: .* select \(blocking.go:\d+\)`
		select {
		case d.prints <- "large":
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}))
	check(cpu.Go(ctx, func(ctx context.Context) error { // silent: blocking "select may wait, but that is not certain"
		select {
		case d.lamp <- "on":
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}))
	log.Println(<-d.prints, <-d.lamp)
}

func check(err error) {
	if err != nil {
		log.Println(err)
	}
}
