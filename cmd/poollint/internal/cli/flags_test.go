package cli

import (
	"flag"
	"regexp"
	"testing"

	"github.com/poollint/poollint/analyzer"
)

// -h tells of every flag that there is, and of no other.
func TestUsage(t *testing.T) {
	fs, err := new(options).flags()
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{"h": true, "vettool": true, "blocking": true}
	fs.VisitAll(func(f *flag.Flag) { known[f.Name] = true })
	analyzer.Analyzer.Flags.VisitAll(func(f *flag.Flag) { known[f.Name] = true })

	told := map[string]bool{"h": true}
	for _, m := range regexp.MustCompile(`[\s,"]-([a-z-]+)`).FindAllStringSubmatch(usage, -1) {
		if told[m[1]] = true; !known[m[1]] {
			t.Errorf("-h tells of -%s, which is no flag", m[1])
		}
	}
	for name := range known {
		if !told[name] {
			t.Errorf("-h does not tell of -%s", name)
		}
	}
	for _, m := range regexp.MustCompile(`(?m)^.{101,}$`).FindAllString(usage, -1) {
		t.Errorf("wider than 100 columns: %s", m)
	}
}
