package govet

import (
	"bufio"
	"encoding/json"
	"io"
	"path/filepath"
	"strings"

	"github.com/poollint/poollint/cmd/poollint/internal/check"
	"github.com/poollint/poollint/cmd/poollint/internal/finding"
	"github.com/poollint/poollint/cmd/poollint/internal/gocmd"
	"github.com/poollint/poollint/cmd/poollint/internal/plan"
)

// The JSON of go vet, one object per package: package ID, then analyzer, then either the
// diagnostics or an error.
type (
	tree map[string]map[string]json.RawMessage

	diagnostic struct {
		Category string  `json:"category"`
		Posn     string  `json:"posn"`
		End      string  `json:"end"`
		Message  string  `json:"message"`
		Related  []posed `json:"related"`
		Fixes    []fix   `json:"suggested_fixes"`
	}
	posed struct {
		Posn    string `json:"posn"`
		End     string `json:"end"`
		Message string `json:"message"`
	}
	fix struct {
		Message string `json:"message"`
		Edits   []struct {
			Filename   string `json:"filename"`
			Start, End int
			New        string
		} `json:"edits"`
	}
)

// split separates a stream of go vet into its JSON objects, each of which starts and ends at
// the beginning of a line, and the lines of text around them. (From Go 1.26 the two come on
// standard output and standard error; before, mixed on standard error.)
func split(r io.Reader, object func([]byte), text func(string)) error {
	in := bufio.NewReader(r)
	var obj []byte
	for {
		line, err := in.ReadString('\n')
		switch trimmed := strings.TrimRight(line, "\r\n"); {
		case len(obj) > 0:
			obj = append(obj, line...)
			if trimmed == "}" {
				object(obj)
				obj = nil
			}
		case trimmed == "{}":
			object([]byte(trimmed))
		case trimmed == "{":
			obj = append(obj, line...)
		case trimmed != "":
			text(trimmed)
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// decode adds the findings and failures of one object.
func decode(res *check.Result, data []byte, run plan.Run, over gocmd.Overlay) {
	var t tree
	if err := json.Unmarshal(data, &t); err != nil {
		res.Fail("cannot parse the go command's output (%v); please report this", err)
		return
	}
	for id, byAnalyzer := range t {
		pkg, _, _ := strings.Cut(id, " [")
		for _, raw := range byAnalyzer {
			var failed struct{ Error string }
			if json.Unmarshal(raw, &failed) == nil && failed.Error != "" {
				res.Fail("%s was not checked: %s", pkg, failed.Error)
				continue
			}
			var ds []diagnostic
			if err := json.Unmarshal(raw, &ds); err != nil {
				res.Fail("the go command's answer for %s was not understood (%v); please report this", pkg, err)
				continue
			}
			for _, d := range ds {
				f, err := d.finding(pkg, run.Dir)
				if err != nil {
					res.Fail("%s: %v", pkg, err)
					continue
				}
				unlay(&f, over)
				// The go command also repeats what it knows of the packages that these import.
				if run.Names(pkg, filepath.Dir(f.Pos.File)) {
					res.Findings = append(res.Findings, f)
				}
			}
		}
	}
}

func (d *diagnostic) finding(pkg, dir string) (finding.Finding, error) {
	f := finding.Finding{Rule: d.Category, Message: d.Message, Package: pkg}
	var err error
	if f.Pos, f.End, err = extent(d.Posn, d.End, dir); err != nil {
		return f, err
	}
	for _, r := range d.Related {
		pos, end, err := extent(r.Posn, r.End, dir)
		if err != nil {
			continue // related to a place that has no file, as in a dependency's export data
		}
		f.Relate(finding.Related{Pos: pos, End: end, Message: r.Message})
	}
	for _, x := range d.Fixes {
		fx := finding.Fix{Message: x.Message}
		for _, e := range x.Edits {
			fx.Edits = append(fx.Edits, finding.Edit{File: e.Filename, Start: e.Start, End: e.End, New: e.New})
		}
		f.Fixes = append(f.Fixes, fx)
	}
	return f, nil
}

// unlay names the files that the user knows, where the go command has read others for them.
func unlay(f *finding.Finding, over gocmd.Overlay) {
	if len(over) == 0 {
		return
	}
	f.Pos.File, f.End.File = over.Original(f.Pos.File), over.Original(f.End.File)
	for i := range f.Related {
		r := &f.Related[i]
		r.Pos.File, r.End.File = over.Original(r.Pos.File), over.Original(r.End.File)
	}
	for i := range f.Reasons {
		f.Reasons[i].Pos.File = over.Original(f.Reasons[i].Pos.File)
	}
	for _, x := range f.Fixes {
		for i := range x.Edits {
			x.Edits[i].File = over.Original(x.Edits[i].File)
		}
	}
}

func extent(posn, end, dir string) (from, to finding.Position, err error) {
	if from, err = finding.ParsePosition(posn, dir); err != nil {
		return
	}
	if to, err = finding.ParsePosition(end, dir); err != nil || to.File != from.File {
		return from, from, nil
	}
	return from, to, nil
}
