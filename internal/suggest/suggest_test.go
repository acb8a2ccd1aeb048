package suggest

import "testing"

func TestNearest(t *testing.T) {
	words := []string{"checks", "strict", "memory", "libraries"}
	for word, want := range map[string]string{
		"cheks": "checks", "check": "checks", "Strict": "strict", "strcit": "strict",
		"memroy": "memory", "librarys": "libraries", "rules": "", "x": "",
	} {
		if got := Nearest(word, words); got != want {
			t.Errorf("%s: got %q, want %q", word, got, want)
		}
	}
}
