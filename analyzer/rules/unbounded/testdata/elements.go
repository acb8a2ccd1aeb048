// Package unbounded starts a goroutine for each element of something.
package unbounded

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"
)

func fetch(ctx context.Context, url string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// What every newcomer writes first.
func FetchAll(ctx context.Context, urls []string) {
	var wg sync.WaitGroup
	for _, url := range urls {
		wg.Add(1)
		go func() { // want `unbounded: one goroutine per element of urls \(the parameter urls of FetchAll\); 10,000 at once hold about 270 MiB \(http.Client.Do 25 KiB each\): use an errgroup with SetLimit, or a bounded pool such as pool.NewIO`
			defer wg.Done()
			_ = fetch(ctx, url)
		}()
	}
	wg.Wait()
}

func FetchGroup(ctx context.Context, urls []string) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, url := range urls {
		g.Go(func() error { return fetch(ctx, url) }) // want `unbounded: one goroutine per element of urls .*: set a limit with g.SetLimit`
	}
	return g.Wait()
}

func FetchLimited(ctx context.Context, urls []string) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(8)
	for _, url := range urls {
		g.Go(func() error { return fetch(ctx, url) })
	}
	return g.Wait()
}

// The limit may stand anywhere before the loop, also in a branch.
func FetchMaybeLimited(ctx context.Context, urls []string, n int) error {
	g, ctx := errgroup.WithContext(ctx)
	if n > 0 {
		g.SetLimit(n)
	}
	for _, url := range urls {
		g.Go(func() error { return fetch(ctx, url) })
	}
	return g.Wait()
}

func FetchToken(ctx context.Context, urls []string) {
	sem := make(chan struct{}, 8)
	for _, url := range urls {
		sem <- struct{}{}
		go func() {
			defer func() { <-sem }()
			_ = fetch(ctx, url)
		}()
	}
}

// A token for each of them throttles nothing.
func FetchWideToken(ctx context.Context, urls []string) {
	sem := make(chan struct{}, len(urls))
	for _, url := range urls {
		sem <- struct{}{}
		go func() { // want `unbounded: one goroutine per element of urls .*; the semaphore has a token for each, so nothing waits`
			defer func() { <-sem }()
			_ = fetch(ctx, url)
		}()
	}
}

func FetchPrefilled(ctx context.Context, urls []string) {
	tokens := make(chan struct{}, 8)
	for range 8 {
		tokens <- struct{}{}
	}
	for _, url := range urls {
		<-tokens
		go func() {
			defer func() { tokens <- struct{}{} }()
			_ = fetch(ctx, url)
		}()
	}
}

// A select on a stop channel is no throttle.
func FetchStoppable(ctx context.Context, urls []string, stop chan struct{}) {
	for _, url := range urls {
		select {
		case <-stop:
			return
		case <-ctx.Done():
			return
		default:
		}
		go fetch(ctx, url) // want `unbounded: one goroutine per element of urls`
	}
}

func FetchChunks(ctx context.Context, urls []string) {
	for len(urls) > 0 {
		n := min(len(urls), 16)
		var wg sync.WaitGroup
		for _, url := range urls[:n] {
			wg.Go(func() { _ = fetch(ctx, url) })
		}
		wg.Wait()
		urls = urls[n:]
	}
}

func FetchFew(ctx context.Context, urls []string) error {
	if len(urls) > 100 {
		return os.ErrInvalid
	}
	for _, url := range urls {
		go fetch(ctx, url)
	}
	return nil
}

func FetchFirst(ctx context.Context, urls []string) {
	for _, url := range urls {
		go fetch(ctx, url)
		return
	}
}

func FetchWaiting(ctx context.Context, urls []string) {
	done := make(chan error)
	for _, url := range urls {
		go func() { done <- fetch(ctx, url) }()
		<-done
	}
}

// Peers, disks and listeners grow with the installation, not with use.
func PingAll(ctx context.Context, peers []string) {
	for _, peer := range peers {
		go fetch(ctx, peer)
	}
}

