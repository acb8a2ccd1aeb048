package footprint_test

import (
	"archive/tar"
	"archive/zip"
	"bufio"
	"bytes"
	"compress/bzip2"
	"compress/flate"
	"compress/gzip"
	"compress/lzw"
	"compress/zlib"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"crypto/tls"
	"database/sql"
	"database/sql/driver"
	"encoding/base64"
	"encoding/csv"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/rpc"
	"net/smtp"
	"net/textproto"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"text/template"
	"time"

	. "github.com/poollint/poollint/analyzer/internal/footprint/measure"
)

// samples are the operations of the standard library: each what a goroutine does that then waits
// inside it, or holds what it has returned.
var samples = []Sample{
	{Name: "net/http.Client.Do", N: 300, Serve: HTTP, Task: requests(http.DefaultTransport)},
	{Name: "net/http.Client.Do over TLS", N: 300, Serve: TLS, Task: requests(&http.Transport{TLSClientConfig: insecure})},
	{Name: "net/http.Client.Do over HTTP/2", N: 200, Serve: HTTP2, Task: requests(&http.Transport{TLSClientConfig: insecure, ForceAttemptHTTP2: true})},
	{Name: "net/http.Server.Serve for each request", N: 300, Task: served},
	{Name: "net/http.Request.ParseMultipartForm", N: 100, Size: 1 << 18, Task: parsedForm},

	{Name: "net.Dialer.DialContext", N: 300, Serve: deaf, Task: func(s Side) Task {
		return func(int) any { _, err := net.Dial("tcp", s.Addr); return Waited(err) }
	}},
	{Name: "net.Conn.Read", N: 300, Serve: Silent, Task: func(s Side) Task {
		return func(int) any {
			_, err := Must(net.Dial("tcp", s.Addr)).Read(make([]byte, 1))
			return Waited(err)
		}
	}},
	{Name: "net.UDPConn.ReadFrom", N: 300, Task: func(Side) Task {
		return func(int) any {
			_, _, err := Must(net.ListenPacket("udp", "127.0.0.1:0")).ReadFrom(make([]byte, 1))
			return Waited(err)
		}
	}},
	{Name: "net.Resolver.LookupIPAddr", N: 300, Serve: dumb, Task: func(s Side) Task {
		r := &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "udp", s.Addr)
		}}
		return func(i int) any {
			_, err := r.LookupHost(context.Background(), "host"+strconv.Itoa(i)+".example.com.")
			return Waited(err)
		}
	}},
	{Name: "net.Pipe", N: 500, Task: func(Side) Task {
		return func(int) any { c, _ := net.Pipe(); _, err := c.Read(make([]byte, 1)); return Waited(err) }
	}},
	{Name: "crypto/tls.Conn.Read", N: 300, Serve: TLSConn, Task: func(s Side) Task {
		return func(int) any {
			_, err := Must(tls.Dial("tcp", s.Addr, insecure)).Read(make([]byte, 1))
			return Waited(err)
		}
	}},
	{Name: "net/smtp.SendMail", N: 300, Serve: Silent, Task: func(s Side) Task {
		return func(int) any {
			return Waited(smtp.SendMail(s.Addr, nil, "a@example.com", []string{"b@example.com"}, []byte("hello")))
		}
	}},
	{Name: "net/textproto.Dial", N: 300, Serve: Silent, Task: func(s Side) Task {
		return func(int) any {
			_, err := Must(textproto.Dial("tcp", s.Addr)).ReadLine()
			return Waited(err)
		}
	}},
	{Name: "net/rpc.Client.Call", N: 300, Serve: Silent, Task: func(s Side) Task {
		c := Must(rpc.Dial("tcp", s.Addr))
		return func(int) any { return Waited(c.Call("Service.Method", 1, new(int))) }
	}},

	{Name: "database/sql.DB.QueryContext without what the driver holds", N: 300, Task: func(Side) Task {
		db := sql.OpenDB(standIn{})
		return func(int) any {
			_, err := db.QueryContext(context.Background(), "select")
			return Waited(err)
		}
	}},
	{Name: "database/sql.DB.QueryContext that waits for a connection", N: 300, Task: func(Side) Task {
		db := sql.OpenDB(standIn{})
		db.SetMaxOpenConns(1)
		Must(db.Conn(context.Background()))
		return func(int) any {
			_, err := db.QueryContext(context.Background(), "select")
			return Waited(err)
		}
	}},

	{Name: "os.ReadFile", N: 100, Size: 1 << 18, Task: func(s Side) Task {
		name := file(text(s.Size))
		return holding(func() any { return Must(os.ReadFile(name)) })(s)
	}},
	{Name: "os.Open", N: 300, Task: func(s Side) Task {
		name := file(text(10))
		return holding(func() any { return Must(os.Open(name)) })(s)
	}},
	{Name: "os.File.Read of a pipe", N: 300, Task: func(Side) Task {
		return func(int) any {
			r, w, err := os.Pipe()
			if err == nil {
				_, err = r.Read(make([]byte, 1))
			}
			w.Close()
			return Waited(err)
		}
	}},
	{Name: "os.ReadDir", N: 100, Task: func(s Side) Task {
		dir := filepath.Dir(file(nil))
		for i := range 99 {
			Must(os.Create(filepath.Join(dir, "entry-"+strconv.Itoa(i))))
		}
		return holding(func() any { return Must(os.ReadDir(dir)) })(s)
	}},
	{Name: "os/exec.Cmd.Run", N: 64, Task: processes(func(c *exec.Cmd) error { return c.Run() })},
	{Name: "os/exec.Cmd.CombinedOutput", N: 64, Task: processes(func(c *exec.Cmd) error { _, err := c.CombinedOutput(); return err })},

	{Name: "io.Copy", N: 300, Task: reading(nil, func(r io.Reader) any {
		_, err := io.Copy(struct{ io.Writer }{io.Discard}, r)
		return Waited(err)
	})},
	{Name: "io.ReadAll", N: 100, Size: 1 << 18, Task: func(s Side) Task {
		return reading(text(s.Size), func(r io.Reader) any { _, err := io.ReadAll(r); return Waited(err) })(s)
	}},
	{Name: "io.Pipe", N: 500, Task: func(Side) Task {
		return func(int) any { r, _ := io.Pipe(); _, err := r.Read(make([]byte, 1)); return Waited(err) }
	}},
	{Name: "bufio.NewReader", N: 500, Task: reading([]byte("a"), func(r io.Reader) any {
		_, err := bufio.NewReader(r).ReadString('\n')
		return Waited(err)
	})},
	{Name: "bufio.NewWriter", N: 500, Task: holding(func() any {
		w := bufio.NewWriter(Full)
		Must(w.WriteString("a"))
		return w
	})},
	{Name: "bufio.Scanner.Scan", N: 500, Task: reading([]byte("a"), func(r io.Reader) any {
		s := bufio.NewScanner(r)
		s.Scan()
		return Waited(s.Err())
	})},

	{Name: "compress/gzip.NewReader", N: 100, Task: decompressing(
		func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) },
		func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) })},
	{Name: "compress/zlib.NewReader", N: 100, Task: decompressing(
		func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) },
		func(r io.Reader) (io.Reader, error) { return zlib.NewReader(r) })},
	{Name: "compress/flate.NewReader", N: 100, Task: decompressing(
		func(w io.Writer) io.WriteCloser { return Must(flate.NewWriter(w, flate.DefaultCompression)) },
		func(r io.Reader) (io.Reader, error) { return flate.NewReader(r), nil })},
	{Name: "compress/lzw.NewReader", N: 100, Task: decompressing(
		func(w io.Writer) io.WriteCloser { return lzw.NewWriter(w, lzw.LSB, 8) },
		func(r io.Reader) (io.Reader, error) { return lzw.NewReader(r, lzw.LSB, 8), nil })},
	{Name: "compress/bzip2.NewReader", N: 20, Task: func(s Side) Task {
		b := Must(base64.StdEncoding.DecodeString(bzipped))
		return reading(b[:len(b)-4], func(r io.Reader) any { _, err := io.ReadAll(bzip2.NewReader(r)); return Waited(err) })(s)
	}},
	{Name: "compress/gzip.Writer.Write", N: 50, Task: compressing(func() io.Writer { return gzip.NewWriter(io.Discard) })},
	{Name: "compress/zlib.Writer.Write", N: 50, Task: compressing(func() io.Writer { return zlib.NewWriter(io.Discard) })},
	{Name: "compress/flate.NewWriter", N: 50, Task: compressing(func() io.Writer { return Must(flate.NewWriter(io.Discard, flate.DefaultCompression)) })},

	{Name: "encoding/json.Decoder.Decode", N: 100, Size: 1 << 18, Task: func(s Side) Task {
		b := document(s.Size)
		return reading(b[:len(b)-1], func(r io.Reader) any {
			var v []record
			return Waited(json.NewDecoder(r).Decode(&v))
		})(s)
	}},
	{Name: "encoding/json.Unmarshal", N: 100, Size: 1 << 18, Task: func(s Side) Task {
		b := document(s.Size)
		return holding(func() any {
			var v []record
			return Must(&v, json.Unmarshal(b, &v))
		})(s)
	}},
	{Name: "encoding/json.Marshal", N: 100, Size: 1 << 18, Task: func(s Side) Task {
		var v []record
		Must(0, json.Unmarshal(document(s.Size), &v))
		return holding(func() any { return Must(json.Marshal(v)) })(s)
	}},
	{Name: "encoding/xml.Decoder.Decode", N: 100, Task: reading([]byte("<a><b>text</b>"), func(r io.Reader) any {
		var v struct {
			B []string `xml:"b"`
		}
		return Waited(xml.NewDecoder(r).Decode(&v))
	})},
	{Name: "encoding/csv.Reader.Read", N: 300, Task: reading([]byte("a,b,c\n1,2,3\n"), func(r io.Reader) any {
		for c := csv.NewReader(r); ; {
			Must(c.Read())
		}
	})},
	{Name: "encoding/csv.Reader.ReadAll", N: 100, Size: 1 << 18, Task: func(s Side) Task {
		b := bytes.Repeat([]byte("12345,a name,12.50,red,on\n"), s.Size/26)
		return reading(b, func(r io.Reader) any { _, err := csv.NewReader(r).ReadAll(); return Waited(err) })(s)
	}},
	{Name: "encoding/gob.Decoder.Decode", N: 300, Task: func(s Side) Task {
		var b bytes.Buffer
		Must(0, gob.NewEncoder(&b).Encode(record{ID: 1, Name: "a name", Tags: []string{"red"}}))
		return reading(b.Bytes(), func(r io.Reader) any {
			d := gob.NewDecoder(r)
			Must(0, d.Decode(new(record)))
			return Waited(d.Decode(new(record)))
		})(s)
	}},
	{Name: "text/template.Template.Execute", N: 300, Task: func(Side) Task {
		t := template.Must(template.New("x").Parse(`{{range .}}{{.Name}} costs {{printf "%.2f" .Price}}{{end}}`))
		rs := []record{{Name: "a name", Price: 12.5}}
		return func(int) any { return Waited(t.Execute(Full, rs)) }
	}},

	{Name: "archive/zip.NewReader", N: 100, Task: func(s Side) Task {
		b := archive(100)
		return holding(func() any { return Must(zip.NewReader(bytes.NewReader(b), int64(len(b)))) })(s)
	}},
	{Name: "archive/zip.File.Open", N: 100, Task: func(s Side) Task {
		b := archive(1)
		z := Must(zip.NewReader(bytes.NewReader(b), int64(len(b))))
		return func(int) any {
			r := Must(z.File[0].Open())
			Must(r.Read(make([]byte, 1)))
			return r
		}
	}},
	{Name: "archive/tar.Reader.Next", N: 300, Task: func(s Side) Task {
		var b bytes.Buffer
		w := tar.NewWriter(&b)
		Must(0, w.WriteHeader(&tar.Header{Name: "a", Size: 3, Mode: 0o600}))
		Must(w.Write([]byte("abc")))
		Must(0, w.Flush())
		return reading(b.Bytes(), func(r io.Reader) any {
			for t := tar.NewReader(r); ; {
				Must(t.Next())
			}
		})(s)
	}},
	{Name: "mime/multipart.Reader.NextPart", N: 300, Task: func(s Side) Task {
		b, boundary := form(1000)
		return reading(b[:len(b)/2], func(r io.Reader) any {
			p := Must(multipart.NewReader(r, boundary).NextPart())
			_, err := io.Copy(io.Discard, p)
			return Waited(err)
		})(s)
	}},

	{Name: "image.Decode", N: 10, Task: decoding(asJPEG, func(r io.Reader) error { _, _, err := image.Decode(r); return err })},
	{Name: "image/jpeg.Decode", N: 10, Task: decoding(asJPEG, func(r io.Reader) error { _, err := jpeg.Decode(r); return err })},
	{Name: "image/png.Decode", N: 10, Task: decoding(png.Encode, func(r io.Reader) error { _, err := png.Decode(r); return err })},
	{Name: "crypto/sha256.New", N: 500, Task: holding(func() any {
		h := sha256.New()
		Must(h.Write(text(100)))
		return h
	})},
	{Name: "crypto/cipher.NewGCM", N: 500, Task: holding(func() any { return Must(cipher.NewGCM(Must(aes.NewCipher(text(32))))) })},

	{Name: "time.Sleep", N: 1000, Task: func(Side) Task { return func(int) any { time.Sleep(time.Hour); return Waited(nil) } }},
	{Name: "time.After", N: 1000, Task: func(Side) Task { return func(int) any { <-time.After(time.Hour); return Waited(nil) } }},
	{Name: "time.NewTimer", N: 1000, Task: func(Side) Task {
		return func(int) any { <-time.NewTimer(time.Hour).C; return Waited(nil) }
	}},
	{Name: "time.NewTicker", N: 1000, Task: func(Side) Task {
		return func(int) any { <-time.NewTicker(time.Hour).C; return Waited(nil) }
	}},
	{Name: "context.WithCancel", N: 1000, Task: func(Side) Task {
		return func(int) any {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			<-ctx.Done()
			return Waited(nil)
		}
	}},
	{Name: "context.WithTimeout", N: 1000, Task: func(Side) Task {
		return func(int) any {
			ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
			defer cancel()
			<-ctx.Done()
			return Waited(nil)
		}
	}},
	{Name: "sync.Mutex.Lock", N: 1000, Task: func(Side) Task {
		var mu sync.Mutex
		mu.Lock()
		return func(int) any { mu.Lock(); return Waited(nil) }
	}},
	{Name: "sync.Cond.Wait", N: 1000, Task: func(Side) Task {
		c := sync.NewCond(new(sync.Mutex))
		return func(int) any { c.L.Lock(); c.Wait(); return Waited(nil) }
	}},
	{Name: "sync.WaitGroup.Wait", N: 1000, Task: func(Side) Task {
		var wg sync.WaitGroup
		wg.Add(1)
		return func(int) any { wg.Wait(); return Waited(nil) }
	}},
}

