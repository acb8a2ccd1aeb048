// Oracle holds poollint against the Go runtime's leak profile, which knows for sure which
// goroutines can never run again:
//
//	go run ./scripts/oracle [-n 1000] [-seed 1] [-show 5] [-simplify]
//	go run ./scripts/oracle [-update] folder...
//
// The first makes small programs out of the ways in which goroutines are used, right and wrong, runs each
// with all combinations of its arguments (an error or none, slow or not, how many), and asks the
// runtime which goroutines leak, and poollint what it says of abandoned and selfwait. A report
// where no combination leaks is false; a program that leaks and of which nothing is said is missed.
// Programs that panic, spin, or leak only when they are given zero of something are left out.
//
// The disagreements are printed, the shortest programs first; -simplify makes them shorter still,
// as long as they remain. The exit status is 1 if more than -false per cent of the reports are
// false, or less than -found per cent of the leaking programs are found.
//
// The second does the same with the exported functions in folders of examples, such as
// scripts/oracle/testdata/pairs, and holds the line above each against what is due: "// leaks" or
// "// fine", and whether poollint says otherwise. -update writes these lines.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"time"
)

func main() {
	n := flag.Int("n", 1000, "programs")
	seed := flag.Uint64("seed", 1, "of the random choices")
	show := flag.Int("show", 5, "print so many disagreements of each kind")
	simplify := flag.Bool("simplify", false, "make the printed programs as short as they can be")
	maxFalse := flag.Float64("false", 100, "fail if more reports are false, in per cent")
	minFound := flag.Float64("found", 0, "fail if less leaking programs are found, in per cent")
	update := flag.Bool("update", false, "write into the examples what is due")
	flag.Parse()
	if flag.NArg() > 0 {
		if err := folders(flag.Args(), *update); err != nil {
			fail(err)
		}
		return
	}
	start := time.Now()
	o, err := newOracle()
	if err != nil {
		fail(err)
	}
	t, err := o.explore(*seed, *n, *show)
	if err != nil {
		fail(err)
	}
	if *simplify {
		if err := o.simplify(t); err != nil {
			fail(err)
		}
	}
	t.print(os.Stdout)
	fmt.Printf("\n%.0f s\n", time.Since(start).Seconds())
	if t.falsePercent() > *maxFalse || t.foundPercent() < *minFound {
		os.Exit(1)
	}
}

func folders(dirs []string, update bool) error {
	all, err := examples(dirs)
	if err != nil {
		return err
	}
	stale := compare(os.Stdout, all)
	switch {
	case update:
		return write(all)
	case stale > 0:
		return errors.New("run it with -update to write what is due")
	}
	return nil
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "oracle:", err)
	os.Exit(2)
}
