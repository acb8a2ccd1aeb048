// Package strict builds pools where a careful reviewer would ask how often.
package strict

import (
	"context"
	"net/http"

	"github.com/gammazero/workerpool"
	"github.com/panjf2000/ants/v2"
)

// One of those that call it handles requests.
func contactSheet(images []string) {
	p := workerpool.New(8) // want `churn: p is a new pool for each call, and handleSheet calls for each request that it handles`
	defer p.StopWait()
	for range images {
		p.Submit(func() {})
	}
}

func handleSheet(w http.ResponseWriter, r *http.Request) {
	contactSheet(r.URL.Query()["image"])
}

func printSheet(images []string) {
	contactSheet(images)
}

// Others may call it once.
func Sheets(all [][]string) {
	for _, images := range all {
		Sheet(images)
	}
}

func Sheet(images []string) {
	p := workerpool.New(8) // want `churn: p is a new pool for each call, and Sheets calls in each iteration`
	defer p.StopWait()
	for range images {
		p.Submit(func() {})
	}
}

type archive struct{ shelves [4]func(string) []byte }

// Whoever wants a document asks for it.
func (a *archive) Document(ctx context.Context, name string) ([]byte, error) {
	p, err := ants.NewPool(4) // want `churn: p is a new pool for each call of Document`
	if err != nil {
		return nil, err
	}
	defer p.Release()
	found := make(chan []byte, len(a.shelves))
	for _, shelf := range a.shelves {
		if err := p.Submit(func() { found <- shelf(name) }); err != nil {
			return nil, err
		}
	}
	select {
	case text := <-found:
		return text, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// A batch has a pool of its own, for all that is in it.
func (a *archive) Copy(ctx context.Context, names []string, to func([]byte)) error {
	p, err := ants.NewPool(4) // silent: churn "it is made once, as far as is known"
	if err != nil {
		return err
	}
	defer p.Release()
	for _, name := range names {
		if err := p.Submit(func() { to(a.shelves[0](name)) }); err != nil {
			return err
		}
	}
	return nil
}

var (
	_ = handleSheet
	_ = printSheet
)
