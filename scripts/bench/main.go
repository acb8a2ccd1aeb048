// Bench compares poollint with go vet and staticcheck, as ratios within one run:
//
//	go run ./scripts/bench [-rounds 3] [-staticcheck file] [-effects] [-empty] [-tags list] checkout...
//	go run ./scripts/bench -lines 10000,100000,1000000
//
// Poollint is measured both ways: with its own driver, and as a vet tool. Cold is a run without cached
// results, although the packages are built: go vet and its tool get a flag with a new value, poollint and
// staticcheck a new cache folder. Warm is the same run again. Leaf and largest are runs after a change to one
// package: one that no other imports, and the one with the most source. The change is made through an overlay,
// so that nothing is written into a checkout. All but the first are run five times per round, with the tools in
// turn; the median of all runs counts. -effects also measures a poollint that does not track what functions cost
// and wait for, to see what that takes; -empty measures everything from empty caches, next to go build. CPU is
// user and system time, including that of all children; memory is that of the largest process.
//
// A run that did not do its work ends the measurement: one that failed, or could not check a package.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func main() {
	rounds := flag.Int("rounds", 3, "rounds; the median counts")
	tags := flag.String("tags", "", "build tags")
	static := flag.String("staticcheck", "", "staticcheck binary; empty: leave it out")
	effects := flag.Bool("effects", false, "also measure poollint without its effects")
	lines := flag.String("lines", "", "instead, measure generated programs of these numbers of lines, comma-separated")
	empty := flag.Bool("empty", false, "also measure from an empty build cache, which takes a long time")
	limit := flag.Duration("limit", 10*time.Minute, "end a run that takes longer")
	flag.Parse()
	b := &bench{tags: *tags, static: *static, limit: *limit, empty: *empty}
	if err := b.run(*rounds, *effects, *lines, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func (b *bench) run(rounds int, effects bool, lines string, dirs []string) error {
	tmp, err := os.MkdirTemp("", "poollint-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	b.tmp = tmp
	if b.poollint, err = b.build("poollint"); err != nil {
		return err
	}
	if effects {
		if b.bare, err = b.build("bare", "-tags=poollint_noeffects"); err != nil {
			return err
		}
	}
	if lines != "" {
		return b.growth(lines)
	}
	if len(dirs) == 0 {
		return errors.New("name a checkout")
	}
	for _, dir := range dirs {
		if err := b.compare(dir, rounds); err != nil {
			return err
		}
	}
	return nil
}

type bench struct {
	tmp, tags              string
	poollint, bare, static string // programs; bare is poollint without effects
	limit                  time.Duration
	empty                  bool
	salt                   int64
}

func (b *bench) build(name string, flags ...string) (string, error) {
	file := filepath.Join(b.tmp, name)
	args := slices.Concat([]string{"build", "-o", file}, flags, []string{"github.com/poollint/poollint/cmd/poollint"})
	if out, err := exec.Command("go", args...).CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %v\n%s", err, out)
	}
	return file, nil
}

// A cost is what a run took.
type cost struct {
	cpu, wall time.Duration
	mem       int64 // bytes
}

// fresh is a number that no cache has seen.
func (b *bench) fresh() int64 {
	b.salt = max(b.salt+1, time.Now().UnixNano()/1000%(1<<29))
	return b.salt
}

// A tool is a command that checks the packages of a folder. The flags and the environment with a key
// have cached results for that key only. Worked says why a run did not do its work.
type tool struct {
	name   string
	args   func(key int64) []string
	env    func(key int64) []string
	worked func(r ran) error
}

// A ran is what a run printed, and how it ended.
type ran struct {
	stdout, stderr []byte
	code           int
}

func (b *bench) tools() []tool {
	build := []string{}
	if b.tags != "" {
		build = append(build, "-tags="+b.tags)
	}
	none := func(int64) []string { return nil }
	salted := func(program string, flags ...string) func(int64) []string {
		return func(key int64) []string {
			return slices.Concat([]string{program}, flags, build, []string{fmt.Sprintf("-memory=%d", 1<<30|key), "./..."})
		}
	}
	cache := func(variable string) func(int64) []string {
		return func(key int64) []string {
			return []string{variable + "=" + filepath.Join(b.tmp, fmt.Sprint(variable, key))}
		}
	}
	tools := []tool{
		{ours, salted(b.poollint), cache("POOLLINT_CACHE"), poollintWorked},
		{"go vet", func(key int64) []string {
			return slices.Concat([]string{"go", "vet", "-json"}, build, []string{fmt.Sprintf("-printf.funcs=bench%d", key), "./..."})
		}, none, vetWorked},
		{"as vet tool", salted(b.poollint, "-through=vet"), none, poollintWorked},
	}
	if b.bare != "" {
		tools = append(tools, tool{"no effects", salted(b.bare), cache("POOLLINT_CACHE"), poollintWorked})
	}
	if b.static != "" {
		tools = append(tools, tool{staticcheck, func(int64) []string {
			return slices.Concat([]string{b.static, "-f=json"}, build, []string{"./..."})
		}, cache("STATICCHECK_CACHE"), staticcheckWorked})
	}
	return tools
}

const (
	ours        = "poollint"
	staticcheck = "staticcheck"
)

// Poollint says on standard error what it could not check, and ends with 2.
func poollintWorked(r ran) error {
	if r.code > 1 || len(r.stderr) > 0 {
		return errors.New("not everything was checked")
	}
	return nil
}

// With -json, go vet fails only if it could not check something.
func vetWorked(r ran) error {
	if r.code != 0 {
		return errors.New("not everything was checked")
	}
	return nil
}

// Staticcheck reports a package that it could not load or type-check as a problem of code compile, and
// ends as if it had found something.
func staticcheckWorked(r ran) error {
	if r.code > 1 {
		return errors.New("not everything was checked")
	}
	for dec := json.NewDecoder(bytes.NewReader(r.stdout)); ; {
		var problem struct{ Code, Message string }
		err := dec.Decode(&problem)
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("what it says was not understood: %v", err)
		case problem.Code == "compile" || problem.Code == "config":
			return fmt.Errorf("not everything was checked: %s", problem.Message)
		}
	}
}

