package driver

import (
	"bytes"
	"crypto/sha256"
	"encoding/gob"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/rogpeppe/go-internal/cache"
)

// Variable names the environment variable that moves the cache.
const Variable = "POOLLINT_CACHE"

// CacheDir is where results are kept, or "" if that cannot be known.
func CacheDir() (string, error) {
	if dir := os.Getenv(Variable); dir != "" {
		if !filepath.IsAbs(dir) {
			return "", fmt.Errorf("%s is %q, but must be an absolute path", Variable, dir)
		}
		return dir, nil
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("there is no folder for the cache (%v): set %s to a writable one, or use -cache=off", err, Variable)
	}
	return filepath.Join(dir, "poollint"), nil
}

// mark is the name of a file by which a folder is known as a cache, so that none other is cleaned.
const mark = "README"

const marked = "Results of poollint. They are made again when they are missing: poollint -cache=clean removes them.\n"

// Clean removes the cache in a folder.
func Clean(dir string) error {
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if data, err := os.ReadFile(filepath.Join(dir, mark)); err != nil || string(data) != marked {
		return fmt.Errorf("%s is not a poollint cache, so it was not removed: remove it yourself, or correct %s", dir, Variable)
	}
	return os.RemoveAll(dir)
}

// Size is the number of files in a cache and their bytes.
func Size(dir string) (files int, bytes int64) {
	_ = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil
		}
		if info, err := d.Info(); err == nil {
			files++
			bytes += info.Size()
		}
		return nil
	})
	return files, bytes
}

// A store keeps what was found out, by the hash of everything that it hangs on. What is not on disk, as
// that is full or read-only or none is wanted, is kept in memory for this run.
type store struct {
	disk *cache.Cache // nil: none

	mu     sync.Mutex
	memory map[sum][]byte
	failed error // the first failure to write
}

// open opens the cache in a folder, or none if dir is "".
func open(dir string) *store {
	s := &store{memory: map[sum][]byte{}}
	if dir == "" {
		return s
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		s.failed = err
		return s
	}
	file := filepath.Join(dir, mark)
	if _, err := os.Stat(file); err != nil {
		s.failed = os.WriteFile(file, []byte(marked), 0o666)
	}
	disk, err := cache.Open(dir)
	if err != nil {
		s.failed = err
		return s
	}
	s.disk = disk
	return s
}

func (s *store) get(key sum) []byte {
	s.mu.Lock()
	data, ok := s.memory[key]
	s.mu.Unlock()
	if ok {
		return data
	}
	if s.disk == nil {
		return nil
	}
	data, _, err := s.disk.GetBytes(cache.ActionID(key)) // checks the content, too
	if err != nil {
		return nil
	}
	return data
}

func (s *store) put(key sum, data []byte) {
	if s.disk != nil {
		err := s.disk.PutBytes(cache.ActionID(key), data)
		if err == nil {
			return
		}
		s.mu.Lock()
		if s.failed == nil {
			s.failed = err
		}
		s.mu.Unlock()
	}
	s.mu.Lock()
	s.memory[key] = data
	s.mu.Unlock()
}

// trim removes what was not used for some days. It does so once a day.
func (s *store) trim() {
	if s.disk != nil {
		s.disk.Trim()
	}
}

// load decodes an entry. What cannot be decoded is taken for absent.
func (s *store) load(key sum, to any) bool {
	data := s.get(key)
	return data != nil && gob.NewDecoder(bytes.NewReader(data)).Decode(to) == nil
}

func (s *store) save(key sum, from any) error {
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(from); err != nil {
		return err
	}
	s.put(key, b.Bytes())
	return nil
}

// A hasher makes a key of what something hangs on.
type hasher struct{ b bytes.Buffer }

func (h *hasher) add(format string, args ...any) { fmt.Fprintf(&h.b, format+"\n", args...) }

func (h *hasher) sum() sum { return sha256.Sum256(h.b.Bytes()) }
