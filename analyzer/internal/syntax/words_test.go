package syntax

import (
	"strings"
	"testing"
)

func TestWords(t *testing.T) {
	for name, want := range map[string]string{
		"numEntries":  "num entries",
		"fetchURLs":   "fetch urls",
		"HTTPServer":  "http server",
		"max_retries": "max retries",
		"s3Keys":      "s keys",
		"q.NextToken": "q next token",
		"":            "",
	} {
		if got := strings.Join(Words(name), " "); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}
