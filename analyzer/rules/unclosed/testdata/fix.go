package unclosed

import (
	"github.com/gammazero/workerpool"
	"github.com/panjf2000/ants/v2"
)

func never() {
	p := workerpool.New(2) // want `unclosed: p is never closed: its goroutines leak when never returns; defer p.StopWait\(\) here`
	p.Submit(task)
}

func neverBehindCheck() error {
	p, err := ants.NewPool(2) // want `unclosed: p is never closed`
	if err != nil {
		return err
	}
	return p.Submit(task)
}

func neverWithoutCheck() {
	p, err := ants.NewPool(2) // want `unclosed: p is never closed`
	if err == nil {
		err = p.Submit(task)
	}
	if err != nil {
		panic(err)
	}
}
