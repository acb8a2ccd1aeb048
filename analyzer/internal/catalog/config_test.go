package catalog_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/poollint/poollint/analyzer/internal/catalog"
)

const example = `[{
	"path": "example.com/x",
	"types": [{"name": "Pool", "kind": "executor", "intent": "io", "default": "unlimited", "closed": true}],
	"funcs": [
		{"name": "New", "role": "new", "bound": {"from": "arg", "arg": 1, "zero": "unlimited"}},
		{"name": "Pool.Submit", "role": "submit", "task": 1, "returns": "error"}
	],
	"fields": [{"name": "Options.Max", "role": "setbound", "bound": {"from": "value"}}]
}]`

func TestFromConfig(t *testing.T) {
	want := []catalog.Library{{
		Path: "example.com/x",
		Types: []catalog.Type{{Name: "Pool", Kind: catalog.Executor, Intent: catalog.IO,
			Default: catalog.Bound{From: catalog.Unlimited}, Closed: true}},
		Funcs: []catalog.Func{
			{Name: "New", Role: catalog.New,
				Bound: catalog.Bound{From: catalog.FromArg, Arg: catalog.First, Zero: catalog.EdgeUnlimited}},
			{Name: "Pool.Submit", Role: catalog.Submit, Task: catalog.First, Returns: catalog.ReturnsError},
		},
		Fields: []catalog.Field{{Name: "Options.Max", Role: catalog.SetBound, Bound: catalog.Bound{From: catalog.FromValue}}},
	}}
	got, err := catalog.FromConfig(decode(t, example))
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v\nwant %+v", got, err, want)
	}
}

func decode(t testing.TB, s string) (configs []catalog.LibraryConfig) {
	t.Helper()
	if err := json.Unmarshal([]byte(s), &configs); err != nil {
		t.Fatal(err)
	}
	return configs
}

func TestFromConfigErrors(t *testing.T) {
	for _, test := range []struct{ row, want string }{
		{`"funcs": [{"name": "Pool.Submit", "role": "submitt"}]`, `x: func Pool.Submit: role has no word "submitt": did you mean "submit"?`},
		{`"funcs": [{"name": "Pool.Submit", "role": "xyzzy"}]`, `role has no word "xyzzy": one of new, setbound, convert`},
		{`"funcs": [{"name": "Pool.Submit"}]`, `role is missing: one of new`},
		{`"funcs": [{"name": "Pool.Submit", "role": "Submit"}]`, `did you mean "submit"?`},
		{`"funcs": [{"role": "submit"}]`, `name is missing`},
		{`"funcs": [{"name": "*Pool.Submit", "role": "submit"}]`, `"*Pool.Submit" is not a name`},
		{`"funcs": [{"name": "Pool[T].Submit", "role": "submit"}]`, `is not a name`},
		{`"funcs": [{"name": "x.Pool.Submit", "role": "submit"}]`, `is not a name`},
		{`"funcs": [{"name": "F", "role": "submit"}, {"name": "F", "role": "map"}]`, `x: func F: given twice`},
		{`"funcs": [{"name": "F", "role": "submit", "task": -1}]`, `task is argument -1: arguments are counted from 1`},
		{`"funcs": [{"name": "F", "role": "submit", "task": 1000}]`, `task is argument 1000`},
		{`"funcs": [{"name": "F", "role": "submit", "tasks": true}]`, `tasks needs task`},
		{`"funcs": [{"name": "F", "role": "submit", "returns": "futur"}]`, `returns has no word "futur": did you mean "future"?`},
		{`"funcs": [{"name": "F", "role": "submit", "blocks": "when_full"}]`, `did you mean "whenfull"?`},
		{`"funcs": [{"name": "F", "role": "setbound"}]`, `role setbound needs a bound`},
		{`"funcs": [{"name": "F", "role": "new", "bound": {"arg": 1}}]`, `from is missing: one of unsaid, unlimited, arg`},
		{`"funcs": [{"name": "F", "role": "new", "bound": {"from": "arg"}}]`, `from arg needs arg`},
		{`"funcs": [{"name": "F", "role": "new", "bound": {"from": "fixed"}}]`, `from fixed needs fixed`},
		{`"funcs": [{"name": "F", "role": "new", "bound": {"from": "value"}}]`, `from value is for fields`},
		{`"funcs": [{"name": "F", "role": "new", "bound": {"from": "arg", "arg": 1, "zero": "unlimted"}}]`, `zero has no word "unlimted": did you mean "unlimited"?`},
		{`"types": [{"name": "T"}]`, `type T: kind is missing: one of executor, group, future, limiter`},
		{`"types": [{"name": "T.M", "kind": "group"}]`, `is not a name`},
		{`"types": [{"name": "T", "kind": "pool"}]`, `kind has no word "pool": one of executor`},
		{`"types": [{"name": "T", "kind": "group", "intent": "cpus"}]`, `did you mean "cpu"?`},
		{`"types": [{"name": "T", "kind": "group", "default": "arg"}]`, `default cannot be "arg"`},
		{`"types": [{"name": "T", "kind": "group", "default": "0"}]`, `default is 0: no bound`},
		{`"fields": [{"name": "Max", "role": "setbound"}]`, `is not a name`},
		{`"fields": [{"name": "T.Max", "role": "submit"}]`, `role of a field is setbound or nonblock`},
	} {
		_, err := catalog.FromConfig(decode(t, `[{"path": "x", `+test.row+`}]`))
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s\ngot  %v\nwant %s", test.row, err, test.want)
		}
	}
	if _, err := catalog.FromConfig([]catalog.LibraryConfig{{}}); err == nil || err.Error() != "library 1: path is missing" {
		t.Errorf("without a path: %v", err)
	}
}

