// Package release checks the configuration of a release with the package that goreleaser reads it with: all of
// goreleaser takes minutes to compile.
package release

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/goreleaser/goreleaser/v2/pkg/config"
)

// A word that goreleaser does not know is an error, and what is built is there.
func TestConfiguration(t *testing.T) {
	const root = "../.."
	project, err := config.Load(filepath.Join(root, ".goreleaser.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if len(project.Builds) != 1 || project.Builds[0].Binary != "poollint" {
		t.Fatalf("builds: %+v", project.Builds)
	}
	b := project.Builds[0]
	if _, err := os.Stat(filepath.Join(root, b.Main, "main.go")); err != nil {
		t.Error(err)
	}
	for _, system := range []string{"linux", "darwin", "windows"} {
		if !slices.Contains(b.Goos, system) {
			t.Errorf("nothing is built for %s, which the README names", system)
		}
	}
	for _, a := range project.Archives {
		for _, f := range a.Files {
			if _, err := os.Stat(filepath.Join(root, f.Source)); err != nil {
				t.Error(err)
			}
		}
	}
}
