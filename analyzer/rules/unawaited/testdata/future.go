package unawaited

import (
	"context"
	"errors"
	"log"
	"os"
	"time"

	"github.com/hashicorp/raft"

	"github.com/poollint/poollint/pool"

	"poollint.test/analyzer/rules/unawaited/testdata/help"
)

var cmd []byte

func check() error { return nil }

func work(context.Context) (int, error) { return 0, nil }

// The result is dropped where it is made.

func dropped(r *raft.Raft) {
	r.Apply(cmd, time.Second) // want `unawaited: the future of Apply is dropped, losing the error: the command may not have been applied; await it, or mark it //poollint:detached <reason>`
}

func blank(r *raft.Raft) {
	_ = r.Apply(cmd, time.Second) // want `unawaited: the future of Apply is assigned to _`
}

func shutDown(r *raft.Raft) {
	defer r.Shutdown() // want `unawaited: the future of Shutdown is dropped`
}

func readEarly(r *raft.Raft) any {
	return r.Apply(cmd, time.Second).Response() // want `unawaited: the future of Apply is read without being awaited`
}

func completeFromTheStart(r *raft.Raft) int {
	return len(r.GetConfiguration().Configuration().Servers)
}

func awaited(r *raft.Raft) error {
	return r.Apply(cmd, time.Second).Error()
}

func awaitedErrorDropped(r *raft.Raft) {
	_ = r.Apply(cmd, time.Second).Error() // errcheck's business
}

func readAfter(r *raft.Raft) (int, error) {
	f := r.GetConfiguration()
	if err := f.Error(); err != nil {
		return 0, err
	}
	return len(f.Configuration().Servers), nil
}

func onPurpose(r *raft.Raft) {
	r.Apply(cmd, time.Second) //poollint:detached the next command supersedes it
	help.Detach(r, cmd)
}

func leadershipIsAHint(r *raft.Raft) {
	r.LeadershipTransfer() // on the way down many try it and go on
}

// A variable is never awaited.

func forgotten(r *raft.Raft) {
	f := r.Apply(cmd, time.Second) // want `unawaited: f holds the future of Apply and is never awaited`
	log.Print(f != nil)
}

func shadowed(r *raft.Raft) error {
	f := r.Apply(cmd, time.Second)
	if len(cmd) > 0 {
		f := r.Barrier(time.Second) // want `unawaited: f holds the future of Barrier and is never awaited`
		_ = f
	}
	return f.Error()
}

func handedOn(r *raft.Raft, sink chan<- raft.Future, fields *struct{ f raft.Future }) (raft.Future, error) {
	sink <- r.Barrier(time.Second)
	fields.f = r.Barrier(time.Second)
	help.Keep(r.Barrier(time.Second))
	unknown(r.Barrier(time.Second))
	return r.Apply(cmd, time.Second), nil
}

var unknown func(raft.Future)

func named(r *raft.Raft) (f raft.ApplyFuture) {
	f = r.Apply(cmd, time.Second)
	return
}

// One path leaves before.

func earlyReturn(r *raft.Raft) error {
	f := r.Apply(cmd, time.Second) // want `unawaited: f, from Apply, is not awaited on the path that returns at line \d+`
	if err := check(); err != nil {
		return err
	}
	return f.Error()
}

func cancelOnTheWay(ctx context.Context, io *pool.IO) error {
	f := pool.Submit(ctx, io, work)
	if err := check(); err != nil {
		f.Cancel()
		return err
	}
	_, err := f.Await(ctx)
	return err
}

func cancelDeferred(ctx context.Context, io *pool.IO) error {
	f := pool.Submit(ctx, io, work)
	defer f.Cancel()
	if err := check(); err != nil {
		return err
	}
	_, err := f.Await(ctx)
	return err
}

func deferredClosure(r *raft.Raft) error {
	f := r.Apply(cmd, time.Second)
	defer func() {
		if err := f.Error(); err != nil {
			log.Print(err)
		}
	}()
	return check()
}

func deferredBefore(r *raft.Raft) error {
	var f raft.Future
	defer func() {
		if f != nil {
			log.Print(f.Error())
		}
	}()
	if err := check(); err != nil {
		return err
	}
	f = r.Apply(cmd, time.Second)
	return check()
}

func oneBranch(r *raft.Raft, verbose bool) {
	f := r.Apply(cmd, time.Second) // want `unawaited: f, from Apply, is not awaited on the path that returns at line \d+`
	if verbose {
		log.Print(f.Error())
	}
}

// Whoever calls it says whether to wait.
func shutDownAsAsked(r *raft.Raft, wait bool) error {
	f := r.Shutdown()
	if wait {
		return f.Error()
	}
	return nil
}

func applyAsAsked(r *raft.Raft, async bool) error {
	f := r.Apply(cmd, time.Second)
	if async {
		return nil
	}
	return f.Error()
}