// Whatever the built-in catalogue says, a configuration can say. What only its authors need is not
// part of it: reasons, versions, gates.
func TestConfigSaysAll(t *testing.T) {
	for _, lib := range catalog.Libraries() {
		config := catalog.LibraryConfig{Path: lib.Path}
		for i := range lib.Types {
			lib.Types[i].Why = ""
			config.Types = append(config.Types, typeConfig(lib.Types[i]))
		}
		var funcs []catalog.Func
		for _, f := range lib.Funcs {
			if f.If == "" && f.Unless == "" {
				f.Why = ""
				funcs = append(funcs, f)
				config.Funcs = append(config.Funcs, funcConfig(f))
			}
		}
		lib.Funcs = funcs
		for i, f := range lib.Fields {
			lib.Fields[i].Why = ""
			config.Fields = append(config.Fields, catalog.FieldConfig{Name: f.Name, Role: f.Role.String(), Bound: boundConfig(f.Bound)})
		}
		got, err := catalog.FromConfig([]catalog.LibraryConfig{config})
		if err != nil {
			t.Error(err)
			continue
		}
		same(t, lib.Path, got[0].Types, lib.Types)
		same(t, lib.Path, got[0].Funcs, lib.Funcs)
		same(t, lib.Path, got[0].Fields, lib.Fields)
	}
}

func same[Row comparable](t *testing.T, path string, got, want []Row) {
	t.Helper()
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%s:\ngot  %+v\nwant %+v", path, got[i], want[i])
		}
	}
}

func typeConfig(r catalog.Type) catalog.TypeConfig {
	byDefault := r.Default.From.String()
	if r.Default.From == catalog.FixedBound {
		data, _ := json.Marshal(r.Default.Fixed)
		byDefault = string(data)
	}
	return catalog.TypeConfig{
		Name: r.Name, Kind: r.Kind.String(), Intent: r.Intent.String(), Default: byDefault,
		Queue: r.Queue.String(), Closed: r.Closed, Waited: r.Waited, Nested: r.Nested, Lost: r.Lost, Receipt: r.Receipt,
	}
}

func funcConfig(r catalog.Func) catalog.FuncConfig {
	return catalog.FuncConfig{
		Name: r.Name, Role: r.Role.String(), Task: int(r.Task), Tasks: r.Tasks, Items: int(r.Items),
		Bound: boundConfig(r.Bound), Queue: int(r.Queue), Callback: int(r.Callback), Executor: int(r.Executor),
		Returns: r.Returns.String(), Blocks: r.Blocks.String(), Lost: r.Lost, Optional: r.Optional,
		Refuses: r.Refuses, Waits: r.Waits, Early: r.Early, Once: r.Once, Shared: r.Shared,
	}
}

