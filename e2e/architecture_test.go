package e2e

import (
	"os/exec"
	"strings"
	"testing"
)

// Who may import whom: the analyzer runs inside other programs and brings nothing with it but the
// analysis framework; the executor brings nothing at all; what rules stand on knows no rule.
func TestArchitecture(t *testing.T) {
	t.Parallel()
	const own = "github.com/poollint/poollint/"
	allowed := []struct{ room, may string }{ // the first that fits
		{"pool/", "pool/"},
		{"analyzer/internal/catalog", ""},
		{"analyzer/internal/", "analyzer/internal/ golang.org/x/tools/go/"},
		{"analyzer", "analyzer/internal/ golang.org/x/tools/go/"},
		{"plugin", "analyzer golang.org/x/tools/go/ github.com/golangci/plugin-module-register/"},
		{"cmd/", "analyzer cmd/poollint/internal/ golang.org/x/tools/go/ golang.org/x/mod/ golang.org/x/sync/ go.yaml.in/yaml/ github.com/rogpeppe/go-internal/ github.com/fsnotify/fsnotify"},
	}
	cmd := exec.Command("go", "list", "-f", `{{.ImportPath}}{{range .Imports}} {{.}}{{end}}`, "./...")
	cmd.Dir = ".."
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		f := strings.Fields(line)
		room := strings.TrimPrefix(f[0], own)
		for _, a := range allowed {
			if !strings.HasPrefix(room+"/", a.room) {
				continue
			}
			for _, imp := range f[1:] {
				if first, _, _ := strings.Cut(imp, "/"); !strings.Contains(first, ".") {
					continue // the standard library
				}
				fits := false
				for _, may := range strings.Fields(a.may) {
					fits = fits || strings.HasPrefix(strings.TrimPrefix(imp, own)+"/", may)
				}
				if !fits {
					t.Errorf("%s may not import %s", room, imp)
				}
			}
			break
		}
	}
}
