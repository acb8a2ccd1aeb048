package analyzer

import (
	"fmt"
	"go/token"

	"github.com/poollint/poollint/analyzer/internal/directive"
	"github.com/poollint/poollint/analyzer/internal/verdict"
)

var directiveRule = Rule{
	ID:      "directive",
	Title:   "a malformed or unused //poollint: comment",
	Default: true,
	Why: `A comment that silences nothing misleads: the code it was written for has changed, or the comment
never did what its author thought. A malformed one suppresses nothing.`,
	Wrong: `package fetch

func run(tasks []func()) {
	//poollint:ignore unbounded
	for _, t := range tasks {
		t()
	}
}
`,
	Right: `package fetch

func run(tasks []func()) {
	for _, t := range tasks {
		t()
	}
}
`,
	Decides: `The comment names one of ignore, bounded, detached, io and cpu; ignore names a rule; ignore,
bounded and detached give a reason. It is unused if no rule, with -strict and whatever -checks says,
was silenced or decided by it.`,
	Limits:  `Comments on exported declarations count as used: another package may read them.`,
	NotWhen: `Never: remove the comment.`,
}

// judgeDirectives is told what the comments silence that name a rule.
func judgeDirectives(r *reporter, silences map[*directive.Directive]verdict.Reason) {
	for _, d := range r.directives.All() {
		v := verdict.Verdict{Pos: d.Comment.Pos(), End: d.Comment.End()}
		why, silences := silences[d]
		switch {
		case r.pkg.Generated(v.Pos):
			r.silent(v.Pos, v.End, verdict.Against(token.NoPos, "the file is generated"))
			continue
		case d.Problem != "":
			v.Message = d.Problem
		case silences:
			r.silent(v.Pos, v.End, why)
			continue
		case d.Used:
			r.silent(v.Pos, v.End, verdict.Against(token.NoPos, "a rule was decided by it, or another package may read it"))
			continue
		case d.Rule == profiled:
			r.silent(v.Pos, v.End, verdict.Against(token.NoPos, "only a profile of the running program can tell what it silences"))
			continue
		case d.Name == "ignore":
			v.Message = fmt.Sprintf("//poollint:ignore %s silences nothing here: remove it", d.Rule)
		default:
			v.Message = fmt.Sprintf("//poollint:%s decides nothing here: remove it", d.Name)
		}
		r.report(v)
	}
}
