package profile

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/pprof/profile"
)

// forms are the goroutines of this process in the three forms.
func forms(t *testing.T) (all [3][]byte) {
	t.Helper()
	for debug := range all {
		var b bytes.Buffer
		if err := pprof.Lookup("goroutine").WriteTo(&b, debug); err != nil {
			t.Fatal(err)
		}
		all[debug] = b.Bytes()
	}
	return all
}

func park(ch chan int) { <-ch }

// of are the stacks that pass a function.
func of(p *Profile, function string) []Stack {
	return slices.DeleteFunc(slices.Clone(p.Stacks), func(s Stack) bool {
		return !slices.ContainsFunc(s.Frames, func(f Frame) bool { return strings.HasSuffix(f.Func, function) })
	})
}

// The three forms say the same, as far as each says it.
func TestFormsAgree(t *testing.T) {
	ch := make(chan int)
	defer close(ch)
	for range 3 {
		go park(ch)
	}
	time.Sleep(10 * time.Millisecond)
	var first []Frame
	for debug, data := range forms(t) {
		p, err := Read(bytes.NewReader(data))
		if err != nil {
			t.Fatalf("debug=%d: %v", debug, err)
		}
		got := of(p, "profile.park")
		if len(got) != 1 || got[0].Count != 3 || !got[0].Whole || got[0].Leaked || p.Leaks {
			t.Fatalf("debug=%d: got %+v", debug, got)
		}
		s := got[0]
		if want := [...]Wait{Receive, Channel, Receive}[debug]; s.Wait != want {
			t.Errorf("debug=%d: it waits for %v, want %v", debug, s.Wait, want)
		}
		if created := s.Start.Func != ""; created != (debug == 2) {
			t.Errorf("debug=%d: started at %+v", debug, s.Start)
		}
		if p.Time.IsZero() != (debug != 0) {
			t.Errorf("debug=%d: taken at %v", debug, p.Time)
		}
		for i := range s.Frames {
			s.Frames[i].Start = 0
		}
		if first == nil {
			first = s.Frames
		}
		if !slices.Equal(s.Frames, first) {
			t.Errorf("debug=%d: frames %+v, want %+v", debug, s.Frames, first)
		}
	}
}

const leaked = `goroutine 1 [running]:
main.main()
	/src/main.go:7 +0xff

goroutine 20 [chan send (leaked), 2 minutes, labels:{"run": "a"}]:
main.fetch.func1({0xc000, 0x1}, ...)
	/src/fetch.go:3 +0x1e
created by main.fetch in goroutine 19
	/src/fetch.go:2 +0x5f

goroutine 21 [select (no cases), locked to thread]:
main.F[...](0x1)
	/src/wait.go:9 +0x1e
...12 frames elided...
gopkg.in/yaml%2ev3.(*T).M(...)
	/src/yaml.go:1
created by main.main
	/src/main.go:3 +0x5f

goroutine 22 [sync.Mutex.Lock, 43 minutes]:
internal/sync.runtime_SemacquireMutex(0x0?, 0x0?, 0x0?)
	/go/src/runtime/sema.go:95 +0x25
sync.(*Mutex).Lock(...)
	/go/src/sync/mutex.go:46
main.lock()
	/src/wait.go:20 +0x1e
created by main.main in goroutine 1
	/src/main.go:4 +0x5f
`

