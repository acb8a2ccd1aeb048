package main

import "slices"

// simplify makes the kept disagreements shorter, step by step, as long as their outcome remains.
func (o *oracle) simplify(t *tally) error {
	for _, kind := range []outcome{falseReport, elsewhere, missed} {
		for {
			shorter, err := o.shorten(t.examples[kind], kind)
			if err != nil {
				return err
			}
			if !shorter {
				break
			}
		}
	}
	return nil
}

// shorten replaces each verdict by the shortest of the simpler programs with the same outcome.
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
		if v.outcome() == kind && v.lines() < best[of[i]].lines() {
			best[of[i]] = v
			changed = true
		}
	}
	copy(verdicts, best)
	return changed, nil
}
