package oversized

import (
	"runtime"

	"golang.org/x/sync/errgroup"

	"github.com/poollint/poollint/pool"
)

// A bound is what the smallest of its parts is, in whatever order they stand, and the largest part of
// a max.
func Smallest(n int) {
	pool.NewIO(min(1_000_000, 4*runtime.GOMAXPROCS(0)))
	pool.NewIO(min(4*runtime.GOMAXPROCS(0), 1_000_000))
	pool.NewIO(min(1_000_000, n))
	pool.NewIO(min(n, 1_000_000))
	most := 1_000_000
	var g errgroup.Group
	g.SetLimit(min(most, 4*runtime.NumCPU()))
	var few, many errgroup.Group
	few.SetLimit(min(most, 8))
	few.SetLimit(min(8, most))
	many.SetLimit(max(most, 8)) // want `oversized: SetLimit\(max\(most, 8\)\) allows 1000000 workers`
	many.SetLimit(max(8, most)) // want `oversized: SetLimit\(max\(8, most\)\) allows 1000000 workers`
}
