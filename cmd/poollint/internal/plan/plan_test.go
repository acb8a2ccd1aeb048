package plan

import "testing"

func TestNames(t *testing.T) {
	tests := []struct {
		pattern, pkg, dir string
		want              bool
	}{
		{".", "example.com/m", "/m", true},
		{".", "example.com/m/a", "/m/a", false},
		{"./...", "example.com/m", "/m", true},
		{"./...", "example.com/m/a/b", "/m/a/b", true},
		{"./...", "example.com/n", "/n", false},
		{"./a", "example.com/m/a", "/m/a", true},
		{"./a", "example.com/m/ab", "/m/ab", false},
		{"./a/...", "example.com/m/ab", "/m/ab", false},
		{"./a...", "example.com/m/ab", "/m/ab", true},
		{"../n/...", "example.com/n/a", "/n/a", true},
		{"/m/a", "example.com/m/a", "/m/a", true},
		{"example.com/m/a", "example.com/m/a", "/m/a", true},
		{"example.com/m/a", "example.com/m/a_test", "/m/a", true},
		{"example.com/m/...", "example.com/m", "/m", true},
		{"example.com/m/...", "example.com/mm", "/mm", false},
		{"example.com/.../b", "example.com/m/a/b", "/m/a/b", true},
		{"all", "example.com/m/a", "/m/a", true},
	}
	for _, test := range tests {
		r := Run{Dir: "/m", Patterns: []string{test.pattern}}
		if got := r.Names(test.pkg, test.dir); got != test.want {
			t.Errorf("%s names %s in %s: got %v", test.pattern, test.pkg, test.dir, got)
		}
	}
}
