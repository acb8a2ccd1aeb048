// Package site reads what the analyzer knows of the places where pools are made and used, and what
// its rules conclude of them. Its flag -sites reports each place as a diagnostic of category "site" whose
// message is a Site as JSON, and each conclusion as one of category "verdict". (The go command carries
// diagnostics only.)
package site

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/poollint/poollint/cmd/poollint/internal/finding"
)

// Category is that of the diagnostics that carry sites.
const Category = "site"

// The kinds of sites.
const (
	Make   = "make"   // an executor is constructed
	Limit  = "limit"  // its bound is set
	Submit = "submit" // it is given a task
	Go     = "go"     // a goroutine is started without an executor
	Await  = "await"  // a result or a group is waited for
	Close  = "close"  // an executor is closed
)

// A Site is what is known of a place. Empty means unknown.
type Site struct {
	Kind     string   `json:"kind"`
	Func     string   `json:"func,omitempty"`     // the function around it: F, T.M
	Executor string   `json:"executor,omitempty"` // as written: s.io
	Type     string   `json:"type,omitempty"`     // *pool.IO
	Origin   string   `json:"origin,omitempty"`   // which one it is, the same at all its sites: example.com/p.Service.io
	Use      string   `json:"use,omitempty"`      // what it is for: io, cpu
	UseWhy   string   `json:"useWhy,omitempty"`   // how that is known
	Bound    string   `json:"bound,omitempty"`    // how many at once: 16, none, escapes
	BoundWhy string   `json:"boundWhy,omitempty"` // where that was set
	Task     string   `json:"task,omitempty"`     // what the task does
	Result   string   `json:"result,omitempty"`   // what becomes of its result
	Notes    []string `json:"notes,omitempty"`

	Package string           `json:"-"`
	Pos     finding.Position `json:"-"`
}

// Of picks the sites from what a run with -sites reported.
func Of(fs []finding.Finding) []Site {
	var sites []Site
	for _, f := range fs {
		if f.Rule != Category {
			continue
		}
		text := strings.TrimPrefix(f.Message, Category+": ")
		var s Site
		if json.Unmarshal([]byte(text), &s) != nil {
			s = Site{Notes: []string{text}}
		}
		if s.Task == "0 ns" { // an empty task, or a library's own: nothing is known of it
			s.Task = ""
		}
		s.Package, s.Pos = f.Package, f.Pos
		sites = append(sites, s)
	}
	return sites
}

// Title says what happens at the site, in a line.
func (s *Site) Title() string {
	on := s.Executor
	if s.Type != "" {
		on = strings.TrimSpace(on + " (" + s.Type + ")")
	}
	switch s.Kind {
	case Make:
		return "makes " + or(on, "a pool")
	case Limit:
		return "limits " + or(on, "a pool")
	case Submit:
		return "submits a task to " + or(on, "a pool")
	case Go:
		return "starts a goroutine"
	case Await:
		return "waits for " + or(on, "a result")
	case Close:
		return "closes " + or(on, "a pool")
	}
	return or(strings.Join(s.Notes, "; "), "a site")
}

// Details are what is known beyond the title, one fact a line.
func (s *Site) Details() []string {
	var lines []string
	add := func(what, value, why string) {
		if value == "" {
			return
		}
		if why != "" {
			value += ": " + why
		}
		lines = append(lines, fmt.Sprintf("%-8s%s", what, value))
	}
	if s.Kind == Submit || s.Kind == Make || s.Kind == Limit {
		add("kind", or(useText[s.Use], or(s.Use, "unknown")), s.UseWhy)
	}
	if s.Kind != Await && s.Kind != Close && s.Kind != "" {
		add("bound", or(s.Bound, "unknown"), s.BoundWhy)
	}
	add("task", s.Task, "")
	add("result", s.Result, "")
	if s.Kind != "" {
		for _, n := range s.Notes {
			add("note", n, "")
		}
	}
	return lines
}

var useText = map[string]string{"io": "I/O pool", "cpu": "CPU pool"}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
