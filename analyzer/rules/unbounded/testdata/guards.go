package unbounded

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"strings"
	"sync"
)

type mail struct{ To []string }

var errMany = errors.New("too many")

func decode(r *http.Request) (m mail) {
	_ = json.NewDecoder(r.Body).Decode(&m)
	return m
}

// A check of the length silences what it bounds, whatever its shape, and nothing else.
func guardSwitch(w http.ResponseWriter, r *http.Request) {
	to := decode(r).To
	switch n := len(to); {
	case n == 0:
		return
	case n > 100:
		http.Error(w, "too many", http.StatusBadRequest)
		return
	}
	for _, url := range to {
		go fetch(r.Context(), url)
	}
}

func guardSwitchGoesOn(r *http.Request) {
	to := decode(r).To
	switch n := len(to); {
	case n == 0:
		return
	case n > 100:
		println("many")
	}
	for _, url := range to {
		go fetch(r.Context(), url) // want `unbounded: one goroutine per element of to`
	}
}

func guardCase(r *http.Request) {
	to := decode(r).To
	switch {
	case len(to) <= 100:
		for _, url := range to {
			go fetch(r.Context(), url)
		}
	default:
		for _, url := range to {
			go fetch(r.Context(), url) // want `unbounded: one goroutine per element of to`
		}
	}
}

func guardInside(r *http.Request) {
	to := decode(r).To
	if len(to) <= 100 {
		for _, url := range to {
			go fetch(r.Context(), url)
		}
	}
}

// The small ones have their own way, and leave the large.
func guardOutside(r *http.Request) {
	to := decode(r).To
	if len(to) <= 100 {
		_ = fetch(r.Context(), to[0])
		return
	}
	for _, url := range to {
		go fetch(r.Context(), url) // want `unbounded: one goroutine per element of to`
	}
}

func guardElse(w http.ResponseWriter, r *http.Request) {
	to := decode(r).To
	if len(to) > 100 {
		http.Error(w, "too many", http.StatusBadRequest)
	} else {
		for _, url := range to {
			go fetch(r.Context(), url)
		}
	}
}

func guardThen(w http.ResponseWriter, r *http.Request) {
	to := decode(r).To
	if len(to) > 100 {
		for _, url := range to {
			go fetch(r.Context(), url) // want `unbounded: one goroutine per element of to`
		}
		return
	}
	_ = fetch(r.Context(), to[0])
}

func guardEither(r *http.Request, force bool) {
	to := decode(r).To
	if len(to) <= 100 && !force {
		for _, url := range to {
			go fetch(r.Context(), url)
		}
	}
	if len(to) <= 100 || force {
		for _, url := range to {
			go fetch(r.Context(), url) // want `unbounded: one goroutine per element of to`
		}
	}
}

func guardOr(r *http.Request) {
	to := decode(r).To
	if n := len(to); n == 0 || n > 100 {
		return
	}
	for _, url := range to {
		go fetch(r.Context(), url)
	}
}

func guardNot(r *http.Request) {
	to := decode(r).To
	few := len(to) <= 100
	if !few {
		return
	}
	for _, url := range to {
		go fetch(r.Context(), url)
	}
}

func guardEmpty(r *http.Request) {
	to := decode(r).To
	if n := len(to); n == 0 {
		return
	}
	for _, url := range to {
		go fetch(r.Context(), url) // want `unbounded: one goroutine per element of to`
	}
}

// Together they are few, so each of them is.
func guardSum(r *http.Request) {
	a, b := decode(r).To, decode(r).To
	if len(a)+len(b) > 100 {
		return
	}
	for _, url := range a {
		go fetch(r.Context(), url)
	}
}

// A helper that answers.
func check(to []string) error {
	if len(to) > 100 {
		return errMany
	}
	return nil
}

func tooMany(to []string) bool { return len(to) > 100 }

func checkEmpty(to []string) error {
	if len(to) == 0 {
		return errMany
	}
	return nil
}

func guardHelper(r *http.Request) {
	to := decode(r).To
	if err := check(to); err != nil {
		return
	}
	for _, url := range to {
		go fetch(r.Context(), url)
	}
	more := decode(r).To
	if tooMany(more) {
		return
	}
	for _, url := range more {
		go fetch(r.Context(), url)
	}
}

