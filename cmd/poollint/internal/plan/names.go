package plan

import (
	"path/filepath"
	"regexp"
	"strings"
)

// Names reports whether a package, in a folder, is one of those that the run is for.
func (r *Run) Names(pkg, dir string) bool {
	for _, p := range r.Patterns {
		switch {
		case p == "all" || p == "work" || p == "std" || p == "cmd" || p == "tool":
			return true // only the go command knows
		case isLocal(p):
			if filepath.IsAbs(p) {
				p = filepath.ToSlash(p)
			} else {
				p = filepath.ToSlash(filepath.Join(r.Dir, p))
			}
			if matches(p, filepath.ToSlash(dir)) {
				return true
			}
		case matches(p, strings.TrimSuffix(pkg, "_test")):
			return true
		}
	}
	return false
}

// matches is the go command's: "..." is any string, and x/... is also x.
func matches(pattern, name string) bool {
	if !strings.Contains(pattern, "...") {
		return pattern == name
	}
	re := strings.ReplaceAll(regexp.QuoteMeta(pattern), `\.\.\.`, `.*`)
	if rest, ok := strings.CutSuffix(re, `/.*`); ok {
		re = rest + `(/.*)?`
	}
	ok, err := regexp.MatchString(`^`+re+`$`, name)
	return err == nil && ok
}
