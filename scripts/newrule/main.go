// Newrule creates the folder of a new rule, with its page, code and first testdata, and its line in the table.
//
//	go run ./scripts/newrule NAME
//
// What it writes passes the tests of the rules. The page has a section for each question that readers have, and
// the test of its examples fails until the rule reports the wrong one.
package main

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"go/format"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"text/template"

	"github.com/poollint/poollint/analyzer"
)

//go:embed template
var files embed.FS

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "newrule:", err)
		os.Exit(2)
	}
}

// word is what an id may be: the name of a package, and a word for -checks.
var word = regexp.MustCompile(`^[a-z]{3,12}$`)

const table = "analyzer/rules.go"

func run(args []string) error {
	if len(args) != 1 || !word.MatchString(args[0]) {
		return errors.New("name the rule: one word of 3 to 12 lower-case letters, such as go run ./scripts/newrule leaky")
	}
	id := args[0]
	for _, r := range analyzer.Rules() {
		if r.ID == id {
			return fmt.Errorf("there is a rule %s already: %s", id, r.Title)
		}
	}
	if id == "all" {
		return errors.New("all is what -checks calls every rule; choose another name")
	}
	before, err := os.ReadFile(table)
	if err != nil {
		return fmt.Errorf("run this in the root of the project: %w", err)
	}
	after, err := register(string(before), id)
	if err != nil {
		return err
	}
	dir := filepath.Join("analyzer", "rules", id)
	if _, err := os.Stat(dir); err == nil {
		return fmt.Errorf("%s is there already; remove it, or choose another name", dir)
	}
	for from, to := range map[string]string{
		"rule.go.tmpl": id + ".go", "page.md.tmpl": id + ".md", "testdata.go.tmpl": filepath.Join("testdata", id+".go"),
	} {
		if err := write(filepath.Join(dir, to), from, id); err != nil {
			return err
		}
	}
	if err := os.WriteFile(table, after, 0o666); err != nil {
		return fmt.Errorf("adding the rule to the table: %w", err)
	}
	fmt.Printf("created %s and added its line to %s; next:\n"+
		"\tgo test ./analyzer -run TestRules -only %s\n"+
		"\tgo test ./cmd/poollint/internal/docs -update   # the README's table\n", dir, table, id)
	return nil
}

// register adds a rule to the source of the table, before the last one, which judges directives.
func register(source, id string) ([]byte, error) {
	const last = "\t\t&directive.Rule,\n"
	const imports = "import (\n"
	if !strings.Contains(source, last) || !strings.Contains(source, imports) {
		return nil, fmt.Errorf("%s does not look as this script expects; add the rule there by hand", table)
	}
	source = strings.Replace(source, last, "\t\t&"+id+".Rule,\n"+last, 1)
	own := "\t\"github.com/poollint/poollint/analyzer/rules/"
	source = strings.Replace(source, own, own+id+"\"\n"+own, 1)
	text, err := format.Source([]byte(source)) // sorts the imports
	if err != nil {
		return nil, fmt.Errorf("adding the rule to %s: %w", table, err)
	}
	return text, nil
}

// write makes one file from its template.
func write(path, from, id string) error {
	text, err := fs.ReadFile(files, "template/"+from)
	if err != nil {
		return err
	}
	t, err := template.New(from).Parse(string(text))
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := t.Execute(&b, id); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	return os.WriteFile(path, b.Bytes(), 0o666)
}
