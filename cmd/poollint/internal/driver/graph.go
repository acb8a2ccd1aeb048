package driver

import (
	"path/filepath"
	"strings"
)

// A graph is what the go command knows of a program: its packages, in the order of their imports.
type graph struct {
	Env      environment
	Packages []*pkg
	Failures []failure // what could not be loaded; such a graph is not kept
	Stamps   stamps

	byPath map[string]*pkg
}

// An environment is what the go command is set to.
type environment struct {
	GOARCH, GOVERSION, GOMODCACHE, GOROOT, GOFLAGS, GOENV, GOWORK string
}

// A failure is what the go command says of a package that it cannot load.
type failure struct{ Pkg, Dir, Pos, Msg string }

// A pkg is a package of the program.
type pkg struct {
	Path, Name, Dir string
	Module          module
	Named           bool // the run is for it
	Std             bool
	Local           bool // its files may change
	Source          bool // its types are read from source, and not from the compiler's export data

	Files     []string // as the compiler sees them: absolute, and what cgo made of them
	Tests     []string // of the package itself
	Externals []string // of the package beside it
	Cgo       bool
	Imports   []string
	TestImps  []string
	ExtImps   []string
	ImportMap map[string]string // from the path in the source, where it is another
	Export    string            // the file of the compiler's export data
	NotBuilt  string            // why there is none; such a graph is not kept, either
}

type module struct {
	Path, Version, GoVersion string
	Main                     bool
}

// index prepares the graph for look-ups.
func (g *graph) index() {
	g.byPath = make(map[string]*pkg, len(g.Packages))
	for _, p := range g.Packages {
		g.byPath[p.Path] = p
	}
}

// resolve is the package that an import path in the source of p means.
func (p *pkg) resolve(path string) string {
	if to := p.ImportMap[path]; to != "" {
		return to
	}
	return path
}

// ruled reports whether the settings of the project are for the package. (In go vet, too, a main
// module is one without a version.)
func (p *pkg) ruled() bool { return p.Module.Path != "" && p.Module.Version == "" }

// settle decides, in the order of imports, which packages are local and which are read from source:
// those that somebody works on, and what is built upon them.
func (g *graph) settle() {
	g.index()
	cache := filepath.ToSlash(g.Env.GOMODCACHE) + "/"
	for _, p := range g.Packages {
		dir := filepath.ToSlash(p.Dir) + "/"
		p.Local = p.Module.Main || !p.Std && !strings.HasPrefix(dir, cache)
		p.Source = p.Local && (p.Module.Main || !strings.Contains(dir, "/vendor/"))
		for _, path := range p.Imports {
			if imp := g.byPath[path]; imp != nil && imp.Source {
				p.Source = true
			}
		}
	}
}

// depends reports whether the package from imports the package to, directly or not.
func (g *graph) depends(from, to string, known map[string]bool) bool {
	if from == to {
		return true
	}
	if v, ok := known[from]; ok {
		return v
	}
	known[from] = false
	if p := g.byPath[from]; p != nil && !p.Std {
		for _, path := range p.Imports {
			if g.depends(path, to, known) {
				known[from] = true
				break
			}
		}
	}
	return known[from]
}
