// Oracle holds poollint against the Go runtime's leak profile, which knows for sure which
// goroutines can never run again:
//
//	go run ./scripts/oracle [-n 1000] [-seed 1] [-show 5] [-simplify]
//	go run ./scripts/oracle -only 42 [-seed 1]
//	go run ./scripts/oracle [-update] folder...
//
// The first makes small programs out of the ways in which goroutines are used, right and wrong, runs each
// with all combinations of its arguments (an error or none, slow or not, how many), and asks the
// runtime which goroutines leak, and poollint what it says of abandoned and selfwait. A report
// where no combination leaks is false; a program that leaks and of which nothing is said is missed.
// Programs that panic, spin, or leak only when they are given zero of something are left out.
//
// Disagreements are printed, at most one of each idiom and of what its goroutines wait for, the
// shortest first; -simplify makes them shorter still, as long as they remain. -only prints one
// program, with what is said of it. Work is shared by a thousand programs, which take a minute; -n
// may be as large as time allows. The exit status is 1 if more than -false per cent of the reports are
// false, or less than -found per cent of the leaking programs are found.
//
// The third does the same with the exported functions in folders of examples, such as
// scripts/oracle/testdata/pairs, and holds the line above each against what is due: "// leaks" or
// "// fine", and whether poollint says otherwise. -update writes these lines.
package main

import (
	"flag"
	"fmt"
	"os"
	"time"
)

func main() {
	var f flags
	flag.IntVar(&f.n, "n", 1000, "programs")
	flag.Uint64Var(&f.seed, "seed", 1, "of the random choices")
	flag.IntVar(&f.only, "only", -1, "the one program of this number, whatever is said of it")
	flag.IntVar(&f.show, "show", 5, "print so many disagreements of each kind")
	flag.BoolVar(&f.simplify, "simplify", false, "make the printed programs as short as they can be")
	flag.Float64Var(&f.maxFalse, "false", 100, "fail if more reports are false, in per cent")
	flag.Float64Var(&f.minFound, "found", 0, "fail if less leaking programs are found, in per cent")
	update := flag.Bool("update", false, "write into the examples what is due")
	flag.Parse()
	run := f.generated
	if flag.NArg() > 0 {
		run = func() (bool, error) { return folders(flag.Args(), *update) }
	}
	good, err := run()
	if err != nil {
		fmt.Fprintln(os.Stderr, "oracle:", err)
		os.Exit(2)
	}
	if !good {
		os.Exit(1)
	}
}

type flags struct {
	n, show, only      int
	seed               uint64
	simplify           bool
	maxFalse, minFound float64
}

// generated judges generated programs, and tells whether they are judged as well as asked for.
func (f *flags) generated() (bool, error) {
	o, err := newOracle()
	if err != nil {
		return false, err
	}
	if f.only >= 0 {
		verdicts, err := judge([]*program{generate(f.seed, f.only)}, rechecks)
		if err == nil {
			verdicts[0].print(os.Stdout)
		}
		return true, err
	}
	start := time.Now()
	t, err := o.explore(f.seed, f.n)
	if err != nil {
		return false, err
	}
	for _, d := range disagreements {
		verdicts := t.examples(d.outcome, f.show)
		if f.simplify {
			if verdicts, err = o.simplify(verdicts, d.outcome); err != nil {
				return false, err
			}
		}
		for _, v := range verdicts {
			fmt.Println("==", d.title)
			v.print(os.Stdout)
		}
	}
	t.print(os.Stdout)
	fmt.Printf("%.0f s\n", time.Since(start).Seconds())
	return t.all.falsePercent() <= f.maxFalse && t.all.foundPercent() >= f.minFound, nil
}

// folders judges examples, and tells whether their marks are what is due.
func folders(dirs []string, update bool) (bool, error) {
	all, err := examples(dirs)
	if err != nil {
		return false, err
	}
	if compare(os.Stdout, all) == 0 {
		return true, nil
	}
	if !update {
		fmt.Println("run it with -update to write what is due")
		return false, nil
	}
	return true, write(all)
}
