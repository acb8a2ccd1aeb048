package effects

import (
	"bytes"
	"cmp"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/md5"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha3"
	"crypto/sha512"
	"crypto/x509"
	"encoding/base64"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"flag"
	"fmt"
	"go/format"
	"hash/crc32"
	"hash/crc64"
	htmltemplate "html/template"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"math"
	"math/big"
	mathrand "math/rand"
	"os"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"
	"text/template"

	"github.com/poollint/poollint/analyzer/internal/linttest"
)

var remeasure = flag.Bool("measure", false, "measure the costs of the table, and write measured.go")

// A sample is a row of the table and work to measure it: at size n, or at any size.
type sample struct {
	name string
	n    int // the large size; 0: it does not grow
	work func(n int) func()
}

func data(n int) []byte {
	b := make([]byte, n)
	r := mathrand.New(mathrand.NewSource(1))
	for i := range b {
		b[i] = "the quick brown fox jumps over the lazy dog, 0123456789\n"[r.Intn(56)]
	}
	return b
}

func text(n int) string { return string(data(n)) }

func ints(n int) []int { return mathrand.New(mathrand.NewSource(1)).Perm(n) }

func words(n int) []string {
	out := make([]string, n)
	for i, x := range ints(n) {
		out[i] = "key-" + strconv.Itoa(x)
	}
	return out
}

type record struct {
	ID    int
	Name  string
	Price float64
	Tags  []string
	On    bool
}

func records(n int) []record {
	out := make([]record, n)
	for i := range out {
		out[i] = record{i, "a name of some length", 12.5, []string{"red", "blue"}, true}
	}
	return out
}

func picture() *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, 256, 256))
	for y := range 256 {
		for x := range 256 {
			m.SetRGBA(x, y, color.RGBA{uint8(x * y), uint8(x + y), uint8(x), 255})
		}
	}
	return m
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func encoded(f func(io.Writer) error) []byte {
	var b bytes.Buffer
	if err := f(&b); err != nil {
		panic(err)
	}
	return b.Bytes()
}

var (
	rsaKey   = must(rsa.GenerateKey(rand.Reader, 2048))
	ecdsaKey = must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	edKey    = ed25519.NewKeyFromSeed(make([]byte, 32))
	digest   = sha256.Sum256([]byte("x"))
	pattern  = regexp.MustCompile(`(\w+)@(\w+)\.(com|org) [0-9]{4}-[0-9]{2}`)
)

func hashed(h func([]byte)) func(int) func() {
	return func(n int) func() { b := data(n); return func() { h(b) } }
}

func matched(f func(string)) func(int) func() {
	return func(n int) func() { s := text(n); return func() { f(s) } }
}

func fixed(f func()) func(int) func() { return func(int) func() { return f } }

var sink any

