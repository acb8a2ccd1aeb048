package unbounded

import "context"

// A bus carries what the program says to itself, of any type; a broker carries messages of a type.
type bus interface {
	Subscribe(event string, f func(any))
	SubscribeAny(event string, f any)
	SubscribeMail(topic string, f func(context.Context, []byte))
}

func listenToItself(ctx context.Context, b bus) {
	b.Subscribe("block", func(v any) {
		go fetch(ctx, v.(string)) // silent: unbounded "called for the events of the program by b.Subscribe"
	})
	b.SubscribeAny("block", func(s string) {
		go fetch(ctx, s) // silent: unbounded "called for the events of the program by b.SubscribeAny"
	})
	b.SubscribeMail("mail", func(ctx context.Context, m []byte) {
		go fetch(ctx, string(m)) // want `unbounded: one goroutine per call \(called for each message by b.SubscribeMail\)`
	})
}

// Who only counts is done with one message before many more have come: that is asked about with -strict.
func countMessages(b bus, sizes *[256]int) {
	b.SubscribeMail("mail", func(_ context.Context, m []byte) {
		go func() {
			for round := range 100 {
				for _, c := range m {
					sizes[c] += round
				}
			}
		}()
	})
}
