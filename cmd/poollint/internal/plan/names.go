package plan

import (
	"path/filepath"
	"regexp"
	"strings"

	"github.com/poollint/poollint/cmd/poollint/internal/config"
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
			if matches(p, filepath.ToSlash(dir)) && !r.beyond(p, dir) {
				return true
			}
		case matches(p, strings.TrimSuffix(pkg, "_test")):
			return true
		}
	}
	return false
}

// beyond reports whether a folder that the text of a pattern matches is in a module of its own, where the
// pattern ends.
func (r *Run) beyond(pattern, dir string) bool {
	if !strings.Contains(pattern, "...") || !r.NoWork && config.Workspace(r.Dir) != "" {
		return false
	}
	return config.Module(dir) != config.Module(r.Dir)
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
