// Package directive is the rule that judges the //poollint: comments themselves.
package directive

import (
	_ "embed"
	"fmt"
	"go/token"

	"github.com/poollint/poollint/analyzer/internal/rule"
	"github.com/poollint/poollint/analyzer/internal/verdict"
)

//go:embed directive.md
var page string

// Rule is what this package adds to the table of rules.
var Rule = rule.Rule{
	ID:      "directive",
	Title:   "a malformed or unused //poollint: comment",
	Default: true,
	InTests: true,
	Page:    page,
	Run:     run,
	Last:    true,
}

func run(p *rule.Pass) {
	for _, d := range p.Directives.All() {
		v := verdict.Verdict{Pos: d.Comment.Pos(), End: d.Comment.End()}
		silenced, silences := p.Silenced[d]
		switch {
		case p.Generated(v.Pos):
			p.Silent(v.Pos, v.End, verdict.Against(token.NoPos, "the file is generated"))
			continue
		case d.Problem != "":
			v.Message = d.Problem
		case silences:
			p.Silent(v.Pos, v.End, verdict.Against(silenced.Pos, "it silences %s", silenced.Rule))
			continue
		case d.Used:
			p.Silent(v.Pos, v.End, verdict.Against(token.NoPos, "it decided a rule, or another package may read it"))
			continue
		case d.Rule == rule.Profiled:
			p.Silent(v.Pos, v.End, verdict.Against(token.NoPos, "only a profile of the running program can show what it silences"))
			continue
		case d.Name == "ignore":
			v.Message = fmt.Sprintf("//poollint:ignore %s silences nothing here: remove it", d.Rule)
		default:
			v.Message = fmt.Sprintf("//poollint:%s has no effect here: remove it", d.Name)
		}
		p.Report(v)
	}
}
