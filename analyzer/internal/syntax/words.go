package syntax

import (
	"strings"
	"unicode"
)

// Words cuts a name into its words, in lower case: fetchURLs is fetch, urls. What is no letter
// separates.
func Words(name string) []string {
	var words []string
	start := 0
	rs := []rune(name)
	cut := func(end int) {
		if end > start {
			words = append(words, strings.ToLower(string(rs[start:end])))
		}
		start = end
	}
	for i, r := range rs {
		switch {
		case !unicode.IsLetter(r):
			cut(i)
			start = i + 1
		case unicode.IsUpper(r) && i > 0 && (!unicode.IsUpper(rs[i-1]) || i+1 < len(rs) && unicode.IsLower(rs[i+1])):
			// URLs and IDs are one word.
			if !(i+1 < len(rs) && rs[i+1] == 's' && (i+2 == len(rs) || unicode.IsUpper(rs[i+2]))) {
				cut(i)
			}
		}
	}
	cut(len(rs))
	return words
}
