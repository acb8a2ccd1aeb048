package selfwait

// A buffer that is filled one by one, to its last place and not past it.

func filled() int {
	c := make(chan int, 6)
	c <- 1
	c <- 2
	c <- 3
	c <- 4
	c <- 5
	c <- 6
	close(c)
	n := 0
	for i := range c {
		n += i
	}
	return n
}

func filledPast() {
	c := make(chan int, 6)
	c <- 1
	c <- 2
	c <- 3
	c <- 4
	c <- 5
	c <- 6
	c <- 7 // want `filledPast sends on c, and no other goroutine receives from it: it waits forever`
	close(c)
}

// How many a helper has put in, and how many are taken out again, is for the callers to know.
func putIn(names []string, to chan<- string) {
	for _, name := range names {
		if name != "" {
			to <- name
		}
	}
}

func takenOut(names, expected []string) bool {
	c := make(chan string, len(names))
	putIn(names, c)
	for _, want := range expected {
		if got := <-c; got != want {
			return false
		}
	}
	return true
}
