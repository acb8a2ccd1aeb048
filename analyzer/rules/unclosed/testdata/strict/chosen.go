package strict

import (
	"errors"

	"github.com/gammazero/workerpool"
)

// A condition says whether the pool is closed at the end: in the background it is somebody else's to close.

type steps struct{ running []*workerpool.WorkerPool }

type background struct{ name string }

func (s *steps) run(step any, work func() error) error {
	p := workerpool.New(2) // want `unclosed: p is not closed on the path that exits at line 28, and nobody else has it`
	if _, ok := step.(*background); !ok {
		defer p.StopWait()
	}
	p.Submit(func() { _ = work() })
	switch step.(type) {
	case *background:
		s.running = append(s.running, p)
	}
	if len(s.running) > 8 {
		return errors.New("too many")
	}
	return nil
}
