package resource

import "github.com/poollint/poollint/analyzer/internal/catalog"

// What functions of the standard library do with channels, functions and contexts that is not in the
// catalogue of pool libraries, and that no fact tells: the standard library has none.

type name struct{ path, name string }

// standardTypes are types that are resources and no pools.
var standardTypes = map[name]Kind{
	{"context", "Context"}: Context,
	{"sync", "Once"}:       Once,
	{"sync", "WaitGroup"}:  WaitGroup,
	{"time", "Ticker"}:     Timer,
	{"time", "Timer"}:      Timer,
}

// place is a parameter or result by position.
type place int8

const (
	none place = iota
	first
	second
	third
)

// A standard row says what a function does. The name "*" is for all others of the package.
type standard struct {
	context place        // this result is a new context
	parent  place        // derived from this argument
	cancel  place        // ended by this result
	timed   bool         // and by time
	timer   bool         // the result is a timer, or the channel of one
	role    catalog.Role // what it does to its receiver
	same    bool         // the result is the receiver or the first argument, seen in another way
	generic bool         // what goes in and out is told by the type parameters, and nothing is kept
	calls   bool         // calls the functions that it is given before it returns
	starts  place        // starts this function in a goroutine
	sends   place        // sends to this channel, without waiting
	reads   bool         // looks at its arguments, and keeps none
}

// printed are the methods by which what prints a value asks what it looks like.
var printed = []string{"String", "Error", "Format", "GoString", "LogValue"}

var standards = map[string]map[string]standard{
	"context": {
		"Background":        {context: first},
		"TODO":              {context: first},
		"WithCancel":        {context: first, parent: first, cancel: second},
		"WithCancelCause":   {context: first, parent: first, cancel: second},
		"WithDeadline":      {context: first, parent: first, cancel: second, timed: true},
		"WithDeadlineCause": {context: first, parent: first, cancel: second, timed: true},
		"WithTimeout":       {context: first, parent: first, cancel: second, timed: true},
		"WithTimeoutCause":  {context: first, parent: first, cancel: second, timed: true},
		"WithoutCancel":     {context: first},
		"WithValue":         {context: first, parent: first},
		"AfterFunc":         {starts: second},
		"Cause":             {reads: true},
		"Context.Done":      {same: true},
		"Context.Err":       {reads: true},
		"Context.Value":     {reads: true},
		"Context.Deadline":  {reads: true},
	},
	"os/signal": {
		"Notify":        {sends: first},
		"NotifyContext": {context: first, parent: first, cancel: second},
		"Stop":          {reads: true},
	},
	"golang.org/x/sync/errgroup": {"WithContext": {context: second, parent: first}},
	"sync": {
		"Once.Do":    {calls: true, role: catalog.Run},
		"OnceFunc":   {same: true},
		"OnceValue":  {same: true},
		"OnceValues": {same: true},
		"Map.Range":  {calls: true},
	},
	"time": {
		"After":        {timer: true},
		"AfterFunc":    {timer: true, starts: second},
		"NewTicker":    {timer: true},
		"NewTimer":     {timer: true},
		"Tick":         {timer: true},
		"Ticker.Reset": {role: catalog.SetBound},
		"Ticker.Stop":  {role: catalog.Stop},
		"Timer.Reset":  {role: catalog.SetBound},
		"Timer.Stop":   {role: catalog.Stop},
	},
	"sort":          {"*": {calls: true, reads: true}},
	"strings":       {"*": {calls: true, reads: true}},
	"bytes":         {"*": {calls: true, reads: true}},
	"unicode":       {"*": {calls: true, reads: true}},
	"path/filepath": {"*": {calls: true, reads: true}},
	"io/fs":         {"*": {calls: true, reads: true}},
	"slices":        {"*": {generic: true, calls: true}},
	"maps":          {"*": {generic: true, calls: true}},
	"fmt":           {"*": {reads: true}},
	"log":           {"*": {reads: true}},
	"log/slog":      {"*": {reads: true}},
	"errors":        {"*": {reads: true}},
	"runtime":       {"KeepAlive": {reads: true}},
	"reflect":       {"TypeOf": {reads: true}, "DeepEqual": {reads: true}},
	"testing":       {"*": {reads: true}},
}
