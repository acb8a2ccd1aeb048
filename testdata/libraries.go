// Package testdata names the libraries that the packages below it may import, so that go mod tidy
// keeps them.
package testdata

import (
	_ "github.com/alitto/pond/v2"
	_ "github.com/gammazero/workerpool"
	_ "github.com/hashicorp/raft"
	_ "github.com/nats-io/nats.go/jetstream"
	_ "github.com/panjf2000/ants/v2"
	_ "github.com/poollint/poollint/pool"
	_ "github.com/sourcegraph/conc/pool"
	_ "github.com/stretchr/testify/require"
	_ "go.temporal.io/sdk/workflow"
	_ "golang.org/x/crypto/bcrypt"
	_ "golang.org/x/sync/errgroup"
)
