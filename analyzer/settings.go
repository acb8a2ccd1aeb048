package analyzer

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"slices"
	"strings"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/footprint"
	"github.com/poollint/poollint/internal/suggest"
)

// Settings choose what is reported. The zero value reports what is right nine times out of ten.
type Settings struct {
	Checks Checks `json:"checks" yaml:"checks"` // which rules; empty: those on by default
	Strict bool   `json:"strict" yaml:"strict"` // also report what a careful reviewer would ask about
	Memory Bytes  `json:"memory" yaml:"memory"` // memory budget for the workers of one pool; 0: DefaultMemory

	// FactsOnly computes what importers must know about a package, and runs no rules.
	FactsOnly bool `json:"-" yaml:"-"`

	// Panics turns a panic in the analyzer into an error of its run, for drivers that can continue without
	// the package. Otherwise the panic is printed to standard error, and the run finds nothing.
	Panics bool `json:"-" yaml:"-"`

	Libraries []Library `json:"libraries" yaml:"libraries"` // the meaning of functions that the catalogue lacks

	trouble bool // print to standard error what was given up
	sites   bool // report what is known about every place, and all verdicts, instead of findings
	reasons bool // report the reasons of findings too
}

// A Library says what the functions of one import path mean, in the vocabulary of the catalogue.
type Library = catalog.LibraryConfig

// Bytes is an amount of memory.
type Bytes = footprint.Bytes

// DefaultMemory is the memory budget for the rule oversized: half of what the smallest common container
// has. Nobody chose the size of a pool whose idle workers alone would fill it.
const DefaultMemory Bytes = 1 << 30

func (s Settings) validate() error {
	var errs []error
	for _, w := range s.Checks {
		name := strings.TrimPrefix(w, "-")
		if name != "all" && !slices.Contains(ruleIDs(), name) {
			checks := append([]string{"all"}, ruleIDs()...)
			errs = append(errs, fmt.Errorf("unknown check %q; %s", w, suggest.Among(name, checks)))
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
	fs.BoolVar(&s.Strict, "strict", s.Strict, "also report what a careful reviewer would ask about")
	fs.BoolVar(&s.sites, "sites", s.sites, "report what is known about every place where pools are made and used, and the verdicts of the rules, as JSON, instead of findings")
	fs.BoolVar(&s.reasons, "reasons", s.reasons, "report the reasons for and against each finding, as related information")
	fs.BoolVar(&s.trouble, "trouble", s.trouble, "report on standard error which packages and searches were given up, and why")
	fs.Var(&s.Memory, "memory", "memory budget for the workers of one pool, such as 512MiB (default 1GiB)")
}

func (s Settings) memory() Bytes {
	if s.Memory == 0 {
		return DefaultMemory
	}
	return s.Memory
}

// enabled reports whether a rule is enabled: the last word that names it decides. A list of exclusions
// only starts from the rules that are on by default.
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

// UnmarshalJSON reads a list of words, or a single string in the format of -checks.
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