var samples = []sample{
	{"compress/flate.Writer.Write", 1 << 17, compressed(func(w io.Writer) io.WriteCloser { return must(flate.NewWriter(w, -1)) })},
	{"compress/gzip.Writer.Write", 1 << 17, compressed(func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) })},
	{"compress/zlib.Writer.Write", 1 << 17, compressed(func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) })},
	{"compress/gzip.Reader.Read", 1 << 17, func(n int) func() {
		b := encoded(func(w io.Writer) error { z := gzip.NewWriter(w); z.Write(data(n)); return z.Close() })
		return func() { z := must(gzip.NewReader(bytes.NewReader(b))); io.Copy(io.Discard, z) }
	}},
	{"crypto/cipher.AEAD.Seal", 1 << 17, func(n int) func() {
		g := must(cipher.NewGCM(must(aes.NewCipher(make([]byte, 32)))))
		b, nonce, out := data(n), make([]byte, 12), make([]byte, 0, n+64)
		return func() { g.Seal(out, nonce, b, nil) }
	}},
	{"crypto/cipher.AEAD.Open", 1 << 17, func(n int) func() {
		g := must(cipher.NewGCM(must(aes.NewCipher(make([]byte, 32)))))
		nonce, out := make([]byte, 12), make([]byte, 0, n+64)
		b := g.Seal(nil, nonce, data(n), nil)
		return func() { g.Open(out, nonce, b, nil) }
	}},
	{"crypto/cipher.Stream.XORKeyStream", 1 << 17, func(n int) func() {
		s := cipher.NewCTR(must(aes.NewCipher(make([]byte, 32))), make([]byte, 16))
		b := data(n)
		return func() { s.XORKeyStream(b, b) }
	}},
	{"crypto/cipher.BlockMode.CryptBlocks", 1 << 17, func(n int) func() {
		s := cipher.NewCBCEncrypter(must(aes.NewCipher(make([]byte, 32))), make([]byte, 16))
		b := data(n)
		return func() { s.CryptBlocks(b, b) }
	}},
	{"crypto/ecdsa.GenerateKey", 0, fixed(func() { sink, _ = ecdsa.GenerateKey(elliptic.P256(), rand.Reader) })},
	{"crypto/ecdsa.Sign", 0, fixed(func() { _, sink, _ = ecdsa.Sign(rand.Reader, ecdsaKey, digest[:]) })},
	{"crypto/ecdsa.SignASN1", 0, fixed(func() { sink, _ = ecdsa.SignASN1(rand.Reader, ecdsaKey, digest[:]) })},
	{"crypto/ecdsa.VerifyASN1", 0, func(int) func() {
		sig := must(ecdsa.SignASN1(rand.Reader, ecdsaKey, digest[:]))
		return func() { sink = ecdsa.VerifyASN1(&ecdsaKey.PublicKey, digest[:], sig) }
	}},
	{"crypto/ecdsa.Verify", 0, func(int) func() {
		r, s, err := ecdsa.Sign(rand.Reader, ecdsaKey, digest[:])
		if err != nil {
			panic(err)
		}
		return func() { sink = ecdsa.Verify(&ecdsaKey.PublicKey, digest[:], r, s) }
	}},
	{"crypto/ed25519.GenerateKey", 0, fixed(func() { _, sink, _ = ed25519.GenerateKey(nil) })},
	{"crypto/ed25519.Sign", 1 << 16, hashed(func(b []byte) { sink = ed25519.Sign(edKey, b) })},
	{"crypto/ed25519.Verify", 1 << 16, func(n int) func() {
		b := data(n)
		sig := ed25519.Sign(edKey, b)
		pub := edKey.Public().(ed25519.PublicKey)
		return func() { sink = ed25519.Verify(pub, b, sig) }
	}},
	{"crypto/md5.Sum", 1 << 17, hashed(func(b []byte) { sum := md5.Sum(b); _ = sum })},
	{"crypto/pbkdf2.Key", 10000, func(n int) func() {
		return func() { sink, _ = pbkdf2.Key(sha256.New, "password", make([]byte, 16), n, 32) }
	}},
	{"crypto/rand.Prime", 0, fixed(func() { sink, _ = rand.Prime(rand.Reader, 512) })},
	{"crypto/rand.Read", 1 << 16, hashed(func(b []byte) { rand.Read(b) })},
	{"crypto/rsa.GenerateKey", 0, fixed(func() { sink, _ = rsa.GenerateKey(rand.Reader, 2048) })},
	{"crypto/rsa.SignPKCS1v15", 0, fixed(func() { sink, _ = rsa.SignPKCS1v15(rand.Reader, rsaKey, 5, digest[:]) })},
	{"crypto/rsa.SignPSS", 0, fixed(func() { sink, _ = rsa.SignPSS(rand.Reader, rsaKey, 5, digest[:], nil) })},
	{"crypto/rsa.EncryptPKCS1v15", 0, fixed(func() { sink, _ = rsa.EncryptPKCS1v15(rand.Reader, &rsaKey.PublicKey, digest[:]) })},
	{"crypto/rsa.EncryptOAEP", 0, fixed(func() { sink, _ = rsa.EncryptOAEP(sha256.New(), rand.Reader, &rsaKey.PublicKey, digest[:], nil) })},
	{"crypto/rsa.DecryptPKCS1v15", 0, func(int) func() {
		c := must(rsa.EncryptPKCS1v15(rand.Reader, &rsaKey.PublicKey, digest[:]))
		return func() { sink, _ = rsa.DecryptPKCS1v15(rand.Reader, rsaKey, c) }
	}},
	{"crypto/rsa.DecryptOAEP", 0, func(int) func() {
		c := must(rsa.EncryptOAEP(sha256.New(), rand.Reader, &rsaKey.PublicKey, digest[:], nil))
		return func() { sink, _ = rsa.DecryptOAEP(sha256.New(), rand.Reader, rsaKey, c, nil) }
	}},
	{"crypto/rsa.VerifyPKCS1v15", 0, func(int) func() {
		s := must(rsa.SignPKCS1v15(rand.Reader, rsaKey, 5, digest[:]))
		return func() { sink = rsa.VerifyPKCS1v15(&rsaKey.PublicKey, 5, digest[:], s) }
	}},
	{"crypto/rsa.VerifyPSS", 0, func(int) func() {
		s := must(rsa.SignPSS(rand.Reader, rsaKey, 5, digest[:], nil))
		return func() { sink = rsa.VerifyPSS(&rsaKey.PublicKey, 5, digest[:], s, nil) }
	}},
	{"crypto/sha1.Sum", 1 << 17, hashed(func(b []byte) { sum := sha1.Sum(b); _ = sum })},
	{"crypto/sha256.Sum256", 1 << 17, hashed(func(b []byte) { sum := sha256.Sum256(b); _ = sum })},
	{"crypto/sha512.Sum512", 1 << 17, hashed(func(b []byte) { sum := sha512.Sum512(b); _ = sum })},
	{"crypto/sha3.Sum256", 1 << 17, hashed(func(b []byte) { sum := sha3.Sum256(b); _ = sum })},
	{"crypto/x509.ParseCertificate", 0, func(int) func() {
		tmpl := &x509.Certificate{SerialNumber: big.NewInt(1)}
		der := must(x509.CreateCertificate(rand.Reader, tmpl, tmpl, &ecdsaKey.PublicKey, ecdsaKey))
		return func() { sink, _ = x509.ParseCertificate(der) }
	}},
	{"encoding/base64.Encoding.EncodeToString", 1 << 17, hashed(func(b []byte) { sink = base64.StdEncoding.EncodeToString(b) })},
	{"encoding/base64.Encoding.DecodeString", 1 << 17, func(n int) func() {
		s := base64.StdEncoding.EncodeToString(data(n))
		return func() { sink, _ = base64.StdEncoding.DecodeString(s) }
	}},
	{"encoding/gob.Encoder.Encode", 2000, func(n int) func() {
		rs := records(n)
		return func() { gob.NewEncoder(io.Discard).Encode(rs) }
	}},
	{"encoding/hex.EncodeToString", 1 << 16, hashed(func(b []byte) { sink = hex.EncodeToString(b) })},
	{"encoding/hex.DecodeString", 1 << 16, func(n int) func() {
		s := hex.EncodeToString(data(n))
		return func() { sink, _ = hex.DecodeString(s) }
	}},
	{"encoding/json.Marshal", 2000, func(n int) func() { rs := records(n); return func() { sink, _ = json.Marshal(rs) } }},
	{"encoding/json.MarshalIndent", 2000, func(n int) func() {
		rs := records(n)
		return func() { sink, _ = json.MarshalIndent(rs, "", " ") }
	}},
	{"encoding/json.Unmarshal", 1 << 17, func(n int) func() {
		b := must(json.Marshal(records(n/100 + 1)))
		return func() { var v []record; json.Unmarshal(b, &v) }
	}},
	{"encoding/json.Valid", 1 << 17, func(n int) func() {
		b := must(json.Marshal(records(n/100 + 1)))
		return func() { json.Valid(b) }
	}},
	{"encoding/xml.Marshal", 1000, func(n int) func() { rs := records(n); return func() { sink, _ = xml.Marshal(rs) } }},
	{"encoding/xml.Unmarshal", 1 << 17, func(n int) func() {
		b := []byte("<a>" + strings.Repeat("<b><ID>1</ID><Name>a name</Name><Price>12.5</Price></b>", n/60+1) + "</a>")
		return func() {
			var v struct {
				B []record `xml:"b"`
			}
			xml.Unmarshal(b, &v)
		}
	}},
	{"fmt.Sprintf", 0, fixed(func() { sink = fmt.Sprintf("%s has %d of %v", "somebody", 42, 3.5) })},
	{"go/format.Source", 1 << 15, func(n int) func() {
		src := []byte("package a\n" + strings.Repeat("func f(x int) int { if x>1 { return x*2 }; return 0 }\n", n/54+1))
		return func() { sink, _ = format.Source(src) }
	}},
	{"hash/crc32.ChecksumIEEE", 1 << 17, hashed(func(b []byte) { sink = crc32.ChecksumIEEE(b) })},
	{"hash/crc64.Checksum", 1 << 17, hashed(func(b []byte) { sink = crc64.Checksum(b, crcTable) })},
	{"html/template.Template.Parse", 0, fixed(func() { sink, _ = htmltemplate.New("x").Parse(page) })},
	{"image.Decode", 0, func(int) func() {
		b := encoded(func(w io.Writer) error { return jpeg.Encode(w, picture(), nil) })
		return func() { sink, _, _ = image.Decode(bytes.NewReader(b)) }
	}},
	{"image/draw.Draw", 0, func(int) func() {
		src, dst := picture(), image.NewRGBA(image.Rect(0, 0, 256, 256))
		return func() { draw.Draw(dst, dst.Bounds(), src, image.Point{}, draw.Over) }
	}},
	{"image/gif.Encode", 0, func(int) func() { m := picture(); return func() { gif.Encode(io.Discard, m, nil) } }},
	{"image/jpeg.Decode", 0, func(int) func() {
		b := encoded(func(w io.Writer) error { return jpeg.Encode(w, picture(), nil) })
		return func() { sink, _ = jpeg.Decode(bytes.NewReader(b)) }
	}},
	{"image/jpeg.Encode", 0, func(int) func() { m := picture(); return func() { jpeg.Encode(io.Discard, m, nil) } }},
	{"image/png.Decode", 0, func(int) func() {
		b := encoded(func(w io.Writer) error { return png.Encode(w, picture()) })
		return func() { sink, _ = png.Decode(bytes.NewReader(b)) }
	}},
	{"image/png.Encode", 0, func(int) func() { m := picture(); return func() { png.Encode(io.Discard, m) } }},
	{"math.Pow", 0, fixed(func() { float = math.Pow(float+1.5, 1.7) })},
	{"math.Sqrt", 0, fixed(func() { float = math.Sqrt(float + 1.5) })},
	{"math.Sin", 0, fixed(func() { float = math.Sin(float + 1.5) })},
	{"math/big.Int.Exp", 0, func(int) func() {
		m := rsaKey.N
		e := new(big.Int).Sub(m, big.NewInt(3))
		return func() { new(big.Int).Exp(big.NewInt(65537), e, m) }
	}},
	{"math/big.Int.ProbablyPrime", 0, func(int) func() { p := rsaKey.Primes[0]; return func() { p.ProbablyPrime(20) } }},
	{"regexp.Compile", 0, fixed(func() { sink, _ = regexp.Compile(`(\w+)@(\w+)\.(com|org) [0-9]{4}-[0-9]{2}`) })},
	{"regexp.Regexp.MatchString", 1 << 15, matched(func(s string) { pattern.MatchString(s) })},
	{"regexp.Regexp.FindAllString", 1 << 15, matched(func(s string) { pattern.FindAllString(s, -1) })},
	{"regexp.Regexp.ReplaceAllString", 1 << 15, matched(func(s string) { pattern.ReplaceAllString(s, "$1") })},
	{"slices.Sort", 1 << 15, sorted(func(xs []int) { slices.Sort(xs) })},
	{"slices.SortFunc", 1 << 15, sorted(func(xs []int) { slices.SortFunc(xs, cmp.Compare) })},
	{"sort.Slice", 1 << 15, sorted(func(xs []int) { sort.Slice(xs, func(i, j int) bool { return xs[i] < xs[j] }) })},
	{"sort.Ints", 1 << 15, sorted(func(xs []int) { sort.Ints(xs) })},
	{"sort.Strings", 1 << 13, func(n int) func() {
		ws, tmp := words(n), make([]string, n)
		return func() { copy(tmp, ws); sort.Strings(tmp) }
	}},
	{"strings.Fields", 1 << 16, matched(func(s string) { sink = strings.Fields(s) })},
	{"strings.ToLower", 1 << 16, matched(func(s string) { sink = strings.ToLower(s) })},
	{"text/template.Template.Parse", 0, fixed(func() { sink, _ = template.New("x").Parse(page) })},
}

