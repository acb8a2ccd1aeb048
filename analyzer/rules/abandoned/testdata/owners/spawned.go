package owners

import (
	"log"
	"time"
)

// spawn survives what it runs: it is who gave that who is told.
func spawn(f func()) {
	go func() {
		defer func() {
			if r := recover(); r != nil {
				log.Print(r)
			}
		}()
		f()
	}()
}

func ask(find func() string) string {
	found := make(chan string)
	spawn(func() { found <- find() }) // want `abandoned: the goroutine blocks forever sending on found when ask returns at line \d+ without receiving; give found a buffer of 1`
	select {
	case name := <-found:
		return name
	case <-time.After(time.Second):
		return ""
	}
}

func askWithRoom(find func() string) string {
	found := make(chan string, 1)
	spawn(func() { found <- find() })
	select {
	case name := <-found:
		return name
	case <-time.After(time.Second):
		return ""
	}
}

// What a wrapper sends itself is its own.
func result(f func() string) <-chan string {
	c := make(chan string)
	go func() { c <- f() }() // want `abandoned: the goroutine blocks forever sending on c when first returns at line \d+ without receiving; give c a buffer of 1`
	return c
}

func first(f func() string) string {
	select {
	case s := <-result(f):
		return s
	case <-time.After(time.Second):
		return ""
	}
}
