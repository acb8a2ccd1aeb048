// Shop is a stand-in for one that knows what pictures cost, on a day on which it takes its time.
package main

import (
	"fmt"
	"log"
	"net/http"
	"time"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		time.Sleep(2 * time.Second)
		fmt.Fprint(w, "12.50")
	})
	log.Fatal(http.ListenAndServe("localhost:8081", nil))
}
