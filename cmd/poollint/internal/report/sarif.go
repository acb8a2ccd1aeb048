package report

import (
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/poollint/poollint/analyzer"
	"github.com/poollint/poollint/cmd/poollint/internal/docs"
	"github.com/poollint/poollint/cmd/poollint/internal/finding"
)

// SARIF 2.1.0, as far as code scanning services read it. See
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html and, for what GitHub makes
// of it, https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name            string      `json:"name"`
		SemanticVersion string      `json:"semanticVersion,omitempty"`
		InformationURI  string      `json:"informationUri"`
		Rules           []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID                   string          `json:"id"`
		ShortDescription     sarifText       `json:"shortDescription"`
		FullDescription      sarifText       `json:"fullDescription"`
		Help                 sarifText       `json:"help"`
		HelpURI              string          `json:"helpUri"`
		DefaultConfiguration sarifConfig     `json:"defaultConfiguration"`
		Properties           sarifProperties `json:"properties"`
	}
	sarifConfig struct {
		Enabled bool   `json:"enabled"`
		Level   string `json:"level"`
	}
	sarifProperties struct {
		Tags      []string `json:"tags"`
		Precision string   `json:"precision"`
		Severity  string   `json:"problem.severity"`
	}
	sarifText struct {
		Text     string `json:"text"`
		Markdown string `json:"markdown,omitempty"`
	}
	sarifResult struct {
		RuleID              string            `json:"ruleId"`
		RuleIndex           int               `json:"ruleIndex"`
		Level               string            `json:"level"`
		Message             sarifText         `json:"message"`
		Locations           []sarifLocation   `json:"locations"`
		RelatedLocations    []sarifLocation   `json:"relatedLocations,omitempty"`
		PartialFingerprints map[string]string `json:"partialFingerprints"`
		Fixes               []sarifFix        `json:"fixes,omitempty"`
		Properties          *sarifReasons     `json:"properties,omitempty"`
	}
	// SARIF has no word for what speaks against a result: a bag of properties is for what tools have
	// beyond it, and viewers show none of it unasked.
	sarifReasons struct {
		Reasons   []sarifReason `json:"reasons,omitempty"`
		Confirmed *jsonEvidence `json:"confirmed,omitempty"`
	}
	sarifReason struct {
		For      bool           `json:"for"`
		Text     string         `json:"text"`
		Physical *sarifPhysical `json:"physicalLocation,omitempty"`
	}
	sarifLocation struct {
		ID       int           `json:"id,omitempty"`
		Physical sarifPhysical `json:"physicalLocation"`
		Message  *sarifText    `json:"message,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   sarifRegion   `json:"region"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn"`
		EndLine     int `json:"endLine"`
		EndColumn   int `json:"endColumn"`
	}
	sarifFix struct {
		Description sarifText     `json:"description"`
		Changes     []sarifChange `json:"artifactChanges"`
	}
	sarifChange struct {
		Artifact     sarifArtifact      `json:"artifactLocation"`
		Replacements []sarifReplacement `json:"replacements"`
	}
	sarifReplacement struct {
		Deleted  sarifRegion `json:"deletedRegion"`
		Inserted sarifText   `json:"insertedContent"`
	}
)

func (r *Report) sarif(w io.Writer) error {
	run := sarifRun{
		Tool: sarifTool{sarifDriver{
			Name:            "poollint",
			SemanticVersion: semantic(r.Version),
			InformationURI:  "https://github.com/poollint/poollint",
		}},
		ColumnKind: "utf16CodeUnits", // the other one allowed is not what editors count
		Results:    []sarifResult{},
	}
	index := map[string]int{}
	for i, rule := range analyzer.Rules() {
		index[rule.ID] = i
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, describe(rule))
	}
	if slices.ContainsFunc(r.Findings, func(f finding.Finding) bool { return f.Rule == finding.Profile }) {
		index[finding.Profile] = len(run.Tool.Driver.Rules)
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, describeProfile())
	}
	keys := r.keys()
	for i, f := range r.Findings {
		n, ok := index[f.Rule]
		if !ok {
			n = -1
		}
		res := sarifResult{
			RuleID: f.Rule, RuleIndex: n, Level: "warning",
			Message:             sarifText{Text: escapeLinks(f.Text())},
			Locations:           []sarifLocation{{Physical: r.physical(f.Pos, f.End)}},
			PartialFingerprints: map[string]string{"poollint/v1": keys[i].String()},
		}
		// GitHub shows only those related locations that the text links to.
		for j, rel := range related(&f) {
			id := j + 1
			res.Message.Text += fmt.Sprintf("\n[%s](%d)", escapeLinks(rel.Message), id)
			res.RelatedLocations = append(res.RelatedLocations, sarifLocation{
				ID: id, Physical: r.physical(rel.Pos, rel.End), Message: &sarifText{Text: rel.Message},
			})
		}
		for _, fix := range f.Fixes {
			res.Fixes = append(res.Fixes, r.sarifFix(fix))
		}
		res.Properties = r.sarifReasons(f.Reasons, f.Evidence)
		run.Results = append(run.Results, res)
	}
	return writeJSON(w, sarifLog{
		"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
		"2.1.0", []sarifRun{run},
	})
}

