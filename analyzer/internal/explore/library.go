package explore

// What functions of the standard library do to what goroutines meet at.
type effect uint8

const (
	makesContext effect = iota + 1 // with a function that cancels it
	makesTimeout                   // that ends by itself, too
	detaches                       // a context that does not end
	background                     // likewise
	done                           // the channel of a context
	makesTicker
	makesTimer
	after // a channel that delivers once, by itself
	stops
	onceDo
	startsLater // the function that it is given, in a goroutine
	notifies    // sends on the channel that it is given
)

// library lists functions by their full names.
var library = map[string]effect{
	"context.WithCancel":        makesContext,
	"context.WithCancelCause":   makesContext,
	"context.WithTimeout":       makesTimeout,
	"context.WithDeadline":      makesTimeout,
	"context.WithTimeoutCause":  makesTimeout,
	"context.WithDeadlineCause": makesTimeout,
	"context.WithoutCancel":     detaches,
	"context.Background":        background,
	"context.TODO":              background,
	"(context.Context).Done":    done,
	"context.AfterFunc":         startsLater,
	"time.AfterFunc":            startsLater,
	"time.After":                after,
	"time.Tick":                 after,
	"time.NewTimer":             makesTimer,
	"time.NewTicker":            makesTicker,
	"(*time.Ticker).Stop":       stops,
	"(*sync.Once).Do":           onceDo,
	"os/signal.Notify":          notifies,
	"os/signal.NotifyContext":   makesTimeout,
}
