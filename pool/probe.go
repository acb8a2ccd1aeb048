package pool

import "context"

// A probe is what looks at tasks: hooks and audit. It wraps them when they are
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

// wrap prepares a task that is started with Go.
func (p *probe) wrap(task func(context.Context) error) func(context.Context) error {
	site := p.audit.sample()
	return func(ctx context.Context) error { return p.look(ctx, site, task) }
}

// watch prepares a task that is started with Submit.
func watch[T any](p *probe, f *Future[T]) {
	site, task := p.audit.sample(), f.task
	f.task = func(ctx context.Context) (value T, err error) {
		err = p.look(ctx, site, func(ctx context.Context) (err error) {
			value, err = task(ctx)
			return err
		})
		return value, err
	}
	if site != "" {
		f.outcome = &outcome{site: site}
		f.scope.e.reportIfLost(&f.future, f.outcome)
	}
}

// look runs a task and looks at it.
func (p *probe) look(ctx context.Context, site string, task func(context.Context) error) (err error) {
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
	if site != "" {
		defer p.audit.measure(site)()
	}
	err = task(ctx)
	returned = true
	return err
}
