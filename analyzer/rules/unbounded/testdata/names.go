package unbounded

import (
	"bufio"
	"context"
	"database/sql"
	"os"

	"golang.org/x/sync/errgroup"
)

// A word in a name decides nothing without types or use beside it.

type lexeme struct{ text string }

type scanner interface {
	Scan() bool
	NextToken() lexeme
	SkipToken()
}

func NotASemaphore(in *bufio.Scanner, s scanner) {
	for in.Scan() {
		t := s.NextToken()
		go use(t.text + in.Text()) // want `unbounded: `
	}
}

type lexer struct {
	at   int
	text string
}

func (l *lexer) TakeToken() { l.at++ }

func NotASemaphoreEither(in *bufio.Scanner, l *lexer) {
	for in.Scan() {
		l.TakeToken()
		go use(in.Text()) // want `unbounded: `
	}
}

type limits struct{ free chan struct{} }

func (l *limits) TakeToken() { <-l.free }

func ASemaphore(in *bufio.Scanner, l *limits) {
	for in.Scan() {
		l.TakeToken()
		go use(in.Text())
	}
}

type quota interface{ TakeToken() error }

func MaybeASemaphore(in *bufio.Scanner, q quota) error {
	for in.Scan() {
		if err := q.TakeToken(); err != nil {
			return err
		}
		go use(in.Text())
	}
	return in.Err()
}

// There is a kill in skills.
func TokensByAnyName(in *bufio.Scanner, skills chan struct{}) {
	for in.Scan() {
		<-skills
		go func() {
			defer func() { skills <- struct{}{} }()
			use(in.Text())
		}()
	}
}

type ring interface{ Recenter() func() }

func NotEntered(in *bufio.Scanner, r ring) {
	for in.Scan() {
		recenter := r.Recenter()
		go func(text string) { // want `unbounded: `
			use(text)
			recenter()
		}(in.Text())
	}
}

func LimitIsAColumn(ctx context.Context, db *sql.DB) error {
	rows, err := db.QueryContext(ctx, "SELECT name FROM credit_limit WHERE credit_limit > 3 AND limit IS NULL")
	if err != nil {
		return err
	}
	defer rows.Close()
	var g errgroup.Group
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			break
		}
		g.Go(func() error { use(name); return nil }) // want `unbounded: `
	}
	return g.Wait()
}

func LimitIsAClause(ctx context.Context, db *sql.DB) error {
	rows, err := db.QueryContext(ctx, "SELECT name FROM credit\nlimit $1", 10)
	if err != nil {
		return err
	}
	defer rows.Close()
	var g errgroup.Group
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			break
		}
		g.Go(func() error { use(name); return nil })
	}
	return g.Wait()
}

func use(name string) { _ = os.Remove(name) }
