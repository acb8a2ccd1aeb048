package site

import (
	"fmt"
	"testing"

	"github.com/poollint/poollint/cmd/poollint/internal/finding"
)

func TestNear(t *testing.T) {
	const src = `package p

func f(xs []string, g group) {
	var wait int
	for _, x := range xs {
		g.Go(func() {
			_ = x
			if x != "" {
				go send(
					x)
			}
		})
	}
	wait++
	g.Wait()
}
`
	places := []finding.Position{{Line: 6, Column: 5}, {Line: 9, Column: 5}, {Line: 15, Column: 4}}
	for line, want := range map[int]string{
		1: "[]", 3: "[]", 4: "[]", 14: "[]", 16: "[]", 99: "[]",
		5: "[6]", 6: "[6]", 7: "[6]", 8: "[9]", 9: "[9]", 10: "[9]", 11: "[9]", 12: "[6]", 13: "[6]", 15: "[15]",
	} {
		lines := []int{}
		for _, p := range Near(src, line, places) {
			lines = append(lines, p.Line)
		}
		if got := fmt.Sprint(lines); got != want {
			t.Errorf("line %d: got %s, want %s", line, got, want)
		}
	}
	if got := Near("package p\nfunc", 2, places); got != nil {
		t.Errorf("of a broken file: got %v", got)
	}
}