// That the caller asks says nothing of a path that leaves before anybody looks.
func leavesBeforeAsking(r *raft.Raft, wait bool) error {
	f := r.Apply(cmd, time.Second) // want `unawaited: f, from Apply, is not awaited on the path that returns at line \d+`
	if err := check(); err != nil {
		return err
	}
	if wait {
		return f.Error()
	}
	return nil
}

func bothBranches(r *raft.Raft, verbose bool) error {
	f := r.Apply(cmd, time.Second)
	if verbose {
		log.Print(f.Error())
		return nil
	}
	return f.Error()
}

func joined(r *raft.Raft) error {
	a, b := r.Apply(cmd, time.Second), r.Barrier(time.Second)
	return errors.Join(a.Error(), b.Error())
}

func diesOnTheWay(r *raft.Raft) error {
	f := r.Apply(cmd, time.Second)
	if err := check(); err != nil {
		log.Fatal(err)
	}
	if check() != nil {
		os.Exit(1)
	}
	if check() != nil {
		panic("no")
	}
	if err := check(); err != nil {
		help.Exit(err)
	}
	return f.Error()
}

// The failure of one says nothing of the other.
func firstFailureOfTwo(r *raft.Raft) error {
	a := r.Apply(cmd, time.Second)
	b := r.Barrier(time.Second) // want `unawaited: b, from Barrier, is not awaited on the path that returns at line \d+`
	if err := a.Error(); err != nil {
		return err
	}
	return b.Error()
}

func leavesBeforeAny(r *raft.Raft) error {
	a := r.Apply(cmd, time.Second) // want `unawaited: a, from Apply, is not awaited on the path that returns at line \d+`
	b := r.Barrier(time.Second)    // want `unawaited: b, from Barrier, is not awaited on the path that returns at line \d+`
	if err := check(); err != nil {
		return err
	}
	if err := a.Error(); err != nil {
		return err
	}
	return b.Error()
}

func timeoutLeaves(ctx context.Context, io *pool.IO) error {
	f := pool.Submit(ctx, io, work) // want `unawaited: f, from Submit, is not awaited on the path that returns at line \d+`
	for {
		if ctx.Err() != nil {
			break
		}
		if err := check(); err != nil {
			return err
		}
	}
	_, err := f.Await(ctx)
	return err
}

func selects(ctx context.Context, io *pool.IO) error {
	f := pool.Submit(ctx, io, work)
	select {
	case <-f.Done():
	case <-ctx.Done():
		f.Cancel()
	}
	return nil
}

// Conditions that belong together.

func sameCondition(r *raft.Raft, wanted bool) error {
	var f raft.Future
	if wanted {
		f = r.Apply(cmd, time.Second)
	}
	if err := check(); err == nil {
		log.Print("fine")
	}
	if wanted {
		return f.Error()
	}
	return nil
}

func oppositeCondition(r *raft.Raft, skip bool) error {
	var f raft.Future
	if !skip {
		f = r.Apply(cmd, time.Second)
	}
	if skip {
		return nil
	}
	return f.Error()
}

func nilTells(r *raft.Raft, wanted bool) error {
	var f raft.Future
	if wanted {
		f = r.Apply(cmd, time.Second)
	}
	if f != nil {
		return f.Error()
	}
	return nil
}

func flagTells(r *raft.Raft, wanted bool) error {
	var f raft.Future
	started := false
	if wanted {
		f = r.Apply(cmd, time.Second)
		started = true
	}
	if started {
		return f.Error()
	}
	return nil
}

func counterTells(r *raft.Raft, wanted bool) error {
	var f raft.Future
	n := 0
	if wanted {
		f = r.Apply(cmd, time.Second)
		n++
	}
	if n > 0 {
		return f.Error()
	}
	return nil
}

func conditionChanged(r *raft.Raft, wanted bool) error {
	var f raft.Future
	if wanted {
		f = r.Apply(cmd, time.Second) // want `unawaited: f, from Apply, is not awaited on the path that returns at line \d+`
	}
	wanted = check() == nil
	if wanted {
		return f.Error()
	}
	return nil
}

// Loops and collections.

func overwritten(r *raft.Raft, n int) error {
	var f raft.Future
	for range n {
		f = r.Apply(cmd, time.Second) // want `unawaited: f, the future of Apply, is overwritten at line \d+ before anybody awaits it`
	}
	return f.Error()
}

func awaitedEachTurn(r *raft.Raft, n int) error {
	for range n {
		f := r.Apply(cmd, time.Second)
		if err := f.Error(); err != nil {
			return err
		}
	}
	return nil
}

func drained(ctx context.Context, io *pool.IO, xs []int) error {
	var fs []*pool.Future[int]
	for range xs {
		fs = append(fs, pool.Submit(ctx, io, work))
	}
	for _, f := range fs {
		if _, err := f.Await(ctx); err != nil {
			return err
		}
	}
	return nil
}

func drainedByIndex(ctx context.Context, io *pool.IO, xs []int) (err error) {
	fs := make([]*pool.Future[int], len(xs))
	for i := range xs {
		fs[i] = pool.Submit(ctx, io, work)
	}
	for i := range fs {
		_, e := fs[i].Await(ctx)
		err = errors.Join(err, e)
	}
	return err
}

