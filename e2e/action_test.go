package e2e

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// An action is as much of action.yml as GitHub reads.
type action struct {
	Name, Description string
	Inputs            map[string]struct {
		Description string
		Default     *string
	}
	Runs struct {
		Using string
		Steps []struct {
			ID, Uses, Shell, Run string
			Dir                  string `yaml:"working-directory"`
			Env                  map[string]string
			With                 map[string]string
		}
	}
}

func readAction(t *testing.T) action {
	t.Helper()
	data, err := os.ReadFile("../action.yml")
	if err != nil {
		t.Fatal(err)
	}
	var a action
	if err := yaml.Unmarshal(data, &a); err != nil {
		t.Fatal(err)
	}
	return a
}

var expression = regexp.MustCompile(`\$\{\{ ([\w.-]+) \}\}`)

// Each expression is of something that there is, each input is used, and no step takes one into its script,
// where what it says would be run.
func TestAction(t *testing.T) {
	t.Parallel()
	a := readAction(t)
	if a.Runs.Using != "composite" || a.Name == "" || a.Description == "" {
		t.Errorf("no composite action: %+v", a)
	}
	used := map[string]bool{}
	steps := map[string]bool{}
	for _, s := range a.Runs.Steps {
		if strings.Contains(s.Run, "${{") {
			t.Errorf("a script with an expression in it: %s", s.Run)
		}
		if s.Run != "" && s.Shell != "bash" || (s.Run == "") == (s.Uses == "") {
			t.Errorf("GitHub refuses this step: %+v", s)
		}
		if s.Uses != "" && !regexp.MustCompile(`^actions/[\w-]+@v\d+$`).MatchString(s.Uses) {
			t.Errorf("an action of somebody else, or of no version: %s", s.Uses)
		}
		for _, text := range slices.Concat([]string{s.Dir}, slices.Collect(maps.Values(s.Env)), slices.Collect(maps.Values(s.With))) {
			found := expression.FindAllStringSubmatch(text, -1)
			if len(found) != strings.Count(text, "${{") {
				t.Errorf("an expression that is not understood: %s", text)
			}
			for _, m := range found {
				first, rest, _ := strings.Cut(m[1], ".")
				name, _, _ := strings.Cut(rest, ".")
				_, is := a.Inputs[name]
				switch {
				case first == "inputs" && is:
					used[name] = true
				case first == "steps" && steps[name]:
				case first == "runner" || first == "github":
				default:
					t.Errorf("there is no %s", m[1])
				}
			}
		}
		if s.ID != "" {
			steps[s.ID] = true
		}
	}
	for name, in := range a.Inputs {
		if in.Description == "" || in.Default == nil || !used[name] {
			t.Errorf("the input %s is used: %v; %+v", name, used[name], in)
		}
	}
}

// A job is a run of the action on some machine of GitHub's.
type job struct {
	*runner
	temp string
}

func newJob(t *testing.T, archive string) *job { return &job{project(t, archive), t.TempDir()} }

// act runs the scripts of the action as GitHub does, until one fails.
func (j *job) act(inputs map[string]string) result {
	j.t.Helper()
	a := readAction(j.t)
	output := filepath.Join(j.temp, "output")
	values := map[string]string{"runner.temp": j.temp}
	for name, in := range a.Inputs {
		values["inputs."+name] = *in.Default
	}
	for name, value := range inputs {
		if _, ok := a.Inputs[name]; !ok {
			j.t.Fatalf("the action has no input %s", name)
		}
		values["inputs."+name] = value
	}
	fill := func(s string) string {
		return expression.ReplaceAllStringFunc(s, func(e string) string { return values[expression.FindStringSubmatch(e)[1]] })
	}
	var all result
	for _, s := range a.Runs.Steps {
		if s.Run == "" {
			continue
		}
		j.write(output, "")
		at := j.with("RUNNER_TEMP="+j.temp, "GITHUB_WORKSPACE="+j.dir, "GITHUB_OUTPUT="+output, "GITHUB_ACTION_PATH="+filepath.Dir(here(j.t)))
		for name, value := range s.Env {
			at = at.with(name + "=" + fill(value))
		}
		res := at.in(fill(s.Dir)).run("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", s.Run)
		all = result{all.stdout + res.stdout, all.stderr + res.stderr, res.code}
		if res.code != 0 {
			return all
		}
		for line := range strings.Lines(j.read(output)) {
			name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
			values["steps."+s.ID+".outputs."+name] = value
		}
	}
	return all
}

func (j *job) write(path, content string) {
	j.t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
		j.t.Fatal(err)
	}
}

func (j *job) read(path string) string {
	j.t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		j.t.Fatal(err)
	}
	return string(data)
}

