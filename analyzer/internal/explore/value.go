package explore

import (
	"go/ast"
	"go/types"

	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// A value is what a variable holds, as far as it decides who waits for whom.
type value struct {
	kind valueKind
	n    int      // the number, or the thing
	fn   *closure // a function, or what is known of the fields of a record
	list *list    // a slice
	open bool     // a length that nobody knows, and that nothing has hung on so far: it may be zero as well
}

type valueKind uint8

const (
	anything valueKind = iota // nobody knows
	null                      // nil
	number
	aThing   // a channel, a group, a once, a context, a ticker, an object
	function // what is called
	cancels  // the function that cancels a context
	doneOf   // the Done channel of a context
	ticksOf  // the channel of a ticker or timer
	several  // the elements of a slice
	present  // anything but nil
	goOn     // a function that wants more: what an iterator is given by who takes all
	record   // a struct that says something, such as whether there was an error
)

// A closure is a function with what it captures. Two of one function with the same captures are the
// same.
type closure struct {
	fn  *syntax.Func
	env env
}

// A list is what a slice of channels or the like holds, element by element. It does not change.
type list struct{ items []value }

func listOf(items []value) value { return value{kind: several, list: &list{items}} }

func num(n int) value {
	if n > most || n < -most {
		return value{}
	}
	return value{kind: number, n: n}
}

// A thing is what goroutines meet at.
type thing struct {
	kind    thingKind
	site    ast.Node   // where it is made
	name    string     // what messages call it
	own     bool       // made by what is explored, so that all who have it are known
	open    bool       // strangers have it as well
	signals bool       // the system sends on it
	fed     bool       // strangers have a function that sends on it, and nothing else
	lasting bool       // they may keep that function, and call it at any time
	token   bool       // a semaphore that others use as well: it counts as all but full
	lent    bool       // a place of it is what can be received
	filed   *types.Var // the map of a field that it is in: whoever finds it there may send to it, or close it

	size   int     // a channel's buffer, a group's limit (0: none)
	large  bool    // a buffer of a constant above one
	guess  bool    // a buffer of a size that nobody knows
	queue  []value // what is in the buffer
	closed bool    // a channel closed, a context cancelled, a ticker stopped, a once done
	count  int     // a group: who has not ended yet
	gone   *exit   // how the last function has returned that had it; nil: none has

	typ    types.Type // an object
	kept   bool       // an object that the function has returned: strangers may call its methods
	fields env        // of an object: what has been set or asked for; shared by states, see setField

	parent  int  // a context: the one that it comes from, or none
	expires bool // a context, a timer: ends by itself, sooner or later
	runs    int  // a timer that calls a function: the goroutine that it starts, or none; else 0
	by      int  // a context: the goroutine that has ended it in this very move; else 0
}

type thingKind uint8

const (
	channel thingKind = iota
	group
	context
	ticker
	once
	limiter
	object
	lock
)

const none = -1

// most is the largest number that is told from others. Loops of more turns, and larger buffers, are
// taken for that many: a program that is right for each number up to four is right for more.
const most = 9

// roomy is the size of a buffer of which nothing is known: more than any program here sends.
const roomy = 1 << 16

// few is what a larger constant of the program counts as.
const few = 4
