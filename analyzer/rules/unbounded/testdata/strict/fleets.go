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
