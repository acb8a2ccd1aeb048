package leaktest

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestExperiment(t *testing.T) {
	for _, test := range []struct{ version, set, want, err string }{
		{"go1.25.3", "", "", "-leaktest needs Go 1.26 or newer, whose runtime detects leaks, and this is go1.25.3"},
		{"go1.26", "", "goroutineleakprofile", ""},
		{"go1.26.8 X:jsonv2", "jsonv2", "jsonv2,goroutineleakprofile", ""},
		{"go1.27rc1", "jsonv2", "", ""},
		{"go1.27.0", "jsonv2", "", ""},
		{"go1.30", "", "", ""},
	} {
		got, err := environment{GOVERSION: test.version, GOEXPERIMENT: test.set}.set()
		if got != test.want || (err == nil) != (test.err == "") || err != nil && !strings.HasPrefix(err.Error(), test.err) {
			t.Errorf("%s: got %q, %v", test.version, got, err)
		}
	}
}

// A TestMain is asked after each Run that it calls itself; without one, it gets one.
func TestInstrument(t *testing.T) {
	for name, test := range map[string]struct {
		src  string
		want string // in the changed file; empty: none is changed; "refused"
	}{
		"none":          {"package p_test\n", ""},
		"its own":       {"package p_test\n\nimport (\"os\"; \"testing\")\n\nfunc TestMain(m *testing.M) {\n\tos.Exit(m.Run())\n}\n", "\tos.Exit(poollintRun(m))\n"},
		"several times": {"package p\n\nimport \"testing\"\n\nfunc TestMain(t *testing.M) {\n\tif t.Run() == 0 {\n\t\tt.Run()\n\t}\n}\n", "\tif poollintRun(t) == 0 {\n\t\tpoollintRun(t)\n\t}\n"},
		"handed on":     {"package p\n\nimport \"testing\"\n\nfunc TestMain(m *testing.M) { run(m) }\n", "refused"},
		"only a name":   {"package p\n\n// TestMain is not here.\n", ""},
		"a mistake":     {"package p\n\nfunc TestMain( {\n", "refused"},
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "p_test.go"), []byte(test.src), 0o666); err != nil {
			t.Fatal(err)
		}
		p := &pkg{ImportPath: "example.com/p", Dir: dir, Name: "p", TestGoFiles: []string{"p_test.go"}, profile: "/tmp/it"}
		files, err := p.instrument(nil)
		if (err != nil) != (test.want == "refused") {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for file, text := range files {
			if _, err := parser.ParseFile(token.NewFileSet(), file, text, 0); err != nil {
				t.Errorf("%s: %v\n%s", name, err, text)
			}
		}
		changed := string(files[filepath.Join(dir, "p_test.go")])
		if !strings.Contains(changed, test.want) && err == nil || (changed == "") != (test.want == "" || err != nil) {
			t.Errorf("%s: got\n%s", name, changed)
		}
		beside := string(files[filepath.Join(dir, "poollint_leaks_test.go")])
		if err == nil && strings.Contains(beside, "func TestMain") == (test.want != "") {
			t.Errorf("%s: beside it\n%s", name, beside)
		}
	}
}