func boundConfig(b catalog.Bound) catalog.BoundConfig {
	if b == (catalog.Bound{}) {
		return catalog.BoundConfig{}
	}
	return catalog.BoundConfig{
		From: b.From.String(), Arg: int(b.Arg), Times: int(b.Times), Over: int(b.Over), Fixed: b.Fixed,
		Zero: b.Zero.String(), Negative: b.Negative.String(), MinusOne: b.MinusOne.String(),
	}
}

func TestCheck(t *testing.T) {
	pkg := check(t, "example.com/x", `package x
import "sync"
type base struct{}
func (base) Release() {}
type Pool struct { base; sync.WaitGroup; Max int }
func New(n int) *Pool { return nil }
func (*Pool) Submit(task func()) error { return nil }
type Group interface { Wait() error }
`)
	for _, test := range []struct {
		lib  catalog.Library
		want string
	}{
		{funcs("New"), ""},
		{funcs("Pool.Submit"), ""},
		{funcs("base.Release"), ""},
		{funcs("Group.Wait"), ""},
		{funcs("Pool.Submitt"), "example.com/x: no func Pool.Submitt: did you mean Pool.Submit?"},
		{funcs("Submit"), "example.com/x: no func Submit"},
		{funcs("Pol.Submit"), "example.com/x: no func Pol.Submit: did you mean Pool.Submit?"},
		{funcs("Pool.Release"), "example.com/x: no func Pool.Release: it is declared as base.Release"},
		{funcs("Pool.Wait"), "example.com/x: no func Pool.Wait: it is declared in sync as WaitGroup.Wait"},
		{funcs("Pool.Max"), "example.com/x: no func Pool.Max"},
		{funcs("Zzz"), "example.com/x: no func Zzz"},
		{catalog.Library{Types: []catalog.Type{{Name: "Pool"}, {Name: "Group"}}}, ""},
		{catalog.Library{Types: []catalog.Type{{Name: "Pol"}}}, "example.com/x: no type Pol: did you mean Pool?"},
		{catalog.Library{Types: []catalog.Type{{Name: "New"}}}, "example.com/x: no type New"},
		{catalog.Library{Fields: []catalog.Field{{Name: "Pool.Max"}}}, ""},
		{catalog.Library{Fields: []catalog.Field{{Name: "Pool.max"}}}, "example.com/x: no field Pool.max: did you mean Pool.Max?"},
		{catalog.Library{Funcs: []catalog.Func{{Name: "Pool.Submit", Task: catalog.Second}}},
			"example.com/x: func Pool.Submit has 1 arguments, no argument 2"},
	} {
		test.lib.Path = "example.com/x"
		var got string
		if err := test.lib.Check(pkg); err != nil {
			got = err.Error()
		}
		if got != test.want && !(test.want != "" && strings.HasPrefix(got, test.want)) {
			t.Errorf("got  %q\nwant %q", got, test.want)
		}
	}
}

func funcs(name string) catalog.Library {
	return catalog.Library{Funcs: []catalog.Func{{Name: name}}}
}

// A configuration is translated or refused with reasons, and never panics. What is translated can
// be loaded, and says the same when it is translated again.
func FuzzFromConfig(f *testing.F) {
	pkg := check(f, "example.com/x", "package x; type Pool struct{}; func New() {}; func (Pool) Submit(func()) {}")
	f.Add([]byte(example))
	f.Add([]byte(`[{"path":"x","funcs":[{"name":"F","role":"map","task":2,"items":1,"bound":{"from":"fixed","fixed":16}}]}]`))
	f.Add([]byte(`[{"path":"x","types":[{"name":"T","kind":"grup","default":"-1"}]},{}]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var configs []catalog.LibraryConfig
		if json.Unmarshal(data, &configs) != nil {
			return
		}
		libs, err := catalog.FromConfig(configs)
		if err != nil {
			if libs != nil || err.Error() == "" {
				t.Errorf("%v with %v", libs, err)
			}
			return
		}
		catalog.Load(libs...)
		again, err := catalog.FromConfig(configs)
		if err != nil || !reflect.DeepEqual(libs, again) {
			t.Errorf("%v, then %v, %v", libs, again, err)
		}
		for i := range libs {
			_ = libs[i].Check(pkg)
		}
	})
}
