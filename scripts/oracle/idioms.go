package main

// An idiom is a way in which goroutines are used, right and wrong.
type idiom struct {
	name  string // of the function
	build func(*builder) code
}

var idioms = []idiom{
	{"Fetch", (*builder).future},
	{"Either", (*builder).alternatives},
	{"Gather", (*builder).gather},
	{"Join", (*builder).join},
	{"Stream", (*builder).stream},
	{"Process", (*builder).workers},
	{"Serve", (*builder).service},
	{"Ask", (*builder).requests},
	{"Poll", (*builder).poll},
	{"Finish", (*builder).finish},
	{"Pipe", (*builder).pipeline},
	{"Exchange", (*builder).exchange},
	{"Limit", (*builder).tokens},
	{"Run", (*builder).pool},
}

// one takes one value of ch, or leaves.
func (b *builder) one(ch *variable) code {
	switch b.IntN(9) {
	case 8:
		own, cancel := newContext()
		own.timed = true
		return seq(later(do(opCancel, cancel)), first(recv(ch), ended(own, leave())))
	case 0:
		return first(recv(ch), timeout(leave()))
	case 1:
		return first(recv(ch), timeout(nil))
	case 2:
		return first(recv(ch), ended(b.ctx(), leave()))
	case 3:
		return seq(when(b.failed(), leave()), recv(ch))
	case 4:
		return seq(recv(ch), when(b.failed(), leave()))
	case 5:
		return when(b.failed(), recv(ch))
	case 6:
		return seq(later(recv(ch)), when(b.failed(), leave()))
	}
	return recv(ch)
}

// giving sends to ch, maybe with an alternative that the returned code makes come true.
func (b *builder) giving(ch *variable) (give, end code) {
	done := newChannel("done", "struct{}", 0)
	own, cancel := newContext()
	switch b.IntN(8) {
	case 0:
		return first(send(ch), recv(done, leave()...)), b.ending(closing(done))
	case 1:
		return first(send(ch), ended(own, leave())), b.ending(do(opCancel, cancel))
	case 2:
		return first(send(ch), ended(b.ctx(), leave())), nil
	case 3:
		return first(send(ch), otherwise(nil)), nil
	}
	return send(ch), nil
}

// ending is a deferred end, or one that is forgotten on a path.
func (b *builder) ending(end code) code {
	switch b.IntN(5) {
	case 0:
		return when(b.failed(), end)
	case 1:
		return nil
	}
	return later(end)
}

// future: a goroutine sends one result.
func (b *builder) future() code {
	result := b.buffered("result", pick(b, "int", "error"), 0, 0, 1)
	give, end := b.giving(result)
	body := seq(b.maybe(70, work(b.slow())), give)
	switch b.IntN(5) {
	case 0: // the return may be missing
		body = seq(when(b.failed(), seq(send(result), b.maybe(50, leave()))), body)
	case 1:
		body = seq(when(b.failed(), leave()), body)
	case 2:
		body = seq(later(closing(result)), body)
	}
	task := b.start("fetch", body)
	if end == nil && b.chance(30) {
		return seq(source("lookup", result, task), b.one(result))
	}
	return seq(end, task, b.one(result))
}

// alternatives: a goroutine sends a result or an error.
func (b *builder) alternatives() code {
	result, errs := b.buffered("result", "int", 0, 1), b.buffered("errs", "error", 0, 1)
	body := seq(work(b.slow()), when(b.failed(), seq(send(errs), b.maybe(75, leave()))), send(result))
	both := seq(recv(result), recv(errs))
	take := pick(b,
		first(recv(result), recv(errs)),
		first(recv(result), recv(errs)),
		first(recv(result), recv(errs), timeout(leave())),
		first(recv(result), recv(errs), ended(b.ctx(), nil)),
		seq(first(recv(result), recv(errs)), b.one(result)),
		when(b.failed(), recv(errs), recv(result)...),
		both)
	return seq(b.start("load", body), take)
}

