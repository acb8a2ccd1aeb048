package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

// Programs are the same each time, they compile, and every idiom comes up.
func TestGenerate(t *testing.T) {
	o, err := newOracle()
	if err != nil {
		t.Fatal(err)
	}
	accepted, names := 0, map[string]bool{}
	const n = 150
	for id := range n {
		p := generate(7, id)
		if !o.accepts(p) {
			continue
		}
		accepted++
		names[p.name] = true
		text, err := render(p, "p")
		if err != nil {
			t.Fatal(err)
		}
		if again, _ := render(generate(7, id), "p"); !bytes.Equal(text, again) {
			t.Errorf("program %d is another the second time:\n%s\n%s", id, text, again)
		}
		for _, q := range simpler(p) {
			if short, err := render(q, "p"); err == nil && bytes.Equal(short, text) {
				t.Errorf("program %d is not simpler:\n%s", id, text)
			}
		}
	}
	if accepted < n*9/10 || len(names) != len(idioms) {
		t.Errorf("%d of %d programs are accepted, of %d idioms", accepted, n, len(names))
	}
}

func TestInstrument(t *testing.T) {
	const src = `package p

func f(ch chan int, v int) {
	select {
	case ch <- v:
		v = <-ch
	default:
	}
	go func() { ch <- 1 }()
}
`
	const want = `package p; import "oracle/driver"

func f(ch chan int, v int) { defer driver.Rescue("q.f");
	driver.Step("q.f"); select {
	case ch <- driver.Copy(v):
		driver.Step("q.f"); v = driver.Copy(<-ch)
	default:
	}
	driver.Step("q.f"); go func() { defer driver.Rescue("q.f");driver.Step("q.f"); ch <- 1 }()
}
`
	got, err := instrument("q", "p.go", []byte(src))
	if err != nil || strings.ReplaceAll(string(got), "; driver", ";driver") != strings.ReplaceAll(want, "; driver", ";driver") {
		t.Errorf("%v\n%s", err, got)
	}
}

// Generated programs are run and judged, some of either kind.
func TestExplore(t *testing.T) {
	needsProfile(t)
	o, err := newOracle()
	if err != nil {
		t.Fatal(err)
	}
	const n = 60
	tally, err := o.explore(1, n)
	if err != nil {
		t.Fatal(err)
	}
	if all := tally.all; all.leaking() < n/4 || all.silent() < n/4 || all.leaking()+all.silent()+all[leftOut] != n {
		t.Errorf("of %d programs %d leak, %d do not, %d are left out", n, all.leaking(), all.silent(), all[leftOut])
	}
}

func needsProfile(t *testing.T) {
	if os.Getenv("POOLLINT_E2E") != "all" {
		t.Skip("runs under the leak profile, which needs another build of the standard library; set POOLLINT_E2E=all")
	}
}

// What the examples are marked with is what the runtime and poollint say.
func TestExamples(t *testing.T) {
	needsProfile(t)
	all, err := examples([]string{"testdata/pairs"})
	if err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	if compare(&said, all) > 0 {
		t.Errorf("%srun go run ./scripts/oracle -update scripts/oracle/testdata/pairs", &said)
	}
	leaks, fine := 0, 0
	for _, k := range all {
		if len(k.leaks) > 0 {
			leaks++
		} else {
			fine++
		}
	}
	if leaks < 40 || fine < 40 {
		t.Errorf("%d examples leak and %d do not; want 40 of each", leaks, fine)
	}
}
