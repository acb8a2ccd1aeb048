// Package cpubound gives work to I/O pools.
package cpubound

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"image/jpeg"
	"io"
	"log"
	"net/http"
	"os"
	"regexp"
	"sort"
	"strings"
	"sync"
	"time"

	"github.com/panjf2000/ants/v2"
	"golang.org/x/crypto/bcrypt"
	"golang.org/x/crypto/scrypt"
	"golang.org/x/sync/errgroup"

	"github.com/poollint/poollint/pool"

	"poollint.test/analyzer/rules/cpubound/testdata/hashing"
)

func hashPassword(password string) ([]byte, error) {
	return scrypt.Key([]byte(password), []byte("salt"), 32768, 8, 1, 32)
}

func byType(ctx context.Context, io *pool.IO, cpu *pool.CPU) {
	check(io.Go(ctx, func(context.Context) error { // want `cpubound: the task on I/O pool io \(by its type\) uses about 49 ms of CPU: scrypt.Key in hashPassword \(cpubound.go:\d+\), called from the task; submit it to a CPU pool`
		_, err := hashPassword("secret")
		return err
	}))
	check(cpu.Go(ctx, func(context.Context) error { // silent: cpubound "cpu is a CPU pool, by its type"
		_, err := hashPassword("secret")
		return err
	}))
	f := pool.Submit(ctx, io, func(context.Context) ([]byte, error) { // want `cpubound: .* uses about 50 ms of CPU: bcrypt.GenerateFromPassword in Password \(hashing.go:\d+\), called from the task`
		return hashing.Password("secret")
	})
	_, _ = f.Await(ctx)
}

// An executor's kind is that of what is assigned to it.
type service struct {
	slow  pool.Executor
	quick pool.Executor

	netPool *ants.Pool
	compute *ants.Pool
	//poollint:io
	group errgroup.Group
	plain errgroup.Group
}

func newService() *service {
	s := &service{slow: pool.NewIO(8)}
	s.quick = pool.NewCPU()
	return s
}

func (s *service) executors(ctx context.Context) {
	a := pool.Submit(ctx, s.slow, func(context.Context) (int, error) { return fibonacci(40), nil })  // want `cpubound: the task on I/O pool s.slow \(by its type\) uses about .* of CPU: the recursion in fibonacci`
	b := pool.Submit(ctx, s.quick, func(context.Context) (int, error) { return fibonacci(40), nil }) // silent: cpubound "s.quick is a CPU pool, by its type"
	_, _ = a.Await(ctx)
	_, _ = b.Await(ctx)
}

func fibonacci(n int) int {
	if n < 2 {
		return n
	}
	return fibonacci(n-1) + fibonacci(n-2)
}

func (s *service) byName() error {
	p := s.netPool
	if err := p.Submit(func() { hashing.Chain(100000) }); err != nil { // want `cpubound: the task on I/O pool p \(by its name\) uses about .* of CPU: .* in Chain`
		return err
	}
	if err := p.Submit(func() { hashing.Chain(10) }); err != nil { // silent: cpubound "uses .* µs of CPU"
		return err
	}
	return s.compute.Submit(func() { hashing.Chain(100000) }) // silent: cpubound "it is not known whether s.compute is an I/O or a CPU pool"
}

func (s *service) byDirective() {
	s.group.Go(func() error { // want `cpubound: the task on I/O pool s.group \(by its directive\) uses about 1?\d\d? ms`
		_, err := bcrypt.GenerateFromPassword([]byte("secret"), 12)
		return err
	})
	_ = s.group.Wait()
	s.plain.Go(func() error { // silent: cpubound "it is not known whether s.plain is an I/O or a CPU pool"
		_, err := bcrypt.GenerateFromPassword([]byte("secret"), 12)
		return err
	})
	_ = s.plain.Wait()
}