var (
	float    float64
	crcTable = crc64.MakeTable(crc64.ISO)
)

const page = `<h1>{{.Title}}</h1>{{range .Rows}}<li class="{{.Class}}">{{.Name | html}}: {{if .On}}on{{else}}off{{end}}</li>{{end}}`

func compressed(newWriter func(io.Writer) io.WriteCloser) func(int) func() {
	return func(n int) func() {
		b := data(n)
		return func() { w := newWriter(io.Discard); w.Write(b); w.Close() }
	}
}

func sorted(f func([]int)) func(int) func() {
	return func(n int) func() {
		xs, tmp := ints(n), make([]int, n)
		return func() { copy(tmp, xs); f(tmp) }
	}
}

// TestMeasure measures each sample at a small and at its large size and writes what a call and
// what a unit costs: measured.go. Without -measure it only compares, within a factor of five, since
// this machine is another one; what is off is measured again, since it has other work too. Without
// POOLLINT_E2E=all it is every tenth.
func TestMeasure(t *testing.T) {
	if testing.Short() && !*remeasure {
		t.Skip("measures")
	}
	var out []cost
	for i, s := range samples {
		if i%10 > 0 && !*remeasure && !linttest.All() {
			continue
		}
		if *remeasure {
			out = append(out, measureCost(t, s.name, s.n, s.work))
			continue
		}
		old := costs()[s.name]
		if old == nil {
			t.Errorf("%s is not in measured.go: go test -run TestMeasure -measure", s.name)
			continue
		}
		at := float64(max(s.n, 1))
		was, is := old.ns+old.per*at, 0.0
		for range 5 {
			c := measureCost(t, s.name, s.n, s.work)
			if is = c.ns + c.per*at; is <= 5*was && was <= 5*is {
				break
			}
		}
		if is > 5*was || was > 5*is {
			t.Errorf("%s: the table says %s, it takes %s", s.name, duration(was), duration(is))
		}
	}
	if !*remeasure {
		return
	}
	slices.SortFunc(out, func(a, b cost) int { return strings.Compare(a.name, b.name) })
	var b bytes.Buffer
	b.WriteString("// Code generated by go test -run TestMeasure -measure; DO NOT EDIT.\n\npackage effects\n\nvar measured = []cost{\n")
	for _, c := range out {
		fmt.Fprintf(&b, "\t{name: %q, ns: %g, per: %g},\n", c.name, c.ns, c.per)
	}
	b.WriteString("}\n")
	if err := os.WriteFile("measured.go", must(format.Source(b.Bytes())), 0o666); err != nil {
		t.Fatal(err)
	}
}

// measureCost is what a call costs, and each of the n units that it is about; n is 0 if there are none.
func measureCost(t *testing.T, name string, n int, work func(int) func()) cost {
	c := cost{name: name}
	if n == 0 {
		c.ns = float64(cpuOf(t, work(0)).Nanoseconds())
		if c.ns < 100 {
			f := work(0)
			c.ns = float64(cpuOf(t, func() {
				for range 100 {
					f()
				}
			}).Nanoseconds()) / 100
		}
	} else {
		units := func(n int) float64 {
			if strings.HasPrefix(name, "sort.") || strings.HasPrefix(name, "slices.Sort") {
				return float64(n) * math.Log2(float64(n))
			}
			return float64(n)
		}
		const small = 16
		a := float64(cpuOf(t, work(small)).Nanoseconds())
		b := float64(cpuOf(t, work(n)).Nanoseconds())
		c.per = (b - a) / (units(n) - units(small))
		c.ns = max(a-c.per*units(small), 1)
	}
	c.ns, c.per = round(c.ns), round(c.per)
	return c
}