// The phases of a round. Those of seconds are run in turn, several times: one alone says little on a
// machine with other work.
var phases = []struct {
	name  string
	turns int
}{{"cold", 1}, {"warm", 5}, {"leaf", 5}, {"largest", 5}}

func (b *bench) compare(dir string, rounds int) error {
	over, err := b.overlay(dir)
	if err != nil {
		return err
	}
	tools := b.tools()
	costs := map[string][]cost{} // by tool and phase
	// What a first run finds unbuilt, it builds: that is nobody's cost.
	for _, t := range tools {
		if _, err := b.measure(dir, t, b.fresh(), over); err != nil {
			return fmt.Errorf("%s: %v", t.name, err)
		}
	}
	for range rounds {
		key := b.fresh()
		for _, phase := range phases {
			for range phase.turns {
				for _, t := range tools {
					if file, ok := over.files[phase.name]; ok {
						if t.name == staticcheck {
							continue // reads no overlays
						}
						// For each tool another change, else the second finds what the first one built.
						if err := over.change(file, b.fresh()); err != nil {
							return err
						}
					}
					c, err := b.measure(dir, t, key, over)
					if err != nil {
						return fmt.Errorf("%s, %s: %v", t.name, phase.name, err)
					}
					costs[t.name+phase.name] = append(costs[t.name+phase.name], c)
				}
			}
		}
	}
	fmt.Printf("%s, %d rounds\n", filepath.Base(dir), rounds)
	for _, phase := range phases {
		b.print(phase.name, tools, costs)
	}
	if b.empty {
		return b.fromNothing(dir, over)
	}
	return nil
}

func (b *bench) print(phase string, tools []tool, costs map[string][]cost) {
	mine := median(costs[ours+phase])
	for _, t := range tools {
		c := median(costs[t.name+phase])
		if c.cpu == 0 {
			continue
		}
		fmt.Printf("  %-8s%-12s CPU %7.2f s  wall %7.2f s  largest process %4d MB", phase, t.name, c.cpu.Seconds(), c.wall.Seconds(), c.mem>>20)
		if t.name != ours {
			fmt.Printf("  poollint takes %.2f of the CPU, %.2f of the time, %.2f of the memory",
				mine.cpu.Seconds()/c.cpu.Seconds(), mine.wall.Seconds()/c.wall.Seconds(), float64(mine.mem)/float64(c.mem))
		}
		fmt.Println()
	}
}

