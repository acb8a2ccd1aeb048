package resource

import (
	"go/scanner"
	"go/token"
	"path/filepath"
)

// Mentioned maps the names that files mention to one of these files each, by its last element: files of a
// package that a build leaves out, for another system say. They may do anything to what they mention.
// What cannot be read mentions nothing, and neither does a file of another package.
func Mentioned(pkg string, files []string, read func(string) ([]byte, error)) map[string]string {
	names := map[string]string{}
	for _, file := range files {
		src, err := read(file)
		if err != nil || filepath.Ext(file) != ".go" {
			continue
		}
		mentions(pkg, src, func(name string) {
			if _, ok := names[name]; !ok {
				names[name] = filepath.Base(file)
			}
		})
	}
	return names
}

func mentions(pkg string, src []byte, found func(string)) {
	var s scanner.Scanner
	set := token.NewFileSet()
	s.Init(set.AddFile("", -1, len(src)), src, func(token.Position, string) {}, 0)
	var last token.Token
	for {
		_, tok, lit := s.Scan()
		switch {
		case tok == token.EOF:
			return
		case tok == token.IDENT && last == token.PACKAGE:
			if lit != pkg {
				return
			}
		case tok == token.IDENT:
			found(lit)
		}
		last = tok
	}
}