func drainedTogether(ctx context.Context, io *pool.IO, xs []int) error {
	var fs []*pool.Future[int]
	for range xs {
		fs = append(fs, pool.Submit(ctx, io, work))
	}
	_, err := pool.All(ctx, fs...)
	return err
}

func drainedElsewhere(ctx context.Context, io *pool.IO, xs []int) error {
	var fs []*pool.Future[int]
	for range xs {
		f := pool.Submit(ctx, io, work)
		fs = append(fs, f)
	}
	return help.AwaitAll(fs)
}

func onlyCounted(ctx context.Context, io *pool.IO, xs []int) int {
	var fs []*pool.Future[int]
	for range xs {
		fs = append(fs, pool.Submit(ctx, io, work)) // want `unawaited: fs holds the future of Submit and is never awaited`
	}
	return len(fs)
}

func countedElsewhere(ctx context.Context, io *pool.IO, xs []int) int {
	var fs []*pool.Future[int]
	for range xs {
		fs = append(fs, pool.Submit(ctx, io, work)) // want `unawaited: fs holds the future of Submit and is never awaited`
	}
	return help.Count(fs)
}

func reset(ctx context.Context, io *pool.IO, xs []int) error {
	var fs []*pool.Future[int]
	for range xs {
		fs = append(fs, pool.Submit(ctx, io, work)) // want `unawaited: fs, the future of Submit, is overwritten at line \d+ before anybody awaits it`
	}
	fs = fs[:0]
	return help.AwaitAll(fs)
}

func oneListIsForgotten(r *raft.Raft) {
	var first, second []raft.Future
	f := r.Barrier(time.Second)
	first = append(first, f)
	f = r.Barrier(time.Second) // want `unawaited: second holds the future of Barrier and is never awaited`
	second = append(second, f)
	f = r.Barrier(time.Second)
	second = append(second, f)
	for _, f := range first {
		log.Print(f.Error())
	}
}

func mapNobodyDrains(ctx context.Context, io *pool.IO, xs []int) {
	fs := map[int]*pool.Future[int]{}
	for _, x := range xs {
		fs[x] = pool.Submit(ctx, io, work) // want `unawaited: fs holds the future of Submit and is never awaited`
	}
}

func mapDrained(ctx context.Context, io *pool.IO, xs []int) {
	fs := map[int]*pool.Future[int]{}
	for _, x := range xs {
		fs[x] = pool.Submit(ctx, io, work)
	}
	for x, f := range fs {
		if _, err := f.Await(ctx); err != nil {
			log.Print(x, err)
		}
	}
}

func returnWhileCollecting(ctx context.Context, io *pool.IO, xs []int) error {
	var fs []*pool.Future[int]
	for range xs {
		if err := check(); err != nil {
			return err
		}
		fs = append(fs, pool.Submit(ctx, io, work)) // want `unawaited: fs, from Submit, is not awaited on the path that returns at line \d+`
	}
	return help.AwaitAll(fs)
}

// Helpers, here and in another package.

func helperAwaits(r *raft.Raft) error {
	return help.Await(r.Apply(cmd, time.Second))
}

func helperAwaitsVariable(r *raft.Raft) error {
	f := r.Apply(cmd, time.Second)
	return help.Await(f)
}

func helperMayAwait(r *raft.Raft) error {
	return help.AwaitIf(r.Apply(cmd, time.Second), len(cmd) > 0) // on which path is unknown
}

func helperForgets(r *raft.Raft) {
	help.Forget(r.Apply(cmd, time.Second)) // want `unawaited: the future of Apply is passed to a function that does not await it`
}

func helperForgetsVariable(r *raft.Raft) {
	f := r.Apply(cmd, time.Second) // want `unawaited: f holds the future of Apply and is never awaited`
	help.Forget(f)
}

func localHelperAwaits(r *raft.Raft) error {
	wait := func(f raft.Future) error { return f.Error() }
	f := r.Apply(cmd, time.Second)
	return wait(f)
}

func helperMakes(r *raft.Raft) {
	help.Apply(r, cmd) // want `unawaited: the future of Apply is dropped`
}

func helperMakesAwaited(r *raft.Raft) error {
	return help.Apply(r, cmd).Error()
}

func goroutineAwaits(r *raft.Raft) {
	f := r.Apply(cmd, time.Second)
	go func() {
		if err := f.Error(); err != nil {
			log.Print(err)
		}
	}()
}

type node struct{ last raft.Future }

func (n *node) storesAndReturns(r *raft.Raft) raft.Future {
	n.last = r.Apply(cmd, time.Second)
	return n.last
}

func (n *node) callerOfKept(r *raft.Raft) {
	n.storesAndReturns(r) // the field holds it too
}

// A namesake is no future.

type fake struct{}

func (fake) Apply([]byte, time.Duration) fake { return fake{} }

func namesake(f fake) { f.Apply(cmd, time.Second) }
