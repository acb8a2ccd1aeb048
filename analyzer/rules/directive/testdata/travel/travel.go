// Package travel uses what another package has directives on.
package travel

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/hashicorp/raft"
	"golang.org/x/crypto/bcrypt"

	"poollint.test/analyzer/rules/directive/testdata/travel/team"
)

func hash(password []byte) { _, _ = bcrypt.GenerateFromPassword(password, bcrypt.DefaultCost) }

func Kinds(password []byte, callers *team.Callers, desk *team.Desk) error {
	compute := func() { hash(password) }
	wait := func() { time.Sleep(time.Second) }
	if err := team.Calls.Submit(compute); err != nil { // want `cpubound: .*team.Calls .*by its directive`
		return err
	}
	if err := team.Sums.Submit(compute); err != nil {
		return err
	}
	if err := team.Calls.Submit(wait); err != nil {
		return err
	}
	if err := team.Sums.Submit(wait); err != nil { // want `blocking: .*team.Sums .*by its directive`
		return err
	}
	if err := team.Plain.Submit(compute); err != nil {
		return err
	}
	if err := callers.Submit(compute); err != nil { // want `cpubound: .*callers .*by its directive`
		return err
	}
	if err := desk.Calls.Submit(compute); err != nil { // want `cpubound: .*desk.Calls .*by its directive`
		return err
	}
	return desk.Plain.Submit(compute)
}

func Bounds(w http.ResponseWriter, r *http.Request) {
	var form team.Form
	if err := json.NewDecoder(r.Body).Decode(&form); err != nil {
		return
	}
	for _, url := range form.Mirrors {
		go get(r.Context(), url)
	}
	for _, url := range form.Urls {
		go get(r.Context(), url) // want `unbounded: one goroutine per element of form.Urls`
	}
}

func get(ctx context.Context, url string) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err == nil {
		_, _ = http.DefaultClient.Do(req)
	}
}

func Futures(r *raft.Raft, cmd []byte) {
	team.Hint(r, cmd)
	team.Order(r, cmd) // want `unawaited: the future of Order is dropped`
}
