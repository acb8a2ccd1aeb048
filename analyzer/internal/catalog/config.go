package catalog

import (
	"errors"
	"fmt"
	"go/token"
	"slices"
	"strconv"
	"strings"

	"github.com/poollint/poollint/internal/suggest"
)

// A LibraryConfig is a Library in a configuration file: the words are the constants of this package in
// lower case, and arguments are counted from one.
//
//	path: example.com/x
//	types:
//	  - {name: Pool, kind: executor, intent: io, closed: true}
//	funcs:
//	  - {name: New, role: new, bound: {from: arg, arg: 1, zero: unlimited}}
//	  - {name: Pool.Submit, role: submit, task: 1, returns: error}
type LibraryConfig struct {
	Path   string        `json:"path" yaml:"path"`
	Types  []TypeConfig  `json:"types,omitempty" yaml:"types,omitempty"`
	Funcs  []FuncConfig  `json:"funcs,omitempty" yaml:"funcs,omitempty"`
	Fields []FieldConfig `json:"fields,omitempty" yaml:"fields,omitempty"`
}

// A TypeConfig is a Type. Default is a word, or a number.
type TypeConfig struct {
	Name    string `json:"name" yaml:"name"`
	Kind    string `json:"kind" yaml:"kind"`
	Intent  string `json:"intent,omitempty" yaml:"intent,omitempty"`
	Default string `json:"default,omitempty" yaml:"default,omitempty"`
	Queue   string `json:"queue,omitempty" yaml:"queue,omitempty"`
	Closed  bool   `json:"closed,omitempty" yaml:"closed,omitempty"`
	Waited  bool   `json:"waited,omitempty" yaml:"waited,omitempty"`
	Nested  bool   `json:"nested,omitempty" yaml:"nested,omitempty"`
	Lost    string `json:"lost,omitempty" yaml:"lost,omitempty"`
	Receipt bool   `json:"receipt,omitempty" yaml:"receipt,omitempty"`
}

// A FuncConfig is a Func.
type FuncConfig struct {
	Name     string      `json:"name" yaml:"name"`
	Role     string      `json:"role" yaml:"role"`
	Task     int         `json:"task,omitempty" yaml:"task,omitempty"`
	Tasks    bool        `json:"tasks,omitempty" yaml:"tasks,omitempty"`
	Items    int         `json:"items,omitempty" yaml:"items,omitempty"`
	Bound    BoundConfig `json:"bound,omitzero" yaml:"bound,omitempty"`
	Queue    int         `json:"queue,omitempty" yaml:"queue,omitempty"`
	Callback int         `json:"callback,omitempty" yaml:"callback,omitempty"`
	Executor int         `json:"executor,omitempty" yaml:"executor,omitempty"`
	Returns  string      `json:"returns,omitempty" yaml:"returns,omitempty"`
	Blocks   string      `json:"blocks,omitempty" yaml:"blocks,omitempty"`
	Lost     string      `json:"lost,omitempty" yaml:"lost,omitempty"`
	Optional bool        `json:"optional,omitempty" yaml:"optional,omitempty"`
	Refuses  bool        `json:"refuses,omitempty" yaml:"refuses,omitempty"`
	Waits    bool        `json:"waits,omitempty" yaml:"waits,omitempty"`
	Early    bool        `json:"early,omitempty" yaml:"early,omitempty"`
	Once     bool        `json:"once,omitempty" yaml:"once,omitempty"`
	Shared   bool        `json:"shared,omitempty" yaml:"shared,omitempty"`
}

// A FieldConfig is a Field.
type FieldConfig struct {
	Name  string      `json:"name" yaml:"name"`
	Role  string      `json:"role" yaml:"role"`
	Bound BoundConfig `json:"bound,omitzero" yaml:"bound,omitempty"`
}

// A BoundConfig is a Bound.
type BoundConfig struct {
	From     string `json:"from" yaml:"from"`
	Arg      int    `json:"arg,omitempty" yaml:"arg,omitempty"`
	Times    int    `json:"times,omitempty" yaml:"times,omitempty"`
	Over     int    `json:"over,omitempty" yaml:"over,omitempty"`
	Fixed    int    `json:"fixed,omitempty" yaml:"fixed,omitempty"`
	Zero     string `json:"zero,omitempty" yaml:"zero,omitempty"`
	Negative string `json:"negative,omitempty" yaml:"negative,omitempty"`
	MinusOne string `json:"minusone,omitempty" yaml:"minusone,omitempty"`
}

// FromConfig translates libraries from a user's configuration. The error names every unknown word, with a
// suggestion.
func FromConfig(configs []LibraryConfig) ([]Library, error) {
	var r reader
	libs := make([]Library, 0, len(configs))
	for i, c := range configs {
		r.at("library %d", i+1)
		if c.Path == "" {
			r.errorf("path is missing")
			continue
		}
		libs = append(libs, r.library(c))
	}
	if err := errors.Join(r.errs...); err != nil {
		return nil, err
	}
	return libs, nil
}

// A reader translates rows and collects errors.
type reader struct {
	row  string
	errs []error
}

func (r *reader) at(format string, args ...any) { r.row = fmt.Sprintf(format, args...) }

func (r *reader) errorf(format string, args ...any) {
	r.errs = append(r.errs, fmt.Errorf("%s: %s", r.row, fmt.Sprintf(format, args...)))
}

