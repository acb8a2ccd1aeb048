package footprint

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// Bytes is an amount of memory.
type Bytes int64

var units = []struct {
	name string
	size Bytes
}{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"GB", 1e9}, {"MB", 1e6}, {"KB", 1e3}, {"B", 1}}

// String is b in the largest binary unit that keeps one digit before the point.
func (b Bytes) String() string {
	for _, u := range units[:3] {
		if b >= u.size {
			return strings.TrimSuffix(fmt.Sprintf("%.1f", float64(b)/float64(u.size)), ".0") + " " + u.name
		}
	}
	return fmt.Sprintf("%d B", int64(b))
}

// Set reads an amount such as 512MiB.
func (b *Bytes) Set(s string) error {
	t := strings.TrimSpace(s)
	size := Bytes(1)
	for _, u := range units {
		if rest, ok := strings.CutSuffix(t, u.name); ok {
			t, size = strings.TrimSpace(rest), u.size
			break
		}
	}
	n, err := strconv.ParseFloat(t, 64)
	if err != nil || n <= 0 || n*float64(size) >= 1<<63 {
		return fmt.Errorf("%q is not an amount of memory; write a number and a unit, such as 512MiB", s)
	}
	*b = Bytes(n * float64(size))
	return nil
}

// UnmarshalJSON reads a number of bytes, or a string as -memory takes it.
func (b *Bytes) UnmarshalJSON(data []byte) error {
	var n int64
	if err := json.Unmarshal(data, &n); err == nil {
		*b = Bytes(n)
		return nil
	}
	var s string
	if err := json.Unmarshal(data, &s); err != nil {
		return fmt.Errorf("memory must be a number of bytes or a string such as 512MiB")
	}
	return b.Set(s)
}