// tasks call several functions, and hold what all of these hold.
var tasks = []struct {
	Sample
	of []string
}{
	{Sample{Name: "download", N: 200, Serve: func() string { return Body(text(1000)) }, Task: func(s Side) Task {
		return func(i int) any {
			f := Must(os.Create(filepath.Join(os.TempDir(), strconv.Itoa(i))))
			_, err := io.Copy(f, Must(http.Get(s.Addr)).Body)
			return Waited(err)
		}
	}}, []string{"net/http.Client.Do", "os.Open", "io.Copy"}},
	{Sample{Name: "ask and decode", N: 200, Serve: func() string { return Body(document(Small)[:Small]) }, Task: func(s Side) Task {
		return func(int) any {
			var v []record
			return Waited(json.NewDecoder(Must(http.Get(s.Addr)).Body).Decode(&v))
		}
	}}, []string{"net/http.Client.Do", "encoding/json.Decoder.Decode"}},
	{Sample{Name: "count lines", N: 100, Task: decompressing(
		func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) },
		func(r io.Reader) (io.Reader, error) {
			z := Must(gzip.NewReader(r))
			for lines := bufio.NewScanner(z); lines.Scan(); {
			}
			return z, nil
		})}, []string{"compress/gzip.NewReader", "bufio.Scanner.Scan"}},
	{Sample{Name: "upload compressed", N: 50, Serve: HTTP, Task: func(s Side) Task {
		return func(int) any {
			r, w := io.Pipe()
			go func() {
				z := gzip.NewWriter(w)
				Must(io.Copy(z, Stalled(text(1<<17))))
			}()
			_, err := http.Post(s.Addr, "", r)
			return Waited(err)
		}
	}}, []string{"net/http.Client.Do", "compress/gzip.Writer.Write", "io.Copy", "io.Pipe"}},
}

