// Package catalog builds with the libraries that test data imports.
//
// This module has every pool library of the catalogue that can be had, so that
// a test can hold the rows against the sources. go.mod is not tidy on purpose:
// libraries that are not imported here are read, and never built.
package catalog

import (
	_ "github.com/Workiva/go-datastructures/futures"
	_ "github.com/alitto/pond"
	_ "github.com/alitto/pond/v2"
	_ "github.com/bytedance/gopkg/util/gopool"
	_ "github.com/cloudwego/gopkg/concurrency/gopool"
	_ "github.com/dgraph-io/badger/v4/y"
	_ "github.com/dgraph-io/ristretto/v2/z"
	_ "github.com/gammazero/workerpool"
	_ "github.com/grafana/dskit/concurrency"
	_ "github.com/hashicorp/raft"
	_ "github.com/hibiken/asynq"
	_ "github.com/nats-io/nats.go/jetstream"
	_ "github.com/oklog/run"
	_ "github.com/panjf2000/ants/v2"
	_ "github.com/remeh/sizedwaitgroup"
	_ "github.com/riverqueue/river"
	_ "github.com/samber/lo/parallel"
	_ "github.com/sourcegraph/conc/iter"
	_ "github.com/sourcegraph/conc/pool"
	_ "github.com/sourcegraph/conc/stream"
	_ "github.com/tiancaiamao/gp"
	_ "github.com/twmb/franz-go/pkg/kgo"
	_ "github.com/zeromicro/go-zero/core/fx"
	_ "github.com/zeromicro/go-zero/core/mr"
	_ "github.com/zeromicro/go-zero/core/threading"
	_ "go.temporal.io/sdk/workflow"
	_ "golang.org/x/sync/errgroup"
	_ "golang.org/x/sync/semaphore"
	_ "golang.org/x/sync/singleflight"
	_ "gopkg.in/tomb.v2"
	_ "k8s.io/apimachinery/pkg/util/errors"
	_ "k8s.io/apimachinery/pkg/util/wait"
	_ "k8s.io/client-go/util/workqueue"
)