// A light loop of unknown length counts only where nothing waits.
func lengths(ctx context.Context, io *pool.IO, xs []int, url string) {
	check(io.Go(ctx, func(context.Context) error { // want `cpubound: .* computes and never waits: the loop over xs \(cpubound.go:\d+\); submit it to a CPU pool`
		sum := 0
		for _, x := range xs {
			sum += x * x
		}
		log.Println(sum)
		return nil
	}))
	check(io.Go(ctx, func(context.Context) error { // silent: cpubound "uses .* ns of CPU"
		resp, err := http.Get(url)
		if err != nil {
			return err
		}
		sum := 0
		for _, x := range xs {
			sum += x * x
		}
		log.Println(sum)
		return resp.Body.Close()
	}))
	check(io.Go(ctx, func(context.Context) error { // silent: cpubound "uses .* ns of CPU"
		sum := 0
		for i := range 20 {
			sum += i
		}
		for _, x := range [...]int{1, 2, 3} {
			sum += x
		}
		log.Println(sum)
		return nil
	}))
}

// What is unknown is silent: whoever is behind the interface may wait.
func unknowns(ctx context.Context, io *pool.IO, s hashing.Store, xs []string, f func(string)) {
	check(io.Go(ctx, func(context.Context) error { // silent: cpubound "it is not known what a call of s.Put does"
		for _, x := range xs {
			if err := s.Put(x, nil); err != nil {
				return err
			}
		}
		return nil
	}))
	check(io.Go(ctx, func(context.Context) error { // silent: cpubound "it is not known what a call of f does"
		hashing.Each(xs, f)
		return nil
	}))
}

// What a function parameter costs is counted where it is given.
func parameters(ctx context.Context, io *pool.IO, xs []string) {
	check(io.Go(ctx, func(context.Context) error { // want `cpubound: .* called from the task`
		hashing.Each(xs, func(x string) { _, _ = hashing.Password(x) })
		return nil
	}))
	check(io.Go(ctx, func(context.Context) error { // silent: cpubound "uses .* between two waits"
		hashing.Each(xs, func(x string) { _, _ = hashing.Fetch(x) })
		return nil
	}))
}

var pattern = regexp.MustCompile(`(\w+)@(\w+)\.com`)

// Tasks that wait, and then compute for long.
func mixed(ctx context.Context, io *pool.IO, url string, words []string) {
	check(io.Go(ctx, func(context.Context) error { // want `cpubound: .* uses about .* of CPU: jpeg.Decode .*; split it: wait here, and submit the computation to a CPU pool`
		resp, err := http.Get(url)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		_, err = jpeg.Decode(resp.Body)
		return err
	}))
	check(io.Go(ctx, func(context.Context) error { // want `cpubound: .* may well use .* of CPU, and more with larger input: regexp.Regexp.FindAllString`
		data, err := os.ReadFile("lines")
		if err != nil {
			return err
		}
		for line := range strings.SplitSeq(string(data), "\n") {
			pattern.FindAllString(line, -1)
		}
		return nil
	}))
	check(io.Go(ctx, func(context.Context) error { // want `cpubound: .* bcrypt.CompareHashAndPassword`
		for _, w := range words {
			if _, err := hashing.Fetch(url); err != nil {
				return err
			}
			if bcrypt.CompareHashAndPassword([]byte(w), []byte(w)) == nil {
				return nil
			}
		}
		return nil
	}))
}

// Tasks that wait, and do with the answer what everybody does.
func waiting(ctx context.Context, p *pool.IO, url string, out chan<- int) {
	check(p.Go(ctx, func(context.Context) error { // silent: cpubound "strings.ToLower is cheap, and the task also waits"
		resp, err := http.Get(url)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		data, err := io.ReadAll(resp.Body)
		if err != nil {
			return err
		}
		var v struct{ Items []string }
		if err := json.Unmarshal(data, &v); err != nil {
			return err
		}
		sum := sha256.Sum256(data)
		sort.Strings(v.Items)
		for _, item := range v.Items {
			log.Println(strings.ToLower(item), sum)
		}
		return nil
	}))
	check(p.Go(ctx, func(context.Context) error { // silent: cpubound "uses .* between two waits"
		for i := range 1000000 {
			out <- i
		}
		return nil
	}))
	check(p.Go(ctx, func(context.Context) error { // silent: cpubound "uses .* between two waits"
		for range 1000 {
			time.Sleep(time.Millisecond)
		}
		return nil
	}))
	check(p.Go(ctx, func(context.Context) error { // silent: cpubound "uses .* between two waits"
		f, err := os.Open("large")
		if err != nil {
			return err
		}
		defer f.Close()
		z := gzip.NewWriter(f)
		_, err = io.Copy(z, os.Stdin)
		return err
	}))
}

