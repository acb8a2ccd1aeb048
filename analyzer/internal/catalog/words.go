package catalog

import "strconv"

// The words of a configuration, in the order of the constants. An empty word cannot be written.
var (
	kindWords   = []string{"", "executor", "group", "future", "limiter"}
	intentWords = []string{"any", "io", "cpu"}
	queueWords  = []string{"none", "bounded", "unbounded"}
	roleWords   = []string{
		"", "new", "setbound", "convert", "option", "nonblock", "resize", "submit", "submitted",
		"map", "stream", "acquire", "tryacquire", "release", "wait", "close", "stop", "await",
		"awaitchan", "awaitall", "poll", "combine", "chain", "cancel", "handler", "start",
		"enter", "leave", "settle", "seal", "pause", "run",
	}
	fromWords    = []string{"unsaid", "unlimited", "arg", "cpus", "fixed", "value", "inherited", "ignored"}
	edgeWords    = []string{"unsaid", "unlimited", "panics", "hangs", "nothing", "default", "error"}
	returnsWords = []string{"nothing", "error", "bool", "future", "futureerror", "futurebool", "chan", "self"}
	blocksWords  = []string{"never", "whenfull", "untildone", "whenfullrare"}
)

func (k Kind) String() string    { return word(kindWords, k) }
func (i Intent) String() string  { return word(intentWords, i) }
func (q Queue) String() string   { return word(queueWords, q) }
func (r Role) String() string    { return word(roleWords, r) }
func (f From) String() string    { return word(fromWords, f) }
func (e Edge) String() string    { return word(edgeWords, e) }
func (r Returns) String() string { return word(returnsWords, r) }
func (b Blocks) String() string  { return word(blocksWords, b) }

func word[T ~uint8](words []string, v T) string {
	if int(v) < len(words) {
		return words[v]
	}
	return strconv.Itoa(int(v))
}
