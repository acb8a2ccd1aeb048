package effects

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"container/heap"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/md5"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/csv"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"io"
	"log"
	"maps"
	"math"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"text/template"
	"time"
)

// A chore is a task that a service may give to a pool.
type chore struct {
	name string
	run  func()
}

// What the chores work on. The test fills in the address, the directory and the log.
var (
	address  string // of a server that answers after some milliseconds
	endpoint string // of one that echoes lines
	folder   string // with a few files
	chatter  = log.New(new(bytes.Buffer), "", 0)

	megabyte  = make([]byte, 1<<20)
	kilobyte  = make([]byte, 1<<10)
	document  = strings.Repeat("a line of text with an address somebody@example.com 2026-11\n", 20000)
	sentence  = "the quick brown fox jumps over the lazy dog"
	numbers   = make([]int, 100000)
	dozen     = []int{5, 3, 9, 1, 7, 2, 8, 4, 6, 0, 11, 10}
	addresses = regexp.MustCompile(`[a-z]+@[a-z]+\.com`)
	signer    = newSigner()
	greeting  = template.Must(template.New("g").Parse("hello {{.}}"))
	counter   atomic.Int64
	guard     sync.Mutex
	seen      = map[string]int{}
	bag       any
)

func newSigner() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
}

type user struct {
	ID    int
	Name  string
	Email string
	Tags  []string
}

type shape interface{ area() float64 }

type disc struct{ r float64 }

func (d disc) area() float64 { return math.Pi * d.r * d.r }

type leaf struct {
	left, right *leaf
	key         int
}

func (n *leaf) insert(key int) *leaf {
	if n == nil {
		return &leaf{key: key}
	}
	if key < n.key {
		n.left = n.left.insert(key)
	} else {
		n.right = n.right.insert(key)
	}
	return n
}

func (n *leaf) sum() int {
	if n == nil {
		return 0
	}
	return n.key + n.left.sum() + n.right.sum()
}

func fibonacci(n int) int {
	if n < 2 {
		return n
	}
	return fibonacci(n-1) + fibonacci(n-2)
}

func isPrime(n int) bool {
	for i := 2; i*i <= n; i++ {
		if n%i == 0 {
			return false
		}
	}
	return n > 1
}

func multiply(a, b [][]float64) [][]float64 {
	n := len(a)
	c := make([][]float64, n)
	for i := range c {
		c[i] = make([]float64, n)
		for j := 0; j < n; j++ {
			for k := 0; k < n; k++ {
				c[i][j] += a[i][k] * b[k][j]
			}
		}
	}
	return c
}

func square(n int) [][]float64 {
	m := make([][]float64, n)
	for i := range m {
		m[i] = make([]float64, n)
		for j := range m[i] {
			m[i][j] = float64(i ^ j)
		}
	}
	return m
}

func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 0; i < len(a); i++ {
		diagonal := row[0]
		row[0] = i + 1
		for j := 0; j < len(b); j++ {
			change := 1
			if a[i] == b[j] {
				change = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+change)
		}
	}
	return row[len(b)]
}

func mergeSort(xs []int) []int {
	if len(xs) < 2 {
		return xs
	}
	a, b := mergeSort(xs[:len(xs)/2]), mergeSort(xs[len(xs)/2:])
	out := make([]int, 0, len(xs))
	for len(a) > 0 && len(b) > 0 {
		if a[0] < b[0] {
			out, a = append(out, a[0]), a[1:]
		} else {
			out, b = append(out, b[0]), b[1:]
		}
	}
	return append(append(out, a...), b...)
}

func queens(n, row int, columns []int) int {
	if row == n {
		return 1
	}
	count := 0
	for i := 0; i < n; i++ {
		free := true
		for r, c := range columns[:row] {
			if c == i || c-i == r-row || c-i == row-r {
				free = false
				break
			}
		}
		if free {
			columns[row] = i
			count += queens(n, row+1, columns)
		}
	}
	return count
}

func shuffled(n int) []int {
	xs := make([]int, n)
	for i := range xs {
		xs[i] = i * 7919 % n
	}
	return xs
}

func users(n int) []user {
	us := make([]user, n)
	for i := range us {
		us[i] = user{i, "somebody", "somebody@example.com", []string{"a", "b"}}
	}
	return us
}

func apply(xs []int, f func(int) int) int {
	total := 0
	for _, x := range xs {
		total += f(x)
	}
	return total
}

func painted(n int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, n, n))
	for y := 0; y < n; y++ {
		for x := 0; x < n; x++ {
			m.SetRGBA(x, y, color.RGBA{uint8(x), uint8(y), 7, 255})
		}
	}
	return m
}