// In-memory streams do not wait; a mutex does not either.
func memory(ctx context.Context, io *pool.IO, data []byte, mu *sync.Mutex) {
	check(io.Go(ctx, func(context.Context) error { // want `cpubound: .* gzip.Writer.Write`
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		if _, err := z.Write(data); err != nil {
			return err
		}
		return z.Close()
	}))
	check(io.Go(ctx, func(context.Context) error { // want `cpubound: .* the loop over 10000000`
		mu.Lock()
		defer mu.Unlock()
		n := 0
		for i := range 10000000 {
			n ^= i
		}
		log.Println(n)
		return nil
	}))
}

// Work that a task merely starts or defines is not its own.
func defined(ctx context.Context, io *pool.IO) {
	check(io.Go(ctx, func(context.Context) error { // silent: cpubound "uses .* ns of CPU"
		go fibonacci(45)
		later := func() { fibonacci(45) }
		_ = later
		return nil
	}))
	check(io.Go(ctx, func(context.Context) error { // want `cpubound: .* the recursion in fibonacci`
		defer fibonacci(45)
		return nil
	}))
}

// The task of a pool with one function is in its constructor.
func withFunc() (*ants.PoolWithFunc, error) {
	fetchPool, err := ants.NewPoolWithFunc(100, func(any) { fibonacci(42) }) // want `cpubound: the task on I/O pool fetchPool \(by its name\) uses`
	return fetchPool, err
}

// Which of two pools a helper submits to is what it is called with.
func helper(ctx context.Context, e pool.Executor) {
	f := pool.Submit(ctx, e, func(context.Context) (int, error) { return fibonacci(40), nil }) // want `cpubound: the task on I/O pool e \(by its type\)`
	_, _ = f.Await(ctx)
}

func helped(ctx context.Context) { helper(ctx, pool.NewIO(4)) }

func either(ctx context.Context, e pool.Executor) {
	f := pool.Submit(ctx, e, func(context.Context) (int, error) { return fibonacci(40), nil }) // silent: cpubound "it is not known whether e is an I/O or a CPU pool"
	_, _ = f.Await(ctx)
}

func eithered(ctx context.Context) {
	either(ctx, pool.NewIO(4))
	either(ctx, pool.NewCPU())
}

// A function that is given the task, and submits it.
func (s *service) fetch(task func()) error { return s.netPool.Submit(task) }

func (s *service) wrapped() {
	check(s.fetch(func() { fibonacci(42) })) // want `cpubound: the task on I/O pool s.netPool \(by its name\)`
	check(s.fetch(func() { fibonacci(5) }))  // silent: cpubound "uses .* ns of CPU"
}

type fetcher struct{ *pool.IO }

func embedded(ctx context.Context, f fetcher) {
	check(f.Go(ctx, func(context.Context) error { // want `cpubound: the task on I/O pool f \(by its type\)`
		fibonacci(42)
		return nil
	}))
}

