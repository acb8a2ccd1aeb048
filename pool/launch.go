package pool

import "context"

// plain is a task started with Go and no context to speak of. A func is a
// pointer, so that the queue holds it without an allocation; its context is the
// pool's own.
type plain func(context.Context) error

func (f plain) run(e *executor) {
	if e.root.ended() {
		return
	}
	if err := f(&e.root); err != nil {
		f.fail(e, err)
	}
}

func (f plain) fail(e *executor, err error) {
	if !e.root.canceled(err) {
		e.failed(err)
	}
}

// bound is a task started with Go and its context.
type bound struct {
	scope
	task func(context.Context) error
}

func (b *bound) run(e *executor) {
	err := b.refusal()
	if err == nil {
		err = b.task(&b.scope)
	}
	if err != nil {
		b.fail(e, err)
		return
	}
	b.end()
}

func (b *bound) fail(e *executor, err error) {
	if !b.canceled(err) {
		e.failed(err)
	}
	b.end()
}

func (b *bound) end() {
	b.task = nil
	b.close()
}

// failed counts a failure and hands it on.
func (e *executor) failed(err error) {
	e.failures.Add(1)
	e.onError(err)
}
