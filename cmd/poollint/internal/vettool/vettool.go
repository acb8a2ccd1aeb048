// Package vettool is poollint as the go command sees it: a tool that is asked for its identity
// (-V=full), for its flags (-flags), and then to check one package at a time (a .cfg file).
// The protocol itself is singlechecker's; this package adds what a product needs: settings that
// take part in the cache key, and one clear message when the toolchain is newer than the tool.
package vettool

import (
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis/singlechecker"

	"github.com/poollint/poollint/analyzer"
	"github.com/poollint/poollint/cmd/poollint/internal/config"
	"github.com/poollint/poollint/cmd/poollint/internal/heap"
	"github.com/poollint/poollint/cmd/poollint/internal/toolchain"
)

// Asked reports whether these arguments are the go command's.
func Asked(args []string) bool {
	if len(args) == 0 {
		return false
	}
	return strings.HasSuffix(args[len(args)-1], ".cfg") ||
		slices.ContainsFunc(args, func(arg string) bool {
			return arg == "-flags" || arg == "-V" || strings.HasPrefix(arg, "-V=")
		})
}

// Main answers the go command and exits.
func Main(args []string) {
	var settings analyzer.Settings
	var err error
	switch last := args[len(args)-1]; {
	case last == "-V=full":
		err = printIdentity()
		if err == nil {
			os.Exit(0)
		}
	case strings.HasSuffix(last, ".cfg"):
		heap.Start(48, 100)
		var u *unit
		if u, err = read(last); err == nil {
			if u.standard() && u.types() == nil {
				os.Exit(0)
			}
			settings, err = u.prepare(args)
		}
	}
	var a = analyzer.Analyzer
	if err == nil {
		a, err = analyzer.New(settings)
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "poollint: %v\n", err)
		os.Exit(1)
	}
	singlechecker.Main(a)
}

// printIdentity prints the line whose last field the go command puts into the key of every
// result that it caches: a hash of this program and of the settings in force.
func printIdentity() error {
	// The go command tells its version to what it starts. Said here, a mismatch is one line;
	// found later, it would be an empty failure for every package of the standard library.
	if err := toolchain.Check(os.Getenv("GOVERSION"), runtime.Version()); err != nil {
		return err
	}
	dir, err := os.Getwd()
	if err != nil {
		return err
	}
	file, err := config.Find(dir)
	if err != nil {
		return err
	}
	if _, err := file.Settings(); err != nil {
		return err
	}
	h := sha256.New()
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	f, err := os.Open(exe)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := io.Copy(h, f); err != nil {
		return err
	}
	h.Write(file.Data)
	// With -trimpath, packages have one key wherever they are, but the positions that are cached
	// with them are absolute: without this, one checkout would answer with the paths of another.
	if strings.Contains(os.Getenv("GOFLAGS"), "-trimpath") {
		io.WriteString(h, config.Root(dir))
	}
	fmt.Printf("poollint version devel buildID=%x\n", h.Sum(nil))
	return nil
}
