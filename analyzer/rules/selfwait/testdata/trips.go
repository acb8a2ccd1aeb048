package selfwait

import "golang.org/x/sync/errgroup"

// Tasks that each submit one more wait forever once they are as many as workers. How many there are
// is known of a literal, an array, and a loop that counts, however it is written.

var regions = []string{"north", "south"}

func fewOfALiteral() error {
	var g errgroup.Group
	g.SetLimit(8)
	for range []string{"north", "south"} {
		g.Go(func() error { g.Go(work); return nil })
	}
	return g.Wait()
}

func fewOfALiteralWithIndexes() error {
	var g errgroup.Group
	g.SetLimit(8)
	for range []string{2: "north", "south"} {
		g.Go(func() error { g.Go(work); return nil })
	}
	return g.Wait()
}

func fewOfAVariable() error {
	var g errgroup.Group
	g.SetLimit(8)
	names := []string{"north", "south"}
	for range names {
		g.Go(func() error { g.Go(work); return nil })
	}
	return g.Wait()
}

func fewOfAPackageVariable() error {
	var g errgroup.Group
	g.SetLimit(8)
	for i := range regions {
		g.Go(func() error { g.Go(work); return nil })
		_ = i
	}
	return g.Wait()
}

func fewOfAMap() error {
	var g errgroup.Group
	g.SetLimit(8)
	for range map[string]int{"north": 1, "south": 2} {
		g.Go(func() error { g.Go(work); return nil })
	}
	return g.Wait()
}

func fewOfAnArray(names [2]string) error {
	var g errgroup.Group
	g.SetLimit(8)
	for range names {
		g.Go(func() error { g.Go(work); return nil })
	}
	return g.Wait()
}

func fewOfAnArrayByPointer(names *[2]string) error {
	var g errgroup.Group
	g.SetLimit(8)
	for range names {
		g.Go(func() error { g.Go(work); return nil })
	}
	return g.Wait()
}

func fewByIndex(names [2]string) error {
	var g errgroup.Group
	g.SetLimit(8)
	for i := 0; i < len(names); i++ {
		g.Go(func() error { g.Go(work); return nil })
	}
	return g.Wait()
}

func fewByLengthOfALiteral() error {
	var g errgroup.Group
	g.SetLimit(8)
	names := []string{"north", "south"}
	for i := range len(names) {
		g.Go(func() error { g.Go(work); return nil })
		_ = i
	}
	return g.Wait()
}

func fewUpTo() error {
	var g errgroup.Group
	g.SetLimit(8)
	for i := 7; i <= 9; i++ {
		g.Go(func() error { g.Go(work); return nil })
	}
	return g.Wait()
}

func fewDownTo() error {
	var g errgroup.Group
	g.SetLimit(8)
	for i := 3; i > 0; i-- {
		g.Go(func() error { g.Go(work); return nil })
	}
	return g.Wait()
}

func fewTheOtherWayRound() error {
	var g errgroup.Group
	g.SetLimit(8)
	for i := 0; 3 > i; i += 1 {
		g.Go(func() error { g.Go(work); return nil })
	}
	return g.Wait()
}

func fewInTwoLoops() error {
	var g errgroup.Group
	g.SetLimit(8)
	for range [2]int{} {
		for range []int{1, 2, 3} {
			g.Go(func() error { g.Go(work); return nil })
		}
	}
	return g.Wait()
}

func enoughInTwoLoops() error {
	var g errgroup.Group
	g.SetLimit(6)
	for range [2]int{} {
		for range []int{1, 2, 3} {
			g.Go(func() error { g.Go(work); return nil }) // want `selfwait: a task of g submits to g`
		}
	}
	return g.Wait()
}

func enoughOfALiteral() error {
	var g errgroup.Group
	g.SetLimit(2)
	for range []string{"north", "south"} {
		g.Go(func() error { g.Go(work); return nil }) // want `selfwait: a task of g submits to g`
	}
	return g.Wait()
}

func enoughUpTo() error {
	var g errgroup.Group
	g.SetLimit(3)
	for i := 7; i <= 9; i++ {
		g.Go(func() error { g.Go(work); return nil }) // want `selfwait: a task of g submits to g`
	}
	return g.Wait()
}

// What is added to is no longer a literal.
func literalThatGrows(more []string) error {
	var g errgroup.Group
	g.SetLimit(8)
	names := []string{"north", "south"}
	names = append(names, more...)
	for range names {
		g.Go(func() error { g.Go(work); return nil }) // want `selfwait: a task of g submits to g`
	}
	return g.Wait()
}

// A map that is written to is no longer a literal either, nor is one whose address is given away.
func mapThatGrows(more []string) error {
	var g errgroup.Group
	g.SetLimit(8)
	names := map[string]bool{"north": true}
	for _, m := range more {
		names[m] = true
	}
	for range names {
		g.Go(func() error { g.Go(work); return nil }) // want `selfwait: a task of g submits to g`
	}
	return g.Wait()
}

func literalGivenAway(extend func(*[]string)) error {
	var g errgroup.Group
	g.SetLimit(8)
	names := []string{"north", "south"}
	extend(&names)
	for range names {
		g.Go(func() error { g.Go(work); return nil }) // want `selfwait: a task of g submits to g`
	}
	return g.Wait()
}

func counterThatStays() error {
	var g errgroup.Group
	g.SetLimit(8)
	for i := 0; i < 2; {
		g.Go(func() error { g.Go(work); return nil }) // want `selfwait: a task of g submits to g`
		if work() != nil {
			i++
		}
	}
	return g.Wait()
}

// A field of what a function makes for itself is as much its own as a variable.

func fewInItsOwnStruct() error {
	var own struct{ g errgroup.Group }
	own.g.SetLimit(8)
	for range 3 {
		own.g.Go(func() error { own.g.Go(work); return nil })
	}
	return own.g.Wait()
}

func enoughInItsOwnStruct() error {
	var own struct{ g errgroup.Group }
	own.g.SetLimit(3)
	for range 3 {
		own.g.Go(func() error { own.g.Go(work); return nil }) // want "selfwait: a task of own.g submits to own.g and waits: .*"
	}
	return own.g.Wait()
}

// There is always a worker where there is no limit, and one left where there are fewer such tasks.

func withoutLimit(names []string, load func(string) error) error {
	var g errgroup.Group
	for _, name := range names {
		g.Go(func() error {
			g.Go(func() error { return load(name) }) // silent: selfwait "no limit"
			return nil
		})
	}
	return g.Wait()
}

func fewerThanWorkers(load func(int) error) error {
	var g errgroup.Group
	g.SetLimit(8)
	for i := range 3 {
		g.Go(func() error {
			g.Go(func() error { return load(i) }) // silent: selfwait "never as many"
			return nil
		})
	}
	return g.Wait()
}
