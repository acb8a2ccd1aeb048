package catalog

var asynq = Library{
	Path:    "github.com/hibiken/asynq",
	Module:  "github.com/hibiken/asynq",
	Version: "v0.26.0",
	Types: []Type{
		{Name: "Server", Kind: Executor, Default: Bound{From: CPUs}, Queue: UnboundedQueue, Why: "the queue is in Redis"},
	},
	Funcs: []Func{
		{Name: "NewServer", Role: New, Why: "Config.Concurrency is the bound"},
		{Name: "NewServerFromRedisClient", Role: New},
	},
	Fields: []Field{
		{Name: "Config.Concurrency", Role: SetBound, Bound: Bound{From: FromValue, Zero: EdgeDefault, Negative: EdgeDefault},
			Why: "below 1 is runtime.NumCPU()"},
	},
}

var river = Library{
	Path:    "github.com/riverqueue/river",
	Module:  "github.com/riverqueue/river",
	Version: "v0.51.1",
	Types: []Type{
		{Name: "Client", Kind: Executor, Queue: UnboundedQueue, Why: "the queue is in the database"},
	},
	Funcs: []Func{
		{Name: "NewClient", Role: New, Why: "the sum of QueueConfig.MaxWorkers is the bound"},
	},
	Fields: []Field{
		{Name: "QueueConfig.MaxWorkers", Role: SetBound, Bound: Bound{From: FromValue, Zero: EdgeError, Negative: EdgeError},
			Why: "1 to 10000, else NewClient fails"},
	},
}
