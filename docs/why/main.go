// Command why measures what ../why.md claims and draws its pictures:
//
//	cd docs/why && go run .
//
// Every point is measured in a process of its own, Python's by why.py; where
// there is no python3 the program says so and draws the rest.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"strconv"
	"strings"
)

// A picture shows how something depends on the number of workers.
type picture struct {
	name, title, unit string
	workers           []int
	best              func(a, b float64) float64 // of two runs
	series            []experiment
	python            int // the most workers to ask of it, so that it ends
	linear            bool
}

// An experiment returns one figure for that many workers.
type experiment struct {
	name string
	run  func(workers int) float64
}

func main() {
	log.SetFlags(0)
	point := flag.String("point", "", "measure one point, given as chart/series/workers, and print it")
	runs := flag.Int("runs", 3, "how often to measure each point; the best run counts")
	only := flag.String("only", "", "draw only this chart")
	flag.Parse()
	if *point != "" {
		measure(*point)
		return
	}
	python, err := exec.LookPath("python3")
	if err == nil {
		err = exec.Command(python, "-c", "import concurrent.futures").Run()
	}
	if err != nil {
		log.Printf("no python3 (%v): its curves are left out", err)
		python = ""
	}
	self, err := os.Executable()
	if err != nil {
		log.Fatal(err)
	}
	for _, p := range pictures {
		if *only != "" && *only != p.name {
			continue
		}
		var curves []curve
		for _, e := range p.series {
			curves = append(curves, p.curve(e.name, *runs, func(n int) *exec.Cmd {
				return exec.Command(self, "-point", fmt.Sprintf("%s/%s/%d", p.name, e.name, n))
			}))
		}
		if python != "" {
			p.workers = upTo(p.workers, p.python)
			curves = append(curves, p.curve("Python ThreadPoolExecutor", *runs, func(n int) *exec.Cmd {
				return exec.Command(python, "why.py", p.name, strconv.Itoa(n))
			}))
		}
		if err := draw(p, curves); err != nil {
			log.Fatal(err)
		}
	}
}

// curve measures a series, a process for each point and run.
func (p picture) curve(name string, runs int, command func(workers int) *exec.Cmd) curve {
	c := curve{name: name}
	for _, n := range p.workers {
		var best float64
		for run := range runs {
			cmd := command(n)
			cmd.Stderr = os.Stderr
			out, err := cmd.Output()
			if err != nil {
				log.Fatalf("%v: %v", cmd, err)
			}
			v, err := strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
			if err != nil {
				log.Fatalf("%v: %v", cmd, err)
			}
			if run == 0 {
				best = v
			}
			best = p.best(best, v)
		}
		c.x, c.y = append(c.x, float64(n)), append(c.y, best)
		fmt.Printf("%-10s %-28s %7d workers %12.1f %s\n", p.name, name, n, best, p.unit)
	}
	return c
}

// measure is what a child does.
func measure(point string) {
	part := strings.Split(point, "/")
	n, err := strconv.Atoi(part[len(part)-1])
	if err != nil || len(part) != 3 {
		log.Fatalf("-point %s: want picture/series/workers", point)
	}
	for _, p := range pictures {
		for _, e := range p.series {
			if p.name == part[0] && e.name == part[1] {
				fmt.Println(e.run(n))
				return
			}
		}
	}
	log.Fatalf("-point %s: no such series", point)
}

func upTo(ns []int, most int) []int {
	for i, n := range ns {
		if n > most {
			return ns[:i]
		}
	}
	return ns
}
