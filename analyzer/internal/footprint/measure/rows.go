package measure

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/poollint/poollint/analyzer/internal/footprint"
)

// Goroutine is a goroutine that waits on a channel, and what every figure is beyond.
var Goroutine = Sample{Name: "goroutine", N: 1000, Task: func(Side) Task { return func(int) any { return nil } }}

// name is what a sample calls a row.
func name(r *footprint.Row) string {
	return strings.TrimSpace(r.Package + "." + r.Func + " " + r.Variant)
}

// Covered reports rows, of the standard library or of modules, that nothing measures.
func Covered(t *testing.T, samples []Sample, modules bool) {
	for i := range footprint.Rows() {
		r := &footprint.Rows()[i]
		if strings.Contains(r.With, " ") == modules && !slices.ContainsFunc(samples, func(s Sample) bool { return s.Name == name(r) }) {
			t.Errorf("nothing measures the row of %s", name(r))
		}
	}
}

// Compare measures samples and holds their rows against them: the figures of a row are right within
// a factor of two, for this machine and this Go are others.
func Compare(t *testing.T, samples []Sample) {
	rows := map[string]*footprint.Row{}
	for i := range footprint.Rows() {
		r := &footprint.Rows()[i]
		rows[name(r)] = r
	}
	bare := run(t, Goroutine, 0).Bytes
	if bare < footprint.Goroutine/1.25 || bare > footprint.Goroutine*1.25 {
		t.Errorf("a goroutine holds %v bytes, and the table says %d", bare, footprint.Goroutine)
	}
	for _, s := range samples {
		r := rows[s.Name]
		if r == nil {
			t.Errorf("%s has no row", s.Name)
			continue
		}
		for _, size := range s.sizes() {
			was := float64(r.Bytes) + r.Per*float64(size)
			is := run(t, s, size)
			t.Logf("%-60s %7d %10.0f", s.Name, size, is.Bytes-bare)
			if !alike(was, is.Bytes-bare) {
				t.Errorf("%s holds %.0f bytes, and its row says %.0f", s.Name, is.Bytes-bare, was)
			}
			if holdsThread := is.Threads > 0.5; holdsThread != r.Thread {
				t.Errorf("%s holds %.1f threads, and its row says %v", s.Name, is.Threads, r.Thread)
			}
		}
	}
}

// Sum holds a task that waits in several functions against the sum of their rows.
func Sum(t *testing.T, s Sample, of ...string) {
	was := float64(footprint.Goroutine)
	for i := range footprint.Rows() {
		if r := &footprint.Rows()[i]; slices.Contains(of, name(r)) {
			was += float64(r.Holds())
		}
	}
	is := run(t, s, 0).Bytes
	t.Logf("%-60s %10.0f, its parts %.0f", s.Name, is, was)
	if !alike(was, is) {
		t.Errorf("%s holds %.0f bytes, and its parts %.0f", s.Name, is, was)
	}
}

// alike reports whether two figures agree within a factor of two, or a few words.
func alike(a, b float64) bool {
	const words = 256
	return a <= 2*b+words && b <= 2*a+words
}

// sizes are those at which a sample is measured.
func (s Sample) sizes() []int {
	if s.Size == 0 {
		return []int{0}
	}
	return []int{Small, s.Size}
}

func run(t *testing.T, s Sample, size int) Figure {
	t.Helper()
	f, err := s.Run(size)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// Update measures samples and writes their figures into the file of the table. A row without
// figures must be there.
func Update(t *testing.T, samples []Sample, file string) {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	bare := run(t, Goroutine, 0).Bytes
	text = regexp.MustCompile(`const Goroutine = \d+`).ReplaceAll(text, fmt.Appendf(nil, "const Goroutine = %s", round(bare)))
	for i := range footprint.Rows() {
		r := &footprint.Rows()[i]
		for _, s := range samples {
			if s.Name != name(r) {
				continue
			}
			figures := fmt.Appendf(nil, "${1}Bytes: %s", round(run(t, s, s.sizes()[0]).Bytes-bare))
			if s.Size > 0 {
				small, large := run(t, s, Small).Bytes, run(t, s, s.Size).Bytes
				per, _ := strconv.ParseFloat(round((large-small)/float64(s.Size-Small)), 64)
				figures = fmt.Appendf(nil, "${1}Bytes: %s, Per: %v", round(small-bare-per*Small), per)
			}
			key := fmt.Sprintf("Package: %q, Func: %q, ", r.Package, r.Func)
			if r.Variant != "" {
				key += fmt.Sprintf("Variant: %q, ", r.Variant)
			}
			row := regexp.MustCompile(`(` + regexp.QuoteMeta(key) + `)Bytes: [^,]+(, Per: [^,]+)?`)
			if !row.Match(text) {
				t.Fatalf("%s: there is no %q with figures after it", file, key)
			}
			text = row.ReplaceAll(text, figures)
		}
	}
	if err := os.WriteFile(file, text, 0o666); err != nil {
		t.Fatal(err)
	}
}

// round is a figure in two digits.
func round(x float64) string {
	two, _ := strconv.ParseFloat(strconv.FormatFloat(max(x, 0), 'g', 2, 64), 64)
	return strconv.FormatFloat(two, 'f', -1, 64)
}
