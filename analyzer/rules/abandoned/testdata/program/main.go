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
	log.Print(count(nil))
}
