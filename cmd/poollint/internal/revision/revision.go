// Package revision tells the findings that a change adds from those that were there before.
package revision

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/sourcegraph/go-diff/diff"

	"github.com/poollint/poollint/cmd/poollint/internal/check"
	"github.com/poollint/poollint/cmd/poollint/internal/finding"
	"github.com/poollint/poollint/cmd/poollint/internal/fingerprint"
	"github.com/poollint/poollint/cmd/poollint/internal/plan"
)

// Added returns the sorted findings that were not there at rev: those with a changed line, and
// those whose fingerprint is absent there. For the latter the packages concerned are checked
// as they were at rev, in a temporary folder. If that fails, what is certain comes back.
func Added(ctx context.Context, tool check.Checker, cwd, rev string, fs []finding.Finding, src *finding.Sources) ([]finding.Finding, error) {
	if len(fs) == 0 {
		return nil, nil
	}
	root, err := git(ctx, cwd, "rev-parse", "--show-toplevel")
	if err != nil {
		return fs, fmt.Errorf("-new-from works only inside a git repository: %v", err)
	}
	root = strings.TrimSpace(root)
	commit, err := git(ctx, root, "rev-parse", "--verify", "--quiet", "--end-of-options", rev+"^{commit}")
	if err != nil {
		return fs, fmt.Errorf("-new-from: there is no revision %q here: fetch it, or see git log", rev)
	}
	commit = strings.TrimSpace(commit)
	changed, err := changedLines(ctx, root, commit)
	if err != nil {
		return fs, err
	}
	isNew := make([]bool, len(fs))
	var old []int
	for i, f := range fs {
		isNew[i] = touched(f, changed)
		if !isNew[i] {
			old = append(old, i)
		}
	}
	var failure error
	if len(old) > 0 {
		before, err := at(ctx, tool, root, commit, fs, old)
		failure = err
		for i, k := range fingerprint.Of(fs, root, src) {
			if err == nil && !before[k] {
				isNew[i] = true
			}
		}
	}
	var added []finding.Finding
	for i, f := range fs {
		if isNew[i] {
			added = append(added, f)
		}
	}
	return added, failure
}

func touched(f finding.Finding, changed map[string][]span) bool {
	hit := func(p finding.Position) bool {
		file := p.File
		if real, err := filepath.EvalSymlinks(file); err == nil {
			file = real
		}
		return slices.ContainsFunc(changed[file], func(s span) bool { return s.from <= p.Line && p.Line <= s.to })
	}
	return hit(f.Pos) || slices.ContainsFunc(f.Related, func(r finding.Related) bool { return hit(r.Pos) })
}

// A span is a range of lines, both ends included.
type span struct{ from, to int }

// changedLines returns the lines of the work tree that differ from a commit, by file. Files
// that git does not know yet have changed as a whole.
func changedLines(ctx context.Context, root, commit string) (map[string][]span, error) {
	text, err := git(ctx, root, "diff", "--unified=0", "--no-color", "--no-ext-diff", "--src-prefix=a/", "--dst-prefix=b/", "--no-renames", commit, "--", "*.go")
	if err != nil {
		return nil, fmt.Errorf("-new-from: %v", err)
	}
	files, err := diff.ParseMultiFileDiff([]byte(text))
	if err != nil {
		return nil, fmt.Errorf("-new-from: cannot parse git's diff: %v", err)
	}
	changed := map[string][]span{}
	for _, f := range files {
		name := f.NewName
		if unquoted, err := strconv.Unquote(name); err == nil {
			name = unquoted
		}
		name = filepath.Join(root, strings.TrimPrefix(name, "b/"))
		for _, h := range f.Hunks {
			if from, n := int(h.NewStartLine), int(h.NewLines); n > 0 {
				changed[name] = append(changed[name], span{from, from + n - 1})
			}
		}
	}
	unknown, err := git(ctx, root, "ls-files", "--others", "--exclude-standard", "-z", "--", "*.go")
	if err != nil {
		return nil, fmt.Errorf("-new-from: %v", err)
	}
	for name := range strings.SplitSeq(unknown, "\x00") {
		if name != "" {
			changed[filepath.Join(root, name)] = []span{{1, 1 << 30}}
		}
	}
	return changed, nil
}

// at returns the fingerprints of a commit, for the packages of some findings.
func at(ctx context.Context, tool check.Checker, root, commit string, fs []finding.Finding, of []int) (map[fingerprint.Key]bool, error) {
	tmp, err := os.MkdirTemp("", "poollint-")
	if err != nil {
		return nil, fmt.Errorf("-new-from: %v: set TMPDIR to a writable folder", err)
	}
	defer os.RemoveAll(tmp)
	if tmp, err = filepath.EvalSymlinks(tmp); err != nil {
		return nil, fmt.Errorf("-new-from: %v", err)
	}
	if err := extract(ctx, root, commit, tmp); err != nil {
		return nil, fmt.Errorf("-new-from: %v", err)
	}
	var dirs []string
	for _, i := range of {
		rel, err := filepath.Rel(root, filepath.Dir(fs[i].Pos.File))
		if err != nil || !filepath.IsLocal(rel) {
			continue
		}
		dir := filepath.Join(tmp, rel)
		// A package may be younger than the commit.
		if goFiles, _ := filepath.Glob(filepath.Join(dir, "*.go")); len(goFiles) > 0 && !slices.Contains(dirs, dir) {
			dirs = append(dirs, dir)
		}
	}
	runs, errs := plan.Arguments(tmp, dirs)
	if len(errs) > 0 {
		return nil, fmt.Errorf("-new-from: cannot check %s: %v", commit[:12], errs[0])
	}
	var before []finding.Finding
	for _, run := range runs {
		res := tool.Check(ctx, run)
		if len(res.Failures) > 0 {
			return nil, fmt.Errorf("-new-from: %s could not be checked, so only findings on changed lines are reported: %v", commit[:12], res.Failures[0])
		}
		before = append(before, res.Findings...)
	}
	before = finding.Sort(before)
	keys := map[fingerprint.Key]bool{}
	for _, k := range fingerprint.Of(before, tmp, &finding.Sources{}) {
		keys[k] = true
	}
	return keys, nil
}

// extract unpacks a commit without touching the repository: no worktree is left behind.
func extract(ctx context.Context, root, commit, into string) error {
	index := filepath.Join(into, ".git-index")
	for _, args := range [][]string{
		{"read-tree", commit},
		{"checkout-index", "--all", "--prefix=" + into + string(filepath.Separator)},
	} {
		cmd := exec.CommandContext(ctx, "git", args...)
		cmd.Dir = root
		cmd.Env = append(cmd.Environ(), "GIT_INDEX_FILE="+index)
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("git %s: %v: %s", args[0], err, bytes.TrimSpace(out))
		}
	}
	return nil
}

func git(ctx context.Context, dir string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "git", append([]string{"-c", "core.quotePath=false"}, args...)...)
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		if msg := strings.TrimSpace(stderr.String()); msg != "" {
			return "", fmt.Errorf("%s", msg)
		}
		return "", err
	}
	return string(out), nil
}
