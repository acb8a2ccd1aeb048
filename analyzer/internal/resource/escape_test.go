package resource

import (
	"fmt"
	"go/types"
	"testing"

	"github.com/poollint/poollint/analyzer/internal/summary"
)

// An escape says why.
func TestEscapes(t *testing.T) {
	tests := []struct{ name, src, of, want string }{
		{"an argument of a function that is not seen", `func f(x *rpc.Client) { c := make(chan *rpc.Call); x.Go("", nil, nil, c) }`, "c", "send, receive, close: unknown, it is handed to rpc.Go"},
		{"a result", `func F() <-chan int { c := make(chan int); return c }`, "c", "receive: yes, F returns it to other packages"},
		{"a result for sending", `func F() chan<- int { c := make(chan int); return c }`, "c", "send, close: yes, F returns it to other packages"},
		{"a parameter", `func F(c chan int) { <-c }`, "c", "give: yes, F may be called from other packages, which bring their own"},
		{"a method of a type that nobody can get", `type s struct{}; func (s) F(c chan int) { <-c }`, "c", ""},
		{"a method of a type that is returned", `type s struct{}; func (s) F(c chan int) { <-c }; func Open() s { return s{} }`, "c", "give: yes, F may be called from other packages, which bring their own"},
		{"a variable", `var C = make(chan int)`, "C", "send, receive, close: yes, C is exported; give: yes, C is exported"},
		{"a field of a field", `type a struct { b }; type b struct { C chan int }; func Open() *a { x := &a{}; <-x.C; return x }`, "C", "send, receive, close: yes, C is exported; give: yes, C is exported"},
		{"a slice", `func F() []chan int { c := make(chan int); return []chan int{c} }`, "c", "send, receive, close: yes, F returns it to other packages; give: yes, F returns it to other packages"},
		{"a callback", `func F(do func(chan int)) { c := make(chan int); do(c) }`, "c", "send, receive, close: yes, F may be called from other packages, which bring their own"},
		{"what a callback returns", `func F(do func() chan int) { c := do(); <-c }`, "c", "give: yes, F may be called from other packages, which bring their own"},
		{"a function that returns its like", `type state func(chan int) state; func Run(c chan int, s state) { s(c) }`, "c", "send, receive, close: yes, Run may be called from other packages, which bring their own; give: yes, Run may be called from other packages, which bring their own"},
		{"an interface", `func f() any { c := make(chan int); return c }`, "c", "send, receive, close: unknown, it is converted to an interface"},
		{"a type in an interface", `type s struct{}; func (s) Close(c chan int) { <-c }; func f() any { return s{} }`, "c", "give: unknown, Close may be called from other packages, which bring their own"},
		{"an interface that is exported", `type I interface { Run(chan int) }; type s struct{}; func (s) Run(c chan int) { <-c }; func New() I { return s{} }`, "c", "give: yes, Run may be called from other packages, which bring their own"},
		{"mentioned in a file for another system", `type s struct { quit chan int }; func f(x s) { <-x.quit }`, "quit", "send, receive, close: unknown, s_windows.go, which this build leaves out, mentions quit; give: unknown, s_windows.go, which this build leaves out, mentions quit"},
	}
	hidden := Mentioned("p", []string{"dir/s_windows.go", "dir/gen.go"}, func(file string) ([]byte, error) {
		if file == "dir/gen.go" {
			return []byte("package main\nfunc f(c chan int) {}"), nil
		}
		return []byte("package p\nfunc stop(x s) { close(x.quit) }"), nil
	})
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := loadWith(t, program(test.src), nothing, hidden)
			got := ""
			for i, e := range p.class(test.of).Escapes {
				if i > 0 {
					got += "; "
				}
				got += fmt.Sprintf("%s: %s, %s", e.Rights, e.Answer, e)
			}
			if got != test.want {
				t.Errorf("%s\nwant %s", got, test.want)
			}
		})
	}
}

// What a fact tells of a function of another package is an operation and no escape.
func TestFacts(t *testing.T) {
	tests := []struct {
		name  string
		known summary.Param
		want  string
	}{
		{"reads", summary.Param{Index: 3, Use: summary.Reads}, "channel: make in f"},
		{"sends", summary.Param{Index: 3, Use: summary.Sends}, "channel: make in f, send in f"},
		{"receives", summary.Param{Index: 3, Use: summary.Receives}, "channel: make in f, receive in f"},
		{"keeps", summary.Param{Index: 3, Use: summary.Keeps}, "channel: make in f; send unknown, receive unknown, close unknown"},
		{"tells of another parameter", summary.Param{Index: 1, Use: summary.Reads}, "channel: make in f; send unknown, receive unknown, close unknown"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := loadWith(t, "package p\nimport \"net/rpc\"\nfunc f(x *rpc.Client) { c := make(chan *rpc.Call); x.Go(\"\", nil, nil, c) }", func(*types.Func) *summary.Func {
				return &summary.Func{Params: []summary.Param{test.known}}
			}, nil)
			if got := describe(p.class("c")); got != test.want {
				t.Errorf("%s\nwant %s", got, test.want)
			}
		})
	}
}
