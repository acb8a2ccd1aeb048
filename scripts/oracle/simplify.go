package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// simplify returns programs with the outcome of the verdicts that are as short as they can be.
func (o *oracle) simplify(verdicts []*verdict, kind outcome) ([]*verdict, error) {
	for {
		shorter, err := o.shorten(verdicts, kind)
		if err != nil || !shorter {
			return verdicts, err
		}
	}
}

// shorten replaces each verdict by the shortest of the simpler programs with the same outcome, whose
// goroutines wait for the same.
func (o *oracle) shorten(verdicts []*verdict, kind outcome) (bool, error) {
	var variants []*program
	var of []int
	for i, v := range verdicts {
		for _, p := range simpler(v.program) {
			if o.accepts(p) {
				p.id = len(variants)
				variants = append(variants, p)
				of = append(of, i)
			}
		}
	}
	if len(variants) == 0 {
		return false, nil
	}
	judged, err := judge(variants, rounds)
	if err != nil {
		return false, err
	}
	best := slices.Clone(verdicts)
	changed := false
	for i, v := range judged {
		if old := best[of[i]]; v.outcome() == kind && v.lines() < old.lines() && v.waits() == old.waits() {
			best[of[i]] = v
			changed = true
		}
	}
	copy(verdicts, best)
	return changed, nil
}

// waits is what leaking goroutines wait for, the function apart from those that it starts.
func (v *verdict) waits() string {
	said := map[string]bool{}
	for _, l := range v.leaks {
		said[fmt.Sprintf("%s %t", l.Waits, l.Created.File == "driver.go")] = true
	}
	return strings.Join(slices.Sorted(maps.Keys(said)), ", ")
}