func FetchFixed(ctx context.Context) {
	for _, url := range []string{"https://a.example", "https://b.example"} {
		go fetch(ctx, url)
	}
	for _, url := range mirrors {
		go fetch(ctx, url)
	}
	for range 16 {
		go fetch(ctx, "https://a.example")
	}
	var three [3]string
	for _, url := range three {
		go fetch(ctx, url)
	}
}

var mirrors = []string{"https://a.example", "https://b.example"}

// A task that only counts is gone before the next one starts.
func CountAll(urls []string) int {
	var mu sync.Mutex
	var n int
	for range urls {
		go func() { mu.Lock(); n++; mu.Unlock() }()
	}
	return n
}

type input struct{ Links []string }

func handleBody(w http.ResponseWriter, r *http.Request) {
	var in input
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		return
	}
	for _, link := range in.Links {
		go fetch(r.Context(), link) // want `unbounded: one goroutine per element of in.Links \(from the request\)`
	}
}

func handleChecked(w http.ResponseWriter, r *http.Request) {
	var in struct{ Pages []string }
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		return
	}
	if len(in.Pages) > 20 {
		http.Error(w, "too many", http.StatusBadRequest)
		return
	}
	for _, page := range in.Pages {
		go fetch(r.Context(), page)
	}
}

func handleQuery(w http.ResponseWriter, r *http.Request) {
	var wg sync.WaitGroup
	for _, id := range strings.Split(r.URL.Query().Get("ids"), ",") {
		wg.Go(func() { _ = fetch(r.Context(), id) }) // want `unbounded: one goroutine per element of .*from the request`
	}
	wg.Wait()
}

func Directory(ctx context.Context, dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	var g errgroup.Group
	for _, e := range entries {
		if e.IsDir() {
			continue
		}
		g.Go(func() error { // want `unbounded: one goroutine per element of entries \(the entries of a directory\)`
			_, err := os.ReadFile(filepath.Join(dir, e.Name()))
			return err
		})
	}
	return g.Wait()
}

func Rows(ctx context.Context, db *sql.DB) error {
	rows, err := db.QueryContext(ctx, "select url from page")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var url string
		if err := rows.Scan(&url); err != nil {
			return err
		}
		go fetch(ctx, url) // want `unbounded: one goroutine per element of rows \(the rows of a query\)`
	}
	return rows.Err()
}

type store interface {
	ListObjects(ctx context.Context, prefix string) ([]object, error)
	ListReplicas(ctx context.Context) ([]replica, error)
}

type object struct{ Key string }

type replica struct{ Host string }

func Objects(ctx context.Context, s store) error {
	objects, err := s.ListObjects(ctx, "a/")
	if err != nil {
		return err
	}
	for _, o := range objects {
		go fetch(ctx, o.Key) // want `unbounded: one goroutine per element of objects \(listed by s.ListObjects\)`
	}
	replicas, err := s.ListReplicas(ctx)
	if err != nil {
		return err
	}
	for _, r := range replicas {
		go fetch(ctx, r.Host)
	}
	return nil
}

// A channel of what is data, and one of what is not.
func Stream(ctx context.Context, urls <-chan string, ticks <-chan struct{}, conns <-chan string) {
	for url := range urls {
		go fetch(ctx, url) // want `unbounded: one goroutine per element of urls \(a channel\)`
	}
	for range ticks {
		go fetch(ctx, "https://a.example")
	}
	for conn := range conns {
		go fetch(ctx, conn)
	}
}

func Lines(ctx context.Context, in *bufio.Scanner) {
	for in.Scan() {
		go fetch(ctx, in.Text()) // want `unbounded: one goroutine per element of in \(the lines of an input\)`
	}
}

type cluster interface{ GetMemberList() []replica }

func urlsOf(ms []replica) []string {
	urls := make([]string, len(ms))
	for i, m := range ms {
		urls[i] = "https://" + m.Host
	}
	return urls
}

// The urls are the members', whatever the parameter is called.
func askMembers(ctx context.Context, c cluster) {
	askAll(ctx, urlsOf(c.GetMemberList()))
}

func askAll(ctx context.Context, urls []string) {
	for _, url := range urls {
		go fetch(ctx, url)
	}
}

