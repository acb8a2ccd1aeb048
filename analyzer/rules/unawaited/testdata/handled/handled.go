// Package handled installs the library's handler for what nobody awaits.
package handled

import (
	"log"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

func connect(nc *nats.Conn) (jetstream.JetStream, error) {
	return jetstream.New(nc, jetstream.WithPublishAsyncErrHandler(func(_ jetstream.JetStream, m *nats.Msg, err error) {
		log.Print(m.Subject, err)
	}))
}

func publish(js jetstream.JetStream, data []byte) error {
	_, err := js.PublishAsync("subject", data)
	return err
}
