package analyzer

import (
	"fmt"

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

func reportDirectives(r *reporter) {
	for _, d := range r.directives.All() {
		f := verdict.Verdict{Pos: d.Comment.Pos(), End: d.Comment.End()}
		switch {
		case d.Problem != "":
			f.Message = d.Problem
		case d.Used:
			continue
		case d.Name == "ignore":
			f.Message = fmt.Sprintf("//poollint:ignore %s silences nothing here: remove it", d.Rule)
		default:
			f.Message = fmt.Sprintf("//poollint:%s decides nothing here: remove it", d.Name)
		}
		r.report(f)
	}
}