// fromNothing compares poollint with go build where nothing is built.
func (b *bench) fromNothing(dir string, over *overlay) error {
	build := tool{"go build", func(int64) []string { return []string{"go", "build", "./..."} }, nil, vetWorked}
	if b.tags != "" {
		build.args = func(int64) []string { return []string{"go", "build", "-tags=" + b.tags, "./..."} }
	}
	tools := []tool{b.tools()[0], build}
	costs := map[string][]cost{}
	for i, t := range tools {
		key, env := b.fresh(), t.env
		empty := filepath.Join(b.tmp, fmt.Sprint("gocache", i))
		t.env = func(key int64) []string {
			all := []string{"GOCACHE=" + empty}
			if env != nil {
				all = append(all, env(key)...)
			}
			return all
		}
		c, err := b.measure(dir, t, key, over)
		if err != nil {
			return fmt.Errorf("%s, empty: %v", t.name, err)
		}
		costs[t.name+"empty"] = []cost{c}
		os.RemoveAll(empty)
	}
	b.print("empty", tools, costs)
	return nil
}

// median takes each figure by itself.
func median(cs []cost) cost {
	if len(cs) == 0 {
		return cost{}
	}
	pick := func(f func(cost) int64) int64 {
		var v []int64
		for _, c := range cs {
			v = append(v, f(c))
		}
		slices.Sort(v)
		return v[len(v)/2]
	}
	return cost{
		cpu:  time.Duration(pick(func(c cost) int64 { return int64(c.cpu) })),
		wall: time.Duration(pick(func(c cost) int64 { return int64(c.wall) })),
		mem:  pick(func(c cost) int64 { return c.mem }),
	}
}

func (b *bench) measure(dir string, t tool, key int64, over *overlay) (cost, error) {
	ctx, stop := context.WithTimeout(context.Background(), b.limit)
	defer stop()
	args := t.args(key)
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Dir = dir
	cmd.Env = os.Environ()
	if t.env != nil {
		cmd.Env = append(cmd.Env, t.env(key)...)
	}
	if over != nil && t.name != staticcheck {
		cmd.Env = append(cmd.Env, "GOFLAGS="+strings.TrimSpace(os.Getenv("GOFLAGS")+" -overlay="+over.list))
	}
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	start := time.Now()
	err := cmd.Run()
	c := cost{wall: time.Since(start)}
	r := ran{stdout.Bytes(), stderr.Bytes(), cmd.ProcessState.ExitCode()}
	if ctx.Err() != nil || r.code < 0 {
		return c, fmt.Errorf("%v\n%s", errors.Join(err, ctx.Err()), tail(r.stderr))
	}
	if err := t.worked(r); err != nil {
		return c, fmt.Errorf("%v (exit status %d)\n%s%s", err, r.code, tail(r.stdout), tail(r.stderr))
	}
	c.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	if u, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		c.mem = u.Maxrss << 10 // Linux counts kilobytes
	}
	return c, nil
}

func tail(out []byte) []byte { return out[max(0, len(out)-2000):] }

// An overlay stands in front of one file of each package that is to be changed.
type overlay struct {
	list  string            // the file that -overlay takes
	files map[string]string // by phase
	in    map[string]string // the file in the overlay
	src   map[string][]byte // what was in it
}

// change writes a changed version of a file.
func (o *overlay) change(file string, key int64) error {
	return os.WriteFile(o.in[file], fmt.Appendf(o.src[file][:len(o.src[file]):len(o.src[file])], "\nconst bench%d = 1\n", key), 0o666)
}

// overlay picks the packages to change.
func (b *bench) overlay(dir string) (*overlay, error) {
	args := []string{"list", "-e", "-f", `{{.ImportPath}}	{{.Dir}}	{{join .GoFiles " "}}	{{join .TestGoFiles " "}}	{{join .Imports " "}}`}
	if b.tags != "" {
		args = append(args, "-tags="+b.tags)
	}
	cmd := exec.Command("go", append(args, "./...")...)
	cmd.Dir = dir
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list in %s: %v", dir, err)
	}
	imported := map[string]bool{}
	for line := range strings.Lines(string(out)) {
		for _, path := range strings.Fields(strings.Split(line, "\t")[4]) {
			imported[path] = true
		}
	}
	o := &overlay{list: filepath.Join(b.tmp, "overlay.json"), files: map[string]string{}, in: map[string]string{}, src: map[string][]byte{}}
	most := int64(0)
	for line := range strings.Lines(string(out)) {
		f := strings.Split(line, "\t")
		names := strings.Fields(f[2])
		if len(names) == 0 {
			continue
		}
		file, size := filepath.Join(f[1], names[0]), int64(0)
		for _, name := range append(names, strings.Fields(f[3])...) {
			if info, err := os.Stat(filepath.Join(f[1], name)); err == nil {
				size += info.Size()
			}
		}
		if _, ok := o.files["leaf"]; !ok && !imported[f[0]] {
			o.files["leaf"] = file
		}
		if size > most {
			most, o.files["largest"] = size, file
		}
	}
	if len(o.files) < 2 {
		return nil, fmt.Errorf("no packages to change in %s", dir)
	}
	replace := map[string]string{}
	for name, file := range o.files {
		if o.src[file], err = os.ReadFile(file); err != nil {
			return nil, err
		}
		o.in[file] = filepath.Join(b.tmp, name+".go")
		replace[file] = o.in[file]
		if err := o.change(file, b.fresh()); err != nil {
			return nil, err
		}
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return nil, err
	}
	return o, os.WriteFile(o.list, text, 0o666)
}

