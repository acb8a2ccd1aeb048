package selfwait

// A function that is wrapped as a handler is called by the method of a library, in the goroutine that has it.

import (
	"net/http"
	"net/http/httptest"
	"sync"
)

func wrapped(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r)
	})
}

func servedWrapped() {
	blocked := make(chan struct{})
	released := make(chan struct{})
	handler := wrapped(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(blocked)
		<-released
	}))
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
	}()
	<-blocked
	close(released)
	wg.Wait()
}

func served() {
	blocked := make(chan struct{})
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(blocked)
	})
	go func() {
		handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
	}()
	<-blocked
}

func notServed() {
	blocked := make(chan struct{})
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(blocked)
	})
	go func() {
		println(handler != nil)
	}()
	<-blocked // want `notServed waits on blocked, and no other goroutine sends on it or closes it: it waits forever`
}