// The action's scripts do what its inputs say.
func TestActionRuns(t *testing.T) {
	t.Parallel()
	need(t, "bash")
	j := newJob(t, simple)
	res := j.act(nil)
	if res.code != 1 {
		t.Fatalf("want exit code 1, got %v", res)
	}
	contains(t, "stdout", res.stdout, "::warning file=crawl/crawl.go,line=13,")
	if _, err := os.Stat(filepath.Join(j.temp, "poollint", "cache")); err != nil {
		t.Errorf("the cache is not where the action keeps it: %v", err)
	}

	for name, test := range map[string]struct {
		inputs map[string]string
		code   int
		stdout string // "": nothing
	}{
		"one package":      {map[string]string{"packages": "./calm"}, 0, ""},
		"flags":            {map[string]string{"flags": "-checks=unawaited -strict"}, 0, ""},
		"missing baseline": {map[string]string{"baseline": "none.json"}, 2, ""},
		"a folder":         {map[string]string{"working-directory": "crawl"}, 1, "::error::there is no go.mod in crawl"},
		"wrong flag":       {map[string]string{"flags": "-strcit"}, 2, ""},
	} {
		res := j.act(test.inputs)
		if res.code != test.code || !strings.HasPrefix(res.stdout, test.stdout) || test.stdout == "" && res.stdout != "" {
			t.Errorf("%s: want exit code %d and %q, got %v", name, test.code, test.stdout, res)
		}
	}
	if _, err := os.Stat(filepath.Join(j.dir, "none.json")); err == nil {
		t.Error("a baseline was written, and the job passed for it")
	}

	// SARIF is written where it can be uploaded from, and fails only where something could not be checked.
	sarif := filepath.Join(j.dir, "found.sarif")
	if res := j.act(map[string]string{"sarif": "found.sarif"}); res.code != 0 {
		t.Errorf("with SARIF: %v", res)
	}
	contains(t, "the SARIF", j.read(sarif), `"ruleId": "unbounded"`)
	j.runner.write("broken/broken.go", "package broken\n\nvar X = undefined\n")
	if res := j.act(map[string]string{"sarif": "found.sarif"}); res.code != 2 {
		t.Errorf("the job passes though a package was not checked: %v", res)
	}
}

// steps are those of a workflow's only job.
func steps(t *testing.T, workflow string) []step {
	t.Helper()
	var w struct {
		Jobs map[string]struct{ Steps []step }
	}
	if err := yaml.Unmarshal([]byte(workflow), &w); err != nil {
		t.Fatal(err)
	}
	return w.Jobs["poollint"].Steps
}

type step struct {
	Uses string
	With map[string]string
}

// The README's workflows run the action with inputs that it has, in the version of this release.
func TestReadmeActions(t *testing.T) {
	t.Parallel()
	need(t, "bash")
	j := newJob(t, simple)
	j.must("git", "init", "-q")
	j.lint(0, "-init")
	annotate, scan := steps(t, snippet(t, "actions"))[1], steps(t, snippet(t, "code-scanning"))[1:]
	for _, s := range []step{annotate, scan[0]} {
		if !strings.HasPrefix(s.Uses, "poollint/poollint@v") {
			t.Errorf("the README's workflow uses %s", s.Uses)
		}
	}
	if res := j.act(annotate.With); res.code != 0 {
		t.Errorf("with the baseline: %v", res)
	}
	if res := j.act(scan[0].With); res.code != 0 {
		t.Errorf("for code scanning: %v", res)
	}
	contains(t, "what is uploaded", j.runner.read(scan[1].With["sarif_file"]), `"ruleId": "unbounded"`)
}

// What -init writes runs the action with inputs that it has.
func TestActionAfterInit(t *testing.T) {
	t.Parallel()
	need(t, "bash")
	j := newJob(t, `
-- services/api/go.mod --
module example.com/api

go 1.26
-- services/api/crawl/crawl.go --`+crawl)
	j.must("git", "init", "-q")
	j.in("services/api").lint(0, "-init")
	all := steps(t, j.runner.read(".github/workflows/poollint.yml"))
	with := all[len(all)-1].With
	if res := j.act(with); res.code != 0 {
		t.Errorf("right after -init: %v", res)
	}
	j.runner.write("services/api/more/crawl.go", crawl)
	res := j.act(with)
	if res.code != 1 {
		t.Errorf("want exit code 1, got %v", res)
	}
	contains(t, "stdout", res.stdout, "::warning file=services/api/more/crawl.go,")
}

// The hooks of pre-commit run poollint's own driver, on what pre-commit gives them.
func TestHooks(t *testing.T) {
	t.Parallel()
	var hooks []struct {
		ID, Entry     string
		PassFilenames *bool `yaml:"pass_filenames"`
	}
	if err := yaml.Unmarshal([]byte(page(t, ".pre-commit-hooks.yaml")), &hooks); err != nil {
		t.Fatal(err)
	}
	for _, hook := range hooks {
		cache := t.TempDir()
		words := strings.Fields(hook.Entry)
		if hook.PassFilenames == nil || *hook.PassFilenames {
			words = append(words, "crawl/crawl.go", "calm/calm.go")
		}
		res := project(t, simple).with("POOLLINT_CACHE="+cache).lint(1, words[1:]...)
		contains(t, hook.ID, res.stdout, finding)
		if words[0] != "poollint" || len(files(t, cache)) == 0 {
			t.Errorf("the hook %s does not run the driver: %s", hook.ID, hook.Entry)
		}
	}
	if len(hooks) != 2 {
		t.Errorf("want two hooks, got %+v", hooks)
	}
}
