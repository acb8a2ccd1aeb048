package unclosed

import "github.com/gammazero/workerpool"

// What is in a field of a literal is left with it.
type kennel struct {
	walkers *workerpool.WorkerPool
	name    string
}

func openKennel(find func() (string, error)) (*kennel, error) {
	k := &kennel{walkers: workerpool.New(2)} // want `unclosed: k\.walkers is not closed on the path that leaves at line \d+, and nobody has it there: its goroutines stay; call k\.walkers\.StopWait\(\) before that return`
	name, err := find()
	if err != nil {
		return nil, err
	}
	k.name = name
	return k, nil
}

func openKennelOrNot(find func() (string, error)) (*kennel, error) {
	k := &kennel{walkers: workerpool.New(2)} // silent: unclosed "closed on every path, or handed on"
	name, err := find()
	if err != nil {
		k.walkers.Stop()
		return nil, err
	}
	k.name = name
	return k, nil
}

func openKennelByMethod(find func() (string, error)) (*kennel, error) {
	k := &kennel{walkers: workerpool.New(2)} // silent: unclosed "closed on every path, or handed on"
	name, err := find()
	if err != nil {
		k.close()
		return nil, err
	}
	k.name = name
	return k, nil
}

func (k *kennel) close() { k.walkers.StopWait() }
