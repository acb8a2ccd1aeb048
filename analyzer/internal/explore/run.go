package explore

import "go/ast"

// A run is one goroutine at work in a state, which it changes. Each of its parts does one kind of work.
type run struct {
	x *Explorer
	s *state
	t *thread

	values      values
	objects     objects
	assignments assignments
	invocations invocations
	executors   executors
	outsiders   outsiders
	holdings    holdings
	decisions   decisions
	meetings    meetings
	returns     returns
	progress    progress
}

// at lets a goroutine work in a state.
func (x *Explorer) at(s *state, t *thread) *run {
	r := &run{x: x, s: s, t: t}
	r.values, r.objects, r.assignments = values{r}, objects{r}, assignments{r}
	r.invocations, r.executors, r.outsiders = invocations{r}, executors{r}, outsiders{r}
	r.holdings, r.decisions, r.meetings = holdings{r}, decisions{r}, meetings{r}
	r.returns, r.progress = returns{r}, progress{r}
	return r
}

func (r *run) top() *frame { return r.t.top() }

func (r *run) keep(f *frame, e ast.Expr, vs []value) {
	f.temps = f.temps.with(e, vs...)
}
