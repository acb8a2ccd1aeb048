package analyzer

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/types/objectpath"

	"github.com/poollint/poollint/analyzer/internal/directive"
	"github.com/poollint/poollint/analyzer/internal/facts"
)

// Facts are the same bytes each time, and few: the packages of testdata and all that they import
// are checked twice, each fact encoded. Run with -v for the bytes per package.
func TestFacts(t *testing.T) {
	imports.Lock()
	defer imports.Unlock()
	pkgs := testdata(t)
	encoded := func() map[string][]byte {
		d := newDriver(t, Settings{})
		for _, p := range pkgs {
			d.run(p, func(analysis.Diagnostic) {})
		}
		return d.bytes(pkgs)
	}
	once, again := encoded(), encoded()
	var sizes []int
	largest := ""
	for path, text := range once {
		if !bytes.Equal(text, again[path]) {
			t.Errorf("the facts of %s differ from one run to the next", path)
		}
		if sizes = append(sizes, len(text)); len(text) > len(once[largest]) {
			largest = path
		}
	}
	slices.Sort(sizes)
	sum := 0
	for _, n := range sizes {
		sum += n
	}
	median, most := sizes[len(sizes)/2], sizes[len(sizes)-1]
	t.Logf("facts of %d packages: median %d bytes, 90%% at most %d, most %d (%s), together %d",
		len(sizes), median, sizes[len(sizes)*9/10], most, largest, sum)
	if median > 4<<10 || most > 1<<20 {
		t.Errorf("facts have grown: median %d bytes, most %d", median, most)
	}
}

// A missing fact takes findings away, and never brings one: what is unknown may be anything. (A
// directive is another matter: it is there to take a finding away.)
func TestMissingFacts(t *testing.T) {
	imports.Lock()
	defer imports.Unlock()
	pkgs := testdata(t)
	findings := func(drop func(analysis.Fact) bool) map[string]string {
		d := newDriver(t, Settings{Checks: Checks{"all"}, Strict: true})
		d.drop = drop
		found := map[string]string{}
		for _, p := range pkgs {
			d.run(p, func(f analysis.Diagnostic) {
				if strings.HasPrefix(p.types.Path(), "poollint.test/") {
					found[fmt.Sprintf("%s: %s", imports.fset.Position(f.Pos), f.Category)] = f.Message
				}
			})
		}
		return found
	}
	all := findings(nil)
	for name, drop := range map[string]func(analysis.Fact) bool{
		"all":     func(f analysis.Fact) bool { _, is := f.(*directive.Fact); return !is },
		"package": func(f analysis.Fact) bool { _, is := f.(*facts.Package); return is },
		"method":  func(f analysis.Fact) bool { _, is := f.(*facts.Func); return is },
	} {
		t.Run(name, func(t *testing.T) {
			some := findings(drop)
			for place, message := range some {
				if all[place] == "" {
					t.Errorf("%s: only without facts: %s", place, message)
				}
			}
			t.Logf("%d findings, %d with facts", len(some), len(all))
		})
	}
}

// bytes is what each package tells: its own facts, in the order of the objects that they are about.
func (d *driver) bytes(pkgs []*source) map[string][]byte {
	told := map[*types.Package][]string{}
	for of, text := range d.object {
		path, err := objectpath.For(of.obj)
		if err == nil { // others cannot be named elsewhere
			told[of.obj.Pkg()] = append(told[of.obj.Pkg()], fmt.Sprintf("%s %s %s", path, of.kind, text))
		}
	}
	all := map[string][]byte{}
	for _, p := range pkgs {
		slices.Sort(told[p.types])
		all[p.types.Path()] = append([]byte(strings.Join(told[p.types], "")), d.whole[p.types]...)
	}
	return all
}

// testdata checks the packages of testdata, and what they import outside of the standard library,
// from source, once for all tests. The caller holds imports.
func testdata(t *testing.T) []*source {
	imports.start()
	if len(loaded) > 0 {
		return loaded
	}
	cmd := exec.Command("go", "list", "-deps", "-json=ImportPath,Dir,GoFiles,Standard", "./...")
	cmd.Dir = "../testdata"
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\nthe modules of testdata must be there: run go mod download in testdata first", err)
	}
	own := map[string]*types.Package{}
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct {
			ImportPath, Dir string
			GoFiles         []string
			Standard        bool
		}
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return loaded
		} else if err != nil {
			t.Fatal(err)
		}
		if p.Standard {
			continue
		}
		var files []*ast.File
		for _, name := range p.GoFiles {
			f, err := parser.ParseFile(imports.fset, filepath.Join(p.Dir, name), nil, parser.ParseComments|parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, f)
		}
		pkg, err := check(own, p.ImportPath, files)
		if err != nil {
			t.Fatal(err)
		}
		loaded = append(loaded, pkg)
	}
}

var loaded []*source
