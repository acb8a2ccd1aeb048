package unbounded

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
)

// What a file or a server lists is data, unless it is called what a program operates: see strict.

func documentsOfFile(ctx context.Context, path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var documents []string
	if err := json.Unmarshal(data, &documents); err != nil {
		return err
	}
	for _, document := range documents {
		go fetch(ctx, document) // want `unbounded: one goroutine per element of documents \(the contents of a file\)`
	}
	return nil
}

func documentsOfServer(ctx context.Context, url string) error {
	resp, err := http.Get(url)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	var documents []string
	if err := json.NewDecoder(resp.Body).Decode(&documents); err != nil {
		return err
	}
	for _, document := range documents {
		go fetch(ctx, document) // want `unbounded: one goroutine per element of documents \(from a server's response\)`
	}
	return nil
}

// The entries of a directory are its own, whatever is in them.
func tenantDirectories(ctx context.Context, root string) error {
	tenants, err := os.ReadDir(root)
	if err != nil {
		return err
	}
	for _, tenant := range tenants {
		go fetch(ctx, filepath.Join(root, tenant.Name())) // want `unbounded: one goroutine per element of tenants \(the entries of a directory\)`
	}
	return nil
}

type tenantPage struct{ Tenants []string }

// The records of a page are data, whatever they are called.
func tenantsOfPage(ctx context.Context, url string) error {
	resp, err := http.Get(url)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	var page tenantPage
	if err := json.NewDecoder(resp.Body).Decode(&page); err != nil {
		return err
	}
	for _, tenant := range page.Tenants {
		go fetch(ctx, tenant) // want `unbounded: one goroutine per element of page\.Tenants \(from a server's response\)`
	}
	return nil
}

type register interface {
	ListDocuments(ctx context.Context) ([]document, error)
}

type document struct{ images []string }

// The parts of data are data.
func imagesOfDocuments(ctx context.Context, reg register) error {
	documents, err := reg.ListDocuments(ctx)
	for _, d := range documents {
		for _, image := range d.images {
			go fetch(ctx, image) // want `unbounded: one goroutine per element of d\.images \(listed by reg\.ListDocuments\)`
		}
	}
	return err
}

// These are asked about with -strict.

func peersOfFile(ctx context.Context, path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var peers []string
	if err := json.Unmarshal(data, &peers); err != nil {
		return err
	}
	for _, peer := range peers {
		go fetch(ctx, peer)
	}
	return nil
}

func nodesOfServer(ctx context.Context, url string) error {
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
		go fetch(ctx, node)
	}
	return nil
}

type tenant struct{ dir string }

type tenants struct{ all map[string]*tenant }

func (t *tenants) open(root string) error {
	entries, err := os.ReadDir(root)
	for _, e := range entries {
		t.all[e.Name()] = &tenant{filepath.Join(root, e.Name())}
	}
	return err
}

func (t *tenants) flush(ctx context.Context) {
	for _, one := range t.all {
		go fetch(ctx, one.dir)
	}
}

type pod struct{ containers []string }

type podLister interface {
	ListPods(ctx context.Context) ([]pod, error)
}

func containersOfPods(ctx context.Context, c podLister) error {
	pods, err := c.ListPods(ctx)
	for _, p := range pods {
		for _, container := range p.containers {
			go fetch(ctx, container)
		}
	}
	return err
}

type machinePager struct{ next string }

func (p *machinePager) More() bool { return p.next != "" }
func (p *machinePager) NextPage(ctx context.Context) (list []string, err error) {
	return nil, ctx.Err()
}

// All pages together are as long as somebody else's list.
func machinesOfPages(ctx context.Context, pager *machinePager) error {
	var machines []string
	for pager.More() {
		page, err := pager.NextPage(ctx)
		if err != nil {
			return err
		}
		machines = append(machines, page...)
	}
	for _, machine := range machines {
		go fetch(ctx, machine) // want `unbounded: one goroutine per element of machines \(pages from pager\)`
	}
	return nil
}

type machineIterator interface {
	Next() bool
	Name() string
}

func machinesOfIterator(ctx context.Context, it machineIterator) {
	for it.Next() {
		go fetch(ctx, it.Name())
	}
}

// What a program holds open is more than a goroutine each, and was bounded by whoever opened it.

type segment struct{ f *os.File }

func (s *segment) Close() error { return s.f.Close() }

type row struct{ path string }

type segments struct {
	open []*segment
	rows []*row
}

func (s *segments) load(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		f, err := os.Open(filepath.Join(dir, e.Name()))
		if err != nil {
			return err
		}
		s.open = append(s.open, &segment{f})
		s.rows = append(s.rows, &row{f.Name()})
	}
	return nil
}

func (s *segments) fetchOpen(ctx context.Context) {
	for _, one := range s.open {
		go fetch(ctx, one.f.Name())
	}
}

func (s *segments) fetchRows(ctx context.Context) {
	for _, one := range s.rows {
		go fetch(ctx, one.path) // want `unbounded: one goroutine per element of s\.rows \(the entries of a directory\)`
	}
}

type plugin struct{ path string }

func newPlugin(path string) (*plugin, error) {
	_, err := os.Stat(path)
	return &plugin{path}, err
}

func startPlugins(ctx context.Context, root string) error {
	entries, err := os.ReadDir(root)
	if err != nil {
		return err
	}
	plugins := map[string]*plugin{}
	for _, e := range entries {
		p, err := newPlugin(filepath.Join(root, e.Name()))
		if err != nil {
			return err
		}
		plugins[e.Name()] = p
	}
	for _, p := range plugins {
		go fetch(ctx, p.path)
	}
	return nil
}