// growth measures generated programs: packages of a thousand lines that import each other in
// rows of ten, so that facts travel.
func (b *bench) growth(list string) error {
	var first float64
	for _, s := range strings.Split(list, ",") {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1000 {
			return fmt.Errorf("-lines wants numbers from 1000 up, not %q", s)
		}
		dir := filepath.Join(b.tmp, "lines"+s)
		if err := generate(dir, n); err != nil {
			return err
		}
		t := b.tools()[0]
		// The standard library's share is the same for all, and comes first.
		std := t
		std.args = func(key int64) []string { a := t.args(key); a[len(a)-1] = "./warm"; return a }
		turns := 1
		if n < 100_000 { // seconds: one alone says little
			turns = 5
		}
		var costs []cost
		for range turns {
			key := b.fresh()
			if _, err := b.measure(dir, std, key, nil); err != nil {
				return err
			}
			c, err := b.measure(dir, t, key, nil)
			if err != nil {
				return err
			}
			costs = append(costs, c)
		}
		c := median(costs)
		per := float64(c.cpu.Microseconds()) / float64(n)
		if first == 0 {
			first = per
		}
		fmt.Printf("%8d lines  CPU %7.2f s  %6.1f µs a line, %.2f of the first  largest process %d MB\n",
			n, c.cpu.Seconds(), per, per/first, c.mem>>20)
		os.RemoveAll(dir)
	}
	return nil
}

func generate(dir string, lines int) error {
	write := func(name, text string) error {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			return err
		}
		return os.WriteFile(name, []byte(text), 0o666)
	}
	err := errors.Join(
		write("go.mod", "module example.com/lines\n\ngo 1.26\n"),
		write("warm/warm.go", "package warm\n\nimport (\n\t_ \"net/http\"\n\t_ \"sync\"\n)\n"))
	for i := 0; i*1000 < lines && err == nil; i++ {
		var s strings.Builder
		fmt.Fprintf(&s, "package p%d\n\nimport (\n\t\"net/http\"\n\t\"sync\"\n", i)
		if i%10 != 0 {
			fmt.Fprintf(&s, "\n\tbefore \"example.com/lines/p%d\"\n", i-1)
		}
		s.WriteString(")\n\n")
		for k := range 995 / strings.Count(function, "\n") {
			next := fmt.Sprintf("Fetch%d", k-1)
			if k == 0 {
				next = "http.Head"
				if i%10 != 0 {
					next = "before.Fetch0"
				}
			}
			s.WriteString(strings.NewReplacer("NEXT", next, "NN", strconv.Itoa(k)).Replace(function))
		}
		err = write(fmt.Sprintf("p%d/p.go", i), s.String())
	}
	return err
}

const function = `// FetchNN gets one page.
func FetchNN(url string) (*http.Response, error) {
	if url == "" {
		return http.Get("https://example.com/NN")
	}
	return NEXT(url)
}

// AllNN gets pages, a few at a time.
func AllNN(urls []string) (total int) {
	var wg sync.WaitGroup
	var mu sync.Mutex
	slots := make(chan struct{}, 8)
	for _, url := range urls {
		slots <- struct{}{}
		wg.Add(1)
		go func() {
			defer wg.Done()
			defer func() { <-slots }()
			resp, err := FetchNN(url)
			if err != nil {
				return
			}
			resp.Body.Close()
			mu.Lock()
			total += len(url)
			mu.Unlock()
		}()
	}
	wg.Wait()
	return total
}

`