func guardHelperOfEmpty(r *http.Request) {
	to := decode(r).To
	if err := checkEmpty(to); err != nil {
		return
	}
	for _, url := range to {
		go fetch(r.Context(), url) // want `unbounded: one goroutine per element of to`
	}
}

// What it answers is not heard.
func guardHelperDropped(r *http.Request) {
	to := decode(r).To
	tooMany(to)
	for _, url := range to {
		go fetch(r.Context(), url) // want `unbounded: one goroutine per element of to`
	}
}

type order struct{ Links, Notes []string }

func (o *order) validate() error {
	switch {
	case len(o.Links) == 0:
		return nil
	case len(o.Links) > 50:
		return errMany
	}
	return nil
}

func guardMethod(r *http.Request) {
	var o order
	if json.NewDecoder(r.Body).Decode(&o) != nil || o.validate() != nil {
		return
	}
	for _, link := range o.Links {
		go fetch(r.Context(), link)
	}
	for _, note := range o.Notes {
		go fetch(r.Context(), note) // want `unbounded: one goroutine per element of o.Notes`
	}
}

// The same field of another order, which nobody checks.
func guardElsewhere(r *http.Request) {
	var o order
	if json.NewDecoder(r.Body).Decode(&o) != nil {
		return
	}
	for _, link := range o.Links {
		go fetch(r.Context(), link) // want `unbounded: one goroutine per element of o.Links`
	}
}

// Checked by whoever makes it, or by the caller.
func parse(r *http.Request) (*order, error) {
	o := &order{}
	if err := json.NewDecoder(r.Body).Decode(o); err != nil {
		return nil, err
	}
	return o, o.validate()
}

func guardMade(r *http.Request) {
	o, err := parse(r)
	if err != nil {
		return
	}
	for _, link := range o.Links {
		go fetch(r.Context(), link)
	}
}

func guardCaller(r *http.Request) {
	var o order
	if json.NewDecoder(r.Body).Decode(&o) != nil || len(o.Links) > 10 {
		return
	}
	orderLinks(r, &o)
}

func orderLinks(r *http.Request, o *order) {
	for _, link := range o.Links {
		go fetch(r.Context(), link)
	}
}

func noGuardCaller(r *http.Request) {
	var o order
	if json.NewDecoder(r.Body).Decode(&o) != nil {
		return
	}
	orderLinksToo(r, &o)
}

func orderLinksToo(r *http.Request, o *order) {
	for _, link := range o.Links {
		go fetch(r.Context(), link) // want `unbounded: one goroutine per element of o.Links`
	}
}

// Two handlers in one function check each for itself.
func routes(mux *http.ServeMux) {
	mux.HandleFunc("/checked", func(w http.ResponseWriter, r *http.Request) {
		var o order
		if json.NewDecoder(r.Body).Decode(&o) != nil || len(o.Notes) > 10 {
			return
		}
		for _, note := range o.Notes {
			go fetch(r.Context(), note)
		}
	})
	mux.HandleFunc("/unchecked", func(w http.ResponseWriter, r *http.Request) {
		var o order
		if json.NewDecoder(r.Body).Decode(&o) != nil {
			return
		}
		for _, note := range o.Notes {
			go fetch(r.Context(), note) // want `unbounded: one goroutine per element of o.Notes`
		}
	})
}

// A loop that counts.
func guardBreak(r *http.Request) {
	for i, url := range decode(r).To {
		if i == 50 {
			break
		}
		go fetch(r.Context(), url)
	}
	n := 0
	for _, url := range decode(r).To {
		if n++; n == 50 {
			return
		}
		go fetch(r.Context(), url)
	}
}

func guardSkip(r *http.Request) {
	for i, url := range decode(r).To {
		if i == 50 {
			continue
		}
		go fetch(r.Context(), url) // want `unbounded: one goroutine per element of decode\(r\).To`
	}
}

// By its tag, whoever decodes it checks it.
type tagged struct {
	Links []string `json:"links" validate:"required,max=20,dive,url"`
	Notes []string `json:"notes" validate:"required,dive,max=20"`
}