// gather: several goroutines send one result each.
func (b *builder) gather() code {
	results := b.buffered("results", pick(b, "int", "error"), 0, 0, 1, -1)
	wg := newGroup()
	body := seq(work(b.slow()), send(results))
	counted := b.chance(50)
	if counted {
		body = pick(b, seq(later(do(opDone, wg)), body), seq(body, do(opDone, wg)))
	}
	fan := times(b.n(), seq(only(counted, do(opAdd, wg)), b.start("query", body)))
	collect := pick(b,
		times(b.n(), recv(results)),
		times(b.n(), seq(recv(results), b.maybe(50, when(b.failed(), leave())))),
		times(b.n(), b.one(results)),
		b.one(results))
	if !counted {
		return seq(fan, collect)
	}
	wait := seq(do(opWait, wg), closing(results))
	switch b.IntN(5) {
	case 0:
		return seq(fan, wait, each(results))
	case 1:
		return seq(fan, do(opWait, wg), collect)
	case 2:
		return seq(fan, collect, do(opWait, wg))
	}
	return seq(fan, b.start("finish", wait), each(results, b.maybe(50, when(b.failed(), pick(b, leave(), code{{op: opBreak}})))...))
}

// join: each of several helpers returns a channel for its result.
func (b *builder) join() code {
	result := b.buffered("result", pick(b, "int", "error"), 0, 0, 1)
	results := &variable{name: "results", kind: list, reply: result, local: true}
	give, end := send(result), code(nil)
	if b.chance(30) {
		give, end = b.giving(result)
	}
	lookup := source("lookup", result, b.start("fetch", seq(b.maybe(70, work(b.slow())), give)))
	lookup[0].into = results
	ask := times(b.n(), seq(lookup, b.maybe(25, when(b.failed(), leave()))))
	wait := pick(b, recv(result), recv(result), seq(recv(result), when(b.failed(), leave())), b.one(result))
	return seq(end, ask, b.maybe(25, when(b.failed(), leave())), code{{op: opEach, v: results, body: wait}})
}

// stream: a producer sends many, a consumer takes them or leaves.
func (b *builder) stream() code {
	values := b.buffered("values", "int", 0, 0, 1, -1)
	give, end := b.giving(values)
	body := times(b.n(), seq(give, b.maybe(25, when(b.failed(), leave()))))
	switch b.IntN(5) {
	case 0:
		body = seq(body, closing(values))
	case 1:
	default:
		body = seq(later(closing(values)), body)
	}
	consume := pick(b,
		each(values),
		each(values, when(b.failed(), leave())...),
		each(values, when(b.failed(), code{{op: opBreak}})...),
		seq(recv(values), when(b.failed(), leave()), each(values)),
		times(b.n(), recv(values)),
		times(2, recv(values)))
	task := b.start("produce", body)
	if end == nil && b.chance(40) {
		return seq(source("generate", values, task), consume)
	}
	return seq(end, task, consume)
}

// workers: several goroutines range over a channel of jobs.
func (b *builder) workers() code {
	jobs, results := b.buffered("jobs", "int", 0, 0, 1, -1), b.buffered("results", "int", 0, -1)
	wg := newGroup()
	body := each(jobs, work(b.slow())...)
	answers, leaves := b.chance(35), b.chance(20)
	switch {
	case answers:
		body = each(jobs, send(results)...)
	case leaves:
		body = each(jobs, when(b.failed(), leave())...)
	}
	fan := times(pick[any](b, 1, 3, b.choice(aNumber, "workers")), seq(do(opAdd, wg), b.start("worker", seq(later(do(opDone, wg)), body))))
	feed := times(b.n(), pick(b, send(jobs), send(jobs), first(send(jobs), ended(b.ctx(), leave()))))
	switch b.IntN(9) {
	case 0:
		feed = seq(feed, when(b.failed(), leave()), closing(jobs))
	case 1:
		feed = seq(later(closing(jobs)), feed)
	case 2:
	case 3:
		feed = seq(feed, when(b.failed(), closing(jobs)))
	default:
		feed = seq(feed, closing(jobs))
	}
	if !answers {
		return pick(b, seq(fan, feed, do(opWait, wg)), seq(fan, feed), seq(fan, b.start("feed", feed), do(opWait, wg)))
	}
	wait := seq(do(opWait, wg), closing(results))
	return pick(b,
		seq(fan, b.start("feed", feed), b.start("finish", wait), each(results, b.maybe(40, when(b.failed(), leave()))...)),
		seq(fan, b.start("feed", feed), times(b.n(), recv(results))),
		seq(fan, feed, b.start("finish", wait), each(results)),
		seq(fan, feed, wait, each(results)))
}

