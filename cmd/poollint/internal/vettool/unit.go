package vettool

import (
	"encoding/json"
	"fmt"
	"go/build"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/poollint/poollint/analyzer"
	"github.com/poollint/poollint/cmd/poollint/internal/config"
	"github.com/poollint/poollint/cmd/poollint/internal/toolchain"
)

// A unit is what we need to know of the package that a .cfg file describes.
type unit struct {
	ID            string
	Dir           string
	ImportPath    string
	GoVersion     string
	ModulePath    string
	ModuleVersion string
	GoFiles       []string
	ImportMap     map[string]string // from the path in the source to the package
	PackageVetx   map[string]string // what imported packages pass on
	VetxOnly      bool              // wanted for its facts, not for its diagnostics
	VetxOutput    string            // where to pass on types and facts
	Stdout        string            // where to print, from Go 1.26

	cfg  string // the file
	data []byte // its content
}

// main reports whether the package belongs to a main module: the only ones without a version.
// (Named files, as in go vet x.go, have no module at all.)
func (u *unit) main() bool {
	return u.ModulePath != "" && u.ModuleVersion == "" || u.ImportPath == "command-line-arguments"
}

// read reads a .cfg file.
func read(cfg string) (*unit, error) {
	u := &unit{cfg: cfg}
	var err error
	if u.data, err = os.ReadFile(cfg); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(u.data, u); err != nil {
		return nil, fmt.Errorf("%s: %v", cfg, err)
	}
	return u, toolchain.Check(u.GoVersion, runtime.Version())
}

// prepare makes the .cfg file ready for the package's check and returns the settings for it.
// Only the main modules' own packages are ruled by their configuration; whatever file a
// dependency brings with it says nothing here, and would not be part of the cache key.
func (u *unit) prepare(args []string) (analyzer.Settings, error) {
	var none analyzer.Settings
	speaks := u.speaksForLater(args)
	if speaks {
		if err := u.speak(); err != nil {
			return none, err
		}
	}
	none.FactsOnly = u.VetxOnly && !speaks
	if !u.main() {
		return none, nil
	}
	dir, err := os.Getwd() // the package's own
	if err != nil {
		return none, err
	}
	file, err := config.Find(dir)
	if err != nil {
		return none, err
	}
	settings, err := file.Settings()
	settings.FactsOnly = none.FactsOnly
	return settings, err
}

// speaksForLater reports whether a package that is wanted for its facts only should print its
// diagnostics all the same.
//
// The go command (1.26) keeps one result for a package, whether it was wanted for its facts or
// for its diagnostics. After "go vet ./a", where a imports b, "go vet ./..." takes the silence
// that it cached for b as its result, and b's findings are lost until it changes. So b speaks
// at once. The findings of packages that were not asked for are dropped by the front end.
//
// It is not so for a package with tests of its own: with them, it is another one to the go
// command, and its findings would come twice. Nor with -fix, which would write files.
func (u *unit) speaksForLater(args []string) bool {
	fix := slices.Contains(args, "-fix") && !slices.Contains(args, "-diff")
	return u.VetxOnly && u.Stdout != "" && !fix && u.local() && !strings.Contains(u.ID, " [") && !u.tested()
}

// local reports whether the package is in somebody's work tree: that of a main module, or of one
// that "replace" leads to. (The same package may be a main module's in the next run.)
func (u *unit) local() bool {
	if u.ModulePath == "" || len(u.GoFiles) == 0 {
		return u.main()
	}
	dir := filepath.ToSlash(filepath.Dir(u.GoFiles[0]))
	return !strings.Contains(dir, "@v") && !strings.Contains(dir+"/", "/vendor/")
}

// tested reports whether the package has test files in its own package.
func (u *unit) tested() bool {
	if len(u.GoFiles) == 0 {
		return false
	}
	dir := filepath.Dir(u.GoFiles[0])
	name := packageName(u.GoFiles[0])
	tests, _ := filepath.Glob(filepath.Join(dir, "*_test.go"))
	return slices.ContainsFunc(tests, func(file string) bool {
		match, err := build.Default.MatchFile(dir, filepath.Base(file))
		return err == nil && match && packageName(file) == name
	})
}

func packageName(file string) string {
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.PackageClauseOnly)
	if err != nil {
		return ""
	}
	return f.Name.Name
}

// speak changes the .cfg file, which is in a temporary folder of the go command.
func (u *unit) speak() error {
	var all map[string]json.RawMessage
	if err := json.Unmarshal(u.data, &all); err != nil {
		return err
	}
	all["VetxOnly"] = json.RawMessage("false")
	data, err := json.Marshal(all)
	if err != nil {
		return err
	}
	return os.WriteFile(u.cfg, data, 0o600)
}
