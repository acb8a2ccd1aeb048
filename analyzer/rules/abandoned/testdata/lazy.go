package abandoned

import "sync"

// A lazy value is ready once it has been read. Who reads it may fail.
type lazy struct {
	ready chan struct{}
	value string
	err   error
}

func openLazy(read func() (string, error)) *lazy {
	l := &lazy{ready: make(chan struct{})}
	go func() { // want `abandoned: Get waits forever on ready`
		value, err := read()
		if err != nil {
			l.err = err
			return
		}
		l.value = value
		close(l.ready)
	}()
	return l
}

func (l *lazy) Get() (string, error) {
	<-l.ready
	return l.value, l.err
}

// An eager one is ready in any case.
type eager struct {
	ready chan struct{}
	value string
	err   error
}

func openEager(read func() (string, error)) *eager {
	e := &eager{ready: make(chan struct{})}
	go e.read(read) // silent: abandoned "it ends"
	return e
}

func (e *eager) read(read func() (string, error)) {
	defer close(e.ready)
	e.value, e.err = read()
}

func (e *eager) Get() (string, error) {
	<-e.ready
	return e.value, e.err
}

// Of a retried one another try may succeed.
type retried struct {
	once  sync.Once
	ready chan struct{}
	value string
}

func openRetried(read func() (string, error)) *retried {
	r := &retried{ready: make(chan struct{})}
	go func() { // silent: abandoned "it ends"
		if value, err := read(); err == nil {
			r.Set(value)
		}
	}()
	return r
}

func (r *retried) Set(value string) {
	r.once.Do(func() {
		r.value = value
		close(r.ready)
	})
}

func (r *retried) Get() string {
	<-r.ready
	return r.value
}
