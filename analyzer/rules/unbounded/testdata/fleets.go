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
		go fetch(ctx, document) // want `unbounded: one goroutine per element of documents \(what a file holds\)`
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
		go fetch(ctx, document) // want `unbounded: one goroutine per element of documents \(from a server's answer\)`
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
		go fetch(ctx, tenant) // want `unbounded: one goroutine per element of page\.Tenants \(from a server's answer\)`
	}
	return nil
}
