package config

import (
	"reflect"
	"testing"
)

// FuzzSettings reads files of any content: each is settings, or an error that says something.
func FuzzSettings(f *testing.F) {
	for _, s := range []string{
		"", "# nothing\n", "checks: [all, -blocking]\n", "checks: all,-blocking\n", "strict: true\n", "memory: 512MiB\n", "memory: -1\n",
		"memory: 1e400\n", "- strict\n", "strict: [true\n", "a: &a [*a]\n", "checks: !!binary aGVs\n", "? [a]\n: b\n", "---\n---\n", "\x00", "<<: {strict: true}\n",
		"memory: 9223372036854775807\n", "checks:\n", "checks: {all: true}\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file := File{Path: ".poollint.yaml", Data: data}
		s, err := file.Settings()
		if err != nil && err.Error() == "" {
			t.Error("an error without a word")
		}
		again, err2 := file.Settings()
		if !reflect.DeepEqual(s, again) || (err == nil) != (err2 == nil) {
			t.Errorf("%q is %v (%v), then %v (%v)", data, s, err, again, err2)
		}
	})
}
