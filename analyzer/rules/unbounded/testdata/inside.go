package unbounded

import (
	"os"
	"path/filepath"
	"time"
)

// The task waits for its token, but all tasks exist by then.
func Inside(dir string) {
	names, _ := filepath.Glob(dir + "/*")
	sem := make(chan struct{}, 4)
	for _, name := range names {
		go func() { // want `unbounded: one goroutine per element of names \(the files that match a pattern\) waits for its token only after it has started, so all of them exist at once; 10,000 at once hold about 71 MiB \(os.ReadFile 4.7 KiB each\): acquire the token before the go statement`
			sem <- struct{}{}
			defer func() { <-sem }()
			os.ReadFile(name)
		}()
	}
}

// What it calls has a loop, but it holds the token for one name only.
func InsideWithALoop(dir string) {
	names, _ := filepath.Glob(dir + "/*")
	sem := make(chan struct{}, 4)
	for _, name := range names {
		go func() { // want `unbounded: one goroutine per element of names .* waits for its token only after it has started`
			sem <- struct{}{}
			read(name)
			<-sem
		}()
	}
}

func read(name string) {
	f, err := os.Open(name)
	if err != nil {
		return
	}
	defer f.Close()
	var b [512]byte
	for {
		if _, err := f.Read(b[:]); err != nil {
			return
		}
	}
}

type tail struct {
	room chan struct{}
	stop chan struct{}
}

// A token for each line that is under way is none of the task's, a worker that goes on until it is stopped.
func (t *tail) Follow(dir string) {
	names, _ := filepath.Glob(dir + "/*")
	for _, name := range names {
		go func() {
			t.receive(name)
		}()
	}
}

func (t *tail) receive(name string) {
	for {
		line, err := os.ReadFile(name)
		if err != nil {
			return
		}
		select {
		case t.room <- struct{}{}:
			t.deliver(name, line)
		case <-t.stop:
			return
		}
	}
}

func (t *tail) deliver(name string, line []byte) { os.WriteFile(name, line, 0o666) }

// One that is taken in the end is the task's.
func (t *tail) Work(dir string) {
	names, _ := filepath.Glob(dir + "/*")
	for _, name := range names {
		go func() { // want `unbounded: one goroutine per element of names .* waits for its token only after it has started`
			t.enter()
			defer func() { <-t.room }()
			os.ReadFile(name)
		}()
	}
}

func (t *tail) enter() {
	for {
		select {
		case t.room <- struct{}{}:
			return
		case <-time.After(time.Second):
			println("waits")
		}
	}
}