// service: a goroutine that loops until it is told to stop.
func (b *builder) service() code {
	jobs, quit, stopped := b.buffered("jobs", "int", 0, 1), newChannel("quit", "struct{}", 0), newChannel("stopped", "struct{}", 0)
	body := forever(first(recv(jobs, b.maybe(30, when(b.failed(), leave()))...), recv(quit, leave()...)))
	waits := b.chance(40)
	if waits {
		body = seq(b.maybe(80, later(closing(stopped))), body)
	}
	start := call("start", b.start("loop", body))
	submit := call("submit", pick(b, send(jobs), first(send(jobs), recv(quit)), first(send(jobs), ended(b.ctx(), nil)), first(send(jobs), otherwise(nil))))
	stop := call("stop", seq(pick(b, closing(quit), closing(quit), send(quit)), only(waits, recv(stopped))))
	return seq(start, pick(b,
		seq(submit, stop),
		seq(later(stop), submit),
		seq(submit, when(b.failed(), leave()), stop),
		seq(submit, when(b.failed(), stop)),
		seq(times(b.n(), submit), stop),
		seq(stop, submit),
		submit))
}

// requests: a server answers on the channel that a request brings.
func (b *builder) requests() code {
	reply := b.buffered("reply", pick(b, "int", "error"), 0, 0, 1)
	requests := newChannel("requests", "request", 0)
	requests.reply, reply.local = reply, true
	answer := pick(b, send(reply), send(reply), first(send(reply), ended(b.ctx(), nil)), when(b.failed(), send(reply)), seq(work(b.slow()), send(reply)))
	quit := newChannel("quit", "struct{}", 0)
	serve, end := each(requests, answer...), closing(requests)
	if b.chance(40) {
		serve, end = forever(first(recv(requests, answer...), recv(quit, leave()...))), closing(quit)
	}
	ask := seq(do(opMake, reply), send(requests), b.one(reply))
	if b.chance(50) {
		ask = call("ask", ask)
	}
	return seq(b.start("serve", serve), pick(b, seq(later(end), ask), seq(ask, end), seq(ask, b.ending(end)), seq(times(b.n(), ask), end)))
}

// poll: a goroutine that lives on a ticker.
func (b *builder) poll() code {
	tick := &variable{name: "tick", kind: ticker}
	done := newChannel("done", "struct{}", 0)
	body := pick(b, each(tick), forever(first(recv(tick), recv(done, leave()...))), forever(first(recv(tick), ended(b.ctx(), leave()))))
	return seq(b.maybe(80, later(do(opStop, tick))), b.start("poll", body), b.maybe(50, when(b.failed(), leave())), b.ending(closing(done)))
}

