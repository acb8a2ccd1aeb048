package wrappers

import (
	"context"
	"net/http"
	"os"

	"golang.org/x/sync/errgroup"

	"poollint.test/analyzer/rules/unbounded/testdata/wrappers/opts"
	"poollint.test/analyzer/rules/unbounded/testdata/wrappers/semgroup"
)

func ConstructedElsewhere(ctx context.Context, urls []string) {
	limited := semgroup.NewPool(ctx, 8)
	free := semgroup.NewFreePool(ctx)
	for _, url := range urls {
		limited.Go(func(ctx context.Context) error { return fetch(ctx, url) })
		free.Go(func(ctx context.Context) error { return fetch(ctx, url) }) // want `unbounded: one goroutine per element of urls .*: set a limit with free.WithMaxGoroutines`
	}
	_, _ = limited.Wait(), free.Wait()
}

func GroupOfTheirOwn(ctx context.Context, urls []string) {
	limited := semgroup.New(ctx, 8)
	free := semgroup.NewFree(ctx)
	sized := semgroup.NewSized(8)
	unsized := semgroup.NewUnsized()
	for _, url := range urls {
		limited.Go(func() error { return fetch(ctx, url) })
		free.Go(func() error { return fetch(ctx, url) }) // want `unbounded: one goroutine per element of urls`
		sized.Go(func() error { return fetch(ctx, url) })
		unsized.Go(func() error { return fetch(ctx, url) }) // want `unbounded: one goroutine per element of urls`
	}
	_, _, _, _ = limited.Wait(), free.Wait(), sized.Wait(), unsized.Wait()
}

func EmbeddedGroup(ctx context.Context, urls []string) {
	limited := semgroup.NewEmbedded(ctx, 8)
	free := semgroup.NewFreeEmbedded(ctx)
	for _, url := range urls {
		limited.Go(func(ctx context.Context) error { return fetch(ctx, url) })
		free.Go(func(ctx context.Context) error { return fetch(ctx, url) }) // want `unbounded: one goroutine per element of urls`
	}
	_, _ = limited.Wait(), free.Wait()
}

func TokenElsewhere(ctx context.Context, urls []string) {
	gate := semgroup.NewGate(8)
	counter := new(semgroup.Counter)
	for _, url := range urls {
		gate.Enter()
		go func() {
			defer gate.Leave()
			_ = fetch(ctx, url)
		}()
	}
	for _, url := range urls {
		counter.Enter()
		go func() { // want `unbounded: one goroutine per element of urls`
			defer counter.Leave()
			_ = fetch(ctx, url)
		}()
	}
}

func AsyncElsewhere(ctx context.Context, urls []string) {
	limited := semgroup.NewServer(8)
	free := new(semgroup.FreeServer)
	for _, url := range urls {
		limited.Async(func() { _ = fetch(ctx, url) })
		free.Async(func() { _ = fetch(ctx, url) }) // want `unbounded: one goroutine per element of urls`
	}
}

func PackageVariableElsewhere(ctx context.Context, urls []string) {
	for _, url := range urls {
		semgroup.Background(func() error { return fetch(ctx, url) })
		semgroup.FreeBackground(func() error { return fetch(ctx, url) }) // want `unbounded: one goroutine per element of urls`
	}
}

func MapElsewhere(dir string) {
	entries, _ := os.ReadDir(dir)
	read := func(e os.DirEntry) error { return fetch(context.Background(), e.Name()) }
	semgroup.Map(entries, 8, read)
	semgroup.FreeMap(entries, read) // want `unbounded: FreeMap starts one goroutine per element of entries \(the entries of a directory\)`
}

func Options(ctx context.Context, urls []string) {
	limited := opts.New(opts.Config{Workers: 8})
	free := opts.NewFree(opts.Config{Name: "free"})
	group := opts.NewGroup(&opts.Config{Workers: 8})
	freeGroup := opts.NewFreeGroup(&opts.Config{Name: "free"})
	team := opts.NewTeam(opts.WithLimit(8))
	freeTeam := opts.NewFreeTeam(opts.WithName("free"))
	for _, url := range urls {
		limited.Run(func() error { return fetch(ctx, url) })
		free.Run(func() error { return fetch(ctx, url) }) // want `unbounded: one goroutine per element of urls`
		group.Go(func() error { return fetch(ctx, url) })
		freeGroup.Go(func() error { return fetch(ctx, url) }) // want `unbounded: one goroutine per element of urls .*: set a limit with freeGroup.SetLimit`
		team.Run(func() error { return fetch(ctx, url) })
		freeTeam.Run(func() error { return fetch(ctx, url) }) // want `unbounded: one goroutine per element of urls`
	}
	_, _, _, _, _, _ = limited.Wait(), free.Wait(), group.Wait(), freeGroup.Wait(), team.Wait(), freeTeam.Wait()
}

func LimitedInInit(ctx context.Context, urls []string) {
	late, never := opts.NewLate(8), opts.NewNever(8)
	late.Init()
	never.Init()
	for _, url := range urls {
		late.Run(func() error { return fetch(ctx, url) })
		never.Run(func() error { return fetch(ctx, url) }) // want `unbounded: one goroutine per element of urls`
	}
	_, _ = late.Wait(), never.Wait()
}

// What is done with a group elsewhere is judged here, where its limit is known.
func GroupAsArgument(w http.ResponseWriter, r *http.Request) {
	var limited, free, ours errgroup.Group
	semgroup.Limit(&limited, 8)
	ours.SetLimit(8)
	get := func(url string) error { return fetch(r.Context(), url) }
	urls := r.URL.Query()["url"]
	for _, url := range urls {
		limited.Go(func() error { return get(url) })
		semgroup.Fill(&ours, func() error { return get(url) })
		semgroup.Fill(&free, func() error { return get(url) }) // want `unbounded: one goroutine per element of urls .*: set a limit with free.SetLimit`
	}
	semgroup.Spread(&ours, urls, get)
	semgroup.Spread(&free, urls, get) // want `unbounded: Spread starts one goroutine per element of urls \(from the request.*\).*: pass a bounded part of it, or give free a limit`
	_, _, _ = limited.Wait(), free.Wait(), ours.Wait()
}

// An embedded group is reached by whoever has it.
func EmbeddedLimitedHere(ctx context.Context, urls []string) {
	limited, free := semgroup.NewFreeEmbedded(ctx), semgroup.NewFreeEmbedded(ctx)
	limited.SetLimit(8)
	for _, url := range urls {
		limited.Go(func(ctx context.Context) error { return fetch(ctx, url) })
		free.Go(func(ctx context.Context) error { return fetch(ctx, url) }) // want `unbounded: one goroutine per element of urls .*: set a limit with free.SetLimit`
	}
	_, _ = limited.Wait(), free.Wait()
}

// A helper that waits for what it starts adds nothing when it is called again.
func MapInLoop(ctx context.Context, urls []string) {
	for _, url := range urls {
		semgroup.FreeMap([]string{"a", "b"}, func(m string) error { return fetch(ctx, m+url) })
	}
}

func RoomElsewhere(ctx context.Context, urls []string) {
	room := semgroup.NewRoom(8)
	for _, url := range urls {
		room.Add(1)
		go func() { // silent: unbounded "Add acquires a token"
			defer room.Done()
			_ = fetch(ctx, url)
		}()
	}
	for _, url := range urls {
		room.AddLate(1)
		go fetch(ctx, url) // want `unbounded: one goroutine per element of urls`
	}
	room.Wait()
}
