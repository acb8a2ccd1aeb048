// Package footprint says what a goroutine holds in memory while it waits inside a function, or with
// what the function returned. The figures are measured: see table.go.
package footprint

import (
	"go/types"
	"math"
	"strconv"
	"strings"
	"sync"

	"github.com/poollint/poollint/analyzer/internal/catalog"
)

// A Row is what one function holds for each call that waits.
type Row struct {
	Package, Func string   // "net/http", "Client.Do"; or "Client.*" for the methods without a row
	Also          []string // functions of the package that hold the same, mostly because they end in this one
	Variant       string   // what the function's name does not tell, such as "over TLS": such a row is only shown

	Bytes  int64   // beyond those of a goroutine that waits on a channel
	Per    float64 // and for each byte that it reads or returns
	Thread bool    // and a thread of the operating system
	During bool    // only until it returns; else as long as what it returned is kept
	Unless string  // it is given this variable: then nothing to speak of

	Of   string // what these are
	With string // the version of Go, or of the module, that was measured
}

// Name is the row's function as people write it: http.Client.Do.
func (r *Row) Name() string {
	return r.Package[strings.LastIndexByte(r.Package, '/')+1:] + "." + r.Func
}

// Typical is the size that stands for one that is not known: small, so that an estimate that rests
// on it is rather too low.
const Typical = 4 << 10

// Holds is what a call holds beyond its goroutine.
func (r *Row) Holds() int64 { return r.Bytes + int64(r.Per*Typical) }

// Rows are all rows.
func Rows() []Row { return table }

// Of is the row of a function, or nil.
func Of(f *types.Func) *Row {
	if f == nil || f.Pkg() == nil {
		return nil
	}
	funcs := index()[trimVendor(f.Pkg().Path())]
	if funcs == nil {
		return nil
	}
	name := catalog.FuncName(f)
	if r := funcs[name]; r != nil {
		return r
	}
	if recv, _, ok := strings.Cut(name, "."); ok {
		return funcs[recv+".*"]
	}
	return nil
}

// index is the rows by package and function.
var index = sync.OnceValue(func() map[string]map[string]*Row {
	m := map[string]map[string]*Row{}
	for i := range table {
		r := &table[i]
		if r.Variant != "" {
			continue
		}
		if m[r.Package] == nil {
			m[r.Package] = map[string]*Row{}
		}
		m[r.Package][r.Func] = r
		for _, f := range r.Also {
			m[r.Package][f] = r
		}
	}
	return m
})

// trimVendor removes the prefix of a vendored copy.
func trimVendor(path string) string {
	if i := strings.LastIndex(path, "/vendor/"); i >= 0 {
		return path[i+len("/vendor/"):]
	}
	return strings.TrimPrefix(path, "vendor/")
}

// About is an amount of memory in two digits, as an estimate deserves.
func About(bytes int64) string {
	x, unit := float64(bytes), " B"
	for _, u := range [...]string{" KiB", " MiB", " GiB", " TiB"} {
		if x < 999.5 {
			break
		}
		x, unit = x/1024, u
	}
	if x < 9.95 && unit != " B" {
		return strings.TrimSuffix(strconv.FormatFloat(x, 'f', 1, 64), ".0") + unit
	}
	if x >= 100 {
		x = math.Round(x/10) * 10
	}
	return strconv.FormatFloat(x, 'f', 0, 64) + unit
}
