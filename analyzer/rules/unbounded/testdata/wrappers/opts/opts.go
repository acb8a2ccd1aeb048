// Package opts holds executors whose limit comes in an option, and the same without.
package opts

import (
	"golang.org/x/sync/errgroup"
)

// Config carries the limit.
type Config struct {
	Name    string
	Workers int
}

// Crew is limited by its configuration.
type Crew struct{ g *errgroup.Group }

func New(c Config) *Crew {
	crew := &Crew{g: new(errgroup.Group)}
	if c.Workers > 0 {
		crew.g.SetLimit(c.Workers)
	}
	return crew
}

func (c *Crew) Run(task func() error) { c.g.Go(task) }
func (c *Crew) Wait() error           { return c.g.Wait() }

// FreeCrew has a configuration without.
type FreeCrew struct{ g *errgroup.Group }

func NewFree(Config) *FreeCrew { return &FreeCrew{g: new(errgroup.Group)} }

func (c *FreeCrew) Run(task func() error) { c.g.Go(task) }
func (c *FreeCrew) Wait() error           { return c.g.Wait() }

// NewGroup and NewFreeGroup return the group itself.
func NewGroup(c *Config) *errgroup.Group {
	g := &errgroup.Group{}
	g.SetLimit(c.Workers)
	return g
}

func NewFreeGroup(c *Config) *errgroup.Group {
	_ = c.Name
	g := &errgroup.Group{}
	return g
}

// Option sets something of a Team.
type Option func(*Team)

// WithLimit sets its limit.
func WithLimit(n int) Option { return func(t *Team) { t.g.SetLimit(n) } }

// Team can be given a limit.
type Team struct{ g errgroup.Group }

func NewTeam(options ...Option) *Team {
	t := new(Team)
	for _, o := range options {
		o(t)
	}
	return t
}

func (t *Team) Run(task func() error) { t.g.Go(task) }
func (t *Team) Wait() error           { return t.g.Wait() }

// FreeOption sets something of a FreeTeam, and never a limit.
type FreeOption func(*FreeTeam)

// WithName names it.
func WithName(name string) FreeOption { return func(t *FreeTeam) { t.name = name } }

// FreeTeam cannot be given one.
type FreeTeam struct {
	name string
	g    errgroup.Group
}

func NewFreeTeam(options ...FreeOption) *FreeTeam {
	t := new(FreeTeam)
	for _, o := range options {
		o(t)
	}
	return t
}

func (t *FreeTeam) Run(task func() error) { t.g.Go(task) }
func (t *FreeTeam) Wait() error           { return t.g.Wait() }

// Late gets its limit in Init, after it was made.
type Late struct {
	n int
	g errgroup.Group
}

func NewLate(n int) *Late { return &Late{n: n} }

func (l *Late) Init()                 { l.g.SetLimit(l.n) }
func (l *Late) Run(task func() error) { l.g.Go(task) }
func (l *Late) Wait() error           { return l.g.Wait() }

// Never has an Init that does not.
type Never struct {
	n int
	g errgroup.Group
}

func NewNever(n int) *Never { return &Never{n: n} }

func (l *Never) Init()                 { l.n++ }
func (l *Never) Run(task func() error) { l.g.Go(task) }
func (l *Never) Wait() error           { return l.g.Wait() }
