package effects

import "testing"

func TestTry(t *testing.T) {
	p, x := load(t, `package a
import ("crypto/sha256"; "net/http"; "io"; "bytes"; "compress/gzip"; "sort"; "os"; "encoding/json"; "slices"; "time"; "fmt"; "log"; "sync")

func fib(n int) int { if n < 2 { return n }; return fib(n-1) + fib(n-2) }
func fib30() int { return fib(30) }
func sum(xs []int) int { s := 0; for _, x := range xs { s += x }; return s }
func hash(b []byte) [32]byte { return sha256.Sum256(b) }
func hashMB() { data := make([]byte, 1<<20); hash(data) }
func fetch(u string) []byte { r, err := http.Get(u); if err != nil { return nil }; b, _ := io.ReadAll(r.Body); return b }
func fetchHash(u string) { hash(fetch(u)) }
func zip(data []byte) []byte { var buf bytes.Buffer; w := gzip.NewWriter(&buf); w.Write(data); w.Close(); return buf.Bytes() }
func zipFile(f *os.File) { w := gzip.NewWriter(f); io.Copy(w, os.Stdin); w.Close() }
func sorted() { var xs []int; for i := 0; i < 100000; i++ { xs = append(xs, i*7919%100003) }; sort.Slice(xs, func(i, j int) bool { return xs[i] < xs[j] }) }
func bsearch(xs []int, k int) int { lo, hi := 0, len(xs); for lo < hi { m := (lo+hi)/2; if xs[m] < k { lo = m+1 } else { hi = m } }; return lo }
func matmul(a, b [][]float64) [][]float64 { n := len(a); c := make([][]float64, n); for i := 0; i < n; i++ { c[i] = make([]float64, n); for j := 0; j < n; j++ { for k := 0; k < n; k++ { c[i][j] += a[i][k]*b[k][j] } } }; return c }
func mm200() { a := mk(200); b := mk(200); matmul(a, b) }
func mk(n int) [][]float64 { m := make([][]float64, n); for i := range m { m[i] = make([]float64, n) }; return m }
func sieve() int { n := 1000000; c := make([]bool, n+1); cnt := 0; for i := 2; i <= n; i++ { if !c[i] { cnt++; for j := i*2; j <= n; j += i { c[j] = true } } }; return cnt }
func decode(b []byte) (v map[string]any) { json.Unmarshal(b, &v); return }
func sleep() { for i := 0; i < 10; i++ { time.Sleep(time.Millisecond) } }
func apply(xs []int, f func(int) int) { for i := range xs { xs[i] = f(xs[i]) } }
func applyHash(xs []int) { apply(xs, func(i int) int { h := sha256.Sum256(make([]byte, 4096)); return int(h[0]) }) }
func applySleep(xs []int) { apply(xs, func(i int) int { time.Sleep(1); return i }) }
type tree struct { l, r *tree; v int }
func (t *tree) walk() int { if t == nil { return 0 }; return t.v + t.l.walk() + t.r.walk() }
func msort(xs []int) []int { if len(xs) < 2 { return xs }; m := len(xs)/2; a, b := msort(xs[:m]), msort(xs[m:]); out := make([]int, 0, len(xs)); for len(a) > 0 && len(b) > 0 { if a[0] < b[0] { out = append(out, a[0]); a = a[1:] } else { out = append(out, b[0]); b = b[1:] } }; return append(append(out, a...), b...) }
func logger(xs []string) { for _, x := range xs { log.Println(x) } }
type shape interface { area() float64 }
type sq struct { s float64 }
func (s sq) area() float64 { return s.s*s.s }
func areas(ss []shape) (t float64) { for _, s := range ss { t += s.area() }; return }
func slow(xs []int) { slices.SortFunc(xs, func(a, b int) int { return a-b }) }
func format(xs []int) string { return fmt.Sprintf("%v", xs) }
var mu sync.Mutex
func locked() { mu.Lock(); defer mu.Unlock(); for i := range 1000000 { _ = i*i } }
func queens(n, row int, cols []int) int { if row == n { return 1 }; c := 0; for i := 0; i < n; i++ { ok := true; for r, x := range cols[:row] { if x == i || x-i == r-row || x-i == row-r { ok = false; break } }; if ok { cols[row] = i; c += queens(n, row+1, cols) } }; return c }
func q8() { queens(8, 0, make([]int, 8)) }
func even(n int) bool { if n == 0 { return true }; return odd(n-1) }
func odd(n int) bool { if n == 0 { return false }; return even(n-1) }
func readAll() { b, _ := os.ReadFile("x"); for _, c := range b { _ = c } }
`)
	for _, f := range p.Funcs {
		if f.Decl == nil {
			continue
		}
		e := x.Func(f)
		ce := e.close(f.Sig)
		c, ok := ce.Computes()
		why := ""
		if ok {
			why = c.Time() + " " + c.Why.String()
		}
		t.Logf("%-12s %v\n      claim %v %s", f.Decl.Name(), e.String(), ok, why)
	}
}
