package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/poollint/poollint/cmd/poollint/internal/finding"
)

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

type jsonPlace struct {
	File      string `json:"file"`
	Line      int    `json:"line"`
	Column    int    `json:"column"`
	EndLine   int    `json:"endLine"`
	EndColumn int    `json:"endColumn"`
}

type jsonRelated struct {
	jsonPlace
	Message string `json:"message"`
}

type jsonReason struct {
	For        bool   `json:"for"`
	Text       string `json:"text"`
	*jsonPlace        // nil: nowhere in particular
}

type jsonEdit struct {
	File  string `json:"file"`
	Start int    `json:"start"` // byte offsets
	End   int    `json:"end"`
	New   string `json:"new"`
}

type jsonFix struct {
	Message string     `json:"message"`
	Edits   []jsonEdit `json:"edits"`
}

// jsonEvidence is what a running program says of a finding.
type jsonEvidence struct {
	Goroutines int        `json:"goroutines"`
	Leaked     int        `json:"leaked"`
	Minutes    int        `json:"minutes,omitempty"` // that the oldest has waited, if known
	Grown      *int       `json:"grown,omitempty"`   // of several profiles: how many more in the last than in the first
	Places     []jsonWait `json:"places,omitempty"`  // where they wait
	Seen       []string   `json:"seen,omitempty"`    // by an audit
}

// jsonWait is a place where goroutines wait.
type jsonWait struct {
	jsonPlace
	Goroutines int `json:"goroutines"`
}

func (r *Report) evidence(e *finding.Evidence) *jsonEvidence {
	if e == nil {
		return nil
	}
	out := &jsonEvidence{Goroutines: e.Goroutines, Leaked: e.Leaked, Minutes: int(e.Oldest.Minutes()), Seen: e.Seen}
	for _, p := range e.Places {
		out.Places = append(out.Places, jsonWait{r.place(p.Pos, p.Pos), p.Goroutines})
	}
	if e.Series {
		out.Grown = &e.Grown
	}
	return out
}

type jsonFinding struct {
	Rule string `json:"rule"`
	jsonPlace
	Message     string        `json:"message"`
	Confirmed   *jsonEvidence `json:"confirmed,omitempty"`
	URL         string        `json:"url"`
	Package     string        `json:"package"`
	Fingerprint string        `json:"fingerprint"`
	Related     []jsonRelated `json:"related,omitempty"`
	Reasons     []jsonReason  `json:"reasons,omitempty"`
	Fixes       []jsonFix     `json:"fixes,omitempty"`
}

func (r *Report) place(from, to finding.Position) jsonPlace {
	return jsonPlace{r.short(from.File), from.Line, from.Column, to.Line, to.Column}
}

// json writes an array of findings, empty if there are none.
func (r *Report) json(w io.Writer) error {
	keys := r.keys()
	out := make([]jsonFinding, len(r.Findings))
	for i, f := range r.Findings {
		out[i] = jsonFinding{
			Rule: f.Rule, jsonPlace: r.place(f.Pos, f.End), Message: f.Message, Confirmed: r.evidence(f.Evidence),
			URL: pageURL(f.Rule), Package: f.Package, Fingerprint: keys[i].String(),
		}
		for _, rel := range f.Related {
			out[i].Related = append(out[i].Related, jsonRelated{r.place(rel.Pos, rel.End), rel.Message})
		}
		for _, why := range f.Reasons {
			reason := jsonReason{For: why.For, Text: why.Text}
			if why.Pos.Line > 0 {
				at := r.place(why.Pos, why.Pos)
				reason.jsonPlace = &at
			}
			out[i].Reasons = append(out[i].Reasons, reason)
		}
		for _, fix := range f.Fixes {
			jf := jsonFix{Message: fix.Message}
			for _, e := range fix.Edits {
				jf.Edits = append(jf.Edits, jsonEdit{r.short(e.File), e.Start, e.End, e.New})
			}
			out[i].Fixes = append(out[i].Fixes, jf)
		}
	}
	return writeJSON(w, out)
}

