// Seed breaks right code in known ways, so that it is known without a reader what a linter ought to find in it:
//
//	go run ./scripts/seed [-kinds W1,A1] OUT DIR...
//	go run ./scripts/seed -score OUT [-before FOLDER] [-any] [-v] FINDINGS...
//
// The first form copies each DIR, the root of a module whose dependencies are available, into OUT, and puts
// faults into the copy: at most one into each function, of the kind that was made least so far. The copies
// still type-check, and no line moves: what is taken away leaves its line breaks, and what is added stands on a
// line that is there. OUT/seeds.tsv lists the faults. Run the linter over the copies:
//
//	go run ./scripts/findings FOUND OUT/*/
//
// The second form says of how many faults of each kind there is a finding, -v also which are missed. FINDINGS are
// files of lines file:line: message or file:line:col: message, one file for each copy and named after it, such as
// FOUND/*.txt. A fault is found by a finding on its line, or by one of its rule in its function, since the place
// of many faults is a matter of taste; with -any, for other linters, by any finding in its function. What
// a linter says of the code as it was proves nothing: with -before, findings that are also in the file of the
// same name in FOLDER do not count, and faults whose rule was reported in their function there are left out.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

func main() {
	names := flag.String("kinds", "", "only faults of these `kinds`, separated by commas")
	scored := flag.String("score", "", "compare findings with the faults in this `folder`")
	var o scoring
	flag.StringVar(&o.before, "before", "", "`folder` with what was found before the faults")
	flag.BoolVar(&o.any, "any", false, "a finding of any rule in the function of a fault counts")
	flag.BoolVar(&o.verbose, "v", false, "list the faults that are missed")
	flag.Usage = usage
	flag.Parse()
	var err error
	switch {
	case *scored != "" && flag.NArg() > 0:
		err = o.score(os.Stdout, *scored, flag.Args())
	case *scored == "" && flag.NArg() > 1:
		err = run(os.Stdout, *names, flag.Arg(0), flag.Args()[1:])
	default:
		usage()
		os.Exit(2)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "seed:", err)
		os.Exit(2)
	}
}

func usage() {
	w := flag.CommandLine.Output()
	fmt.Fprintln(w, "usage: seed [-kinds W1,A1] OUT DIR...\n       seed -score OUT [-before FOLDER] [-any] [-v] FINDINGS...")
	flag.PrintDefaults()
	fmt.Fprintln(w, "kinds:")
	for _, k := range kinds {
		fmt.Fprintf(w, "  %s  %-10s  %s\n", k.name, k.rule, k.what)
	}
}

// run breaks a copy of each module. One that cannot be broken does not keep the others from it.
func run(w io.Writer, names, out string, dirs []string) error {
	chosen, err := choose(names)
	if err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(out, manifest)); err == nil {
		return fmt.Errorf("%s holds faults already: remove it, or give another folder", out)
	}
	if err := os.MkdirAll(out, 0o777); err != nil {
		return err
	}
	var seeds []seed
	var errs []error
	for _, dir := range dirs {
		some, err := tree(w, dir, filepath.Join(out, filepath.Base(dir)), chosen)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		seeds = append(seeds, some...)
	}
	if err := writeManifest(out, seeds); err != nil {
		return err
	}
	count := map[string]int{}
	for _, s := range seeds {
		count[s.kind]++
	}
	fmt.Fprintf(w, "%d faults", len(seeds))
	for _, k := range chosen {
		if count[k.name] > 0 {
			fmt.Fprintf(w, ", %s %d", k.name, count[k.name])
		}
	}
	fmt.Fprintln(w)
	return errors.Join(errs...)
}