func get(path string) ([]byte, error) {
	resp, err := http.Get(address + path)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	return io.ReadAll(resp.Body)
}

func retry(times int, f func() error) error {
	var err error
	for range times {
		if err = f(); err == nil {
			return nil
		}
		time.Sleep(2 * time.Millisecond)
	}
	return err
}

func compress(data []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write(data)
	w.Close()
	return b.Bytes()
}

func hashPassword(password string) []byte {
	key, _ := pbkdf2.Key(sha256.New, password, []byte("salt and pepper!"), 30000, 32)
	return key
}

type queue []int

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i] < q[j] }
func (q queue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)        { *q = append(*q, x.(int)) }
func (q *queue) Pop() any {
	old := *q
	x := old[len(old)-1]
	*q = old[:len(old)-1]
	return x
}

type hasher struct{ digest func([]byte) []byte }

func newHasher() *hasher {
	return &hasher{digest: func(b []byte) []byte { s := sha512.Sum512(b); return s[:] }}
}

var chores = []chore{
	// Computing.
	{"fibonacci", func() { bag = fibonacci(27) }},
	{"sha256 of a megabyte", func() { sha256.Sum256(megabyte) }},
	{"md5 of a megabyte", func() { md5.Sum(megabyte) }},
	{"hmac of a megabyte", func() { m := hmac.New(sha256.New, kilobyte); m.Write(megabyte); bag = m.Sum(nil) }},
	{"hash in a field", func() { h := newHasher(); bag = h.digest(megabyte) }},
	{"hash chain", func() {
		h := sha256.Sum256(kilobyte)
		for range 5000 {
			h = sha256.Sum256(h[:])
		}
		bag = h
	}},
	{"proof of work", func() {
		for nonce := 0; nonce < 20000; nonce++ {
			h := sha256.Sum256([]byte(sentence + strconv.Itoa(nonce)))
			if h[0] == 0 && h[1] == 0 && h[2] == 0 && h[3] == 0 {
				bag = nonce
				return
			}
		}
	}},
	{"password", func() { bag = hashPassword("secret") }},
	{"rsa signature", func() { d := sha256.Sum256(kilobyte); bag, _ = rsa.SignPKCS1v15(rand.Reader, signer, 5, d[:]) }},
	{"rsa key", func() { bag, _ = rsa.GenerateKey(rand.Reader, 1024) }},
	{"ten ecdsa signatures", func() {
		key, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		for range 10 {
			bag, _ = ecdsa.SignASN1(rand.Reader, key, kilobyte[:32])
		}
	}},
	{"ten ed25519 signatures", func() {
		_, key, _ := ed25519.GenerateKey(rand.Reader)
		for range 10 {
			bag = ed25519.Sign(key, kilobyte)
		}
	}},
	{"encrypt a megabyte", func() {
		block, _ := aes.NewCipher(kilobyte[:32])
		gcm, _ := cipher.NewGCM(block)
		bag = gcm.Seal(nil, kilobyte[:12], megabyte, nil)
	}},
	{"gzip a document", func() { bag = compress([]byte(document)) }},
	{"gunzip", func() {
		z, err := gzip.NewReader(bytes.NewReader(compress([]byte(document))))
		if err == nil {
			bag, _ = io.ReadAll(z)
		}
	}},
	{"sort", func() { xs := shuffled(100000); sort.Ints(xs); bag = xs }},
	{"sort by a function", func() {
		xs := shuffled(50000)
		sort.Slice(xs, func(i, j int) bool { return xs[i] < xs[j] })
		bag = xs
	}},
	{"sort strings", func() {
		words := strings.Fields(document)
		slices.SortFunc(words, func(a, b string) int { return cmp.Compare(a, b) })
		bag = words
	}},
	{"merge sort", func() { bag = mergeSort(shuffled(20000)) }},
	{"heap", func() {
		var q queue
		for i := range 5000 {
			heap.Push(&q, i*7919%5003)
		}
		for q.Len() > 0 {
			heap.Pop(&q)
		}
	}},
	{"matrices", func() { bag = multiply(square(120), square(120)) }},
	{"sieve", func() {
		const n = 500000
		composite := make([]bool, n+1)
		for i := 2; i <= n; i++ {
			if !composite[i] {
				for j := 2 * i; j <= n; j += i {
					composite[j] = true
				}
			}
		}
		bag = composite
	}},
	{"primes by division", func() {
		count := 0
		for n := 2; n < 20000; n++ {
			if isPrime(n) {
				count++
			}
		}
		bag = count
	}},
	{"queens", func() { bag = queens(9, 0, make([]int, 9)) }},
	{"edit distance", func() { bag = distance(document[:1500], document[700:2200]) }},
	{"mandelbrot", func() {
		inside := 0
		for y := 0; y < 100; y++ {
			for x := 0; x < 100; x++ {
				var zr, zi float64
				for k := 0; k < 100; k++ {
					zr, zi = zr*zr-zi*zi+float64(x)/40-2, 2*zr*zi+float64(y)/40-1.2
					if zr*zr+zi*zi > 4 {
						inside--
						break
					}
				}
				inside++
			}
		}
		bag = inside
	}},
	{"monte carlo", func() {
		in, state := 0, uint64(1)
		for range 1000000 {
			state = state*6364136223846793005 + 1442695040888963407
			x, y := float64(state>>40)/(1<<24), float64(state>>16&0xffffff)/(1<<24)
			if x*x+y*y < 1 {
				in++
			}
		}
		bag = in
	}},
	{"sum of a slice", func() {
		sum := 0
		for _, x := range numbers {
			sum += x * x
		}
		bag = sum
	}},
	{"statistics", func() {
		var sum, squares float64
		for _, x := range numbers {
			sum += math.Sqrt(float64(x))
			squares += math.Pow(float64(x), 1.5)
		}
		bag = squares / sum
	}},
	{"word count", func() {
		counts := map[string]int{}
		for _, w := range strings.Fields(document) {
			counts[strings.ToLower(w)]++
		}
		bag = counts
	}},
	{"regexp over a document", func() { bag = addresses.FindAllString(document, -1) }},
	{"regexp line by line", func() {
		found := 0
		for line := range strings.SplitSeq(document, "\n") {
			if addresses.MatchString(line) {
				found++
			}
		}
		bag = found
	}},
	{"scan a document", func() {
		s := bufio.NewScanner(strings.NewReader(document))
		lines := 0
		for s.Scan() {
			if strings.Contains(s.Text(), "2026") {
				lines++
			}
		}
		bag = lines
	}},
	{"runes", func() {
		upper := 0
		for _, r := range document {
			if r >= 'A' && r <= 'Z' {
				upper++
			}
		}
		bag = upper
	}},
	{"json of many", func() { bag, _ = json.Marshal(users(2000)) }},
	{"json there and back", func() {
		data, _ := json.Marshal(users(1000))
		var back []user
		if err := json.Unmarshal(data, &back); err != nil {
			return
		}
		bag = back
	}},
	{"gob of many", func() { var b bytes.Buffer; gob.NewEncoder(&b).Encode(users(2000)) }},
	{"xml of many", func() { bag, _ = xml.Marshal(users(500)) }},
	{"csv", func() {
		r := csv.NewReader(strings.NewReader(strings.Repeat("a,b,c,1,2,3\n", 5000)))
		bag, _ = r.ReadAll()
	}},
	{"draw a picture", func() { bag = painted(400) }},
	{"blend pictures", func() {
		dst, src := image.NewRGBA(image.Rect(0, 0, 300, 300)), painted(300)
		draw.Draw(dst, dst.Bounds(), src, image.Point{}, draw.Over)
	}},
	{"jpeg", func() { var b bytes.Buffer; jpeg.Encode(&b, painted(200), nil) }},
	{"png there and back", func() {
		var b bytes.Buffer
		png.Encode(&b, painted(100))
		bag, _ = png.Decode(&b)
	}},
	{"grey", func() {
		m := painted(200)
		out := image.NewGray(m.Bounds())
		for y := range 200 {
			for x := range 200 {
				c := m.RGBAAt(x, y)
				out.SetGray(x, y, color.Gray{Y: uint8((int(c.R)*30 + int(c.G)*59 + int(c.B)*11) / 100)})
			}
		}
		bag = out
	}},
	{"big power", func() { bag = new(big.Int).Exp(big.NewInt(3), signer.D, signer.N) }},
	{"factorial", func() {
		f := big.NewInt(1)
		for i := int64(2); i < 2000; i++ {
			f.Mul(f, big.NewInt(i))
		}
		bag = f
	}},
	{"tree", func() {
		var t *leaf
		for _, k := range shuffled(5003) {
			t = t.insert(k)
		}
		bag = t.sum()
	}},
	{"areas through an interface", func() {
		var shapes []shape
		for i := range 100000 {
			shapes = append(shapes, disc{float64(i)})
		}
		total := 0.0
		for _, s := range shapes {
			total += s.area()
		}
		bag = total
	}},
	{"closure in a loop", func() {
		bag = apply(numbers, func(x int) int { return x*x%7 + 1 })
	}},
	{"build a map", func() {
		m := make(map[int]int, 1000)
		for i := range 50000 {
			m[i*7919] = i
		}
		bag = m
	}},
	{"render many", func() {
		var b strings.Builder
		for range 500 {
			greeting.Execute(&b, sentence)
		}
		bag = b.String()
	}},
	{"format many", func() {
		var b strings.Builder
		for i := range 5000 {
			fmt.Fprintf(&b, "%d: %s\n", i, sentence)
		}
		bag = b.String()
	}},
	{"log much", func() {
		for i := range 2000 {
			chatter.Printf("step %d of %d", i, 2000)
		}
	}},
	{"under a mutex", func() {
		guard.Lock()
		defer guard.Unlock()
		for i := range 20000 {
			seen["k"+strconv.Itoa(i%100)] += i
		}
	}},
	{"dynamic programming", func() {
		best := make([]int, 10001)
		for item := 1; item <= 50; item++ {
			for w := 10000; w >= item*3; w-- {
				best[w] = max(best[w], best[w-item*3]+item*5)
			}
		}
		bag = best
	}},
	{"crc of many blocks", func() {
		var sum uint32
		for i := 0; i+1024 <= len(megabyte); i += 1024 {
			sum ^= crc32.ChecksumIEEE(megabyte[i : i+1024])
		}
		bag = sum
	}},
	{"hex of a megabyte", func() { bag = hex.EncodeToString(megabyte) }},
	{"collatz", func() {
		longest := 0
		for start := 1; start < 10000; start++ {
			steps := 0
			for n := start; n != 1; steps++ {
				if n%2 == 0 {
					n /= 2
				} else {
					n = 3*n + 1
				}
			}
			longest = max(longest, steps)
		}
		bag = longest
	}},

	// Mixed: computing is what takes the time.
	{"read and hash", func() {
		data, err := os.ReadFile(filepath.Join(folder, "large"))
		if err != nil {
			return
		}
		for range 20 {
			sum := sha256.Sum256(append(data, megabyte...))
			bag = sum
		}
	}},
	{"fetch and derive a key", func() {
		if _, err := get("/user"); err == nil {
			bag = hashPassword("secret")
		}
	}},
	{"fetch and draw", func() {
		if _, err := get("/size"); err != nil {
			return
		}
		m := painted(500)
		var b bytes.Buffer
		if err := png.Encode(&b, m); err == nil {
			bag = b.Bytes()
		}
	}},
	{"compute, then write", func() {
		primes := make([]int, 0, 3000)
		for n := 2; n < 30000; n++ {
			if isPrime(n) {
				primes = append(primes, n)
			}
		}
		os.WriteFile(filepath.Join(folder, "primes"), []byte(fmt.Sprint(len(primes))), 0o600)
	}},
	{"sign and send", func() {
		sum := sha256.Sum256(kilobyte)
		sig, err := rsa.SignPSS(rand.Reader, signer, 5, sum[:], nil)
		for range 3 {
			sig, err = rsa.SignPSS(rand.Reader, signer, 5, sum[:], nil)
		}
		if err != nil {
			return
		}
		os.WriteFile(filepath.Join(folder, "signature"), sig, 0o600)
	}},

	// Waiting.
	{"sleep", func() { time.Sleep(5 * time.Millisecond) }},
	{"fetch", func() { bag, _ = get("/") }},
	{"fetch and decode", func() {
		data, err := get("/user")
		if err != nil {
			return
		}
		var u user
		if err := json.Unmarshal(data, &u); err == nil {
			bag = u
		}
	}},
	{"fetch and hash a short answer", func() {
		if data, err := get("/user"); err == nil {
			sum := sha256.Sum256(data)
			bag = hex.EncodeToString(sum[:])
		}
	}},
	{"fetch a few", func() {
		for _, path := range []string{"/a", "/b", "/c"} {
			if data, err := get(path); err == nil {
				bag = len(data)
			}
		}
	}},
	{"post", func() {
		body, err := json.Marshal(user{1, "somebody", "s@example.com", nil})
		if err != nil {
			return
		}
		resp, err := http.Post(address, "application/json", bytes.NewReader(body))
		if err == nil {
			resp.Body.Close()
		}
	}},
	{"decode from the network", func() {
		resp, err := http.Get(address + "/user")
		if err != nil {
			return
		}
		defer resp.Body.Close()
		var u user
		json.NewDecoder(resp.Body).Decode(&u)
	}},
	{"request with a deadline", func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		if err != nil {
			return
		}
		if resp, err := http.DefaultClient.Do(req); err == nil {
			resp.Body.Close()
		}
	}},
	{"dial and talk", func() {
		conn, err := net.Dial("tcp", endpoint)
		if err != nil {
			return
		}
		defer conn.Close()
		fmt.Fprintln(conn, "hello")
		bag, _ = bufio.NewReader(conn).ReadString('\n')
	}},
	{"retry", func() {
		tries := 0
		retry(5, func() error {
			if tries++; tries < 4 {
				return errors.New("not yet")
			}
			return nil
		})
	}},
	{"poll", func() {
		for range 5 {
			if counter.Load() < 0 {
				return
			}
			time.Sleep(time.Millisecond)
		}
	}},
	{"wait for a goroutine", func() {
		done := make(chan int)
		go func() { time.Sleep(3 * time.Millisecond); done <- 1 }()
		bag = <-done
	}},
	{"wait for a group", func() {
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() { time.Sleep(2 * time.Millisecond) })
		}
		wg.Wait()
	}},
	{"timeout", func() {
		never := make(chan int)
		select {
		case v := <-never:
			bag = v
		case <-time.After(3 * time.Millisecond):
		}
	}},
	{"ticker", func() {
		t := time.NewTicker(time.Millisecond)
		defer t.Stop()
		for range 3 {
			<-t.C
		}
	}},
	{"process", func() { exec.Command("sleep", "0.02").Run() }},
	{"rate limited loop", func() {
		for i := range dozen {
			counter.Add(int64(i))
			time.Sleep(500 * time.Microsecond)
		}
	}},
	{"fetch, then look at each", func() {
		data, err := get("/lines")
		if err != nil {
			return
		}
		for line := range strings.SplitSeq(string(data), "\n") {
			if strings.HasPrefix(line, "a") {
				counter.Add(1)
			}
		}
	}},
	{"fetch in a loop and hash each", func() {
		for i := range 4 {
			if data, err := get("/" + strconv.Itoa(i)); err == nil {
				sum := sha256.Sum256(data)
				bag = sum
			}
		}
	}},

	// Trivial.
	{"nothing", func() {}},
	{"counter", func() { counter.Add(1) }},
	{"store under a mutex", func() { guard.Lock(); seen["x"]++; guard.Unlock() }},
	{"format a line", func() { bag = fmt.Sprintf("%s is %d", sentence, 42) }},
	{"log a line", func() { chatter.Printf("done with %s", sentence) }},
	{"loop over a dozen", func() {
		sum := 0
		for _, x := range dozen {
			sum += x
		}
		bag = sum
	}},
	{"loop to ten", func() {
		sum := 0
		for i := 0; i < 10; i++ {
			sum += i * i
		}
		bag = sum
	}},
	{"sort a dozen", func() { xs := []int{5, 3, 9, 1, 7, 2}; sort.Ints(xs); bag = xs }},
	{"hash a key", func() { sum := sha256.Sum256([]byte("user:42")); bag = base64.StdEncoding.EncodeToString(sum[:]) }},
	{"parse a url", func() { bag, _ = url.Parse("https://example.com/a/b?c=d") }},
	{"json of one", func() { bag, _ = json.Marshal(user{1, "somebody", "s@example.com", []string{"a"}}) }},
	{"binary search", func() {
		low, high := 0, len(numbers)
		for low < high {
			if mid := (low + high) / 2; numbers[mid] < 77777 {
				low = mid + 1
			} else {
				high = mid
			}
		}
		bag = low
	}},
	{"join", func() { bag = strings.Join([]string{"a", "b", "c"}, ",") }},
	{"copy a small map", func() { bag = maps.Clone(map[string]int{"a": 1, "b": 2}) }},
	{"small fibonacci", func() { bag = fibonacci(8) }},
	{"small matrices", func() { bag = multiply(square(4), square(4)) }},
	{"send with room", func() { results := make(chan int, 1); results <- fibonacci(5); bag = results }},
	{"look at a context", func() {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		select {
		case <-ctx.Done():
			bag = ctx.Err()
		default:
		}
	}},
	{"compare and swap", func() {
		for {
			old := counter.Load()
			if counter.CompareAndSwap(old, old+1) {
				return
			}
		}
	}},
	{"digits", func() {
		digits := 0
		for n := 1234567890; n > 0; n /= 10 {
			digits++
		}
		bag = digits
	}},
	{"crc of a kilobyte", func() { bag = crc32.ChecksumIEEE(kilobyte) }},
	{"match a sentence", func() { bag = addresses.MatchString(sentence) }},
	{"render once", func() { var b strings.Builder; greeting.Execute(&b, "you"); bag = b.String() }},
}
