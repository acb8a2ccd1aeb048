package main

import "slices"

// A program is an exported function, with what it starts and calls. Its parameters are choices.
type program struct {
	id     int
	name   string // of the function, without the number
	body   []*stmt
	fields bool // channels and groups are fields of a struct, and functions its methods
	made   bool // by a constructor
	items  bool // the number is the length of a slice
}

// A variable is what statements name.
type variable struct {
	name  string
	kind  kind
	elem  string    // of a channel
	size  int       // of a channel: its buffer
	count *variable // of a channel: the choice that its buffer is as large as
	reply *variable // of a channel: what its messages carry; of a list: its elements; of an own context: its cancel
	local bool      // not a field, also where others are
	timed bool      // of an own context: it ends by itself
}

type kind int

const (
	channel kind = iota
	ticker
	group      // a sync.WaitGroup
	once       // a sync.Once
	list       // of channels such as reply
	ownContext // made by the function
	cancel     // ends the own context
	aContext   // a choice, as those that follow: it ends at once, or when all is over
	aBool
	anError
	aNumber
)

// A stmt is one statement. The fields for which an op has no use are zero.
type stmt struct {
	op    op
	v     *variable // what it operates on
	cond  *variable // the choice that decides
	times int       // of a loop without cond; 0: forever
	name  string    // of the function that is started or called
	form  form
	into  *variable // the list that what a source returns is appended to
	body  []*stmt
	alt   []*stmt // else
}

type op int

const (
	opMake   op = iota
	opSend      // in a select: body follows; so for opRecv, opTimeout, opEnded, opDefault
	opRecv      // body: with a message
	opRecvOK    // body, or alt if the channel is closed
	opRange
	opClose
	opStop // a ticker
	opStart
	opCall
	opSource // calls a function that makes v, does body, and returns v
	opEach   // of a list
	opSubmit // sends body as a function
	opOnce   // body is done the first time only
	opAdd
	opDone
	opWait
	opCancel
	opTimeout
	opEnded // waits for the end of a context
	opDefault
	opSelect // body: its cases
	opIf
	opLoop
	opWork // takes a while if cond says so
	opDefer
	opBreak
	opReturn
)

// A form is how a function is written that is started or called.
type form int

const (
	literal form = iota
	declared
	byGroup  // a literal that the group v starts
	byHelper // a literal that is given to a function
	byTimer  // a literal that is given to a timer
)

// visit calls f with every statement in list, those inside others too.
func visit(list []*stmt, f func(*stmt)) {
	for _, s := range list {
		f(s)
		visit(s.body, f)
		visit(s.alt, f)
	}
}

func clone(list []*stmt) []*stmt {
	var c []*stmt
	for _, s := range list {
		d := *s
		d.body, d.alt = clone(s.body), clone(s.alt)
		c = append(c, &d)
	}
	return c
}

// free returns the variables that statements name and do not make, in the order of appearance.
func free(list []*stmt) []*variable {
	var vars []*variable
	use := func(vs ...*variable) {
		for _, v := range vs {
			if v != nil && !slices.Contains(vars, v) {
				vars = append(vars, v)
			}
		}
	}
	var bound []*variable
	for _, s := range list {
		var brings *variable // by a message, for its body
		switch {
		case s.op == opMake, s.op == opSource:
			bound = append(bound, s.v)
			use(s.v.count)
		case s.op == opRecv, s.op == opRange, s.op == opEach:
			brings = s.v.reply
		case s.op == opSend:
			use(s.v.reply)
		}
		use(s.v, s.cond, s.into)
		for _, v := range free(slices.Concat(s.body, s.alt)) {
			if v != brings {
				use(v)
			}
		}
	}
	return slices.DeleteFunc(vars, func(v *variable) bool { return slices.Contains(bound, v) })
}
