package pool

import "context"

// A probe observes tasks for hooks and the audit. It wraps tasks when they are
// submitted, so that a pool without one pays nothing.
type probe struct {
	hooks Hooks
	audit *audit // nil without
}

func newProbe(e *executor, c config) *probe {
	p := &probe{hooks: c.hooks}
	if c.report != nil {
		p.audit = newAudit(e, c)
	}
	if p.audit == nil && c.hooks.Start == nil && c.hooks.End == nil {
		return nil
	}
	return p
}

// auditor is the audit of a pool, or nil.
func (e *executor) auditor() *audit {
	if e.probe == nil {
		return nil
	}
	return e.probe.audit
}

// wrap prepares a task that is started with Go.
func (p *probe) wrap(task func(context.Context) error) func(context.Context) error {
	at := p.audit.sample()
	return func(ctx context.Context) error { return p.look(ctx, at, task) }
}

// watch prepares a task that is started with Submit.
func watch[T any](p *probe, f *Future[T]) {
	at, task := p.audit.sample(), f.task
	f.task = func(ctx context.Context) (value T, err error) {
		err = p.look(ctx, at, func(ctx context.Context) (err error) {
			value, err = task(ctx)
			return err
		})
		return value, err
	}
	if at != (site{}) {
		f.outcome = &outcome{at: at}
		f.scope.e.reportIfLost(&f.future, f.outcome)
	}
}

// look runs a task and observes it.
func (p *probe) look(ctx context.Context, at site, task func(context.Context) error) (err error) {
	returned := false
	defer func() {
		if !returned {
			err = unwound(recover())
		}
		if p.hooks.End != nil {
			p.hooks.End(ctx, err)
		}
	}()
	if p.hooks.Start != nil {
		p.hooks.Start(ctx)
	}
	if at != (site{}) {
		defer p.audit.measure(at)()
	}
	err = task(ctx)
	returned = true
	return err
}
