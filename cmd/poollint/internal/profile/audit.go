package profile

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// A Seen is what an audit of package pool has seen of a misuse, at the submit or wait in question.
type Seen struct {
	Rule    string
	Pool    string
	At      Frame
	Message string
}

// readAudit reads the findings that pool.AuditLog writes, an object of JSON a line.
func readAudit(r io.Reader) (*Profile, error) {
	p := &Profile{}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		var f struct {
			Rule, Pool, Site, Func, Message string
			Time                            time.Time
		}
		if err := json.Unmarshal(lines.Bytes(), &f); err != nil {
			return nil, fmt.Errorf("is damaged at line %d: %v", n, err)
		}
		file, line := f.Site, 0
		if i := strings.LastIndexByte(f.Site, ':'); i >= 0 {
			file = f.Site[:i]
			line, _ = strconv.Atoi(f.Site[i+1:])
		}
		if f.Time.After(p.Time) {
			p.Time = f.Time
		}
		p.Seen = append(p.Seen, Seen{f.Rule, f.Pool, Frame{Func: symbol(f.Func), File: filepath.ToSlash(file), Line: line}, f.Message})
	}
	if err := lines.Err(); err != nil {
		return nil, damaged(err)
	}
	return p, nil
}
