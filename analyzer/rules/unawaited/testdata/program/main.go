// Program is one whose end ends everything.
package main

import (
	"errors"
	"log"
	"net/http"

	"golang.org/x/sync/errgroup"
)

func main() {
	if err := migrate(); err != nil {
		log.Fatal(err)
	}
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if err := serve(); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	})
	for {
		if err := poll(); err != nil {
			log.Print(err)
		}
	}
}

func check() error { return errors.New("no") }

// The program ends with the error, and its tasks with it.
func migrate() error {
	var g errgroup.Group
	g.Go(check)
	if err := check(); err != nil {
		return err
	}
	return g.Wait()
}

func serve() error {
	var g errgroup.Group
	g.Go(check) // want `unawaited: g is not waited for on the path that exits at line \d+`
	if err := check(); err != nil {
		return err
	}
	return g.Wait()
}

func poll() error {
	var g errgroup.Group
	g.Go(check) // want `unawaited: g is not waited for on the path that exits at line \d+`
	if err := check(); err != nil {
		return err
	}
	return g.Wait()
}
