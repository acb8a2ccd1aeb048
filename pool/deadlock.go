package pool

// An edge is a task's wait for others: the task continues when one of them ends.
type edge struct {
	next *edge
	on   []node
}

// A node is an awaited task: its scope, and its future unless it was started
// with Go (and then it is awaited only by the one in whom it runs).
type node struct {
	scope  *scope
	future *future
}

func (f *future) node() node { return node{&f.scope, f} }

// waitFor records that the task of s waits until one of others has ended, and
// returns the function that removes the record. It may be called on nil.
func (s *scope) waitFor(others ...node) func() {
	if s == nil || s == &s.e.root {
		return func() {}
	}
	ed := &edge{on: others}
	ws := &s.e.waits
	ws.mu.Lock()
	ed.next, s.edges = s.edges, ed
	ws.mu.Unlock()
	return func() {
		ws.mu.Lock()
		defer ws.mu.Unlock()
		for p := &s.edges; *p != nil; p = &(*p).next {
			if *p == ed {
				*p = ed.next
				return
			}
		}
	}
}

// awaits returns all that the task of s waits for.
func (s *scope) awaits() []node {
	s.e.waits.mu.Lock()
	defer s.e.waits.mu.Unlock()
	var on []node
	for ed := s.edges; ed != nil; ed = ed.next {
		on = append(on, ed.on...)
	}
	return on
}

// stuck reports whether the task of s waits, directly or indirectly, only for
// tasks that wait, each of them ultimately for s. (Tasks that wait in a cycle
// without s detect that themselves, and s continues when they do.)
//
// If two tasks start to wait for each other at the same time, each records its
// wait before it checks, so at least one sees both.
func (s *scope) stuck() bool {
	if s == &s.e.root {
		return false
	}
	waits := map[*scope][]node{}
	for todo := []*scope{s}; len(todo) > 0; todo = todo[1:] {
		t := todo[0]
		if waits[t] != nil {
			continue
		}
		waits[t] = t.awaits()
		if len(waits[t]) == 0 {
			return false // it runs
		}
		for _, n := range waits[t] {
			if f := n.future; f != nil && f.state.Load()&(claimed|done) != claimed {
				return false // it has ended, or a worker will come to it
			}
			todo = append(todo, n.scope)
		}
	}
	back := map[*scope]bool{s: true}
	for before := 0; before < len(back); {
		before = len(back)
		for t, on := range waits {
			for _, n := range on {
				back[t] = back[t] || back[n.scope]
			}
			if !back[t] {
				delete(back, t)
			}
		}
	}
	return len(back) == len(waits)
}
