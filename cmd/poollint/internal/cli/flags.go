package cli

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/poollint/poollint/analyzer"
	"github.com/poollint/poollint/cmd/poollint/internal/driver"
	"github.com/poollint/poollint/cmd/poollint/internal/report"
	"github.com/poollint/poollint/internal/suggest"
)

// options are what a command line asks for.
type options struct {
	help, version, rules, init bool
	explain                    string
	explainSite                string

	format    string
	json      bool
	fix, diff bool
	newFrom   string
	baseline  string
	update    bool
	report    string

	tags string

	profiles string
	profile  []string // files and addresses
	remote   bool
	leaktest bool
	strict   bool

	passed  []string // flags for the analyzer
	build   []string // flags for the go command
	through string   // vet: not this program's own driver
	cache   string   // off, clean
	verbose bool
	watches bool
	args    []string
	set     int // flags
}

// analyzerFlags are those that people may set; the analyzer's others are between its parts.
var analyzerFlags = []string{"checks", "strict", "memory", "trouble"}

const usage = `poollint finds misuse of goroutines, worker pools and futures.

usage: poollint [flags] [packages | .go files]

Without packages, it checks the one in the current directory; ./... means all below it.
Exit status: 0 no findings, 1 findings, 2 usage error or something could not be checked.

what to check
  -checks list        rules to run: "unbounded,unawaited", "all", "all,-blocking"
  -strict             also report what a careful reviewer would ask about
  -memory size        memory budget for the workers of one pool, for the rule oversized (1GiB)
  -tags list          build tags
  -new-from rev       report only findings that are new since a git revision
  -baseline file      report only findings that are not in the file; written if it does not exist
  -update             with -baseline: record the current findings again

what to print
  -f format           text, json, sarif, github, checkstyle or gitlab; -json is short for -f json
  -report file.html   also write an HTML page: findings with their source, why each is reported,
                      and a diagram of the program's concurrency
  -fix                apply the first fix of each finding
  -diff               print what -fix would change

what a running program shows
  -profile list       goroutine profiles in any format, a comma-separated list of files or
                      addresses on this machine: findings that they confirm come first, with counts
  -profile-remote     let -profile contact other machines, too
  -leaktest           run the tests with the runtime's leak profile, and report what leaks

how to run
  -watch              keep running, and after each save print findings that appeared or disappeared
  -through=vet        run as a vet tool of the go command, with its cache
  -cache=off          neither read nor write the cache; -cache=clean removes it

getting started, and learning more
  -init               write .poollint.yaml, a baseline and a GitHub workflow; overwrites nothing
  -rules              list the rules
  -explain rule       what a rule reports, why, and how to fix it
  -explain-site f:l   what is known about the pools and goroutines at file:line, and what each
                      rule that looked at them concludes, and why
  -trouble            report which packages and searches were given up; with -cache=off, all of them
  -version            print the version; with -v also the cache's location and size

Under go vet -vettool, the flags -reasons and -sites are for internal use.
Project settings are in .poollint.yaml next to go.mod or go.work.
https://github.com/poollint/poollint
`

// A passedFlag is checked here, so that a mistake is one error and not one of every process
// that the go command starts, and passed on as it was written.
type passedFlag struct {
	flag.Value
	text string
}

func (p *passedFlag) Set(s string) error {
	p.text = s
	return p.Value.Set(s)
}

func (p *passedFlag) IsBoolFlag() bool {
	b, ok := p.Value.(interface{ IsBoolFlag() bool })
	return ok && b.IsBoolFlag()
}

