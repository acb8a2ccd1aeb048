package catalog

// Libraries lists the built-in libraries, most used first.
func Libraries() []Library {
	return []Library{
		syncWaitGroup,
		errgroup,
	}
}