func guardTag(r *http.Request) {
	var t tagged
	if json.NewDecoder(r.Body).Decode(&t) != nil {
		return
	}
	for _, link := range t.Links {
		go fetch(r.Context(), link)
	}
	for _, note := range t.Notes {
		go fetch(r.Context(), note) // want `unbounded: one goroutine per element of t.Notes`
	}
}

// The message of an RPC, read by its methods.
type PullRequest struct{ urls, links []string }

func (r *PullRequest) GetUrls() []string  { return r.urls }
func (r *PullRequest) GetLinks() []string { return r.links }
func (*PullRequest) ProtoMessage()        {}

type puller struct{}

func (p puller) Pull(ctx context.Context, req *PullRequest) (*PullRequest, error) {
	if len(req.GetUrls()) > 100 {
		return nil, errMany
	}
	for _, url := range req.GetUrls() {
		go fetch(ctx, url)
	}
	for _, link := range req.GetLinks() {
		go fetch(ctx, link) // want `unbounded: one goroutine per element of req.GetLinks`
	}
	return req, nil
}

func (p puller) PullToo(ctx context.Context, req *PullRequest) (*PullRequest, error) {
	if err := checkPull(req); err != nil {
		return nil, err
	}
	for _, url := range req.GetUrls() {
		go fetch(ctx, url) // want `unbounded: one goroutine per element of req.GetUrls`
	}
	for _, link := range req.GetLinks() {
		go fetch(ctx, link)
	}
	return req, nil
}

func checkPull(req *PullRequest) error {
	if n := len(req.GetLinks()); n > 10 {
		return errMany
	}
	return nil
}

// What keeps a number small where it comes from.
func Several(ctx context.Context, dir *os.File, db *sql.DB, r *http.Request) error {
	names, err := dir.Readdirnames(16)
	if err != nil {
		return err
	}
	for _, name := range names {
		go fetch(ctx, name)
	}
	all, err := dir.Readdirnames(-1)
	if err != nil {
		return err
	}
	for _, name := range all {
		go fetch(ctx, name) // want `unbounded: one goroutine per element of all \(the entries of a directory\)`
	}
	for _, id := range strings.SplitN(r.URL.Query().Get("ids"), ",", 10) {
		go fetch(ctx, id)
	}
	for _, id := range strings.SplitN(r.URL.Query().Get("ids"), ",", -1) {
		go fetch(ctx, id) // want `unbounded: one goroutine per element of .* \(from the request's query parameters\)`
	}
	rows, err := db.QueryContext(ctx, "SELECT url FROM jobs ORDER BY id LIMIT 10")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var url string
		if err := rows.Scan(&url); err != nil {
			return err
		}
		go fetch(ctx, url)
	}
	return rows.Err()
}

// A loop that adds one a turn stops at a number.
func AtMost(ctx context.Context, lines *bufio.Scanner) {
	var few, many []string
	for lines.Scan() {
		if len(few) == 64 {
			break
		}
		few = append(few, lines.Text())
	}
	for _, url := range few {
		go fetch(ctx, url)
	}
	for lines.Scan() {
		if len(many) == 64 {
			continue
		}
		many = append(many, strings.Fields(lines.Text())...)
	}
	for _, url := range many {
		go fetch(ctx, url) // want `unbounded: one goroutine per element of many \(the lines of an input\)`
	}
}

// A token that is a function, and a wait that is one.
func Lent(ctx context.Context, lines *bufio.Scanner, acquire func() func(), clock func() func()) {
	for lines.Scan() {
		url, release := lines.Text(), acquire()
		go func() {
			defer release()
			_ = fetch(ctx, url)
		}()
	}
	for lines.Scan() {
		url, stop := lines.Text(), clock()
		go func() { // want `unbounded: one goroutine per element of lines \(the lines of an input\)`
			defer stop()
			_ = fetch(ctx, url)
		}()
	}
	var wg sync.WaitGroup
	flush := func() { wg.Wait() }
	for n := 0; lines.Scan(); n++ {
		if n%8 == 0 {
			flush()
		}
		url := lines.Text()
		wg.Go(func() { _ = fetch(ctx, url) })
	}
	flush()
}
