package profile

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/pprof/profile"
)

// depths are how many frames the runtime keeps of a goroutine: a stack of that many may go on. It was the
// first until Go 1.22.
var depths = [...]int{32, 128}

// cut reports whether a stack of so many addresses may lack its outer end.
func cut(addresses int) bool { return addresses == depths[0] || addresses >= depths[1] }

// huge is the size from which a binary profile is not read: it is decoded as a whole. A million goroutines,
// each at another place, take less.
const huge = 256 << 20

// readBinary reads a profile as debug=0 writes it, uncompressed.
func readBinary(r io.Reader) (*Profile, error) {
	data, err := io.ReadAll(io.LimitReader(r, huge))
	if err != nil {
		return nil, damaged(err)
	}
	if len(data) == huge {
		return nil, fmt.Errorf("is larger than %d MiB, too large for a goroutine profile", huge>>20)
	}
	p, err := profile.ParseUncompressed(data)
	if err == nil {
		err = p.CheckValid()
	}
	if err != nil {
		return nil, damaged(err)
	}
	kind := ""
	if len(p.SampleType) == 1 {
		kind = p.SampleType[0].Type
	}
	if kind != "goroutine" && kind != "goroutineleak" {
		return nil, fmt.Errorf("is a profile of %s, not of goroutines: take one from /debug/pprof/goroutine", kinds(p))
	}
	c := newCollector()
	frames := make([]Frame, 0, depths[1])
	for _, s := range p.Sample {
		frames = frames[:0]
		for _, l := range s.Location {
			for _, line := range l.Line {
				if line.Function == nil {
					continue
				}
				f := Frame{Func: symbol(line.Function.Name), File: filepath.ToSlash(line.Function.Filename), Line: int(line.Line), Start: int(line.Function.StartLine)}
				frames = append(frames, f)
			}
		}
		one := Stack{Count: int(s.Value[0]), Leaked: kind == "goroutineleak", Whole: !cut(len(s.Location))}
		if one.Count < 1 {
			continue
		}
		one.Frames, one.Wait = trim(frames)
		c.add(one)
	}
	out := c.profile()
	out.Leaks = kind == "goroutineleak"
	if p.TimeNanos != 0 {
		out.Time = time.Unix(0, p.TimeNanos)
	}
	return out, nil
}

// kinds are what a profile counts.
func kinds(p *profile.Profile) string {
	var names []string
	for _, t := range p.SampleType {
		names = append(names, t.Type)
	}
	return strings.Join(names, " and ")
}
