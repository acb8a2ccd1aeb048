package unawaited

import (
	"context"

	"github.com/alitto/pond/v2"
	"github.com/nats-io/nats.go"

	"github.com/poollint/poollint/pool"
)

// That the pool is waited for in another method tells nobody what became of a task.
type kitchen struct {
	ovens  *pool.IO
	stoves pond.Pool
}

func (k *kitchen) Close() error {
	k.stoves.StopAndWait()
	return k.ovens.Close()
}

func (k *kitchen) bake(ctx context.Context) {
	pool.Submit(ctx, k.ovens, one) // want `unawaited: the future of Submit is dropped, losing the result`
}

func (k *kitchen) cook() {
	k.stoves.SubmitErr(activity) // want `unawaited: the future of SubmitErr is dropped`
}

// A task that returns nothing has nothing to lose.
func (k *kitchen) stir() { k.stoves.Submit(func() {}) }

// The wait is on the way out.
func (k *kitchen) last() {
	k.stoves.SubmitErr(activity)
	k.stoves.StopAndWait()
}

func (k *kitchen) lastDeferred() {
	defer k.stoves.StopAndWait()
	k.stoves.SubmitErr(activity)
}

func (k *kitchen) lastInAHelper() {
	k.stoves.SubmitErr(activity)
	k.finish()
}

func (k *kitchen) finish() { k.stoves.StopAndWait() }

// All that call it wait on their way out.
func (k *kitchen) started() { k.stoves.SubmitErr(activity) }

func (k *kitchen) all(n int) {
	for range n {
		k.started()
	}
	k.stoves.StopAndWait()
}

func (k *kitchen) waitedBefore() {
	k.stoves.StopAndWait()
	k.stoves.SubmitErr(activity) // want `unawaited: the future of SubmitErr is dropped` `afterclose: `
}

// One context has a handler for what fails, another has none.
type posts struct{ with, without nats.JetStreamContext }

func (p *posts) connect(nc *nats.Conn) (err error) {
	p.with, err = nc.JetStream(nats.PublishAsyncErrHandler(func(nats.JetStream, *nats.Msg, error) {}))
	if err != nil {
		return err
	}
	p.without, err = nc.JetStream(nats.PublishAsyncMaxPending(8))
	return err
}

func (p *posts) withHandler() error {
	_, err := p.with.PublishAsync("subject", nil)
	return err
}

func (p *posts) withoutHandler() error {
	_, err := p.without.PublishAsync("subject", nil) // want `unawaited: the future of PublishAsync is assigned to _`
	return err
}