func (r *Report) sarifReasons(reasons []finding.Reason, e *finding.Evidence) *sarifReasons {
	if len(reasons) == 0 && e == nil {
		return nil
	}
	bag := &sarifReasons{Confirmed: r.evidence(e)}
	for _, why := range reasons {
		reason := sarifReason{For: why.For, Text: why.Text}
		if why.Pos.Line > 0 {
			at := r.physical(why.Pos, why.Pos)
			reason.Physical = &at
		}
		bag.Reasons = append(bag.Reasons, reason)
	}
	return bag
}

func describe(r *analyzer.Rule) sarifRule {
	level, precision := "warning", "high"
	if !r.Default {
		precision = "medium"
	}
	help := docs.Help(r)
	return sarifRule{
		ID:                   r.ID,
		ShortDescription:     sarifText{Text: sentence(r.Title)},
		FullDescription:      sarifText{Text: cut(sentence(r.Title)+" "+r.Section("Why it is bad"), 1024)},
		Help:                 sarifText{Text: docs.Explain(r), Markdown: help},
		HelpURI:              r.URL(),
		DefaultConfiguration: sarifConfig{r.Default, level},
		Properties:           sarifProperties{[]string{"concurrency", "correctness"}, precision, level},
	}
}

// describeProfile is the rule of findings that only a profile gives rise to.
func describeProfile() sarifRule {
	return sarifRule{
		ID:                   finding.Profile,
		ShortDescription:     sarifText{Text: sentence(docs.ProfileTitle)},
		FullDescription:      sarifText{Text: sentence(docs.ProfileTitle)},
		Help:                 sarifText{Text: docs.ProfileHelp},
		HelpURI:              docs.Profiles,
		DefaultConfiguration: sarifConfig{true, "warning"},
		Properties:           sarifProperties{[]string{"concurrency", "correctness"}, "high", "warning"},
	}
}

// sentence makes "a pool is …" a sentence of its own.
func sentence(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + strings.TrimSuffix(s[1:], ".") + "."
}

// cut shortens s to at most n bytes, at a space.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	s = s[:n-len(" …")]
	if i := strings.LastIndexByte(s, ' '); i > 0 {
		s = s[:i]
	}
	return s + " …"
}

// escapeLinks keeps brackets in a message, as in []byte, from being read as links.
func escapeLinks(s string) string {
	return strings.NewReplacer(`\`, `\\`, `[`, `\[`, `]`, `\]`).Replace(s)
}

// semantic is a version as SARIF wants it: 1.2.3, and nothing for a build of no version.
func semantic(version string) string {
	v, ok := strings.CutPrefix(version, "v")
	if !ok {
		return ""
	}
	return v
}

func (r *Report) physical(from, to finding.Position) sarifPhysical {
	if from == to { // no extent: GitHub wants one, so the rest of the line
		to.Column = max(from.Column+1, 1+len(strings.TrimRight(r.Sources.Line(from), " \t")))
	}
	return sarifPhysical{r.artifact(from.File), sarifRegion{
		StartLine: from.Line, StartColumn: r.column(from),
		EndLine: to.Line, EndColumn: r.column(to),
	}}
}

func (r *Report) artifact(file string) sarifArtifact {
	path := r.rooted(file)
	if strings.HasPrefix(path, "/") {
		return sarifArtifact{(&url.URL{Scheme: "file", Path: path}).String()}
	}
	return sarifArtifact{(&url.URL{Path: path}).String()}
}

// column counts UTF-16 code units, where Go counts bytes.
func (r *Report) column(p finding.Position) int {
	line := r.Sources.Line(p)
	if p.Column-1 > len(line) {
		return p.Column
	}
	return units(line[:max(0, p.Column-1)]) + 1
}

func units(s string) int {
	n := 0
	for _, c := range s {
		n += max(1, utf16.RuneLen(c))
	}
	return n
}

// sarifFix gives edits as regions. Offsets are turned into lines and columns, since SARIF's
// character offsets count what its byte offsets do not.
func (r *Report) sarifFix(fix finding.Fix) sarifFix {
	out := sarifFix{Description: sarifText{Text: fix.Message}}
	byFile := map[string]int{}
	for _, e := range fix.Edits {
		i, ok := byFile[e.File]
		if !ok {
			i = len(out.Changes)
			byFile[e.File] = i
			out.Changes = append(out.Changes, sarifChange{Artifact: r.artifact(e.File)})
		}
		from, to := r.offset(e.File, e.Start), r.offset(e.File, e.End)
		out.Changes[i].Replacements = append(out.Changes[i].Replacements, sarifReplacement{
			sarifRegion{from.Line, r.column(from), to.Line, r.column(to)}, sarifText{Text: e.New},
		})
	}
	return out
}

func (r *Report) offset(file string, offset int) finding.Position {
	text := r.Sources.Text(file)
	offset = min(offset, len(text))
	before := text[:offset]
	return finding.Position{
		File: file, Line: 1 + strings.Count(before, "\n"),
		Column: offset - strings.LastIndexByte(before, '\n'),
	}
}
