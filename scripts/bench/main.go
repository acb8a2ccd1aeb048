// Bench measures poollint beside go vet and staticcheck, as ratios within one run:
//
//	go run ./scripts/bench [-rounds 3] [-staticcheck file] [-effects] [-tags list] checkout...
//	go run ./scripts/bench -lines 10000,100000,1000000
//
// Cold is a run whose results are in no cache, though the packages are built: a flag with a new
// value sees to that for go vet and poollint, a new folder for staticcheck's own cache. Warm is
// the same again. Edited is after a change of one leaf package, through an overlay, so that
// nothing is written into a checkout. These two are run five times a round, the tools in turn; of
// all runs the median counts. With -effects there is also a poollint that does not ask what
// functions cost and wait for, to see what that takes. CPU is user and system time, those of all
// children included; memory is the largest process of all.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
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
	static := flag.String("staticcheck", "", "staticcheck's program; empty: leave it out")
	effects := flag.Bool("effects", false, "also measure poollint without its effects")
	lines := flag.String("lines", "", "instead: the cost of generated programs of so many lines, comma-separated")
	limit := flag.Duration("limit", 10*time.Minute, "end a run that takes longer")
	flag.Parse()
	b := &bench{tags: *tags, static: *static, limit: *limit}
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

// A tool is a command that checks the packages of a folder. The flags with a key have cached
// results for that key only.
type tool struct {
	name string
	args func(key int64) []string
	env  func(key int64) []string
}

func (b *bench) tools() []tool {
	build := []string{}
	if b.tags != "" {
		build = append(build, "-tags="+b.tags)
	}
	none := func(int64) []string { return nil }
	ours := func(program string) func(int64) []string {
		return func(key int64) []string {
			return slices.Concat([]string{program}, build, []string{fmt.Sprintf("-memory=%d", 1<<30|key), "./..."})
		}
	}
	tools := []tool{
		{"go vet", func(key int64) []string {
			return slices.Concat([]string{"go", "vet"}, build, []string{fmt.Sprintf("-printf.funcs=bench%d", key), "./..."})
		}, none},
		{"poollint", ours(b.poollint), none},
	}
	if b.bare != "" {
		tools = append(tools, tool{"no effects", ours(b.bare), none})
	}
	if b.static != "" {
		tools = append(tools, tool{"staticcheck", func(int64) []string {
			return slices.Concat([]string{b.static}, build, []string{"./..."})
		}, func(key int64) []string {
			return []string{"STATICCHECK_CACHE=" + filepath.Join(b.tmp, fmt.Sprint("staticcheck", key))}
		}})
	}
	return tools
}

// The phases of a round. Those of seconds are run in turn, several times: one alone says little on a
// machine with other work.
var phases = []struct {
	name  string
	turns int
}{{"cold", 1}, {"warm", 5}, {"edited", 5}}

func (b *bench) compare(dir string, rounds int) error {
	overlay, err := b.overlay(dir)
	if err != nil {
		return err
	}
	tools := b.tools()
	costs := map[string][]cost{} // by tool and phase
	// What a first run finds unbuilt, it builds: that is nobody's cost.
	if _, err := b.measure(dir, tools[0], b.fresh(), ""); err != nil {
		return err
	}
	for range rounds {
		key := b.fresh()
		for _, phase := range phases {
			for range phase.turns {
				for _, t := range tools {
					change := ""
					if phase.name == "edited" {
						if t.name == "staticcheck" {
							continue // reads no overlays
						}
						change = overlay(b.fresh()) // else the second tool finds what the first one built
					}
					c, err := b.measure(dir, t, key, change)
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
		ours := median(costs["poollint"+phase.name])
		for _, t := range tools {
			c := median(costs[t.name+phase.name])
			if c.cpu == 0 {
				continue
			}
			fmt.Printf("  %-7s%-12s CPU %7.2f s  wall %7.2f s  largest process %4d MB", phase.name, t.name, c.cpu.Seconds(), c.wall.Seconds(), c.mem>>20)
			if t.name != "poollint" {
				fmt.Printf("  poollint takes %.2f of the CPU, %.2f of the time, %.2f of the memory",
					ours.cpu.Seconds()/c.cpu.Seconds(), ours.wall.Seconds()/c.wall.Seconds(), float64(ours.mem)/float64(c.mem))
			}
			fmt.Println()
		}
	}
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

func (b *bench) measure(dir string, t tool, key int64, overlay string) (cost, error) {
	ctx, stop := context.WithTimeout(context.Background(), b.limit)
	defer stop()
	args := t.args(key)
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), t.env(key)...)
	if overlay != "" {
		cmd.Env = append(cmd.Env, "GOFLAGS="+strings.TrimSpace(os.Getenv("GOFLAGS")+" -overlay="+overlay))
	}
	start := time.Now()
	out, err := cmd.CombinedOutput()
	c := cost{wall: time.Since(start)}
	var exit *exec.ExitError
	if ctx.Err() != nil || err != nil && !errors.As(err, &exit) { // findings are no failure
		return c, fmt.Errorf("%v\n%s", err, tail(out))
	}
	c.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	if u, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		c.mem = u.Maxrss << 10 // Linux counts kilobytes
	}
	return c, nil
}

func tail(out []byte) []byte { return out[max(0, len(out)-2000):] }

// overlay picks a package that no other of the module imports, and returns a function that
// writes a changed version of it, as the file that -overlay takes.
func (b *bench) overlay(dir string) (func(int64) string, error) {
	args := []string{"list", "-e", "-f", `{{.ImportPath}} {{.Dir}}/{{if .GoFiles}}{{index .GoFiles 0}}{{end}} {{join .Imports " "}}`}
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
	file := ""
	for line := range strings.Lines(string(out)) {
		for _, path := range strings.Fields(line)[2:] {
			imported[path] = true
		}
	}
	for line := range strings.Lines(string(out)) {
		if f := strings.Fields(line); !imported[f[0]] && strings.HasSuffix(f[1], ".go") {
			file = f[1]
			break
		}
	}
	src, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("no leaf package in %s", dir)
	}
	return func(key int64) string {
		changed := filepath.Join(b.tmp, "changed.go")
		list := filepath.Join(b.tmp, "overlay.json")
		err := errors.Join(
			os.WriteFile(changed, fmt.Appendf(src, "\nconst bench%d = 1\n", key), 0o666),
			os.WriteFile(list, fmt.Appendf(nil, `{"Replace":{%q:%q}}`, file, changed), 0o666))
		if err != nil {
			return ""
		}
		return list
	}, nil
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
		t := b.tools()[1]
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
			if _, err := b.measure(dir, std, key, ""); err != nil {
				return err
			}
			c, err := b.measure(dir, t, key, "")
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
