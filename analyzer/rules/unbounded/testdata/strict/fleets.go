package strict

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"sync"
)

// A file that lists peers says how many somebody has set up.
func Join(ctx context.Context, path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var peers []string
	if err := json.Unmarshal(data, &peers); err != nil {
		return err
	}
	for _, peer := range peers {
		go visit(ctx, peer) // want `unbounded: one goroutine per element of peers \(the contents of a file\)`
	}
	return nil
}

// So does a server that is asked for them.
func Nodes(ctx context.Context, url string) error {
	resp, err := http.Get(url)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	var nodes []string
	if err := json.NewDecoder(resp.Body).Decode(&nodes); err != nil {
		return err
	}
	for _, node := range nodes {
		go visit(ctx, node) // want `unbounded: one goroutine per element of nodes \(from a server's response\)`
	}
	return nil
}

type tenant struct{ dir string }

// Tenants are what a program goes on with, though a directory was read for them.
type tenants struct {
	mu  sync.Mutex
	all map[string]*tenant
}

func (t *tenants) Open(root string) error {
	entries, err := os.ReadDir(root)
	if err != nil {
		return err
	}
	for _, e := range entries {
		t.all[e.Name()] = &tenant{filepath.Join(root, e.Name())}
	}
	return nil
}

func (t *tenants) Flush(ctx context.Context) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, one := range t.all {
		go visit(ctx, one.dir) // want `unbounded: one goroutine per element of t\.all \(the entries of a directory\)`
	}
}

type pod struct{ containers []string }

type cluster interface {
	ListPods(ctx context.Context) ([]pod, error)
}

// The containers of pods grow with the pods.
func Logs(ctx context.Context, c cluster) error {
	pods, err := c.ListPods(ctx)
	for _, p := range pods {
		for _, container := range p.containers {
			go visit(ctx, container) // want `unbounded: one goroutine per element of p\.containers \(listed by c\.ListPods\)`
		}
	}
	return err
}

type stock interface {
	Machines(ctx context.Context) ([]string, error)
	Sessions(ctx context.Context) ([]string, error)
}

// Of what a store says that it operates there can be very many.
func patchAll(ctx context.Context, s stock) error {
	machines, err := s.Machines(ctx)
	if err != nil {
		return err
	}
	for _, m := range machines {
		go visit(ctx, m) // want `unbounded: one goroutine per element of machines \(returned by s.Machines\)`
	}
	sessions, err := s.Sessions(ctx)
	for _, open := range sessions {
		go visit(ctx, open) // silent: unbounded "the names suggest things that a program operates"
	}
	return err
}

type roller struct {
	at    stock
	width int
}

func newRoller(s stock, width int) *roller { return &roller{s, max(1, width)} }

// Some at a time, as many as somebody has chosen.
func (r *roller) roll(ctx context.Context) error {
	machines, err := r.at.Machines(ctx)
	for len(machines) > 0 {
		n := min(len(machines), r.width)
		var wg sync.WaitGroup
		for _, m := range machines[:n] {
			wg.Go(func() { visit(ctx, m) }) // silent: unbounded "the names suggest things that a program operates" "the number was chosen by somebody" "it is waited for"
		}
		wg.Wait()
		machines = machines[n:]
	}
	return err
}

// A majority of machines decides, of as many as are told.
func elect(ctx context.Context, machines []string) bool {
	votes := make(chan bool, len(machines))
	for _, m := range machines {
		go func() { // silent: unbounded "a majority of them decides"
			visit(ctx, m)
			votes <- true
		}()
	}
	yes := 0
	for range machines {
		if <-votes {
			yes++
		}
	}
	return yes > len(machines)/2
}

func count(ctx context.Context, machines []string) int {
	votes := make(chan bool, len(machines))
	for _, m := range machines {
		go func() { // want `unbounded: one goroutine per element of machines \(the parameter machines of count\)`
			visit(ctx, m)
			votes <- true
		}()
	}
	yes := 0
	for range machines {
		if <-votes {
			yes++
		}
	}
	return yes
}

var (
	_ = count
	_ = elect
	_ = patchAll
	_ = newRoller
)
