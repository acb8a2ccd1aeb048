// Poollint finds misuse of goroutines, worker pools and futures.
//
// On the command line, it takes packages or files, checks them in this process and caches the results. For the
// go command, it is a vet tool:
//
//	go vet -vettool=$(go tool -n poollint) ./...
package main

import (
	"os"

	"github.com/poollint/poollint/cmd/poollint/internal/cli"
	"github.com/poollint/poollint/cmd/poollint/internal/vettool"
)

func main() {
	if vettool.Asked(os.Args[1:]) {
		vettool.Main(os.Args[1:])
	}
	os.Exit(cli.Main(os.Args[1:]))
}
