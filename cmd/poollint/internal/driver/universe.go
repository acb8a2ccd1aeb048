package driver

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"go/token"
	"go/types"
	"io"
	"os"
	"sync"

	"golang.org/x/tools/go/gcexportdata"
)

// A universe holds the types of packages, each once, so that what two packages say of a third is of
// the same one. There is a plain one, and one for each external test whose package is another with its
// own tests.
//
// To read export data changes packages that are there already, since it mentions what they have. So it
// is done under lock, and whoever looks at types holds lock for reading.
type universe struct {
	lock    *sync.RWMutex // one for all, since they share packages
	fset    *token.FileSet
	data    func(path string) (data []byte, before []string, err error)
	imports map[string]*types.Package // as gcexportdata.Read wants it
	ready   map[string]bool           // those that are complete

	known sync.Map // *types.Package: *knownFacts
}

func newUniverse(fset *token.FileSet, data func(string) ([]byte, []string, error)) *universe {
	return &universe{lock: new(sync.RWMutex), fset: fset, data: data, imports: map[string]*types.Package{}, ready: map[string]bool{}}
}

// with is the universe in which a package is another one, and so are those that depend on it.
func (u *universe) with(pkg *types.Package, depends func(path string) bool) *universe {
	n := newUniverse(u.fset, u.data)
	n.lock = u.lock
	u.lock.RLock()
	defer u.lock.RUnlock()
	for path, p := range u.imports {
		if !depends(path) {
			n.imports[path], n.ready[path] = p, u.ready[path]
		}
	}
	n.imports[pkg.Path()], n.ready[pkg.Path()] = pkg, true
	return n
}

// read sees that the types of packages are there.
func (u *universe) read(paths []string) error {
	u.lock.RLock()
	missing := false
	for _, path := range paths {
		missing = missing || !u.ready[path]
	}
	u.lock.RUnlock()
	if !missing {
		return nil
	}
	u.lock.Lock()
	defer u.lock.Unlock()
	return u.readAll(paths)
}

// readAll reads the types of packages, under lock.
func (u *universe) readAll(paths []string) error {
	for _, path := range paths {
		if u.ready[path] {
			continue
		}
		data, before, err := u.data(path)
		if err != nil {
			return err
		}
		if err := u.readAll(before); err != nil {
			return err
		}
		if _, err := gcexportdata.Read(bytes.NewReader(data), u.fset, u.imports, path); err != nil {
			return fmt.Errorf("cannot read the types of %s: %v", path, err)
		}
		u.ready[path] = true
	}
	return nil
}

// Import is what the type checker asks, which holds the lock for reading.
func (u *universe) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if !u.ready[path] {
		return nil, errors.New("no package " + path)
	}
	return u.imports[path], nil
}

// compiled reads the types from a file of the compiler's.
func compiled(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r, err := gcexportdata.NewReader(bufio.NewReader(f))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}
