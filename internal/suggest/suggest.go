// Package suggest answers a mistyped word with the one that was probably meant.
package suggest

import (
	"fmt"
	"slices"
	"strings"
)

// Among says what to write instead of word: the nearest of words, or all of them.
func Among(word string, words []string) string {
	if near := Nearest(word, words); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	words = slices.Clone(words)
	slices.Sort(words)
	return "want one of " + strings.Join(words, ", ")
}

// Nearest returns the first of words that are the fewest slips of the finger away from word, at most one
// for every three of its letters, or "". Capitals do not count.
func Nearest(word string, words []string) string {
	best, least := "", max(1, len(word)/3)+1
	for _, w := range words {
		if d := distance(strings.ToLower(word), strings.ToLower(w)); d < least && w != "" {
			best, least = w, d
		}
	}
	return best
}

// distance is the number of insertions, deletions, replacements and swaps of neighbours
// that make a into b.
func distance(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			d := rows[i-1][j-1]
			if a[i-1] != b[j-1] {
				d++
			}
			d = min(d, rows[i-1][j]+1, rows[i][j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, rows[i-2][j-2]+1)
			}
			rows[i][j] = d
		}
	}
	return rows[len(a)][len(b)]
}
