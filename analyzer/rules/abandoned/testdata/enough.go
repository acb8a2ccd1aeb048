package abandoned

// A caller says how many are enough: that may be fewer than there are.

func firstOnes(lines []string, enough int) (got []string) {
	in := make(chan string)
	go func() { // want "the goroutine blocks forever sending on in when firstOnes returns at line 19 before receiving everything"
		defer close(in)
		for _, line := range lines {
			in <- line
		}
	}()
	for line := range in {
		got = append(got, line)
		if len(got) == enough {
			break
		}
	}
	return got
}

func quorum(hosts []string, votes int, ask func(string) bool) (yes int) {
	answers := make(chan bool)
	for _, host := range hosts {
		go func() { // want "the goroutine blocks forever sending on answers when quorum returns at line 34 without receiving; give answers a buffer of len\\(hosts\\)"
			answers <- ask(host)
		}()
	}
	for range votes {
		if <-answers {
			yes++
		}
	}
	return yes
}

type page struct{ size int }

func (p *page) fill(lines []string) (got []string) {
	in := make(chan string)
	go func() { // want "the goroutine blocks forever sending on in when fill returns at line 49 before receiving everything"
		defer close(in)
		for _, line := range lines {
			in <- line
		}
	}()
	for line := range in {
		if got = append(got, line); len(got) >= p.size {
			return got
		}
	}
	return got
}

// As many as there are.

func firstOnesOfAll(lines []string, enough int) (got []string) {
	in := make(chan string)
	go func() {
		defer close(in)
		for _, line := range lines {
			in <- line
		}
	}()
	for line := range in {
		if len(got) < enough {
			got = append(got, line)
		}
	}
	return got
}

func quorumWithRoom(hosts []string, votes int, ask func(string) bool) (yes int) {
	answers := make(chan bool, len(hosts))
	for _, host := range hosts {
		go func() { answers <- ask(host) }()
	}
	for range votes {
		if <-answers {
			yes++
		}
	}
	return yes
}

// sumOf is told how many there are.
func sumOf(parts []int, n int) (sum int) {
	sums := make(chan int)
	for _, p := range parts {
		go func() { sums <- p * p }()
	}
	for range n {
		sum += <-sums
	}
	return sum
}

func sumOfAll(parts []int) int { return sumOf(parts, len(parts)) }

// perWorker starts, and hears, as many as it is told.
func perWorker(jobs []func(), workers int) (done int) {
	in, ended := make(chan func()), make(chan bool)
	for range workers {
		go func() {
			for job := range in {
				job()
			}
			ended <- true
		}()
	}
	for _, job := range jobs {
		in <- job
	}
	close(in)
	for range ended {
		if done++; done == workers {
			break
		}
	}
	return done
}

// atMost looks whether there are enough first.
func atMost(hosts []string, votes int, ask func(string) bool) (yes int) {
	if votes < len(hosts) {
		return 0
	}
	answers := make(chan bool)
	for _, host := range hosts {
		go func() { answers <- ask(host) }()
	}
	for range votes {
		if <-answers {
			yes++
		}
	}
	return yes
}