var insecure = &tls.Config{InsecureSkipVerify: true}

// holding is a task that waits when it has what f returns.
func holding(f func() any) func(Side) Task {
	return func(Side) Task { return func(int) any { return f() } }
}

// reading is a task that reads what begins with data and does not go on.
func reading(data []byte, f func(io.Reader) any) func(Side) Task {
	return func(Side) Task { return func(int) any { return f(Stalled(data)) } }
}

func requests(rt http.RoundTripper) func(Side) Task {
	return func(s Side) Task {
		c := &http.Client{Transport: rt}
		return func(int) any { _, err := c.Get(s.Addr); return Waited(err) }
	}
}

// served counts only the side that serves: the clients' connections are there before.
func served(Side) Task {
	l := Must(net.Listen("tcp", "127.0.0.1:0"))
	for range 300 {
		c := Must(net.Dial("tcp", l.Addr().String()))
		Must(io.WriteString(c, "GET / HTTP/1.1\r\nHost: a\r\nUser-Agent: measure\r\nAccept: */*\r\n\r\n"))
		clients = append(clients, c)
	}
	serve := sync.OnceFunc(func() {
		go http.Serve(l, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { Never() }))
	})
	return func(int) any { serve(); return nil }
}

var clients []io.Closer // kept open

func parsedForm(s Side) Task {
	b, boundary := form(s.Size)
	return func(int) any {
		r := Must(http.NewRequest("POST", "/", bytes.NewReader(b)))
		r.Header.Set("Content-Type", "multipart/form-data; boundary="+boundary)
		return Must(r, r.ParseMultipartForm(32<<20))
	}
}

