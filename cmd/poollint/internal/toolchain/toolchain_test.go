package toolchain

import "testing"

func TestCheck(t *testing.T) {
	for _, test := range []struct {
		want, have string
		ok         bool
	}{
		{"go1.26.8", "go1.26.1", true}, // the language is the same
		{"go1.25", "go1.26.1", true},
		{"go1.27", "go1.26.1", false},
		{"go1.27rc1", "go1.26.1", false},
		{"devel go1.27-abc", "go1.26.1 X:loopvar", false},
		{"go1.27.0", "devel go1.28-0123abc", true},
		{"", "go1.26.1", true},
		{"gibberish", "go1.26.1", true},
	} {
		if err := Check(test.want, test.have); (err == nil) != test.ok {
			t.Errorf("%s with %s: %v", test.want, test.have, err)
		}
	}
}
