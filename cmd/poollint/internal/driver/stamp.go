package driver

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"hash"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/poollint/poollint/cmd/poollint/internal/gocmd"
)

type sum [sha256.Size]byte

// Stamps are the state of the files that a graph was made from. A graph holds as long as these say
// nothing else: no file has other imports or build constraints, no folder has other files, and what
// the go command reads besides is as it was.
type stamps struct {
	Files   map[string]stamp // local Go files; others count whole
	Folders map[string]stamp
	Fixed   map[string]stamp // go.mod and what else decides
}

// A stamp is the state of a file or a folder. Time and Size say that it was not written since; of a
// file that was young when it was read, they do not: the clock of a file system ticks slowly.
type stamp struct {
	Size, Time int64
	Young      bool
	Sum        sum // of the content, or of the names in a folder
	Head       sum // of what decides about the graph in a Go file; zero: all of it does
}

const young = 2 * time.Second

// same reports whether a file needs no look.
func (s stamp) same(info fs.FileInfo) bool {
	return !s.Young && s.Size == info.Size() && s.Time == info.ModTime().UnixNano()
}

// stampFile reads a file; one that does not exist has a stamp, too.
func stampFile(name string, head bool) (stamp, error) {
	info, err := os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return stamp{Size: -1}, nil
	}
	if err != nil {
		return stamp{}, err
	}
	now := time.Now()
	data, err := os.ReadFile(name)
	if err != nil {
		return stamp{}, err
	}
	s := stamp{Size: info.Size(), Time: info.ModTime().UnixNano(), Young: now.Sub(info.ModTime()) < young, Sum: sha256.Sum256(data)}
	if head {
		s.Head = headOf(data)
	}
	return s, nil
}

// headOf sums up what the go command reads of a Go file.
func headOf(data []byte) sum {
	f, err := parser.ParseFile(token.NewFileSet(), "", data, parser.ImportsOnly|parser.ParseComments)
	if err != nil {
		return sha256.Sum256(data)
	}
	h := sha256.New()
	fmt.Fprintln(h, f.Name.Name)
	for _, group := range f.Comments {
		for _, c := range group.List {
			if c.Pos() < f.Package && (constraint.IsGoBuild(c.Text) || constraint.IsPlusBuild(c.Text)) {
				fmt.Fprintln(h, c.Text)
			}
		}
	}
	for _, imp := range f.Imports {
		fmt.Fprintln(h, imp.Path.Value)
		if imp.Path.Value == `"C"` {
			return sha256.Sum256(data) // what cgo makes of it hangs on all of it
		}
	}
	return summed(h)
}

func summed(h hash.Hash) (s sum) {
	h.Sum(s[:0])
	return s
}

// stampFolder reads the names in a folder that the go command may take for something of a package.
func stampFolder(name string) (stamp, error) {
	info, err := os.Stat(name)
	if err != nil {
		return stamp{}, err
	}
	now := time.Now()
	entries, err := os.ReadDir(name)
	if err != nil {
		return stamp{}, err
	}
	h := sha256.New()
	for _, e := range entries {
		if e.Name()[0] == '.' || e.Name()[0] == '_' {
			continue
		}
		if e.Type().IsRegular() && !slices.Contains(sources, filepath.Ext(e.Name())) {
			continue
		}
		fmt.Fprintln(h, e.Name(), e.IsDir())
	}
	return stamp{Size: info.Size(), Time: info.ModTime().UnixNano(), Young: now.Sub(info.ModTime()) < young, Sum: summed(h)}, nil
}

// sources are the names of files that a package is made from, by their ends, and go.mod, go.work.
var sources = strings.Fields(".go .c .cc .cpp .cxx .m .h .hh .hpp .hxx .f .F .for .f90 .s .S .sx .swig .swigcxx .syso .mod .work")

