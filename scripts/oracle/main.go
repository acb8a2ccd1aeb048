// Oracle compares poollint with the Go runtime's leak profile, which knows for certain which
// goroutines can never run again:
//
//	go run ./scripts/oracle [-n 1000] [-seed 1] [-show 5] [-simplify]
//	go run ./scripts/oracle -only 42 [-seed 1]
//	go run ./scripts/oracle [-update] folder...
//
// The first form generates small programs that use goroutines in typical ways, right and wrong, and runs each
// with all combinations of its arguments (an error or none, slow or not, how many). It asks the runtime which
// goroutines leak, and poollint for findings of abandoned and selfwait. A finding is false if no combination
// leaks; a program that leaks without a finding is missed. Programs that panic, spin, or leak only if they
// are given zero of something are left out.
//
// Disagreements are printed, the shortest first, at most one for each idiom and each thing that its goroutines
// wait for; -simplify shrinks them as long as the disagreement remains. -only prints one program and its
// results. Programs run in batches of a thousand, which take a minute; -n may be as large as time allows. The
// exit status is 1 if more than -false per cent of the findings are false, or less than -found per cent of the
// leaking programs are found.
//
// The third form does the same with the exported functions in folders of examples, such as
// scripts/oracle/testdata/pairs, and compares the result with the line above each: "// leaks" or "// fine",
// and whether poollint disagrees. -update writes these lines.
package main

import (
	"flag"
	"fmt"
	"os"
	"time"
)

func main() {
	var f flags
	flag.IntVar(&f.n, "n", 1000, "number of programs")
	flag.Uint64Var(&f.seed, "seed", 1, "seed for the random choices")
	flag.IntVar(&f.only, "only", -1, "only the program with this number, whatever the result")
	flag.IntVar(&f.show, "show", 5, "print this many disagreements of each kind")
	flag.BoolVar(&f.simplify, "simplify", false, "shrink the printed programs")
	flag.Float64Var(&f.maxFalse, "false", 100, "fail if more than this percentage of the findings is false")
	flag.Float64Var(&f.minFound, "found", 0, "fail if less than this percentage of the leaking programs is found")
	update := flag.Bool("update", false, "update the comments in the examples")
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
