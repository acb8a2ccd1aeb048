package abandoned

// How far two numbers are apart that callers choose is not known; it is not nothing.

func span(from, to uint64) (sum uint64) {
	if from == to {
		return 0
	}
	n := to - from
	out := make(chan uint64)
	for i := 0; i < int(n); i++ {
		go func() { out <- 1 }()
	}
	for range n {
		sum += <-out
	}
	return
}

func span2(from, to uint64) (sum uint64) {
	if from == to {
		return 0
	}
	n := to - from
	out := make(chan uint64)
	for i := 0; i < int(n); i++ {
		go func() { out <- 1 }() // want `the goroutine blocks forever sending on out when span2 returns at line \d+ before receiving everything`
	}
	return <-out
}

func span3(from, to uint64) (sum uint64) {
	if from >= to {
		return 0
	}
	out := make(chan uint64)
	for i := from; i < to; i++ {
		go func() { out <- 1 }()
	}
	for i := from; i < to; i++ {
		sum += <-out
	}
	return
}

// As many are received as are sent, whatever that is.
func proofs(load func() (uint64, error), work func(uint64) error) error {
	n, err := load()
	if err != nil {
		return err
	}
	errs := make(chan error, n*2)
	for i := uint64(0); i < n*2; i++ {
		go func(k uint64) {
			errs <- work(k)
		}(i)
	}
	for i := uint64(0); i < n*2; i++ {
		if err := <-errs; err != nil {
			return err
		}
	}
	return nil
}