// form is a form with one file.
func form(size int) ([]byte, string) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	Must(Must(w.CreateFormFile("file", "a.txt")).Write(text(size)))
	Must(0, w.Close())
	return b.Bytes(), w.Boundary()
}

// deaf is the address of a listener whose queue is full, so that a connection is never made.
func deaf() string {
	fd := Must(syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0))
	Must(0, syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}))
	Must(0, syscall.Listen(fd, 0))
	addr := "127.0.0.1:" + strconv.Itoa(Must(syscall.Getsockname(fd)).(*syscall.SockaddrInet4).Port)
	clients = append(clients, Must(net.Dial("tcp", addr)))
	return addr
}

// dumb is the address of a name server that does not answer.
func dumb() string { return Must(net.ListenPacket("udp", "127.0.0.1:0")).LocalAddr().String() }

// processes run until this one ends.
func processes(run func(*exec.Cmd) error) func(Side) Task {
	return func(Side) Task {
		r, w, err := os.Pipe()
		Must(0, err)
		clients = append(clients, w)
		return func(int) any {
			c := exec.Command("cat")
			c.Stdin = r
			return Waited(run(c))
		}
	}
}

type standIn struct{}

func (standIn) Connect(context.Context) (driver.Conn, error) { return standIn{}, nil }
func (standIn) Driver() driver.Driver                        { return nil }
func (standIn) Prepare(string) (driver.Stmt, error)          { return nil, driver.ErrSkip }
func (standIn) Close() error                                 { return nil }
func (standIn) Begin() (driver.Tx, error)                    { return nil, driver.ErrSkip }
func (standIn) QueryContext(context.Context, string, []driver.NamedValue) (driver.Rows, error) {
	Never()
	return nil, nil
}