// flags defines the flags of the command, whose help is usage.
func (o *options) flags() (*flag.FlagSet, error) {
	fs := flag.NewFlagSet("poollint", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.Usage = func() {}
	fs.BoolVar(&o.version, "version", false, "")
	fs.BoolVar(&o.rules, "rules", false, "")
	fs.BoolVar(&o.init, "init", false, "")
	fs.StringVar(&o.explain, "explain", "", "")
	fs.StringVar(&o.explainSite, "explain-site", "", "")
	fs.StringVar(&o.format, "f", "text", "")
	fs.BoolVar(&o.json, "json", false, "")
	fs.BoolVar(&o.fix, "fix", false, "")
	fs.BoolVar(&o.diff, "diff", false, "")
	fs.StringVar(&o.newFrom, "new-from", "", "")
	fs.StringVar(&o.baseline, "baseline", "", "")
	fs.BoolVar(&o.update, "update", false, "")
	fs.StringVar(&o.report, "report", "", "")
	fs.StringVar(&o.through, "through", "", "")
	fs.StringVar(&o.cache, "cache", "", "")
	fs.BoolVar(&o.verbose, "v", false, "")
	fs.BoolVar(&o.watches, "watch", false, "")
	fs.StringVar(&o.profiles, "profile", "", "")
	fs.BoolVar(&o.remote, "profile-remote", false, "")
	fs.BoolVar(&o.leaktest, "leaktest", false, "")
	fs.StringVar(&o.tags, "tags", "", "")
	a, err := analyzer.New(analyzer.Settings{})
	if err != nil {
		return nil, err
	}
	for _, name := range analyzerFlags {
		if f := a.Flags.Lookup(name); f != nil {
			fs.Var(&passedFlag{Value: f.Value}, f.Name, f.Usage)
		}
	}
	return fs, nil
}

// parse reads a command line.
func parse(args []string) (*options, error) {
	o := &options{}
	fs, err := o.flags()
	if err != nil {
		return nil, err
	}
	if err := fs.Parse(args); errors.Is(err, flag.ErrHelp) {
		o.help = true
		return o, nil
	} else if err != nil {
		return nil, flagError(fs, err)
	}
	o.args, o.set = fs.Args(), fs.NFlag()
	for _, a := range o.args {
		if strings.HasPrefix(a, "-") && a != "-" {
			return nil, fmt.Errorf("flags go before packages: put %s in front of %s", a, o.args[0])
		}
	}
	if o.json {
		o.format = "json"
	}
	if o.tags != "" {
		o.build = append(o.build, "-tags="+o.tags)
	}
	fs.Visit(func(f *flag.Flag) {
		if p, ok := f.Value.(*passedFlag); ok {
			o.passed = append(o.passed, "-"+f.Name+"="+p.text)
		}
	})
	o.strict = fs.Lookup("strict").Value.String() == "true"
	for place := range strings.SplitSeq(o.profiles, ",") {
		if place = strings.TrimSpace(place); place != "" {
			o.profile = append(o.profile, place)
		}
	}
	return o, o.check()
}

// check refuses what cannot be meant.
func (o *options) check() error {
	if formats := report.Formats(); !slices.Contains(formats, o.format) {
		return fmt.Errorf("unknown format %q; %s", o.format, suggest.Among(o.format, formats))
	}
	if modes := []string{"", "vet"}; !slices.Contains(modes, o.through) {
		return fmt.Errorf("-through must be vet, not %q", o.through)
	}
	if modes := []string{"", "off", "clean"}; !slices.Contains(modes, o.cache) {
		return fmt.Errorf("-cache must be off or clean, not %q; to move the cache, set %s", o.cache, driver.Variable)
	}
	switch {
	case o.init && (o.set > 1 || len(o.args) > 0):
		return errors.New("-init checks the whole module, with its settings: leave out packages and other flags")
	case o.cache == "clean" && len(o.args) > 0:
		return errors.New("-cache=clean removes the cache and checks nothing: leave out the packages, or use -cache=off")
	case o.watches && (o.through != "" || o.format != "text" || o.fix || o.diff || o.update || o.report != "" || o.explainSite != ""):
		return errors.New("-watch prints findings as they come and go: leave out -through, -f, -fix, -diff, -update, -report and -explain-site")
	case (len(o.profile) > 0 || o.leaktest) && (o.watches || o.fix || o.diff || o.newFrom != "" || o.explainSite != ""):
		return errors.New("-profile and -leaktest report what has been observed: leave out -watch, -fix, -diff, -new-from and -explain-site")
	case o.remote && len(o.profile) == 0:
		return errors.New("-profile-remote requires -profile")
	case o.verbose && !o.version:
		return errors.New("-v requires -version")
	case o.update && o.baseline == "":
		return errors.New("-update needs -baseline file: the file to record findings in")
	case o.diff && o.format != "text":
		return errors.New("-diff prints a patch and has no other format: leave out -f")
	case (o.fix || o.diff) && (o.newFrom != "" || o.baseline != ""):
		return errors.New("-fix and -diff fix everything they can, old or new: leave out -new-from and -baseline, or name the packages to fix")
	}
	return nil
}

var (
	undefined = regexp.MustCompile(`^flag provided but not defined: -+(.*)$`)
	invalid   = regexp.MustCompile(`^invalid (?:boolean )?value (".*") for (?:flag )?(-\w+): (.*)$`)
)

// flagError words an error of package flag as ours.
func flagError(fs *flag.FlagSet, err error) error {
	if m := invalid.FindStringSubmatch(err.Error()); m != nil {
		if m[3] == "parse error" { // package flag's word for it
			return fmt.Errorf("%s must be true or false, not %s", m[2], m[1])
		}
		return fmt.Errorf("%s: %s", m[2], m[3])
	}
	m := undefined.FindStringSubmatch(err.Error())
	if m == nil {
		return fmt.Errorf("%v; see poollint -h", err)
	}
	var names []string
	fs.VisitAll(func(f *flag.Flag) { names = append(names, f.Name) })
	if near := suggest.Nearest(m[1], names); near != "" {
		return fmt.Errorf("unknown flag -%s, did you mean -%s? see poollint -h", m[1], near)
	}
	return fmt.Errorf("unknown flag -%s; see poollint -h", m[1])
}
