// Package baseline keeps the findings that a code base has agreed to live with for now, so that
// only new ones are reported.
package baseline

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/poollint/poollint/cmd/poollint/internal/finding"
	"github.com/poollint/poollint/cmd/poollint/internal/fingerprint"
)

const version = 1

type file struct {
	Version  int               `json:"version"`
	Findings []json.RawMessage `json:"findings"`
}

// Write records findings in a file.
func Write(path string, fs []finding.Finding, src *finding.Sources) error {
	data, err := Encode(path, fs, src)
	if err != nil {
		return err
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		return fmt.Errorf("cannot write the baseline: %v", err)
	}
	return nil
}

// Encode is the content of a baseline that will be at path, with a finding to a line so that changes read
// and merge well.
func Encode(path string, fs []finding.Finding, src *finding.Sources) ([]byte, error) {
	root, err := root(path)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "{\"version\": %d, \"findings\": [", version)
	for i, k := range fingerprint.Of(fs, root, src) {
		line, err := encode(k)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
		b.Write(line)
	}
	b.WriteString("\n]}\n")
	return b.Bytes(), nil
}

// encode writes a key without escaping the < and & of Go's source.
func encode(k fingerprint.Key) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(k)
	return bytes.TrimSpace(b.Bytes()), err
}

// Filter returns the findings that a file does not record.
func Filter(path string, fs []finding.Finding, src *finding.Sources) ([]finding.Finding, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("cannot read the baseline: %v", err)
	}
	var f file
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, fmt.Errorf("the baseline %s is damaged (%v): rewrite it with -update", path, err)
	}
	if f.Version != version {
		return nil, fmt.Errorf("the baseline %s has version %d, but this poollint supports %d: rewrite it with -update", path, f.Version, version)
	}
	known := map[fingerprint.Key]bool{}
	for _, raw := range f.Findings {
		var k fingerprint.Key
		if err := json.Unmarshal(raw, &k); err != nil {
			return nil, fmt.Errorf("the baseline %s is damaged (%v): rewrite it with -update", path, err)
		}
		known[k] = true
	}
	root, err := root(path)
	if err != nil {
		return nil, err
	}
	var fresh []finding.Finding
	for i, k := range fingerprint.Of(fs, root, src) {
		if !known[k] {
			fresh = append(fresh, fs[i])
		}
	}
	return fresh, nil
}

// root is the folder that the files of a baseline are seen from: the baseline's own, so that it
// does not matter where poollint is started.
func root(path string) (string, error) {
	abs, err := filepath.Abs(path)
	return filepath.Dir(abs), err
}
