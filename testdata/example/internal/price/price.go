// Package price asks what a picture costs, and does not ask for long.
package price

import (
	"fmt"
	"net/http"
	"time"
)

// Handle gives up after a second. The goroutine that asks then waits forever to send its
// answer: the channel has no room for it, and its receiver has left.
func Handle(w http.ResponseWriter, r *http.Request) {
	answer := make(chan string)
	go func() {
		answer <- ask(r.FormValue("picture"))
	}()
	select {
	case price := <-answer:
		fmt.Fprintln(w, price)
	case <-time.After(time.Second):
		http.Error(w, "no price in time", http.StatusGatewayTimeout)
	}
}

// HandleBuffered gives the answer a place to be left in.
func HandleBuffered(w http.ResponseWriter, r *http.Request) {
	answer := make(chan string, 1)
	go func() {
		answer <- ask(r.FormValue("picture"))
	}()
	select {
	case price := <-answer:
		fmt.Fprintln(w, price)
	case <-time.After(time.Second):
		http.Error(w, "no price in time", http.StatusGatewayTimeout)
	}
}

// Shop is whom to ask.
var Shop = "https://prices.example.com/"

func ask(picture string) string {
	resp, err := http.Get(Shop + picture)
	if err != nil {
		return err.Error()
	}
	defer resp.Body.Close()
	return resp.Status
}
