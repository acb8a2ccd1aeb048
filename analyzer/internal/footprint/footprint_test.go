package footprint_test

import (
	"flag"
	"fmt"
	"go/importer"
	"go/token"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/poollint/poollint/analyzer/internal/footprint"
	"github.com/poollint/poollint/analyzer/internal/footprint/measure"
)

var update = flag.Bool("update", false, "write docs/memory.md")

// The rows of the standard library resolve here, those of modules in the folder modules.
func TestRowsResolve(t *testing.T) {
	imp := importer.ForCompiler(token.NewFileSet(), "gc", nil)
	seen := map[string]bool{}
	for _, r := range footprint.Rows() {
		if strings.Contains(r.Package, ".") || seen[r.Package] {
			continue
		}
		seen[r.Package] = true
		pkg, err := imp.Import(r.Package)
		if err != nil {
			t.Error(err)
			continue
		}
		measure.Resolve(t, pkg)
	}
}

// Every row says what it holds, and what was measured, and no two speak of the same function.
func TestRows(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range footprint.Rows() {
		if r.Of == "" || r.With == "" {
			t.Errorf("%s.%s: %+v", r.Package, r.Func, r)
		}
		for _, name := range append([]string{r.Func}, r.Also...) {
			key := r.Package + "." + name + " " + r.Variant
			if seen[key] {
				t.Errorf("%s has two rows", key)
			}
			seen[key] = true
		}
	}
}

func TestAbout(t *testing.T) {
	for bytes, want := range map[int64]string{
		0: "0 B", 240: "240 B", 999: "1000 B", 1000: "1 KiB", 1024: "1 KiB", 2600: "2.5 KiB", 26_000: "25 KiB",
		820_000: "800 KiB", 1_000_000: "980 KiB", 1_040_000: "1 MiB", 286_000_000: "270 MiB", 2_600_000_000: "2.4 GiB",
	} {
		if got := footprint.About(bytes); got != want {
			t.Errorf("%d bytes are %s, want %s", bytes, got, want)
		}
	}
}

const page = "../../../docs/memory.md"

// The page shows the table.
func TestPage(t *testing.T) {
	old, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	const begin, end = "<!-- table -->\n", "<!-- /table -->"
	head, rest, ok1 := strings.Cut(string(old), begin)
	_, tail, ok2 := strings.Cut(rest, end)
	if !ok1 || !ok2 {
		t.Fatalf("%s has no place for the table", page)
	}
	var b strings.Builder
	b.WriteString(head + begin + "| waiting in, or holding | bytes | plus, per byte read | what they are | measured with |\n| --- | ---: | ---: | --- | --- |\n")
	fmt.Fprintf(&b, "| a receive from a channel | %s | | the goroutine: its stack of 2 KiB, and what the runtime keeps for it | |\n", footprint.About(footprint.Goroutine))
	for _, r := range footprint.Rows() {
		per := ""
		if r.Per > 0 {
			per = fmt.Sprint(r.Per)
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", strings.TrimSpace("`"+r.Package+"."+r.Func+"` "+r.Variant), footprint.About(r.Bytes), per, r.Of, r.With)
	}
	b.WriteString(end + tail)
	now := b.String()
	if *update {
		if err := os.WriteFile(page, []byte(now), 0o666); err != nil {
			t.Fatal(err)
		}
	} else if now != string(old) {
		t.Errorf("%s does not show the table: go test ./analyzer/internal/footprint -run TestPage -update", page)
	}
}

// What the documentation of pool.WithMemory says of functions is what the table says.
func TestWithMemory(t *testing.T) {
	text, err := os.ReadFile("../../../pool/option.go")
	if err != nil {
		t.Fatal(err)
	}
	said := 0
	for _, m := range regexp.MustCompile(`(?m)^//\t(\S+) +(\S+ [KMG]iB)$`).FindAllStringSubmatch(string(text), -1) {
		said++
		found := false
		for _, r := range footprint.Rows() {
			found = found || r.Variant == "" && r.Name() == m[1] && footprint.About(r.Holds()) == m[2]
		}
		if !found {
			t.Errorf("the table does not say of %s that it holds %s", m[1], m[2])
		}
	}
	if said == 0 {
		t.Error("it says nothing")
	}
}
