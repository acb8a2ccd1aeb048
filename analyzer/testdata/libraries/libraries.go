// Package libraries names the libraries that testdata may import, so that they are loaded once for all tests.

package libraries

import (
	_ "github.com/alitto/pond/v2"
	_ "github.com/gammazero/workerpool"
	_ "github.com/hashicorp/raft"
	_ "github.com/nats-io/nats.go/jetstream"
	_ "github.com/panjf2000/ants/v2"
	_ "github.com/poollint/poollint/pool"
	_ "github.com/sourcegraph/conc/pool"
	_ "github.com/spf13/cobra"
	_ "github.com/stretchr/testify/require"
	_ "go.temporal.io/sdk/workflow"
	_ "golang.org/x/crypto/bcrypt"
	_ "golang.org/x/sync/errgroup"
)
