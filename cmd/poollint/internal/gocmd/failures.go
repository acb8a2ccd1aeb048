// Package gocmd runs the go command, and puts what it says into words that name a remedy.
package gocmd

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/poollint/poollint/cmd/poollint/internal/finding"
	"github.com/poollint/poollint/cmd/poollint/internal/plan"
)

// A Voice words the errors of the go command in a run, for a reader in Cwd.
type Voice struct {
	Run plan.Run
	Cwd string
}

// Failures reads what the go command says on standard error. It has two forms: the errors of
// a package under a line "# import/path", and lines that stand alone. It reports whether any
// package was reached, if only to find that it does not compile.
func (v Voice) Failures(lines []string) (errs []error, reached bool) {
	for _, line := range lines {
		if full := Full(line); full != nil {
			return []error{full}, true
		}
	}
	var compile []string // the errors of the package that is being read
	pkg := ""
	flush := func() {
		if pkg != "" && len(compile) > 0 {
			reached = true
			errs = append(errs, v.Broken(pkg, compile))
		}
		pkg, compile = "", nil
	}
	for _, line := range lines {
		if header, ok := strings.CutPrefix(line, "# "); ok {
			if !strings.HasPrefix(header, "[") { // "# [pkg]" repeats it
				flush()
				pkg, _, _ = strings.Cut(header, " ")
			}
			continue
		}
		if pkg != "" && !standsAlone(line) {
			compile = append(compile, line)
			continue
		}
		flush()
		if err := v.explain(line); err != nil {
			errs = append(errs, err)
		}
	}
	flush()
	return unique(errs), reached
}

// Full is the error of a full disk, if that is what a text speaks of. It fails every package, each in its
// own words.
func Full(text string) error {
	for line := range strings.Lines(text) {
		if strings.Contains(strings.ToLower(line), "no space left on device") {
			return fmt.Errorf("the disk is full (%s): free some space, for example with \"go clean -cache\", or set GOCACHE and GOTMPDIR to another disk", strings.TrimSpace(line))
		}
	}
	return nil
}

// Broken is the error of a package that does not compile, for reasons that start with a position.
func (v Voice) Broken(pkg string, lines []string) error {
	text := pkg + " does not compile, so it was not checked: fix it and run again"
	for _, line := range lines {
		text += "\n" + v.relative(line)
	}
	return errors.New(text)
}

func standsAlone(line string) bool {
	return strings.HasPrefix(line, "go: ") || strings.HasPrefix(line, "poollint: ")
}

// explain turns a line of the go command into an error with its remedy. Most already are.
func (v Voice) explain(line string) error {
	msg := strings.TrimPrefix(strings.TrimPrefix(line, "go: "), "warning: ")
	has := func(s string) bool { return strings.Contains(msg, s) }
	switch {
	case has("error obtaining buildID"), has("no packages to vet"):
		return nil // follows on the line that says why
	case strings.HasPrefix(msg, "unlinkat ") && has("go-build"):
		return nil // its own temporary folder, which it removes while a tool still ends: nothing is lost
	case strings.HasPrefix(msg, "poollint: "):
		return fmt.Errorf("%s", strings.TrimPrefix(msg, "poollint: "))
	case has("failed to initialize build cache"), has("build cache is required"), has("GOCACHE"):
		return fmt.Errorf("the go command cannot use its cache (%s): set GOCACHE to a writable folder", msg)
	case has("matched no packages"):
		return fmt.Errorf("%s: it has no Go files that ./... matches (folders named testdata, _x and .x are skipped)", msg)
	case has("creating work dir"):
		return fmt.Errorf("the go command cannot create its temporary files (%s): set GOTMPDIR to a writable folder", msg)
	case has("inconsistent vendoring"):
		return fmt.Errorf("%s: run \"go mod vendor\" in %s", msg, v.Run.Dir)
	}
	return fmt.Errorf("%s", v.relative(msg))
}

var position = regexp.MustCompile(`^(vet: )?([^\s:]+\.go):(\d+)`)

// relative makes the file at the beginning of a line, as seen from where the go command ran,
// one that is seen from where the user is.
func (v Voice) relative(line string) string {
	m := position.FindStringSubmatchIndex(line)
	if m == nil {
		return line
	}
	file := line[m[4]:m[5]]
	if !filepath.IsAbs(file) {
		file = filepath.Join(v.Run.Dir, file)
	}
	return finding.Short(file, v.Cwd) + line[m[5]:]
}

func unique(errs []error) []error {
	seen := map[string]bool{}
	var out []error
	for _, err := range errs {
		if !seen[err.Error()] {
			seen[err.Error()] = true
			out = append(out, err)
		}
	}
	return out
}

// Load is the error of a package that cannot be loaded, at pos unless that is empty.
func (v Voice) Load(pkg, dir, pos, msg string) error {
	msg = strings.TrimSpace(msg)
	switch {
	case strings.Contains(msg, "build constraints exclude all Go files"):
		return fmt.Errorf("%s has no Go files for this system: choose another with GOOS and GOARCH, or build tags with -tags", v.short(dir))
	case strings.Contains(msg, "no Go files in"):
		return fmt.Errorf("%s has no Go files; for the packages below it, use %s/...", v.short(dir), strings.TrimSuffix(v.short(dir), "/"))
	case strings.Contains(msg, "is not in std"):
		if info, err := os.Stat(filepath.Join(v.Cwd, pkg)); err == nil && info.IsDir() {
			return fmt.Errorf("there is no package %s; did you mean ./%s?", pkg, pkg)
		}
		return fmt.Errorf("there is no package %s: %s", pkg, msg)
	}
	if pos != "" {
		return fmt.Errorf("%s was not checked:\n%s: %s", pkg, v.relative(pos), msg)
	}
	return fmt.Errorf("%s was not checked: %s", pkg, msg)
}

// short is a folder as a pattern of the go command, seen from where the user is.
func (v Voice) short(dir string) string {
	s := finding.Short(dir, v.Cwd)
	if s == "." || strings.HasPrefix(s, "..") || filepath.IsAbs(s) {
		return s
	}
	return "./" + filepath.ToSlash(s)
}