// stamp records the state of everything that the graph hangs on. It fails if something was written
// since the go command was asked, so that nobody knows which state it saw.
func (l *loader) stamp(since time.Time, over gocmd.Overlay, fixed []string) error {
	g := l.graph
	s := stamps{map[string]stamp{}, map[string]stamp{}, map[string]stamp{}}
	since = since.Add(-10 * time.Millisecond) // one tick of a file system's clock
	var failed error
	check := func(name string, st stamp, err error) stamp {
		if err != nil {
			failed = errors.Join(failed, err)
		} else if st.Time >= since.UnixNano() {
			failed = errors.Join(failed, fmt.Errorf("%s is being written", name))
		}
		return st
	}
	for _, p := range g.Packages {
		if !p.Local {
			continue
		}
		for _, list := range [][]string{p.Files, p.Tests, p.Externals, l.other[p.Dir]} {
			for _, name := range list {
				if _, ok := s.Files[name]; ok || filepath.Dir(name) != p.Dir {
					continue // what cgo made is in the go command's cache
				}
				// A vendored package is compiled, so that all of it counts.
				st, err := stampFile(over.Actual(name), p.Source && strings.HasSuffix(name, ".go"))
				s.Files[name] = check(name, st, err)
			}
		}
		if _, ok := s.Folders[p.Dir]; !ok {
			st, err := stampFolder(p.Dir)
			s.Folders[p.Dir] = check(p.Dir, st, err)
		}
	}
	for mod := range l.mods {
		dir := filepath.Dir(mod)
		if strings.HasPrefix(dir, g.Env.GOMODCACHE+string(filepath.Separator)) {
			continue
		}
		fixed = append(fixed, mod, filepath.Join(dir, "go.sum"), filepath.Join(dir, "vendor", "modules.txt"))
		if err := walk(dir, func(name string) error {
			if _, ok := s.Folders[name]; ok {
				return nil
			}
			st, err := stampFolder(name)
			s.Folders[name] = check(name, st, err)
			return nil
		}); err != nil {
			return err
		}
	}
	if g.Env.GOWORK != "" && g.Env.GOWORK != "off" {
		dir := filepath.Dir(g.Env.GOWORK)
		fixed = append(fixed, g.Env.GOWORK, g.Env.GOWORK+".sum", filepath.Join(dir, "vendor", "modules.txt"))
	}
	for _, name := range fixed {
		st, err := stampFile(name, false)
		s.Fixed[name] = check(name, st, err)
	}
	g.Stamps = s
	return failed
}

// walk calls f for the folders of a module that ./... looks into.
func walk(root string, f func(dir string) error) error {
	return filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return nil // what cannot be read, the go command has passed over as well
		}
		if base := d.Name(); name != root && (base[0] == '.' || base[0] == '_' || base == "testdata" || base == "vendor" || base == "node_modules") {
			return fs.SkipDir
		}
		return f(name)
	})
}

// refresh holds the stamps against the files. It reports whether the graph still holds, and whether
// stamps were renewed.
func (s *stamps) refresh(over gocmd.Overlay) (holds, renewed bool) {
	for name, old := range s.Fixed {
		info, err := os.Stat(name)
		if err == nil && old.same(info) || errors.Is(err, fs.ErrNotExist) && old.Size < 0 {
			continue
		}
		now, err := stampFile(name, false)
		if err != nil || now.Sum != old.Sum || now.Size < 0 != (old.Size < 0) {
			return false, false
		}
		s.Fixed[name], renewed = now, true
	}
	for name, old := range s.Folders {
		info, err := os.Stat(name)
		if err != nil {
			return false, false
		}
		if old.same(info) {
			continue
		}
		now, err := stampFolder(name)
		if err != nil || now.Sum != old.Sum {
			return false, false
		}
		s.Folders[name], renewed = now, true
	}
	for name, old := range s.Files {
		file := over.Actual(name)
		info, err := os.Stat(file)
		if err != nil {
			return false, false
		}
		if old.same(info) {
			continue
		}
		now, err := stampFile(file, old.Head != sum{})
		if err != nil || now.Size < 0 || now.Head != old.Head || now.Head == (sum{}) && now.Sum != old.Sum {
			return false, false
		}
		s.Files[name], renewed = now, true
	}
	return true, renewed
}