// As many as somebody wrote down in the call.
func FetchThese(ctx context.Context, urls ...string) {
	for _, url := range urls {
		go fetch(ctx, url)
	}
}

// All callers are known, and nothing says that what they pass grows.
type settings struct{ pages []string }

func (s *settings) refresh(ctx context.Context) { refreshAll(ctx, s.pages) }

func refreshAll(ctx context.Context, urls []string) {
	for _, url := range urls {
		go fetch(ctx, url)
	}
}

// One of them passes what anybody may give it.
func Refresh(ctx context.Context, urls []string) { refreshThese(ctx, urls) }

func refreshThese(ctx context.Context, urls []string) {
	for _, url := range urls {
		go fetch(ctx, url) // want `unbounded: one goroutine per element of urls \(the parameter urls of Refresh\)`
	}
}

type index interface {
	SearchDir(ctx context.Context, dir string) ([]string, error)
	SearchDirs(ctx context.Context, pattern string) ([]string, error)
}

// What a directory is searched for may be anything; directories are data.
func Clean(ctx context.Context, in index) error {
	refs, err := in.SearchDir(ctx, "cache")
	for _, ref := range refs {
		go fetch(ctx, ref)
	}
	return err
}

func CleanAll(ctx context.Context, in index) error {
	refs, err := in.SearchDirs(ctx, "*")
	for _, ref := range refs {
		go fetch(ctx, ref) // want `unbounded: one goroutine per element of refs \(listed by in.SearchDirs\)`
	}
	return err
}

// What is put into a field comes from where it was found.
type scan struct {
	entries []os.DirEntry
	found   []string
	chosen  []string
	mixed   []string
}

func (s *scan) read(dir string) (err error) {
	if s.entries, err = os.ReadDir(dir); err != nil {
		return err
	}
	s.found = nil
	for _, e := range s.entries {
		s.found = append(s.found, e.Name())
	}
	s.chosen = s.found[:10]
	s.mixed = s.found
	return nil
}

func (s *scan) choose(some []string) { s.mixed = some }

func (s *scan) run(ctx context.Context) {
	for _, e := range s.entries {
		go fetch(ctx, e.Name()) // want `unbounded: one goroutine per element of s.entries \(the entries of a directory\)`
	}
	for _, name := range s.found {
		go fetch(ctx, name) // want `unbounded: one goroutine per element of s.found \(the entries of a directory\)`
	}
	for _, name := range s.chosen {
		go fetch(ctx, name)
	}
	for _, name := range s.mixed {
		go fetch(ctx, name) // want `unbounded: one goroutine per element of s.mixed \(the entries of a directory\)`
	}
}

type wanted struct{ ids []string }

func HandleWanted(w http.ResponseWriter, r *http.Request) {
	b := &wanted{ids: r.URL.Query()["id"]}
	b.run(r.Context())
}

func (b *wanted) run(ctx context.Context) {
	for _, id := range b.ids {
		go fetch(ctx, id) // want `unbounded: one goroutine per element of b.ids \(from the request's query parameters\)`
	}
}

type checked struct{ ids []string }

func HandleChecked(w http.ResponseWriter, r *http.Request) {
	c := &checked{ids: r.URL.Query()["id"]}
	if len(c.ids) > 100 {
		http.Error(w, "too many", http.StatusBadRequest)
		return
	}
	c.run(r.Context())
}

func (c *checked) run(ctx context.Context) {
	for _, id := range c.ids {
		go fetch(ctx, id)
	}
}

type station struct{ events []string }

// What a struct holds has a history that the parameter does not tell.
func WatchAll(ctx context.Context, stations []*station) {
	for _, m := range stations {
		watch(ctx, m)
	}
}

func watch(ctx context.Context, m *station) {
	for _, event := range m.events {
		go fetch(ctx, event)
	}
}

// A map by what a function says of an element has as many entries as that has answers.
func Grouped(w http.ResponseWriter, r *http.Request) {
	groups, byName := map[int]string{}, map[string]bool{}
	for _, key := range r.URL.Query()["key"] {
		group := groupOf(key)
		groups[group] += key
		byName[key] = true
	}
	for _, keys := range groups {
		go fetch(r.Context(), keys)
	}
	for key := range byName {
		go fetch(r.Context(), key) // want `unbounded: one goroutine per element of byName \(from the request's query parameters\)`
	}
}

