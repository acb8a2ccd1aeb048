package main

import (
	"bytes"
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// An edit replaces a piece of text. The line breaks in it stay, so that no line moves.
type edit struct {
	from, to token.Pos
	text     string
}

func remove(n ast.Node) edit { return edit{n.Pos(), n.End(), ""} }

func replace(n ast.Node, text string) edit { return edit{n.Pos(), n.End(), text} }

func insert(at token.Pos, text string) edit { return edit{at, at, text} }

// apply is the text of a file after some edits that do not overlap.
func (s *source) apply(f *ast.File, edits []edit) []byte {
	slices.SortStableFunc(edits, func(a, b edit) int { return int(a.from - b.from) })
	text, tf := s.text[f], s.Fset.File(f.FileStart)
	var b bytes.Buffer
	done := 0
	for _, e := range edits {
		from, to := tf.Offset(e.from), tf.Offset(e.to)
		b.Write(text[done:from])
		b.WriteString(e.text)
		b.WriteString(strings.Repeat("\n", max(0, bytes.Count(text[from:to], []byte("\n"))-strings.Count(e.text, "\n"))))
		done = to
	}
	b.Write(text[done:])
	return b.Bytes()
}
