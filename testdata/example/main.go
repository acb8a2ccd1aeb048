// Gallery is a small service that collects pictures: it fetches them, hashes them, asks other
// services about them, and tells its subscribers. It is wrong in the ways people are wrong, and
// beside each mistake stands the same thing done right.
//
// Run poollint here to see them found:
//
//	go tool poollint ./...
package main

import (
	"flag"
	"log"
	"net/http"
	_ "net/http/pprof" // at localhost:6060, for poollint -profile
	"time"

	"example.com/gallery/internal/digest"
	"example.com/gallery/internal/fetch"
	"example.com/gallery/internal/notify"
	"example.com/gallery/internal/price"
)

func main() {
	flag.StringVar(&price.Shop, "shop", price.Shop, "who knows what pictures cost")
	flag.Parse()
	go func() { log.Print(http.ListenAndServe("localhost:6060", nil)) }()
	mux := http.NewServeMux()
	mux.HandleFunc("POST /pictures", fetch.Handle)
	mux.HandleFunc("POST /albums", fetch.HandleAlbum)
	mux.HandleFunc("POST /digests", digest.New().Handle)
	mux.HandleFunc("GET /price", price.Handle)
	mux.HandleFunc("POST /news", notify.New().Handle)
	srv := &http.Server{Addr: "localhost:8080", Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	log.Fatal(srv.ListenAndServe())
}
