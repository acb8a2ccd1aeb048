package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/mod/modfile"
)

// copyModule copies a module, without its history.
func copyModule(from, to string) error {
	if _, err := os.Stat(to); err == nil {
		return fmt.Errorf("%s is there already: remove it, or give another folder", to)
	}
	err := filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, rel)
		switch {
		case d.IsDir() && (d.Name() == ".git" || d.Name() == "node_modules"):
			return fs.SkipDir
		case d.IsDir():
			return os.MkdirAll(target, 0o777)
		case d.Type()&fs.ModeSymlink != 0:
			link, err := os.Readlink(path)
			if err != nil {
				return err
			}
			return os.Symlink(link, target)
		case !d.Type().IsRegular():
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(target, data, 0o666)
	})
	if err != nil {
		return err
	}
	return anchor(from, filepath.Join(to, "go.mod"))
}

// anchor makes what go.mod replaces by folders outside of the module be found from the copy too.
func anchor(dir, name string) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return fmt.Errorf("%w: give the root of a module", err)
	}
	f, err := modfile.Parse(name, data, nil)
	if err != nil {
		return err
	}
	changed := false
	for _, r := range f.Replace {
		if r.New.Version != "" || filepath.IsAbs(r.New.Path) || filepath.IsLocal(r.New.Path) {
			continue
		}
		if err := f.AddReplace(r.Old.Path, r.Old.Version, filepath.Join(dir, r.New.Path), ""); err != nil {
			return err
		}
		changed = true
	}
	if !changed {
		return nil
	}
	if data, err = f.Format(); err != nil {
		return err
	}
	return os.WriteFile(name, data, 0o666)
}