func groupOf(key string) int { return len(key) % 7 }

// Plan is filled by others, too, but also from a request.
type Plan struct{ Steps []string }

func HandlePlan(w http.ResponseWriter, r *http.Request) {
	p := &Plan{Steps: r.URL.Query()["step"]}
	p.Run(r.Context())
}

func (p *Plan) Run(ctx context.Context) {
	for _, s := range p.Steps {
		go fetch(ctx, s) // want `unbounded: one goroutine per element of p.Steps \(from the request's query parameters\)`
	}
}

// That a listing is of peers is also known of what they are listed by.
func Scrape(ctx context.Context, peers []string) error {
	all, err := allURLs(ctx, peers)
	for u := range all {
		go fetch(ctx, u)
	}
	return err
}

func allURLs(ctx context.Context, peers []string) (map[string]bool, error) {
	all := map[string]bool{}
	for _, peer := range peers {
		all[strings.ToLower(peer)] = true
	}
	return all, ctx.Err()
}

// As many entries as names that a test gives, though they are looked up in a file.
func preload(ctx context.Context, names ...string) error {
	var wanted []string
	for _, name := range names {
		if name != "" {
			wanted = append(wanted, name)
		}
	}
	return preloadImages(ctx, wanted)
}

func preloadImages(ctx context.Context, images []string) error {
	refs, err := readImageList(ctx, "images.txt", images)
	if err != nil {
		return err
	}
	for _, ref := range refs {
		go fetch(ctx, ref)
	}
	all, err := readFullList(ctx, "images.txt")
	for _, ref := range all {
		go fetch(ctx, ref) // want `unbounded: one goroutine per element of all \(.*\)`
	}
	return err
}

type listing struct{ URLs []string }

// A named result is no parameter: nobody passes what is read into it.
func named(ctx context.Context, r io.Reader, kind *string) {
	l, err := listNamed(ctx, r, kind)
	for _, url := range l.URLs {
		go fetch(ctx, url) // want `unbounded: one goroutine per element of l.URLs \(listed by listNamed\)`
	}
	_ = err
}

func listNamed(ctx context.Context, r io.Reader, kind *string) (l *listing, err error) {
	l = new(listing)
	err = readInto(ctx, r, *kind, l)
	return l, err
}

func readInto(_ context.Context, r io.Reader, _ string, v any) error {
	return json.NewDecoder(r).Decode(v)
}

func readImageList(ctx context.Context, file string, images []string) (map[string]string, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	refs := map[string]string{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		for _, image := range images {
			if strings.HasPrefix(lines.Text(), image) {
				refs[image] = lines.Text()
			}
		}
	}
	return refs, ctx.Err()
}

func readFullList(ctx context.Context, file string) ([]string, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var refs []string
	for lines := bufio.NewScanner(f); lines.Scan(); {
		refs = append(refs, lines.Text())
	}
	return refs, ctx.Err()
}

// A query that says how many it wants at most returns a page.
type catalogue interface {
	All(dst any, clauses ...clause) error
	Find(dst any) error
	Limit(n int) catalogue
}

type clause func()

func limit(n int) clause { return func() { _ = n } }

type clauses struct{}

func (clauses) Limit(n int) clause { return limit(n) }

func Pages(ctx context.Context, db catalogue, by clauses, size int) error {
	var first, second, all []string
	where := []clause{}
	where = append(where, by.Limit(size))
	if err := db.All(&first, where...); err != nil {
		return err
	}
	for _, url := range first {
		go fetch(ctx, url)
	}
	if err := db.Limit(100).Find(&second); err != nil {
		return err
	}
	for _, url := range second {
		go fetch(ctx, url)
	}
	if err := db.All(&all); err != nil {
		return err
	}
	for _, url := range all {
		go fetch(ctx, url) // want `unbounded: one goroutine per element of all \(loaded by db.All\)`
	}
	return nil
}