// Results of an iterator, of a generic function, of a memoised recursion.
func all(n int) func(func(int) bool) {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

func total[T int | float64](xs []T) (sum T) {
	for _, x := range xs {
		sum += x
	}
	return sum
}

func memoised(memo map[int]int, n int) int {
	if n < 2 {
		return n
	}
	if v, ok := memo[n]; ok {
		return v
	}
	memo[n] = memoised(memo, n-1) + memoised(memo, n-2)
	return memo[n]
}

func forms(ctx context.Context, io *pool.IO) {
	check(io.Go(ctx, func(context.Context) error { // want `cpubound: .* the loop over all\(10000000\)`
		n := 0
		for i := range all(10000000) {
			n ^= i
		}
		log.Println(n)
		return nil
	}))
	check(io.Go(ctx, func(context.Context) error { // want `cpubound: .* the loop over xs in total`
		log.Println(total(make([]float64, 10000000)))
		return nil
	}))
	check(io.Go(ctx, func(context.Context) error { // silent: cpubound "uses .* µs of CPU"
		log.Println(memoised(map[int]int{}, 90))
		return nil
	}))
}

func check(err error) {
	if err != nil {
		log.Println(err)
	}
}

// What a wrapper does besides counts too: only of what it runs alone is all known.

func (s *service) alone(ctx context.Context, f func(context.Context) error) {
	check(s.slow.Go(ctx, f))
}

func (s *service) upload(ctx context.Context, data []byte, done func()) {
	check(s.slow.Go(ctx, func(context.Context) error { // silent: cpubound "it is not known what a call of done does"
		defer done()
		_, err := http.Post("https://example.com", "text/plain", bytes.NewReader(data))
		return err
	}))
}

func throughWrappers(ctx context.Context, data []int, used []bool) {
	s := &service{slow: pool.NewIO(8)}
	s.alone(ctx, func(context.Context) error { // want `cpubound: the task on I/O pool s.slow \(.*\) computes and never waits: the loop over data`
		sum := 0
		for _, d := range data {
			sum += d
		}
		log.Print(sum)
		return nil
	})
	s.upload(ctx, nil, func() { // silent: cpubound "the loop over used is cheap, and the rest of the task may wait"
		for i := range used {
			used[i] = false
		}
	})
	s.upload(ctx, nil, func() { // want `cpubound: the task on I/O pool s.slow \(.*\) uses about 49 ms of CPU: scrypt.Key in hashPassword`
		_, _ = hashPassword("secret")
	})
}

// Workers that are started by hand are a pool if a directive says what they are for.

func workersAboveTheLoop(docs <-chan []byte, done chan<- []byte) {
	//poollint:io
	for range 16 {
		go func() { // want `cpubound: the task on I/O worker of these workers \(by its directive\)`
			for doc := range docs {
				done <- stretch(doc)
			}
		}()
	}
}

func stretch(doc []byte) []byte {
	sum := sha256.Sum256(doc)
	for range 100_000 {
		sum = sha256.Sum256(sum[:])
	}
	return sum[:]
}

type stretcher struct {
	//poollint:io
	docs chan []byte
	done chan []byte
}

func (s *stretcher) start() {
	var wg sync.WaitGroup
	for range 16 {
		wg.Add(1)
		go func() { // want `cpubound: the task on I/O worker docs \(by its directive\)`
			defer wg.Done()
			s.work()
		}()
	}
	wg.Wait()
}

func (s *stretcher) work() {
	for doc := range s.docs {
		s.done <- stretch(doc)
	}
}

func workersThatWait(urls <-chan string) {
	//poollint:io
	for range 16 {
		go func() {
			for url := range urls {
				resp, err := http.Get(url)
				if err == nil {
					resp.Body.Close()
				}
			}
		}()
	}
}

func workersThatCompute(docs <-chan []byte, done chan<- []byte) {
	//poollint:cpu
	for range 4 {
		go func() {
			for doc := range docs {
				done <- stretch(doc)
			}
		}()
	}
}

func workersThatSayNothing(docs <-chan []byte, done chan<- []byte) {
	for range 16 {
		go func() {
			for doc := range docs {
				done <- stretch(doc)
			}
		}()
	}
}

// A wrapper that is given the pool, too.
func later[T any](ctx context.Context, on pool.Executor, f func() (T, error)) *pool.Future[T] {
	return pool.Submit(ctx, on, func(context.Context) (T, error) { return f() })
}

func laters(ctx context.Context, io *pool.IO, cpu *pool.CPU) (int, error) {
	slow := later(ctx, io, func() (int, error) { return fibonacci(42), nil })  // want `cpubound: the task on I/O pool io \(by its type\)`
	fast := later(ctx, cpu, func() (int, error) { return fibonacci(42), nil }) // silent: cpubound "cpu is a CPU pool"
	n, err := slow.Await(ctx)
	m, other := fast.Await(ctx)
	return n + m, errors.Join(err, other)
}
