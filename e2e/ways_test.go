package e2e

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Both ways to run the analyzer say the same, to the byte: in this process, and through go vet.
func TestWays(t *testing.T) {
	body := crawl[len("\npackage crawl\n"):]
	tests := []struct {
		name, archive string
		env           []string
		args          []string
		finds         string // so that the test says something
	}{
		{name: "tests", finds: "crawl/crawl_test.go:", archive: `
-- crawl/crawl.go --` + crawl + `
-- crawl/main_test.go --
package crawl

import (
	"os"
	"testing"
)

func TestMain(m *testing.M) { os.Exit(m.Run()) }

// Own is what the package's own tests add for the others.
func Own(n int) chan error { return make(chan error) }

type Added struct{}

func (Added) Handle() {}
-- crawl/crawl_test.go --
package crawl_test

import (
	"sync"
	"testing"

	"example.com/ways/crawl"
	"example.com/ways/helper"
)

type handler interface{ Handle() }

var _ handler = crawl.Added{}

func TestHandle(t *testing.T) {
	var wg sync.WaitGroup
	n := 0
	wg.Go(func() { helper.Help(); n++ })
	if n > 0 || crawl.Own(1) == nil {
		t.Fatal(n)
	}
}
-- helper/helper.go --
package helper

import "example.com/ways/crawl"

func Help() { crawl.Handle(nil) }
-- only/only_test.go --
package only

import (
	"sync"
	"testing"
)

func TestOnly(t *testing.T) {
	var wg sync.WaitGroup
	n := 0
	wg.Go(func() { n++ })
	t.Log(n)
}
`},
		{name: "cgo", finds: "crawl/crawl.go:13:3", archive: "-- crawl/crawl.go --" + crawl + `
-- crawl/c.go --
package crawl

// int one(void) { return 1; }
import "C"

var One = C.one()

func All(urls []string) {
	for _, url := range urls {
		go fetch(url)
	}
}
-- crawl/c_test.go --
package crawl

import "testing"

func TestOne(t *testing.T) {
	if One != 1 {
		t.Fatal(One)
	}
}
`},
		{name: "tags", args: []string{"-tags=odd"}, finds: "crawl/crawl.go:15:3", archive: "-- crawl/crawl.go --\n//go:build odd\n" + crawl},
		{name: "GOFLAGS", env: []string{"GOFLAGS=-tags=odd"}, finds: "crawl/crawl.go:15:3", archive: "-- crawl/crawl.go --\n//go:build odd\n" + crawl},
		{name: "GOOS", env: []string{"GOOS=windows", "GOARCH=386", "CGO_ENABLED=0"}, finds: "crawl/crawl_windows.go:13:3", archive: "-- crawl/crawl_windows.go --" + crawl},
		{name: "vendor", finds: "main.go:", archive: `
-- main.go --
package main

import (
	"encoding/json"
	"net/http"

	"example.com/lib"
)

func main() { http.HandleFunc("/", handle) }

func handle(w http.ResponseWriter, r *http.Request) {
	var urls []string
	_ = json.NewDecoder(r.Body).Decode(&urls)
	for _, url := range urls {
		lib.Start(func() { http.Get(url) })
	}
}
-- vendor/modules.txt --
# example.com/lib v1.0.0
## explicit
example.com/lib
-- vendor/example.com/lib/lib.go --
package lib

func Start(f func()) { go f() }
`},
		{name: "replaced", finds: "main.go:", archive: `
-- main.go --
package main

import (
	"encoding/json"
	"net/http"

	"example.com/lib"
)

func main() { http.HandleFunc("/", handle) }

func handle(w http.ResponseWriter, r *http.Request) {
	var urls []string
	_ = json.NewDecoder(r.Body).Decode(&urls)
	for _, url := range urls {
		lib.Start(func() { http.Get(url) })
	}
}
-- lib/go.mod --
module example.com/lib

go 1.26
-- lib/lib.go --
package lib

func Start(f func()) { go f() }
` + "-- lib/crawl/crawl.go --" + crawl},
		{name: "workspace", finds: "b/crawl.go:13:3", args: []string{"./a/...", "./b/..."}, archive: `
-- go.work --
go 1.26

use (
	.
	./a
	./b
)
-- a/go.mod --
module example.com/a

go 1.26
-- a/a.go --
package a

import "example.com/b"

func init() { b.Handle(nil) }
-- b/go.mod --
module example.com/b

go 1.26
-- b/crawl.go --
package b
` + body},
		{name: "overlay", env: []string{"GOFLAGS=-overlay=overlay.json"}, finds: "crawl/crawl.go:13:3", archive: "-- crawl/crawl.go --\npackage crawl\n-- crawl.txt --" + crawl +
			"-- overlay.json --\n{\"Replace\": {\"crawl/crawl.go\": \"crawl.txt\", \"crawl/gone.go\": \"\"}}\n-- crawl/gone.go --\nthis is no Go\n"},
		{name: "files", finds: "crawl/crawl.go:13:3", args: []string{"crawl/crawl.go"}, archive: "-- crawl/crawl.go --" + crawl + "-- calm/calm.go --" + calm},
		{name: "line directives", finds: "crawl/crawl.tmpl:12:1", archive: "-- crawl/crawl.go --" + strings.Replace(crawl, "// Handle fetches", "//line crawl.tmpl:7\n// Handle fetches", 1)},
		{name: "main with tests", finds: "main.go:14:3", archive: "-- main.go --" + strings.Replace(strings.Replace(crawl, "package crawl", "package main", 1), "// Handle fetches", "func main() {}\n\n// Handle fetches", 1) +
			"-- main_test.go --\npackage main\n\nvar _ = Handle\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			mod := "-- go.mod --\nmodule example.com/ways\n\ngo 1.26\n"
			switch test.name {
			case "vendor":
				mod += "\nrequire example.com/lib v1.0.0\n"
			case "replaced":
				mod += "\nrequire example.com/lib v1.0.0\n\nreplace example.com/lib => ./lib\n"
			}
			p := project(t, mod+test.archive).with(test.env...)
			args := test.args
			if len(args) == 0 || strings.HasPrefix(args[len(args)-1], "-") {
				args = append(args, "./...")
			}
			same(t, p, test.finds, args...)
		})
	}
}