// finish: a group is waited for, and a channel says that it is done.
func (b *builder) finish() code {
	wg, done := newGroup(), b.buffered("done", "struct{}", 0, 1)
	body := pick(b,
		seq(later(do(opDone, wg)), work(b.slow())),
		seq(work(b.slow()), do(opDone, wg)),
		seq(when(b.failed(), leave()), do(opDone, wg)),
		seq(later(do(opDone, wg)), when(b.failed(), leave()), work(b.slow())))
	fan := pick(b,
		times(b.n(), seq(do(opAdd, wg), b.start("run", body))),
		seq(do(opAdd, wg), b.start("run", body)),
		seq(code{{op: opAdd, v: wg, cond: b.n()}}, times(b.n(), b.start("run", body))),
		times(b.n(), seq(do(opAdd, wg), when(b.failed(), code{{op: opBreak}}), b.start("run", body))),
		code{{op: opStart, form: byGroup, v: wg, body: work(b.slow())}})
	wait := pick(b, seq(do(opWait, wg), closing(done)), seq(do(opWait, wg), send(done)))
	return pick(b,
		seq(fan, do(opWait, wg)),
		seq(fan, b.start("wait", wait), b.one(done)),
		seq(fan, b.start("wait", wait), recv(done)))
}

// pipeline: what one stage sends, the next receives.
func (b *builder) pipeline() code {
	raw, cooked := b.buffered("raw", "int", 0, 0, 1), b.buffered("cooked", "int", 0, 0, 1)
	give, end := b.giving(raw)
	read := seq(b.maybe(85, later(closing(raw))), times(b.n(), give))
	cook := seq(b.maybe(85, later(closing(cooked))), each(raw, seq(b.maybe(25, when(b.failed(), leave())), send(cooked))...))
	sink := each(cooked, b.maybe(35, when(b.failed(), leave()))...)
	if end == nil && b.chance(40) {
		return seq(source("read", raw, b.start("reader", read)), source("cook", cooked, b.start("cooker", cook)), sink)
	}
	return seq(end, b.start("read", read), b.start("cook", cook), sink)
}

// exchange: two goroutines, each waits for the other's.
func (b *builder) exchange() code {
	ping, pong := b.buffered("ping", "int", 0, 0, 1), b.buffered("pong", "int", 0, 0, 1)
	answer := pick(b, seq(recv(ping), send(pong)), seq(send(pong), recv(ping)), seq(recv(ping), b.maybe(60, when(b.failed(), leave())), send(pong)))
	ask := pick(b, seq(send(ping), recv(pong)), seq(send(ping), b.one(pong)), seq(recv(pong), send(ping)))
	return seq(b.start("answer", answer), ask)
}

// tokens: a channel with a buffer is a semaphore.
func (b *builder) tokens() code {
	tokens, wg := b.buffered("tokens", "struct{}", 1, 2), newGroup()
	take, give := send(tokens), recv(tokens)
	inner := seq(take, work(b.slow()), give)
	if b.chance(50) {
		inner = call("locked", inner)
	}
	body := pick(b,
		seq(take, later(give), work(b.slow())),
		seq(take, work(b.slow()), give),
		seq(take, when(b.failed(), leave()), give),
		seq(take, later(give), inner),
		seq(take, inner, give))
	fan := times(b.n(), seq(do(opAdd, wg), b.start("task", seq(later(do(opDone, wg)), body))))
	return pick(b,
		seq(fan, do(opWait, wg)),
		times(b.n(), seq(take, b.start("task", seq(later(give), work(b.slow()))))),
		body)
}

// pool: workers run the functions that a channel brings.
func (b *builder) pool() code {
	tasks, done := b.buffered("tasks", "func()", 0, 0, 1), b.buffered("done", "struct{}", 0, 0, 1)
	submit := func(body code) code { return code{{op: opSubmit, v: tasks, body: body}} }
	finish := pick(b, later(closing(done)), later(send(done)), send(done))
	task := seq(finish, work(b.slow()))
	if b.chance(50) { // it waits for another task
		inner := newChannel("inner", "struct{}", 0)
		task = seq(later(send(done)), do(opMake, inner), submit(closing(inner)), recv(inner))
		inner.local = true
	}
	workers := times(pick(b, 1, 2), b.start("worker", each(tasks)))
	run := seq(submit(task), recv(done))
	if b.chance(50) {
		run = call("run", run)
	}
	return seq(workers, pick(b, seq(later(closing(tasks)), run), seq(run, closing(tasks)), seq(run, b.ending(closing(tasks))), seq(times(2, run), closing(tasks))))
}