func TestDump(t *testing.T) {
	p, err := Read(strings.NewReader("panic: no\n\n" + leaked))
	if err != nil {
		t.Fatal(err)
	}
	if p.Total != 4 || !p.Leaks {
		t.Errorf("got %d goroutines, leaks %v", p.Total, p.Leaks)
	}
	var got []string
	for _, s := range p.Stacks {
		got = append(got, fmt.Sprintf("%v leaked=%v %v whole=%v %s from %s:%d", s.Wait, s.Leaked, s.Oldest, s.Whole, s.Frames[len(s.Frames)-1].Func, s.Start.Func, s.Start.Line))
	}
	slices.Sort(got)
	want := []string{
		"other leaked=false 43m0s whole=true main.lock from main.main:4",
		"runs leaked=false 0s whole=true main.main from :0",
		"select without cases leaked=false 0s whole=false gopkg.in/yaml.v3.(*T).M from main.main:3",
		"send leaked=true 2m0s whole=true main.fetch.func1 from main.fetch:2",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// What is no profile, or not whole, is refused with words that say so.
func TestRefused(t *testing.T) {
	all := forms(t)
	var heap, cpu bytes.Buffer
	if err := pprof.Lookup("heap").WriteTo(&heap, 0); err != nil {
		t.Fatal(err)
	}
	if err := pprof.Lookup("heap").WriteTo(&cpu, 1); err != nil {
		t.Fatal(err)
	}
	zip := func(data []byte) []byte {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		_, _ = w.Write(data)
		_ = w.Close()
		return b.Bytes()
	}
	half := func(data []byte) []byte { return data[:len(data)*2/3] }
	lines := func(data []byte) []byte { return data[:bytes.LastIndexByte(half(data), '\n')+1] }
	for name, test := range map[string]struct {
		data []byte
		want string
	}{
		"nothing":                   {nil, "is empty"},
		"prose":                     {[]byte("Hello, reader.\n\nHow are you?\n"), "is not a goroutine profile"},
		"HTML":                      {[]byte("<!DOCTYPE html><title>404</title>"), "is not a goroutine profile"},
		"zeros":                     {make([]byte, 10<<20), "it is not a profile, or is damaged"},
		"a zipped text":             {zip([]byte("Hello")), "is not a goroutine profile"},
		"a zipped dump, cut off":    {half(zip([]byte(strings.Repeat(leaked, 100)))), "truncated"},
		"heap":                      {heap.Bytes(), "is a profile of alloc_objects and"},
		"heap as text":              {cpu.Bytes(), "is not a goroutine profile"},
		"binary, cut off":           {half(all[0]), "truncated"},
		"counts, cut off":           {lines(all[1]), "truncated"},
		"counts, some left out":     {[]byte("goroutine profile: total 9\n1 @ 0x1 0x3\n#\t0x0\tmain.f+0x1\t/f.go:1\n\n"), "is truncated: it announces 9 goroutines and has 1"},
		"counts, cut off in a line": {half(all[1]), "is "},
		"dump, cut off in a line":   {[]byte(leaked[:len(leaked)-20]), "truncated"},
		"dump, cut off in a stack":  {[]byte(leaked[:strings.Index(leaked, "created by main.main in")]), "truncated"},
		"dump, damaged":             {[]byte(strings.Replace(leaked, "\t/src/wait.go:9", "\twhere?", 1)), "is damaged"},
		"counts, damaged":           {[]byte("goroutine profile: total 1\n1 @ 0x1\n#\tgibberish\n"), "is damaged at line 3"},
		"audit, damaged":            {[]byte("{\"rule\":\"limit\"}\n{\"rule\":"), "is damaged at line 2"},
	} {
		p, err := Read(bytes.NewReader(test.data))
		if err == nil {
			t.Errorf("%s: got %d goroutines", name, p.Total)
		} else if !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %q, want %q", name, err, test.want)
		}
	}
}

// The runtime cuts off dumps at some size: all but the last goroutine of such a dump counts.
func TestCutByRuntime(t *testing.T) {
	one := "goroutine 7 [chan send]:\nmain.send(0x1)\n\t/src/main.go:3 +0x1e\ncreated by main.main in goroutine 1\n\t/src/main.go:9 +0x5f\n\n"
	const largest = 200 << 10
	n := largest/len(one) + 1
	p, err := readDump(io.LimitReader(strings.NewReader(strings.Repeat(one, n)), largest), largest)
	if err != nil {
		t.Fatal(err)
	}
	if p.Total != n-1 {
		t.Errorf("got %d goroutines, want %d", p.Total, n-1)
	}
}

// A binary profile in which each goroutine is at a place of its own is not much larger.
func TestLargeBinary(t *testing.T) {
	n := 20_000
	if os.Getenv("POOLLINT_E2E") == "all" {
		n = 200_000
	}
	p := &profile.Profile{SampleType: []*profile.ValueType{{Type: "goroutine", Unit: "count"}}}
	for i := range 5000 {
		f := &profile.Function{ID: uint64(i + 1), Name: fmt.Sprint("main.f", i), Filename: "/src/main.go"}
		p.Function = append(p.Function, f)
		p.Location = append(p.Location, &profile.Location{ID: f.ID, Line: []profile.Line{{Function: f, Line: int64(i)}}})
	}
	for i := range n {
		s := &profile.Sample{Value: []int64{1}, Label: map[string][]string{"id": {fmt.Sprint(i)}}}
		for j := range 20 {
			s.Location = append(s.Location, p.Location[(i*(j+1)+j)%len(p.Location)])
		}
		p.Sample = append(p.Sample, s)
	}
	var b bytes.Buffer
	if err := p.Write(&b); err != nil {
		t.Fatal(err)
	}
	p = nil
	grown, got, err := measured(&b)
	if err != nil {
		t.Fatal(err)
	}
	if got.Total != n {
		t.Errorf("got %d goroutines", got.Total)
	}
	if grown > 300 {
		t.Errorf("it took %d MiB", grown)
	}
}

// measured reads a profile, and says how many MiB that took from the system.
func measured(r io.Reader) (grown uint64, p *Profile, err error) {
	debug.FreeOSMemory()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	p, err = Read(r)
	runtime.ReadMemStats(&after)
	used := func(m *runtime.MemStats) uint64 { return m.HeapSys - m.HeapReleased }
	if used(&after) > used(&before) {
		grown = (used(&after) - used(&before)) >> 20
	}
	return grown, p, err
}

// A profile of 200,000 goroutines is read without holding it.
func TestLarge(t *testing.T) {
	n := 20_000
	if os.Getenv("POOLLINT_E2E") == "all" {
		n = 200_000
	}
	r, w := io.Pipe()
	go func() {
		for i := range n {
			fmt.Fprintf(w, "goroutine %d [chan send, %d minutes]:\nmain.(*pool).work%d(0xc000%x, {0x1, 0x2})\n\t/src/work.go:%d +0x1e\nmain.run[...](0x%x)\n\t/src/main.go:20 +0x1e\ncreated by main.start in goroutine 1\n\t/src/main.go:9 +0x5f\n\n", i+2, i%60, i%5000, i, i%5000+1, i)
		}
		w.Close()
	}()
	grown, p, err := measured(r)
	if err != nil {
		t.Fatal(err)
	}
	if p.Total != n || len(p.Stacks) != 5000 || p.Stacks[0].Count != n/5000 {
		t.Errorf("got %d goroutines in %d stacks", p.Total, len(p.Stacks))
	}
	if grown > 100 {
		t.Errorf("it took %d MiB", grown)
	}
}

func TestOpen(t *testing.T) {
	data := forms(t)[0]
	file := filepath.Join(t.TempDir(), "goroutine.pb.gz")
	if err := os.WriteFile(file, data, 0o666); err != nil {
		t.Fatal(err)
	}
	away := http.RedirectHandler("http://192.0.2.1/debug/pprof/goroutine", http.StatusFound)
	mux := http.NewServeMux()
	mux.HandleFunc("/debug/pprof/goroutine", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(data) })
	mux.Handle("/away", away)
	server := httptest.NewServer(mux)
	defer server.Close()
	zipped := filepath.Join(t.TempDir(), "dump.gz")
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.WriteString(w, leaked); err != nil || w.Close() != nil || os.WriteFile(zipped, b.Bytes(), 0o666) != nil {
		t.Fatal("cannot write a dump")
	}
	for _, place := range []string{file, zipped, server.URL + "/debug/pprof/goroutine"} {
		p, err := Open(t.Context(), place, false)
		if err != nil {
			t.Fatal(err)
		}
		if p.Name != place || p.Total == 0 {
			t.Errorf("%s: got %+v", place, p)
		}
	}
	short, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	for _, test := range []struct {
		place, want string
		remote      bool
	}{
		{"no/such/file", "no/such/file cannot be read", false},
		{"http://192.0.2.1/debug/pprof/goroutine", "is not an address on this machine", false},
		{"http://example.com/debug/pprof/goroutine", "is not an address on this machine", false},
		{"http://localhost.example.com/", "is not an address on this machine", false},
		{"https://[2001:db8::1]:6060/", "is not an address on this machine", false},
		{server.URL + "/away", "is not an address on this machine", false},
		{server.URL + "/debug/pprof/goroutineleak", "returned 404", false},
		{server.URL + "/debug/pprof/goroutineleak", "Go 1.27, or Go 1.26 with GOEXPERIMENT", false},
		{"http://127.0.0.1:1/", "cannot be reached", false},
		{"http://127.0.0.1:1/", "cannot be reached", true},
	} {
		if _, err := Open(short, test.place, test.remote); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %q", test.place, err, test.want)
		}
	}
}

func TestAudit(t *testing.T) {
	p, err := Read(strings.NewReader(`{"rule":"cpubound","pool":"net","site":"/src/main.go:12","func":"main.hash","message":"it computed","time":"2026-01-02T03:04:05Z"}` + "\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := Seen{"cpubound", "net", Frame{Func: "main.hash", File: "/src/main.go", Line: 12}, "it computed"}
	if len(p.Seen) != 1 || p.Seen[0] != want || p.Time.IsZero() {
		t.Errorf("got %+v, want %+v", p.Seen, want)
	}
}