func decompressing(newWriter func(io.Writer) io.WriteCloser, newReader func(io.Reader) (io.Reader, error)) func(Side) Task {
	return func(s Side) Task {
		var b bytes.Buffer
		w := newWriter(&b)
		Must(w.Write(text(1 << 17)))
		Must(0, w.Close())
		return reading(b.Bytes()[:b.Len()/2], func(r io.Reader) any {
			_, err := io.Copy(struct{ io.Writer }{io.Discard}, Must(newReader(r)))
			return Waited(err)
		})(s)
	}
}

func compressing(newWriter func() io.Writer) func(Side) Task {
	b := text(1 << 17)
	return holding(func() any {
		w := newWriter()
		Must(w.Write(b))
		return w
	})
}

func asJPEG(w io.Writer, m image.Image) error { return jpeg.Encode(w, m, nil) }

// decoding decodes half of a picture of a megapixel.
func decoding(encode func(io.Writer, image.Image) error, decode func(io.Reader) error) func(Side) Task {
	return func(s Side) Task {
		m := image.NewRGBA(image.Rect(0, 0, 1000, 1000))
		for i := range m.Pix {
			m.Pix[i] = byte(i * i)
		}
		var b bytes.Buffer
		Must(0, encode(&b, m))
		return reading(b.Bytes()[:b.Len()/2], func(r io.Reader) any { return Waited(decode(r)) })(s)
	}
}

