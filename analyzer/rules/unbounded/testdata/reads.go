package unbounded

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"net"
	"net/http"
	inbox "net/mail"
	"net/textproto"
	"os"
	"strconv"
	"sync"

	"poollint.test/analyzer/rules/unbounded/testdata/helpers"
)

// What is read has no name.
func readFrames(r io.Reader, addresses map[byte]string) error {
	for {
		buf := make([]byte, 16)
		if _, err := io.ReadFull(r, buf); err != nil {
			return err
		}
		go func() { // want `unbounded: one goroutine per iteration of the loop \(data read from an input\); `
			if resp, err := http.Get(addresses[buf[0]]); err == nil {
				resp.Body.Close()
			}
		}()
	}
}

// A helper reads the next one of what it is given, or has.
type packets struct{ r io.Reader }

func (p *packets) take() (to string, err error) {
	size := make([]byte, 2)
	if _, err := io.ReadFull(p.r, size); err != nil {
		return "", err
	}
	b := make([]byte, size[0])
	_, err = io.ReadFull(p.r, b)
	return string(b), err
}

func readPacket(r io.Reader) (to string, err error) {
	var size uint16
	if err := binary.Read(r, binary.BigEndian, &size); err != nil {
		return "", err
	}
	b := make([]byte, size)
	_, err = io.ReadFull(r, b)
	return string(b), err
}

// One that opens what it reads has the same each time.
func readHome(path string) (to string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	b := make([]byte, 64)
	k, err := io.ReadFull(f, b)
	return string(b[:k]), err
}

func readPackets(ctx context.Context, r io.Reader, wake func() bool) {
	p := &packets{r}
	for {
		to, err := p.take()
		if err != nil {
			break
		}
		go fetch(ctx, to) // want `unbounded: one goroutine per iteration of the loop \(data read from an input\)`
	}
	for {
		to, err := readPacket(r)
		if err != nil {
			break
		}
		go fetch(ctx, to) // want `unbounded: one goroutine per iteration of the loop \(.*input\)`
	}
	for wake() {
		to, err := readHome("/etc/home")
		if err != nil {
			break
		}
		go fetch(ctx, to) // silent: unbounded "it is not known how often the loop runs"
	}
}

// What is parsed holds as much as it was parsed from.
func readPage(ctx context.Context) error {
	resp, err := http.Get("https://example.com")
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	page, err := helpers.ParseSheet(resp.Body)
	if err != nil {
		return err
	}
	for link := range page.Links() {
		go fetch(ctx, link) // want `unbounded: one goroutine per element of page.Links\(\)`
	}
	for theme := range helpers.NewPalette().Themes() {
		go fetch(ctx, theme)
	}
	if page.Len() > 20 {
		return nil
	}
	for _, link := range page.All() {
		go fetch(ctx, link) // silent: unbounded "it is checked"
	}
	return nil
}

// Another package says how long it is what its functions return.
func readElsewhere(ctx context.Context) error {
	all, err := helpers.Fetch("https://example.com")
	if err != nil {
		return err
	}
	for _, link := range all {
		go fetch(ctx, link) // want `unbounded: one goroutine per element of all \(returned by helpers.Fetch\)`
	}
	five, err := helpers.FetchFive("https://example.com")
	if err != nil {
		return err
	}
	for _, link := range five {
		go fetch(ctx, link) // silent: unbounded "helpers.FetchFive returns only a few"
	}
	seeds, err := helpers.ReadConfig("/etc/seeds")
	if err != nil {
		return err
	}
	for _, link := range seeds {
		go fetch(ctx, link) // silent: unbounded "the names suggest settings"
	}
	for _, link := range helpers.Words("https://a.example https://b.example") {
		go fetch(ctx, link)
	}
	return nil
}

// The fields of a head stand behind each other in what was read.
func readHead(ctx context.Context, r io.Reader) error {
	m, err := inbox.ReadMessage(r)
	if err != nil {
		return err
	}
	to, err := m.Header.AddressList("To")
	if err != nil {
		return err
	}
	for _, a := range to {
		go fetch(ctx, a.Address) // want `unbounded: one goroutine per element of to`
	}
	head, err := textproto.NewReader(bufio.NewReader(r)).ReadMIMEHeader()
	if err != nil {
		return err
	}
	for _, hop := range head.Values("Received") {
		go fetch(ctx, hop) // want `unbounded: one goroutine per element of head.Values\("Received"\)`
	}
	return nil
}

func asManyAsTheHeadSays(w http.ResponseWriter, r *http.Request) {
	n, err := strconv.Atoi(r.Header.Get("Retries"))
	if err != nil {
		return
	}
	for range n {
		go fetch(r.Context(), r.URL.Path) // want `unbounded: one goroutine per unit of n \(from the request\)`
	}
	for range min(n, 3) {
		go fetch(r.Context(), r.URL.Path) // silent: unbounded "it is bounded"
	}
}

// A map that others put something into is as large as they like; who is called for each of it may say when it is
// enough.
type board struct{ scores sync.Map }

func (b *board) Set(name string, score int) { b.scores.Store(name, score) }

func (b *board) publish(ctx context.Context) {
	b.scores.Range(func(name, _ any) bool {
		go fetch(ctx, name.(string)) // want `unbounded: one goroutine per element of b.scores`
		return true
	})
	n := 0
	b.scores.Range(func(name, _ any) bool {
		go fetch(ctx, name.(string)) // silent: unbounded "it is called until there is no room"
		n++
		return n < 5
	})
	k := 0
	b.scores.Range(func(name, _ any) bool {
		if k > 5 {
			go fetch(ctx, name.(string)) // want `unbounded: one goroutine per element of b.scores`
		}
		k++
		return k < 5 || ctx.Err() == nil
	})
}

var (
	_ = readFrames
	_ = readPackets
	_ = readPage
	_ = readElsewhere
	_ = readHead
	_ = asManyAsTheHeadSays
)

// One turn of a loop is a function, so that what it holds is given back.
func (b *mailbox) serve(conn net.PacketConn, buffers *sync.Pool) error {
	for {
		err := func() error {
			buf := buffers.Get().([]byte)
			defer buffers.Put(buf)
			n, _, err := conn.ReadFrom(buf)
			if err != nil {
				return err
			}
			go b.store(context.Background(), bytes.Clone(buf[:n])) // want `unbounded: one goroutine per`
			return nil
		}()
		if err != nil {
			return err
		}
	}
}
