package profile

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"syscall"
	"time"
)

// Open reads the profile at a place: a file, or the http or https address of a server. An address that
// is not of this machine is an error unless remote. Errors name the place.
func Open(ctx context.Context, place string, remote bool) (*Profile, error) {
	p, err := open(ctx, place, remote)
	if err != nil {
		return nil, fmt.Errorf("%s %w", place, err)
	}
	p.Name = place
	return p, nil
}

func open(ctx context.Context, place string, remote bool) (*Profile, error) {
	if strings.HasPrefix(place, "http://") || strings.HasPrefix(place, "https://") {
		return fetch(ctx, place, remote)
	}
	f, err := os.Open(place)
	if err != nil {
		var why *os.PathError
		if errors.As(err, &why) {
			err = why.Err
		}
		return nil, fmt.Errorf("cannot be read: %w", err)
	}
	defer f.Close()
	return Read(f)
}

// Read reads a profile in any of its forms, compressed or not. The error of what is none says what it is
// instead, and the remedy; it is worded to follow a name.
func Read(r io.Reader) (*Profile, error) {
	in := bufio.NewReaderSize(r, 1<<16)
	if head, _ := in.Peek(2); string(head) == "\x1f\x8b" {
		unzipped, err := gzip.NewReader(in)
		if err != nil {
			return nil, damaged(err)
		}
		in = bufio.NewReaderSize(unzipped, 1<<16)
	}
	return read(in)
}

// damaged is the error of what cannot be decoded.
func damaged(err error) error {
	return fmt.Errorf("cannot be read (%w): it is not a profile, or is damaged or truncated", err)
}

func read(in *bufio.Reader) (*Profile, error) {
	head, err := in.Peek(512)
	if len(head) == 0 {
		if err != nil && err != io.EOF {
			return nil, damaged(err)
		}
		return nil, errors.New("is empty: take the profile from /debug/pprof/goroutine")
	}
	switch {
	case bytes.IndexFunc(head, func(c rune) bool { return c < '\t' }) >= 0: // no text has these
		return readBinary(in)
	case bytes.HasPrefix(head, []byte("goroutine profile:")), bytes.HasPrefix(head, []byte("goroutineleak profile:")):
		return readCounts(in)
	case bytes.HasPrefix(head, []byte(`{"rule":`)):
		return readAudit(in)
	}
	p, err := readDump(in, largest)
	if err == nil && p.Total == 0 {
		first, _, _ := strings.Cut(string(head), "\n")
		err = fmt.Errorf("is not a goroutine profile (it begins with %.40q): take one from /debug/pprof/goroutine, in any format", first)
	}
	return p, err
}

// patience is how long a server may take: for goroutineleak it collects garbage first.
const patience = time.Minute

// fetch asks a server.
func fetch(ctx context.Context, address string, remote bool) (*Profile, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("is not a valid address: %w", err)
	}
	if !remote && !local(u.Hostname()) {
		return nil, errNotLocal
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, fmt.Errorf("is not a valid address: %w", err)
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	if !remote { // nor may a proxy, a redirect or a name lead away
		transport.Proxy = nil
		transport.DialContext = (&net.Dialer{Control: onlyLocal}).DialContext
	}
	defer transport.CloseIdleConnections()
	resp, err := (&http.Client{Transport: transport}).Do(req)
	if err != nil {
		var why *url.Error
		if errors.As(err, &why) {
			err = why.Err
		}
		if errors.Is(err, errNotLocal) {
			return nil, errNotLocal
		}
		return nil, fmt.Errorf("cannot be reached (%w): is the program running there, and does it import net/http/pprof?", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(resp.Body, 200))
		said, _, _ := strings.Cut(strings.TrimSpace(string(text)), "\n")
		remedy := "is the address right?"
		if strings.Contains(u.Path, "goroutineleak") {
			remedy = "the leak profile requires Go 1.27, or Go 1.26 with GOEXPERIMENT=goroutineleakprofile"
		}
		return nil, fmt.Errorf("returned %s (%s): %s", resp.Status, said, remedy)
	}
	return Read(resp.Body)
}

var errNotLocal = errors.New("is not an address on this machine: use -profile-remote to contact it anyway")

// local reports whether a host is this machine, by its name or address.
func local(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

func onlyLocal(_, address string, _ syscall.RawConn) error {
	if host, _, err := net.SplitHostPort(address); err != nil || !local(host) {
		return errNotLocal
	}
	return nil
}
