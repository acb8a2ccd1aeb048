package catalog

// Libraries lists the built-in libraries, most used first.
func Libraries() []Library {
	return []Library{
		poollintPool,
		syncWaitGroup,
		errgroup,
		semaphore,
		singleflight,
		ants,
		conc,
		concPool,
		concStream,
		concIter,
		pond,
		pond1,
		workerpool,
		raft,
		nats,
		natsJetStream,
		temporal,
		temporalInternal,
		cadence,
		cadenceInternal,
	}
}
