package pairs

import (
	"context"
	"sync"
)

// leaks
func GeneratorLeft(n int, failed bool) {
	for v := range generate(n) {
		use(v)
		if failed {
			return
		}
	}
}

func generate(n int) <-chan int {
	items := make(chan int)
	go func() {
		defer close(items)
		for range n {
			items <- 1
		}
	}()
	return items
}

// fine
func GeneratorWithContext(n int, failed bool) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	for v := range generateUntil(ctx, n) {
		use(v)
		if failed {
			return
		}
	}
}

func generateUntil(ctx context.Context, n int) <-chan int {
	items := make(chan int)
	go func() {
		defer close(items)
		for range n {
			select {
			case items <- 1:
			case <-ctx.Done():
				return
			}
		}
	}()
	return items
}

// leaks
func GeneratorNeverCloses(n int) {
	for v := range generateOpen(n) {
		use(v)
	}
}

func generateOpen(n int) <-chan int {
	items := make(chan int)
	go func() {
		for range n {
			items <- 1
		}
	}()
	return items
}

// fine
func ProducerWithDone(n int, failed bool) {
	items, done := make(chan int), make(chan struct{})
	defer close(done)
	go func() {
		defer close(items)
		for range n {
			select {
			case items <- 1:
			case <-done:
				return
			}
		}
	}()
	for v := range items {
		use(v)
		if failed {
			return
		}
	}
}

// leaks
func ProducerWithDoneForgotten(n int, failed bool) {
	items, done := make(chan int), make(chan struct{})
	go func() {
		defer close(items)
		for range n {
			select {
			case items <- 1:
			case <-done:
				return
			}
		}
	}()
	for v := range items {
		use(v)
		if failed {
			return
		}
	}
	close(done)
}

// leaks
func ProducerEndless(failed bool) {
	items := make(chan int)
	go func() {
		for {
			items <- 1
		}
	}()
	use(<-items)
	use(<-items)
}

// leaks
func ProducerClosesOnOnePath(n int, failed bool) {
	items := make(chan int)
	go func() {
		for range n {
			if failed {
				return
			}
			items <- 1
		}
		close(items)
	}()
	for v := range items {
		use(v)
	}
}

// fine
func ProducerClosesOnEveryPath(n int, failed bool) {
	items := make(chan int)
	go func() {
		defer close(items)
		for range n {
			if failed {
				return
			}
			items <- 1
		}
	}()
	for v := range items {
		use(v)
	}
}

// leaks
func ConsumerOpen(n int) {
	items := make(chan int)
	go func() {
		for v := range items {
			use(v)
		}
	}()
	for range n {
		items <- 1
	}
}

// fine
func ConsumerClosed(n int) {
	items := make(chan int)
	go func() {
		for v := range items {
			use(v)
		}
	}()
	for range n {
		items <- 1
	}
	close(items)
}

// leaks
func ConsumerClosedOnOnePath(n int, err error) error {
	items := make(chan int)
	go consume(items)
	for range n {
		if err != nil {
			return err
		}
		items <- 1
	}
	close(items)
	return nil
}

// fine
func ConsumerClosedInDefer(n int, err error) error {
	items := make(chan int)
	go consume(items)
	defer close(items)
	for range n {
		if err != nil {
			return err
		}
		items <- 1
	}
	return nil
}

func consume(items <-chan int) {
	for v := range items {
		use(v)
	}
}

// leaks
func WorkersOpen(n int) {
	jobs := make(chan int)
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for j := range jobs {
				use(j)
			}
		})
	}
	for range n {
		jobs <- 1
	}
	wg.Wait()
}

// fine
func WorkersClosed(n int) {
	jobs := make(chan int)
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for j := range jobs {
				use(j)
			}
		})
	}
	for range n {
		jobs <- 1
	}
	close(jobs)
	wg.Wait()
}

// leaks
func WorkersLeave(n int, failed bool) {
	jobs := make(chan int)
	for range 2 {
		go func() {
			for j := range jobs {
				use(j)
				if failed {
					return
				}
			}
		}()
	}
	for range n {
		jobs <- 1
	}
	close(jobs)
}

// fine
func WorkersSkip(n int, failed bool) {
	jobs := make(chan int)
	for range 2 {
		go func() {
			for j := range jobs {
				if failed {
					continue
				}
				use(j)
			}
		}()
	}
	for range n {
		jobs <- 1
	}
	close(jobs)
}

// leaks
func WorkersAnswer(n int) {
	jobs, answers := make(chan int), make(chan int)
	for range 2 {
		go func() {
			for j := range jobs {
				answers <- j
			}
		}()
	}
	for range n {
		jobs <- 1
	}
	close(jobs)
	for range n {
		use(<-answers)
	}
}

// fine
func WorkersAnswerFed(n int) {
	jobs, answers := make(chan int), make(chan int)
	for range 2 {
		go func() {
			for j := range jobs {
				answers <- j
			}
		}()
	}
	go func() {
		defer close(jobs)
		for range n {
			jobs <- 1
		}
	}()
	for range n {
		use(<-answers)
	}
}

// leaks
func PipelineStageOpen(n int) {
	raw, cooked := make(chan int), make(chan int)
	go func() {
		defer close(raw)
		for range n {
			raw <- 1
		}
	}()
	go func() {
		for v := range raw {
			cooked <- v
		}
	}()
	for v := range cooked {
		use(v)
	}
}

// fine
func PipelineInOrder(n int) {
	raw, cooked := make(chan int), make(chan int)
	go func() {
		defer close(raw)
		for range n {
			raw <- 1
		}
	}()
	go func() {
		defer close(cooked)
		for v := range raw {
			cooked <- v
		}
	}()
	for v := range cooked {
		use(v)
	}
}

// leaks
func PipelineSinkLeaves(n int, err error) error {
	raw, cooked := make(chan int), make(chan int)
	go func() {
		defer close(raw)
		for range n {
			raw <- 1
		}
	}()
	go func() {
		defer close(cooked)
		for v := range raw {
			cooked <- v
		}
	}()
	for v := range cooked {
		use(v)
		if err != nil {
			return err
		}
	}
	return nil
}

// fine
func PipelineSinkDrains(n int, err error) error {
	raw, cooked := make(chan int), make(chan int)
	go func() {
		defer close(raw)
		for range n {
			raw <- 1
		}
	}()
	go func() {
		defer close(cooked)
		for v := range raw {
			cooked <- v
		}
	}()
	defer func() {
		for v := range cooked {
			use(v)
		}
	}()
	for v := range cooked {
		use(v)
		if err != nil {
			return err
		}
	}
	return nil
}