func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// github writes workflow commands, which GitHub Actions shows as annotations of a change.
func (r *Report) github(w io.Writer) error {
	for _, f := range r.Findings {
		msg := f.Message
		for _, rel := range related(&f) {
			msg += fmt.Sprintf("\n%s:%d: %s", r.rooted(rel.Pos.File), rel.Pos.Line, rel.Message)
		}
		_, err := fmt.Fprintf(w, "::warning file=%s,line=%d,col=%d,endLine=%d,endColumn=%d,title=%s::%s\n",
			property(r.rooted(f.Pos.File)), f.Pos.Line, f.Pos.Column, f.End.Line, f.End.Column,
			property("poollint "+f.Rule), data(msg))
		if err != nil {
			return err
		}
	}
	return nil
}

var dataEscapes = []string{"%", "%25", "\r", "%0D", "\n", "%0A"}

func data(s string) string { return strings.NewReplacer(dataEscapes...).Replace(s) }

func property(s string) string {
	return strings.NewReplacer(append(dataEscapes, ":", "%3A", ",", "%2C")...).Replace(s)
}

// checkstyle writes the XML that Jenkins, reviewdog and many editors read.
func (r *Report) checkstyle(w io.Writer) error {
	type checkError struct {
		Line     int    `xml:"line,attr"`
		Column   int    `xml:"column,attr"`
		Severity string `xml:"severity,attr"`
		Message  string `xml:"message,attr"`
		Source   string `xml:"source,attr"`
	}
	type file struct {
		Name   string       `xml:"name,attr"`
		Errors []checkError `xml:"error"`
	}
	var out struct {
		XMLName xml.Name `xml:"checkstyle"`
		Version string   `xml:"version,attr"`
		Files   []*file  `xml:"file"`
	}
	out.Version = "5.0"
	for _, f := range r.Findings {
		name := r.short(f.Pos.File)
		if n := len(out.Files); n == 0 || out.Files[n-1].Name != name {
			out.Files = append(out.Files, &file{Name: name})
		}
		last := out.Files[len(out.Files)-1]
		last.Errors = append(last.Errors, checkError{f.Pos.Line, f.Pos.Column, "warning", f.Message + confirmation(&f), "poollint." + f.Rule})
	}
	b, err := xml.MarshalIndent(out, "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s%s\n", xml.Header, b)
	return err
}

// gitlab writes GitLab's code quality report.
func (r *Report) gitlab(w io.Writer) error {
	type lines struct {
		Begin int `json:"begin"`
		End   int `json:"end"`
	}
	type location struct {
		Path  string `json:"path"`
		Lines lines  `json:"lines"`
	}
	type issue struct {
		Description string   `json:"description"`
		CheckName   string   `json:"check_name"`
		Fingerprint string   `json:"fingerprint"`
		Severity    string   `json:"severity"`
		Location    location `json:"location"`
	}
	keys := r.keys()
	out := make([]issue, len(r.Findings))
	for i, f := range r.Findings {
		out[i] = issue{f.Message + confirmation(&f), f.Rule, keys[i].String(), "major",
			location{r.rooted(f.Pos.File), lines{f.Pos.Line, f.End.Line}}}
	}
	return writeJSON(w, out)
}

// text writes file:line:col: message, which every editor's parser knows; related lines start
// with a tab, which some append to the message above. On a terminal the source follows.
func (r *Report) text(w io.Writer) error {
	var b bytes.Buffer
	for _, f := range r.Findings {
		fmt.Fprintf(&b, "%s: %s\n", r.bold(r.where(f.Pos)), r.message(&f))
		if r.Terminal {
			r.excerpt(&b, f.Pos, f.End)
		}
		for _, rel := range related(&f) {
			fmt.Fprintf(&b, "\t%s: %s\n", r.where(rel.Pos), rel.Message)
		}
	}
	_, err := w.Write(b.Bytes())
	return err
}

// confirmation is what confirms a finding, for a format that has no room beside it.
func confirmation(f *finding.Finding) string {
	if f.Evidence == nil || f.Evidence.Alone {
		return ""
	}
	return "; " + f.Evidence.String()
}

// related is what is shown beside a finding: first what confirms it, unless the finding says just that.
func related(f *finding.Finding) []finding.Related {
	if f.Evidence == nil || f.Evidence.Alone {
		return f.Related
	}
	return append(f.Evidence.Related(f), f.Related...)
}

func (r *Report) where(p finding.Position) string {
	return fmt.Sprintf("%s:%d:%d", r.short(p.File), p.Line, p.Column)
}