func archive(n int) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := range n {
		Must(Must(w.Create("entry-" + strconv.Itoa(i))).Write(text(1000)))
	}
	Must(0, w.Close())
	return b.Bytes()
}

type record struct {
	ID    int
	Name  string
	Price float64
	Tags  []string
	On    bool
}

// document is about so many bytes of JSON.
func document(size int) []byte {
	one := string(Must(json.Marshal(record{1, "a name of some length", 12.5, []string{"red", "blue"}, true})))
	return []byte("[" + strings.Repeat(one+",", size/len(one)) + one + "]")
}

// text does not compress to nothing.
func text(n int) []byte {
	b := make([]byte, n)
	x := uint32(1)
	for i := range b {
		x = x*1664525 + 1013904223
		b[i] = "the quick brown fox jumps over the lazy dog, 0123456789 so it is"[x>>26]
	}
	return b
}

// file is the name of a file with that, alone in its folder.
func file(data []byte) string {
	name := filepath.Join(Must(os.MkdirTemp("", "footprint")), "file")
	Must(0, os.WriteFile(name, data, 0o600))
	return name
}

// bzipped is one line of text.
const bzipped = "QlpoOTFBWSZTWTFX6ZQAABJRgAAQQAA////wIAAip6aIMJpobRtQUaGgAAA5kPBFCT2FSqxW2wxT+JoscUwfd1O4FNs50LuSKcKEgYq/TKA="
