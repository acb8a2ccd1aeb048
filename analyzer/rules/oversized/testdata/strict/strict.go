// Package strict builds pools that perhaps no memory can bear.
package strict

import (
	"net/http"

	"golang.org/x/sync/errgroup"
)

// The figures are right within a factor of two, so the least alone is certain.
func Perhaps(urls []string) error {
	var g errgroup.Group
	g.SetLimit(50_000) // want `oversized: SetLimit\(50_000\) allows 50000 workers, which hold about 1.3 GiB \(http.Client.Do 25 KiB each\)`
	for _, url := range urls {
		g.Go(func() error {
			resp, err := http.Get(url)
			if err != nil {
				return err
			}
			return resp.Body.Close()
		})
	}
	return g.Wait()
}
