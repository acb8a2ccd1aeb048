// Firstsight measures how precise poollint is on repositories that it has not seen:
//
//	go run ./scripts/firstsight [-dir DIR] [-strict n] batch.tsv sheet.tsv
//	go run ./scripts/firstsight -score sheet.tsv
//
// The batch names the repositories before any of them is run. Its lines hold, separated by tabs, a repository
// (github.com/owner/name), a full commit, and if needed the folder of the module and build tags. Lines that
// start with # are comments.
//
// The first form clones each repository into DIR, or takes the checkout that is there if it is at that commit,
// and downloads what it depends on. It runs the analyzer by default and with -strict, and writes a sheet for a
// person to judge from the source: all findings of the default, and n of those that only -strict gives. Of m
// such findings, in the order of the batch and by place, these are the ones at m*i/n for i from 0, so that
// nobody chooses. The sheet is written anew after each repository; one that cannot be run is reported, and
// named in the sheet.
//
// The judge fills in the verdict (true, debatable or false; for -strict worth, noise or false) and the reason.
// The second form then prints the table of docs/precision.md. It refuses a sheet in which findings have no
// verdict, or are missing.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"
)

func main() {
	dir := flag.String("dir", "checkouts", "`folder` with the checkouts")
	strict := flag.Int("strict", 30, "how many of the findings that only -strict gives are to be judged")
	patience := flag.Duration("patience", 10*time.Minute, "how long a clone or a download may take")
	sheet := flag.String("score", "", "print the table for a judged `sheet`")
	flag.Parse()
	var err error
	switch {
	case *sheet != "" && flag.NArg() == 0:
		err = score(os.Stdout, *sheet)
	case *sheet == "" && flag.NArg() == 2 && *strict >= 0:
		err = run(os.Stderr, fetcher{*dir, *patience}, flag.Arg(0), flag.Arg(1), *strict)
	default:
		fmt.Fprintln(os.Stderr, "usage: firstsight [-dir DIR] [-strict n] batch.tsv sheet.tsv\n       firstsight -score sheet.tsv")
		os.Exit(2)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "firstsight:", err)
		os.Exit(2)
	}
}

// run looks at each repository of a batch and writes the sheet.
func run(progress io.Writer, f fetcher, batch, path string, strict int) error {
	entries, err := readBatch(batch)
	if err != nil {
		return err
	}
	if _, err := os.Stat(path); err == nil {
		return fmt.Errorf("%s is there already, and may hold verdicts: move it away or give another name", path)
	}
	var s sheet
	var errs []error
	for _, e := range entries {
		r, err := look(f, e)
		if err != nil {
			s.failed = append(s.failed, failure{e, err.Error()})
			errs = append(errs, fmt.Errorf("%s: %w", e, err))
			fmt.Fprintln(progress, errs[len(errs)-1])
		} else {
			s.ran = append(s.ran, r)
			fmt.Fprintf(progress, "%s: %d lines, %d findings, %d more with -strict\n", e, r.lines, r.counts[byDefault], r.counts[onlyStrict])
		}
		if err := s.write(path, strict); err != nil {
			return err
		}
	}
	if len(errs) > 0 {
		return fmt.Errorf("%d of %d could not be run; the others are in %s:\n%w", len(errs), len(entries), path, errors.Join(errs...))
	}
	return nil
}