// same runs poollint both ways, and what it knows of places as well.
func same(t *testing.T, p *runner, finds string, args ...string) {
	t.Helper()
	for range 2 { // then from the caches
		ours := p.run(poollint, append([]string{"-strict", "-f=json", "-report=ours.html"}, args...)...)
		vets := p.run(poollint, append([]string{"-through=vet", "-strict", "-f=json", "-report=vets.html"}, args...)...)
		if ours != vets {
			t.Errorf("the driver says %v\nthrough go vet %v", ours, vets)
		}
		// What a message calls a file in an overlay is, through go vet, the one that is read for it.
		if p.read("ours.html") != p.read("vets.html") && !strings.Contains(strings.Join(p.env, " "), "-overlay") {
			t.Error("the reports differ")
		}
		file, place, _ := strings.Cut(finds, ":")
		contains(t, "stdout", ours.stdout, `"file": "`+file+`"`)
		if line, _, _ := strings.Cut(place, ":"); line != "" {
			contains(t, "stdout", ours.stdout, `"line": `+line+",")
		}
	}
}

// The same over the test data, which has every rule and several libraries.
func TestHeavyWaysOverTestdata(t *testing.T) {
	heavy(t)
	p := project(t, "")
	libraries(t, p)
	folders, err := filepath.Glob("../analyzer/rules/*/testdata")
	if err != nil || len(folders) == 0 {
		t.Fatal("there is no testdata: ", err)
	}
	// In folders that ./... does not pass over.
	for _, from := range append(folders, "../analyzer/testdata") {
		to := strings.ReplaceAll(strings.TrimPrefix(from, "../"), "testdata", "cases")
		if err := os.CopyFS(filepath.Join(p.dir, to), os.DirFS(from)); err != nil {
			t.Fatal(err)
		}
	}
	imports := regexp.MustCompile(`"poollint\.test/[^"]*"`)
	err = filepath.WalkDir(p.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".go" {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(path, imports.ReplaceAllFunc(data, func(path []byte) []byte {
			return bytes.ReplaceAll(path, []byte("testdata"), []byte("cases"))
		}), 0o666)
	})
	if err != nil {
		t.Fatal(err)
	}
	same(t, p, "analyzer/rules/unbounded/cases/elements.go", "./...")
}
