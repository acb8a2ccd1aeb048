package effects

import (
	"go/ast"
	"go/types"

	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// A stream is what is behind a reader or writer.
type stream struct {
	state   state
	perByte float64 // CPU of what is on the way: a compressor, a hash
	what    string  // its name, or the name of what waits
}

type state uint8

const (
	memory  state = iota // never waits
	unsaid               // an interface of unknown origin
	outside              // a file, a connection
)

func (s *stream) with(t stream) {
	if t.state > s.state {
		s.state = t.state
		if t.state == outside {
			s.what = t.what
		}
	}
	if t.perByte > s.perByte {
		s.perByte = t.perByte
		if s.state != outside {
			s.what = t.what
		}
	}
}

// stream says what is behind an expression that is read from or written to.
func (w rows) stream(e ast.Expr, depth int) stream {
	e = ast.Unparen(e)
	t := w.p.Info.TypeOf(e)
	if t == nil || depth > maxDepth {
		return stream{state: unsaid}
	}
	if w.p.Info.Types[e].IsNil() {
		return stream{}
	}
	var s stream
	n := syntax.Named(t)
	if n != nil && n.Obj().Pkg() != nil {
		path, name := n.Obj().Pkg().Path(), n.Obj().Name()
		if st, ok := streamTypes[path+"."+name]; ok {
			s.state = st
			if st == outside {
				s.what = n.Obj().Pkg().Name() + "." + name
			}
			if isLog(w.walker, e) {
				return stream{} // standard output is a log
			}
			if s.state != memory || !types.IsInterface(n) {
				return s
			}
			if path == "hash" {
				s.perByte, s.what = 0.5, "hash."+name+".Write" // which hash, its constructor says
			}
		} else {
			s.perByte, s.what = perByte(path, name)
		}
		if st, ok := streamPackages[path]; ok && st != through && !types.IsInterface(n) {
			if s.state = st; st == outside {
				s.what = n.Obj().Pkg().Name() + "." + name
			}
			return s
		}
	}
	switch e := e.(type) {
	case *ast.UnaryExpr:
		return w.stream(e.X, depth+1)
	case *ast.CallExpr:
		s.with(w.streamOfCall(e, depth))
		return s
	case *ast.CompositeLit:
		for _, elt := range e.Elts { // io.LimitedReader{R: r}
			if kv, ok := elt.(*ast.KeyValueExpr); ok {
				elt = kv.Value
			}
			if flows(w.p.Info.TypeOf(elt)) {
				s.with(w.stream(elt, depth+1))
			}
		}
		return s
	case *ast.SelectorExpr:
		if id, ok := e.X.(*ast.Ident); ok {
			if _, pkg := w.p.Info.ObjectOf(id).(*types.PkgName); pkg {
				if v := w.p.Info.ObjectOf(e.Sel); v != nil && v.Pkg() != nil && v.Pkg().Path()+"."+v.Name() == "io.Discard" {
					return s
				}
				if isLog(w.walker, e) {
					return s
				}
			}
		}
		if b := syntax.Named(w.p.Info.TypeOf(e.X)); b != nil && b.Obj().Pkg() != nil && b.Obj().Pkg().Path() == "net/http" && e.Sel.Name == "Body" {
			return stream{state: outside, what: "the body of a " + b.Obj().Name()}
		}
	}
	s.with(w.streamOfVar(e, depth))
	return s
}

func (w rows) streamOfVar(e ast.Expr, depth int) stream {
	v := w.p.Variable(e)
	if v == nil || v.Pkg() != w.p.Types || v.Exported() && (v.IsField() || v.Parent() == v.Pkg().Scope()) {
		return stream{state: unsaid}
	}
	var s stream
	values := 0
	for _, d := range w.p.Var(v).Defs {
		switch d.Kind {
		case syntax.Zero:
			if types.IsInterface(v.Type()) {
				continue
			}
		case syntax.Assign, syntax.Literal:
		default:
			return stream{state: unsaid}
		}
		values++
		if d.Expr == nil {
			if d.Kind == syntax.Zero {
				continue
			}
			return stream{state: unsaid}
		}
		if values > maxTargets {
			return stream{state: unsaid}
		}
		s.with(w.extents.in(d.In).rows.stream(d.Expr, depth+1))
	}
	if values == 0 {
		return stream{state: unsaid}
	}
	return s
}

// streamOfCall is the stream that a constructor returns: what its arguments are.
func (w rows) streamOfCall(c *ast.CallExpr, depth int) stream {
	if tv := w.p.Info.Types[c.Fun]; tv.IsType() && len(c.Args) == 1 {
		return w.stream(c.Args[0], depth+1)
	}
	if builtin(w.p.Info, c.Fun) == "new" {
		return stream{}
	}
	f := w.p.FuncObj(c.Fun)
	if f == nil || f.Pkg() == nil {
		return stream{state: unsaid}
	}
	var s stream
	path := f.Pkg().Path()
	if res := f.Signature().Results(); res.Len() > 0 {
		if n := syntax.Named(res.At(0).Type()); n != nil && n.Obj().Pkg() != nil {
			if st := streamTypes[n.Obj().Pkg().Path()+"."+n.Obj().Name()]; st == outside {
				return stream{state: outside, what: display(f)}
			}
		}
	}
	if r := lookup(f); r != nil && r.does == waits {
		return stream{state: outside, what: display(f)}
	}
	if r := lookup(f.Origin()); r != nil && f.Name() == "New" && hashes[path] {
		s.perByte, s.what = measuredAt(path + ".Sum") // sha256.New
		return s
	}
	st, known := streamPackages[path]
	if !known {
		return stream{state: unsaid}
	}
	if st == memory {
		return s
	}
	for _, a := range c.Args {
		if flows(w.p.Info.TypeOf(a)) {
			s.with(w.stream(a, depth+1))
		}
	}
	if r := c.Fun; st == through {
		if sel, ok := ast.Unparen(r).(*ast.SelectorExpr); ok && f.Signature().Recv() != nil && flows(w.p.Info.TypeOf(sel.X)) {
			s.with(w.stream(sel.X, depth+1))
		}
	}
	return s
}

// through is a package whose streams are as those that they are made from.
const through = unsaid

func isThrough(path string) bool {
	st, ok := streamPackages[path]
	return ok && st == through
}

// flows reports whether a type can be read from or written to.
func flows(t types.Type) bool {
	if t == nil {
		return false
	}
	for _, name := range [...]string{"Read", "Write", "ReadAt", "Flush", "ReadByte"} {
		if obj, _, _ := types.LookupFieldOrMethod(t, true, nil, name); obj != nil {
			if _, ok := obj.(*types.Func); ok {
				return true
			}
		}
	}
	return false
}

// isLog reports whether an expression is os.Stdout or os.Stderr.
func isLog(w *walker, e ast.Expr) bool {
	sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	v, ok := w.p.Info.ObjectOf(sel.Sel).(*types.Var)
	return ok && v.Pkg() != nil && v.Pkg().Path() == "os" && (v.Name() == "Stdout" || v.Name() == "Stderr")
}

// streamTypes says of types what a read or write does, where the package does not say it.
var streamTypes = map[string]state{
	"os.File":                                outside,
	"io.PipeReader":                          outside,
	"io.PipeWriter":                          outside,
	"net/http.ResponseWriter":                outside,
	"mime/multipart.File":                    outside,
	"hash.Hash":                              memory,
	"hash.Hash32":                            memory,
	"hash.Hash64":                            memory,
	"net/http/httptest.ResponseRecorder":     memory,
	"golang.org/x/crypto/ssh.Channel":        outside,
	"github.com/gorilla/websocket.Conn":      outside,
	"archive/zip.File":                       unsaid,
	"google.golang.org/grpc.ClientStream":    outside,
	"cloud.google.com/go/storage.Writer":     outside,
	"cloud.google.com/go/storage.Reader":     outside,
	"github.com/klauspost/compress/zip.File": unsaid,
}

// streamPackages says what the streams of a package are: in memory, outside, or as what they are
// made from.
var streamPackages = map[string]state{
	"bytes": memory, "strings": memory, "embed": memory, "hash": memory,
	"crypto/md5": memory, "crypto/sha1": memory, "crypto/sha256": memory, "crypto/sha512": memory, "crypto/sha3": memory,
	"crypto/hmac": memory, "hash/crc32": memory, "hash/crc64": memory, "hash/adler32": memory, "hash/fnv": memory, "hash/maphash": memory,
	"github.com/cespare/xxhash/v2": memory, "golang.org/x/crypto/blake2b": memory, "golang.org/x/crypto/sha3": memory,
	"net": outside, "crypto/tls": outside,
	"bufio": through, "io": through, "io/ioutil": through, "compress/gzip": through, "compress/flate": through, "compress/zlib": through,
	"compress/bzip2": through, "compress/lzw": through, "archive/tar": through, "archive/zip": through,
	"encoding/json": through, "encoding/xml": through, "encoding/gob": through, "encoding/csv": through, "encoding/hex": through,
	"encoding/base64": through, "encoding/base32": through, "encoding/pem": through, "encoding/binary": through,
	"mime/multipart": through, "mime/quotedprintable": through, "text/tabwriter": through, "crypto/cipher": through,
	"github.com/klauspost/compress/zstd": through, "github.com/klauspost/compress/gzip": through, "github.com/klauspost/compress/flate": through,
	"github.com/klauspost/compress/s2": through, "github.com/klauspost/compress/snappy": through, "github.com/klauspost/pgzip": through,
	"github.com/golang/snappy": through, "github.com/pierrec/lz4/v4": through, "github.com/andybalholm/brotli": through, "github.com/ulikunitz/xz": through,
	"golang.org/x/text/transform": through, "gopkg.in/yaml.v3": through, "gopkg.in/yaml.v2": through,
}

// hashes are packages whose New makes the hash that their Sum computes.
var hashes = map[string]bool{
	"crypto/md5": true, "crypto/sha1": true, "crypto/sha256": true, "crypto/sha512": true,
}

// perByte is what a byte through a stream's type costs.
func perByte(path, name string) (float64, string) {
	for _, m := range [...]string{".Write", ".Read"} {
		if ns, what := measuredAt(path + "." + name + m); ns > 0 {
			return ns, what
		}
	}
	return 0, ""
}
