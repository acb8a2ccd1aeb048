package analyzer

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

func TestChecks(t *testing.T) {
	enabled := func(words string) []string {
		var s Settings
		if err := s.Checks.Set(words); err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, r := range Rules() {
			if s.enabled(r) {
				ids = append(ids, r.ID)
			}
		}
		return ids
	}
	if got := enabled(""); slices.Contains(got, "blocking") || !slices.Contains(got, "unbounded") {
		t.Errorf("by default: %v", got)
	}
	if got := enabled("all,-blocking"); slices.Contains(got, "blocking") || len(got) != len(Rules())-1 {
		t.Errorf("all,-blocking: %v", got)
	}
	if got := enabled("unbounded, unawaited"); !slices.Equal(got, []string{"unbounded", "unawaited"}) {
		t.Errorf("unbounded, unawaited: %v", got)
	}
	if got := enabled("-unclosed"); slices.Contains(got, "unclosed") || slices.Contains(got, "blocking") || !slices.Contains(got, "churn") {
		t.Errorf("-unclosed: %v", got)
	}
	if got := enabled("blocking"); !slices.Equal(got, []string{"blocking"}) {
		t.Errorf("blocking: %v", got)
	}
}

func TestUnknownCheck(t *testing.T) {
	_, err := New(Settings{Checks: Checks{"unbouded"}})
	if err == nil || !strings.Contains(err.Error(), `did you mean "unbounded"`) {
		t.Errorf("got %v", err)
	}
}

func TestSettingsAsJSON(t *testing.T) {
	for _, text := range []string{
		`{"checks": ["all", "-blocking"], "strict": true, "memory": "2GiB"}`,
		`{"checks": "all,-blocking", "strict": true, "memory": 2147483648}`,
	} {
		var s Settings
		if err := json.Unmarshal([]byte(text), &s); err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if !slices.Equal(s.Checks, Checks{"all", "-blocking"}) || !s.Strict || s.memory() != 2<<30 {
			t.Errorf("%s: %+v", text, s)
		}
	}
	for _, text := range []string{`{"checks": 1}`, `{"memory": "lots"}`, `{"memory": "-1MiB"}`, `{"memory": true}`} {
		if err := json.Unmarshal([]byte(text), new(Settings)); err == nil {
			t.Errorf("%s: no error", text)
		}
	}
}

func TestBytes(t *testing.T) {
	for text, want := range map[string]string{"512MiB": "512 MiB", "1.5 GiB": "1.5 GiB", "1000": "1000 B", "2048": "2 KiB", "1GB": "953.7 MiB"} {
		var b Bytes
		if err := b.Set(text); err != nil {
			t.Errorf("%s: %v", text, err)
		} else if got := b.String(); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}
