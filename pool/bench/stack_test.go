package bench

import (
	"context"
	"runtime"
	"sync"
	"testing"

	"github.com/poollint/poollint/pool"
)

func TestStack(t *testing.T) {
	stack := func() uint64 { var m runtime.MemStats; runtime.ReadMemStats(&m); return m.StackInuse }
	runtime.GC()
	p := pool.NewIO(crowd)
	release := make(chan bool)
	var up sync.WaitGroup
	before := stack()
	for range crowd {
		up.Add(1)
		p.Go(context.Background(), func(context.Context) error { up.Done(); <-release; return nil })
	}
	up.Wait()
	t.Log("per worker", float64(stack()-before)/crowd)
	close(release)
	p.Close()
}
