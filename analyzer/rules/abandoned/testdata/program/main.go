package main

import (
	"log"
	"time"
)

func main() {
	done := make(chan bool)
	go func() {
		time.Sleep(time.Minute)
		done <- true
	}()
	select {
	case <-done:
	case <-time.After(time.Second):
		log.Print("timeout")
	}
	t := newTally()
	go t.run() // silent: abandoned "the process ends when main returns"
	t.adds <- 1
	log.Print(each(jobs))
	log.Print(t.sum())
}