func (r *reader) library(c LibraryConfig) Library {
	l := Library{Path: c.Path}
	seen := map[string]bool{}
	name := func(name string, isName func(string) bool) {
		switch {
		case name == "":
			r.errorf("name is missing")
		case !isName(name):
			r.errorf("%q is not a name: write F, T or T.M, without pointer, type parameters and package", name)
		case seen[name]:
			r.errorf("given twice")
		}
		seen[name] = true
	}
	for _, t := range c.Types {
		r.at("%s: type %s", c.Path, t.Name)
		name(t.Name, token.IsIdentifier)
		l.Types = append(l.Types, r.typ(t))
	}
	for _, f := range c.Funcs {
		r.at("%s: func %s", c.Path, f.Name)
		name(f.Name, isFuncName)
		l.Funcs = append(l.Funcs, r.fn(f))
	}
	for _, f := range c.Fields {
		r.at("%s: field %s", c.Path, f.Name)
		name(f.Name, isMemberName)
		l.Fields = append(l.Fields, r.field(f))
	}
	return l
}

func (r *reader) typ(c TypeConfig) Type {
	if c.Kind == "" {
		r.errorf("kind is missing: one of %s", list(kindWords))
	}
	return Type{
		Name:    c.Name,
		Kind:    read[Kind](r, "kind", kindWords, c.Kind),
		Intent:  read[Intent](r, "intent", intentWords, c.Intent),
		Default: r.byDefault(c.Default),
		Queue:   read[Queue](r, "queue", queueWords, c.Queue),
		Closed:  c.Closed,
		Waited:  c.Waited,
		Nested:  c.Nested,
		Lost:    c.Lost,
		Receipt: c.Receipt,
	}
}

// byDefault is the bound of a value made without a size.
func (r *reader) byDefault(s string) Bound {
	if n, err := strconv.Atoi(s); err == nil {
		if n <= 0 {
			r.errorf("default is %d: no bound", n)
		}
		return Bound{From: FixedBound, Fixed: n}
	}
	from := read[From](r, "default", fromWords, s)
	if !slices.Contains([]From{Unsaid, Unlimited, CPUs, Inherited}, from) {
		r.errorf("default cannot be %q: a number, unlimited, cpus or inherited", s)
	}
	return Bound{From: from}
}

func (r *reader) fn(c FuncConfig) Func {
	if c.Role == "" {
		r.errorf("role is missing: one of %s", list(roleWords))
	}
	f := Func{
		Name:     c.Name,
		Role:     read[Role](r, "role", roleWords, c.Role),
		Task:     r.arg("task", c.Task),
		Tasks:    c.Tasks,
		Items:    r.arg("items", c.Items),
		Bound:    r.bound(c.Bound),
		Queue:    r.arg("queue", c.Queue),
		Callback: r.arg("callback", c.Callback),
		Executor: r.arg("executor", c.Executor),
		Returns:  read[Returns](r, "returns", returnsWords, c.Returns),
		Blocks:   read[Blocks](r, "blocks", blocksWords, c.Blocks),
		Lost:     c.Lost,
		Optional: c.Optional,
		Refuses:  c.Refuses,
		Waits:    c.Waits,
		Early:    c.Early,
		Once:     c.Once,
		Shared:   c.Shared,
	}
	if f.Role == SetBound && f.Bound == (Bound{}) {
		r.errorf("role setbound needs a bound")
	}
	if f.Tasks && f.Task == NoArg {
		r.errorf("tasks needs task, the first of them")
	}
	if f.Bound.From == FromValue {
		r.errorf("from value is for fields")
	}
	return f
}

func (r *reader) field(c FieldConfig) Field {
	f := Field{Name: c.Name, Role: read[Role](r, "role", roleWords, c.Role), Bound: r.bound(c.Bound)}
	if f.Role != SetBound && f.Role != Nonblock {
		r.errorf("role of a field is setbound or nonblock")
	}
	return f
}

func (r *reader) bound(c BoundConfig) Bound {
	if c == (BoundConfig{}) {
		return Bound{}
	}
	b := Bound{
		From:     read[From](r, "from", fromWords, c.From),
		Arg:      r.arg("arg", c.Arg),
		Times:    r.arg("times", c.Times),
		Over:     r.arg("over", c.Over),
		Fixed:    c.Fixed,
		Zero:     read[Edge](r, "zero", edgeWords, c.Zero),
		Negative: read[Edge](r, "negative", edgeWords, c.Negative),
		MinusOne: read[Edge](r, "minusone", edgeWords, c.MinusOne),
	}
	if c.From == "" {
		r.errorf("from is missing: one of %s", list(fromWords))
	}
	if b.From == FromArg && b.Arg == NoArg {
		r.errorf("from arg needs arg, counted from 1")
	}
	if (b.From == FixedBound) != (b.Fixed > 0) {
		r.errorf("from fixed needs fixed, above 0, and nothing else does")
	}
	return b
}

// maxArg is more arguments than any real function has.
const maxArg = 32

func (r *reader) arg(what string, n int) Arg {
	if n < 0 || n > maxArg {
		r.errorf("%s is argument %d: arguments are counted from 1", what, n)
		return NoArg
	}
	return Arg(n)
}

// read returns the constant that word stands for; an empty word is the zero constant.
func read[T ~uint8](r *reader, what string, words []string, word string) T {
	if word == "" {
		return 0
	}
	if i := slices.Index(words, word); i >= 0 {
		return T(i)
	}
	if near := suggest.Nearest(word, words); near != "" {
		r.errorf("%s has no word %q: did you mean %q?", what, word, near)
	} else {
		r.errorf("%s has no word %q: one of %s", what, word, list(words))
	}
	return 0
}

// list is words in a sentence, without the empty one.
func list(words []string) string {
	return strings.Join(slices.DeleteFunc(slices.Clone(words), func(w string) bool { return w == "" }), ", ")
}

func isFuncName(s string) bool { return token.IsIdentifier(s) || isMemberName(s) }

func isMemberName(s string) bool {
	typ, member, ok := strings.Cut(s, ".")
	return ok && token.IsIdentifier(typ) && token.IsIdentifier(member)
}
