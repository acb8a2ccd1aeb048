package main

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/poollint/poollint/scripts/internal/leak"
)

// A bug is one program of the benchmark.
type bug struct {
	name, file   string // cockroach#1055, cockroach1055.go
	program      string // the function that runs it, by which it is called; empty if it is not to be run
	typ, subtype string
	leaks        []*regexp.Regexp // of the functions that the leaking goroutines run
	seen         []leak.Leak      // when it was run
	found        bool
	reports      []string
}

const commonPattern = "Common pattern"

func (b *bug) kind() string {
	if b.subtype == "" {
		return b.typ
	}
	return b.typ + " / " + b.subtype
}

// inScope tells whether the rules mean to find it: they know channels and groups, not condition
// variables, and locks are another linter's.
func (b *bug) inScope() bool {
	return b.typ == "Mixed" || b.typ == "Communication" && !strings.Contains(b.subtype, "Condition Variable")
}

// expects tells whether the goroutine that runs the function leaks.
func (b *bug) expects(function string) bool {
	return function != "" && slices.ContainsFunc(b.leaks, func(l *regexp.Regexp) bool { return l.MatchString(function + "(") })
}

// readme lists the bugs in the tables of GoKer's README, each in its section. Until the runtime's
// test says which goroutines leak, they are those that run a function which the section calls.
func readme(file string) ([]*bug, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var bugs []*bug
	row := regexp.MustCompile(`(?m)^\|\[(\w+)#(\d+)\]\|.*\| *([^|]+?) *\| *([^|]+?) *\|$`)
	call := regexp.MustCompile(`(\w+)\(\)`)
	for section := range strings.SplitSeq(string(text), "\n## ") {
		m := row.FindStringSubmatch(section)
		if m == nil {
			continue
		}
		b := &bug{name: m[1] + "#" + m[2], file: m[1] + m[2] + ".go", typ: m[3], subtype: m[4]}
		for _, c := range call.FindAllStringSubmatch(section, -1) {
			b.leaks = append(b.leaks, regexp.MustCompile(`\b`+c[1]+"(_"+m[1]+m[2]+`)?\(`))
		}
		bugs = append(bugs, b)
	}
	return bugs, nil
}

// expectations reads from the runtime's test which goroutines leak in each program. It has lines
// such as
//
//	makeTest("EarlyReturn",
//		`earlyReturn\.func1\(.* \[chan send\]`,
//	),
func expectations(file string) (map[string][]*regexp.Regexp, error) {
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	leaks := map[string][]*regexp.Regexp{}
	var errs []error
	ast.Inspect(f, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		if f, ok := call.Fun.(*ast.Ident); !ok || f.Name != "makeTest" && f.Name != "makeFlakyTest" {
			return true
		}
		args := literalStrings(call.Args)
		for _, pattern := range args[1:] {
			function, _, _ := strings.Cut(pattern, ` \[`) // and then what the goroutine waits for
			re, err := regexp.Compile(function)
			errs = append(errs, err)
			leaks[args[0]] = append(leaks[args[0]], re)
		}
		return true
	})
	return leaks, errors.Join(errs...)
}

func literalStrings(exprs []ast.Expr) []string {
	var values []string
	for _, e := range exprs {
		if lit, ok := e.(*ast.BasicLit); ok {
			s, _ := strconv.Unquote(lit.Value) // it parsed
			values = append(values, s)
		}
	}
	return values
}
