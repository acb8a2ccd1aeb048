// Command golangci is golangci-lint with poollint built in, as "golangci-lint custom" makes it,
// but from the module cache and without a clone. It is for the tests of the plugin.
package main

import (
	"fmt"
	"os"
	"runtime"

	"github.com/golangci/golangci-lint/v2/pkg/commands"
	"github.com/golangci/golangci-lint/v2/pkg/exitcodes"

	_ "github.com/poollint/poollint/plugin"
)

func main() {
	// golangci-lint keys its cache on the version. "(devel)" makes it hash this program instead,
	// so that a rebuilt plugin does not answer with what an older one found.
	info := commands.BuildInfo{Version: "(devel)", GoVersion: runtime.Version(), Commit: "none", Date: "unknown"}
	if err := commands.Execute(info); err != nil {
		fmt.Fprintf(os.Stderr, "The command is terminated due to an error: %v\n", err)
		os.Exit(exitcodes.Failure)
	}
}
