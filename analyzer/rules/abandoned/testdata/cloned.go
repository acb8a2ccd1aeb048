package abandoned

import (
	"context"
	"errors"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// Workers who leave at an error or when another one has failed, while the function goes on sending.
type cloning struct {
	name    string
	force   bool
	confirm func() bool
}

var errCloned = errors.New("cloned")

func cloneAll(force bool) (done uint32, err error) {
	labels, err := allLabels()
	if err != nil {
		return 0, err
	}
	workers := 10
	jobs := make(chan cloning)
	g, ctx := errgroup.WithContext(context.Background())
	for i := 0; i < workers; i++ {
		g.Go(func() error { // want `abandoned: cloneAll blocks forever sending on jobs at line \d+ once this goroutine has stopped receiving`
			for {
				select {
				case <-ctx.Done():
					return nil
				case job, ok := <-jobs:
					if !ok {
						return nil
					}
					err := cloneOne(&job)
					if err != nil {
						if !errors.Is(err, errCloned) {
							return err
						}
					} else {
						atomic.AddUint32(&done, 1)
					}
				}
			}
		})
	}
	for _, label := range labels {
		job := cloning{name: label, force: force}
		jobs <- job
	}
	close(jobs)
	return done, g.Wait()
}

func allLabels() (labels []string, err error) {
	for {
		more, err := labelsFrom(len(labels))
		if err != nil {
			return nil, err
		}
		if labels = append(labels, more...); len(more) == 0 {
			return labels, nil
		}
	}
}

var labelsFrom func(from int) ([]string, error)

func cloneOne(job *cloning) error {
	err := create(job.name)
	if err != nil {
		return err
	}
	if job.force && errors.Is(err, errCloned) {
		return replace(&cloning{name: job.name})
	}
	return err
}

func replace(job *cloning) error {
	if job.name != "" {
		job.force = false
	}
	if job.confirm != nil {
		job.force = job.confirm()
	}
	if err := create(job.name); err != nil {
		return err
	}
	return create("other " + job.name)
}

var create func(name string) error
