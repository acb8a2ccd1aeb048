// Package harness only serves tests: what it hands out holds the test's T.
package harness

import "testing"

type Node struct {
	t    *testing.T
	name string
}

func Start(t *testing.T, name string) *Node { return &Node{t, name} }

func (n *Node) Check(ok bool) {
	if !ok {
		n.t.Errorf("%s is not well", n.name)
	}
}
