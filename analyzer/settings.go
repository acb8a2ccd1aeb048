package analyzer

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/poollint/poollint/analyzer/internal/catalog"
)

// Settings choose what is reported. The zero value reports what is right nine times of ten.
type Settings struct {
	Checks Checks `json:"checks" yaml:"checks"` // which rules; empty: those on by default
	Strict bool   `json:"strict" yaml:"strict"` // also what a careful reviewer would still ask about
	Memory Bytes  `json:"memory" yaml:"memory"` // what the workers of one pool may take; 0: DefaultMemory

	// FactsOnly finds what importers must know of a package, and runs no rule.
	FactsOnly bool `json:"-" yaml:"-"`

	Libraries []Library `json:"libraries" yaml:"libraries"` // what functions mean that the catalogue lacks

	trouble bool // say on standard error what was given up
	sites   bool // report what is known of every place, and all verdicts, instead of findings
	reasons bool // report the reasons of findings too
}

// A Library says what the functions of one import path mean, in the words of the catalogue.
type Library = catalog.LibraryConfig

// DefaultMemory is the budget that the rule oversized compares with: half of what the smallest
// common container has. A pool whose idle workers alone would fill it was not sized by anybody.
const DefaultMemory Bytes = 1 << 30

func (s Settings) validate() error {
	var errs []error
	for _, w := range s.Checks {
		name := strings.TrimPrefix(w, "-")
		if name != "all" && !slices.Contains(ruleIDs(), name) {
			errs = append(errs, fmt.Errorf("unknown check %q; did you mean %q? the checks are all, %s",
				w, nearest(name, ruleIDs()), strings.Join(ruleIDs(), ", ")))
		}
	}
	if s.Memory < 0 {
		errs = append(errs, fmt.Errorf("memory is %d bytes; it must be positive", s.Memory))
	}
	return errors.Join(errs...)
}

// register adds the flags to fs.
func (s *Settings) register(fs *flag.FlagSet) {
	fs.Var(&s.Checks, "checks", "comma-separated rules to report: all, a rule's id, or -id to leave one out")
	fs.BoolVar(&s.Strict, "strict", s.Strict, "report also what a careful reviewer would still ask about")
	fs.BoolVar(&s.sites, "sites", s.sites, "report what is known of every place where pools are made and used, and the verdicts of the rules, as JSON, instead of findings")
	fs.BoolVar(&s.reasons, "reasons", s.reasons, "report the reasons for and against each finding among what is related to it")
	fs.BoolVar(&s.trouble, "trouble", s.trouble, "say on standard error which packages and searches were given up, and why")
	fs.Var(&s.Memory, "memory", "what the workers of one pool may take, such as 512MiB (default 1GiB)")
}

func (s Settings) memory() Bytes {
	if s.Memory == 0 {
		return DefaultMemory
	}
	return s.Memory
}

// enabled reports whether a rule is asked for: the last word that speaks of it decides. A list
// that only takes away starts from the rules that are on by default.
func (s Settings) enabled(r *Rule) bool {
	on := r.Default
	if slices.ContainsFunc(s.Checks, func(w string) bool { return !strings.HasPrefix(w, "-") }) {
		on = false
	}
	for _, w := range s.Checks {
		name, not := strings.CutPrefix(w, "-")
		if name == "all" || name == r.ID {
			on = !not
		}
	}
	return on
}

// Checks is a list of words: all, a rule's id, or -id.
type Checks []string

func (c *Checks) String() string { return strings.Join(*c, ",") }

// Set reads a comma-separated list.
func (c *Checks) Set(s string) error {
	*c = nil
	for w := range strings.SplitSeq(s, ",") {
		if w = strings.TrimSpace(w); w != "" {
			*c = append(*c, w)
		}
	}
	return Settings{Checks: *c}.validate()
}

// UnmarshalJSON reads a list of words, or one string as -checks takes it.
func (c *Checks) UnmarshalJSON(data []byte) error {
	var words []string
	if err := json.Unmarshal(data, &words); err == nil {
		*c = words
		return nil
	}
	var s string
	if err := json.Unmarshal(data, &s); err != nil {
		return fmt.Errorf("checks must be a list of words such as [all, -blocking]")
	}
	return c.Set(s)
}

// Bytes is an amount of memory.
type Bytes int64

var units = []struct {
	name string
	size Bytes
}{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"GB", 1e9}, {"MB", 1e6}, {"KB", 1e3}, {"B", 1}}

// String is b in the largest binary unit that keeps one digit before the point.
func (b Bytes) String() string {
	for _, u := range units[:3] {
		if b >= u.size {
			return strings.TrimSuffix(fmt.Sprintf("%.1f", float64(b)/float64(u.size)), ".0") + " " + u.name
		}
	}
	return fmt.Sprintf("%d B", int64(b))
}

// Set reads an amount such as 512MiB.
func (b *Bytes) Set(s string) error {
	t := strings.TrimSpace(s)
	size := Bytes(1)
	for _, u := range units {
		if rest, ok := strings.CutSuffix(t, u.name); ok {
			t, size = strings.TrimSpace(rest), u.size
			break
		}
	}
	n, err := strconv.ParseFloat(t, 64)
	if err != nil || n <= 0 || n*float64(size) >= 1<<63 {
		return fmt.Errorf("%q is no amount of memory; write a number and a unit, such as 512MiB", s)
	}
	*b = Bytes(n * float64(size))
	return nil
}

// UnmarshalJSON reads a number of bytes, or a string as -memory takes it.
func (b *Bytes) UnmarshalJSON(data []byte) error {
	var n int64
	if err := json.Unmarshal(data, &n); err == nil {
		*b = Bytes(n)
		return nil
	}
	var s string
	if err := json.Unmarshal(data, &s); err != nil {
		return fmt.Errorf("memory must be a number of bytes or a string such as 512MiB")
	}
	return b.Set(s)
}

func ruleIDs() []string {
	var ids []string
	for _, r := range Rules() {
		ids = append(ids, r.ID)
	}
	return ids
}

// nearest is the candidate with the smallest edit distance.
func nearest(s string, candidates []string) string {
	best, least := "", 1<<30
	for _, c := range candidates {
		if d := distance(s, c); d < least {
			best, least = c, d
		}
	}
	return best
}

// distance is Levenshtein's.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diag := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diag, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diag+cost)
		}
	}
	return row[len(b)]
}
