package effects

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"strings"
	"testing"
)

// What a function holds is what its own calls return, and the most that a call of it holds besides.
func TestHolds(t *testing.T) {
	for _, tt := range []struct{ name, src, want string }{
		{"nothing", `func f() int { return 1 }`, ``},
		{"what a call returns", `func f(u string) { http.Get(u) }`, `http.Client.Do`},
		{"two of them", `func f(u string, w io.Writer) { http.Get(u); gzip.NewWriter(w) }`, `gzip.Writer.Write, http.Client.Do`},
		{"the same function again is one", `func f(u string) { http.Get(u); http.Post(u, "", nil) }`, `http.Client.Do`},
		{"a call beside what is kept", `func f(u string, w io.Writer) { r, _ := http.Get(u); io.Copy(w, r.Body) }`, `io.Copy, http.Client.Do`},
		{"nothing to speak of where there is a way around it", `func f(u string) { r, _ := http.Get(u); io.Copy(io.Discard, r.Body) }`, `http.Client.Do`},
		{"of two calls, one after the other, the larger", `func f(w io.Writer, r io.Reader, c *exec.Cmd) { io.Copy(w, r); c.Run() }`, `exec.Cmd.Run`},
		{"a callee lets go of it when it returns", `func g(r io.Reader) { gzip.NewReader(r) }
			func h(w io.Writer) { gzip.NewWriter(w) }
			func f(r io.Reader, w io.Writer) { g(r); h(w); bufio.NewReader(r) }`, `gzip.Writer.Write, bufio.NewReader`},
		{"of two branches the larger", `func f(r io.Reader, w io.Writer, ok bool) { if ok { gzip.NewReader(r) } else { gzip.NewWriter(w) } }`, `gzip.Writer.Write`},
		{"what an error leads to is left out", `func f(u string, w io.Writer) { if _, err := http.Get(u); err != nil { gzip.NewWriter(w); return } }`, `http.Client.Do`},
		{"what needs three coincidences too", `func f(u string, w io.Writer, a, b, c bool) { if a { http.Get(u); if b { if c { gzip.NewWriter(w) } } } }`, `http.Client.Do`},
		{"and what is made once", `var once sync.Once
			func f(u string, w io.Writer) { once.Do(func() { gzip.NewWriter(w) }); http.Get(u) }`, `http.Client.Do`},
		{"a loop holds one at a time", `func f(us []string) { for _, u := range us { http.Get(u) } }`, `http.Client.Do`},
		{"what a goroutine holds is its own", `func f(u string) { go http.Get(u) }`, ``},
		{"a function that is called back", `func f(us []string) { slices.SortFunc(us, func(a, b string) int { http.Get(a); return 0 }) }`, `http.Client.Do`},
		{"functions that call each other", `func g(u string, n int) { http.Get(u); f(u, n) }
			func f(u string, n int) { if n > 0 { g(u, n-1) } }`, `http.Client.Do`},
		{"an interface's method", `func f(c net.Conn, b []byte) { c.Read(b) }`, `net.Conn.Read`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			src := "package a\n" + imports(tt.src) + tt.src
			p, x := load(t, src)
			var parts []string
			for _, part := range x.Func(function(t, p, "f")).Holds {
				parts = append(parts, part.What)
			}
			if got := strings.Join(parts, ", "); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// Importers learn it.
func TestHoldsInFacts(t *testing.T) {
	_, x := load(t, `package a
import "net/http"
func F(u string, g func()) { g(); http.Get(u) }
`)
	for _, fact := range x.Facts() {
		var b bytes.Buffer
		if err := gob.NewEncoder(&b).Encode(fact); err != nil {
			t.Fatal(err)
		}
		var read Fact
		if err := gob.NewDecoder(&b).Decode(&read); err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(read.Effect.Holds); !strings.Contains(got, "http.Client.Do") {
			t.Errorf("F holds %s", got)
		}
		return
	}
	t.Error("F has no fact")
}
