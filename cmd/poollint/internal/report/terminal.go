package report

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/poollint/poollint/cmd/poollint/internal/finding"
)

const (
	reset  = "\x1b[0m"
	strong = "\x1b[1m"
	yellow = "\x1b[33m"
	green  = "\x1b[32m"
)

func (r *Report) paint(style, s string) string {
	if !r.Terminal || s == "" {
		return s
	}
	return style + s + reset
}

func (r *Report) bold(s string) string { return r.paint(strong, s) }

func (r *Report) message(f *finding.Finding) string {
	if rest, ok := strings.CutPrefix(f.Message, f.Rule+":"); ok {
		return r.paint(yellow, f.Rule+":") + rest
	}
	return f.Message
}

// excerpt writes the line of a finding and marks its extent below:
//
//	go fetch(url)
//	^~
func (r *Report) excerpt(w io.Writer, from, to finding.Position) {
	line := r.Sources.Line(from)
	start := min(max(from.Column-1, 0), len(line))
	end := len(line)
	if to.Line == from.Line {
		end = min(max(to.Column-1, start), len(line))
	}
	if strings.TrimSpace(line) == "" {
		return
	}
	// Tabs stay tabs, so that both lines are indented alike whatever their width.
	pad := strings.Map(func(c rune) rune {
		if c == '\t' {
			return c
		}
		return ' '
	}, line[:start])
	under := "^" + strings.Repeat("~", max(0, utf8.RuneCountInString(line[start:end])-1))
	fmt.Fprintf(w, "%s\n%s%s\n", line, pad, r.paint(green, under))
}
