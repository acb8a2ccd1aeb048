package unawaited

import (
	"context"
	"log"
	"time"

	"github.com/alitto/pond/v2"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/sourcegraph/conc/pool"
	"go.temporal.io/sdk/workflow"
)

func activity() error { return nil }

func temporalDropped(ctx workflow.Context) error {
	workflow.ExecuteActivity(ctx, activity) // want `unawaited: the future of ExecuteActivity is dropped, losing the error; the workflow may complete first`
	return workflow.Sleep(ctx, time.Hour)
}

func temporalAwaited(ctx workflow.Context) error {
	return workflow.ExecuteActivity(ctx, activity).Get(ctx, nil)
}

func temporalSelected(ctx workflow.Context) {
	s := workflow.NewSelector(ctx)
	s.AddFuture(workflow.ExecuteActivity(ctx, activity), func(f workflow.Future) {
		if err := f.Get(ctx, nil); err != nil {
			log.Print(err)
		}
	})
	s.Select(ctx)
}

func temporalChildStarted(ctx workflow.Context) error {
	child := workflow.ExecuteChildWorkflow(ctx, "child")
	return child.GetChildWorkflowExecution().Get(ctx, nil) // it may outlive its parent
}

func temporalAllOrNothing(ctx workflow.Context, names []string) error {
	var fs []workflow.Future
	for _, name := range names {
		if name == "" {
			return nil
		}
		fs = append(fs, workflow.ExecuteActivity(ctx, name)) // want `unawaited: fs, from ExecuteActivity, is not awaited on the path that returns at line \d+`
	}
	for _, f := range fs {
		if err := f.Get(ctx, nil); err != nil {
			return err
		}
	}
	return nil
}

func temporalPolledByTest(ctx workflow.Context, assert func(bool)) {
	f := workflow.ExecuteChildWorkflow(ctx, "cron")
	assert(f.IsReady()) // whoever is told looks at it
}

func natsDropped(ctx context.Context, js jetstream.JetStream) error {
	_, err := js.PublishAsync("subject", nil) // want `unawaited: the future of PublishAsync is assigned to _, losing whether the server has stored the message`
	return err
}

type publisher struct{ js jetstream.JetStream }

func (p *publisher) publish(data []byte) error {
	_, err := p.js.PublishAsync("subject", data)
	return err
}

func (p *publisher) flush() {
	<-p.js.PublishAsyncComplete() // for all that were published
}

func natsAwaited(js jetstream.JetStream) error {
	f, err := js.PublishAsync("subject", nil)
	if err != nil {
		return err
	}
	select {
	case <-f.Ok():
		return nil
	case err := <-f.Err():
		return err
	}
}

func pondDropped(p pond.Pool) {
	p.SubmitErr(activity) // want `unawaited: the future of SubmitErr is dropped, losing the error and the panic of the task`
}

func pondNothingToLose(p pond.Pool) {
	p.Submit(func() { log.Print("done") })
}

func pondStopped() {
	p := pond.NewPool(4)
	defer p.StopAndWait()
	p.SubmitErr(activity)
}

func pondGroup(p pond.Pool) error {
	g := p.NewGroup()
	g.SubmitErr(activity)
	g.SubmitErr(activity)
	return g.Wait()
}

func pondGroupChained(p pond.Pool) error {
	return p.NewGroup().SubmitErr(activity, activity).Wait()
}

func pondGroupForgotten(p pond.Pool) {
	g := p.NewGroup()
	g.SubmitErr(activity) // want `unawaited: g is given work and never waited for: its tasks outlive the function, losing the first error, and panics`
}

func concForgotten() {
	p := pool.New().WithMaxGoroutines(4).WithErrors()
	p.Go(activity) // want `unawaited: p is given work and never waited for: its tasks outlive the function, losing the errors`
}

func concWaited() error {
	p := pool.New().WithErrors().WithMaxGoroutines(4)
	p.Go(activity)
	return p.Wait()
}

// A workflow that fails ends what it has started; one that succeeds does not.
func temporalFails(ctx workflow.Context) error {
	f := workflow.ExecuteActivity(ctx, activity)
	if err := workflow.Sleep(ctx, time.Hour); err != nil {
		return err
	}
	return f.Get(ctx, nil)
}

func temporalSucceeds(ctx workflow.Context, urgent bool) error {
	f := workflow.ExecuteActivity(ctx, activity) // want `unawaited: f, from ExecuteActivity, is not awaited on the path that returns at line \d+`
	if urgent {
		return nil
	}
	return f.Get(ctx, nil)
}

// The next one is started only if there is a turn to await it.
func oneAhead(p pond.Pool, all []func() error) error {
	if len(all) == 0 {
		return nil
	}
	next := p.SubmitErr(all[0])
	for i := range all {
		if err := next.Wait(); err != nil {
			return err
		}
		if i+1 < len(all) {
			next = p.SubmitErr(all[i+1])
		}
	}
	return nil
}
