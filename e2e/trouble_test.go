package e2e

import (
	"fmt"
	"strings"
	"testing"
)

// A search that runs out of its budget finds nothing, and says so where that is asked for; the
// findings elsewhere are there.
func TestTrouble(t *testing.T) {
	t.Parallel()
	var branches strings.Builder
	for i := range 16 { // each remembered, on every path, since it is asked again
		fmt.Fprintf(&branches, "\tif flags[%d] > n {\n\t\tlog.Print(%d)\n\t}\n\tif n > flags[%d] {\n\t\tn++\n\t}\n", i, i, i)
		fmt.Fprintf(&branches, "\tb%d := check()\n\tif b%d {\n\t\tlog.Print(%d)\n\t}\n", i, i, i)
	}
	for i := range 16 {
		fmt.Fprintf(&branches, "\tif b%d {\n\t\tlog.Print(%d)\n\t}\n", i, i)
	}
	p := project(t, simple+`-- maze/maze.go --
package maze

import (
	"log"
	"sync"
)

func check() bool { return len(log.Prefix()) > 0 }

func Maze(flags []int, n int) {
	var wg sync.WaitGroup
	wg.Go(func() { log.Print(1) })
`+branches.String()+`	wg.Wait()
}
`)
	res := p.run("go", "vet", "-vettool="+poollint, "-trouble", "./...")
	// Two: whether each path waits, and who may be stuck.
	contains(t, "stderr", res.stderr, "example.com/", "/maze: searches that went too far and were given up: 2;", finding)
	lacks(t, "stderr", p.run("go", "vet", "-vettool="+poollint, "./...").stderr, "given up")
}
