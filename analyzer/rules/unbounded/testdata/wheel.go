package unbounded

import (
	"bufio"
	"container/list"
	"context"
	"os"
)

// What each has for itself says nothing of how many there are.
type timed struct {
	rounds int
	name   string
}

func fill(l *list.List, f *os.File) {
	for in := bufio.NewScanner(f); in.Scan(); {
		l.PushBack(&timed{name: in.Text()})
	}
}

func turn(ctx context.Context, l *list.List) {
	for e := l.Front(); e != nil; {
		t := e.Value.(*timed)
		if t.rounds > 0 {
			t.rounds--
			e = e.Next()
			continue
		}
		go fetch(ctx, t.name) // want `unbounded: one goroutine per element of e`
		next := e.Next()
		l.Remove(e)
		e = next
	}
}

// What all have together does.
type turns struct{ begun int }

func (w *turns) turn(ctx context.Context, l *list.List) {
	w.begun = 0
	for e := l.Front(); e != nil; e = e.Next() {
		all := w
		if all.begun >= 16 {
			break
		}
		all.begun++
		go fetch(ctx, e.Value.(*timed).name) // silent: unbounded "it starts only while there is room"
	}
}
