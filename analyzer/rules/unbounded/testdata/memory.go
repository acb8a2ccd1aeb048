package unbounded

import (
	"bufio"
	"compress/gzip"
	"context"
	"database/sql"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
)

// What so many hold is what the task's functions hold while they wait, and as many are said as there
// plausibly are at once: of a file's lines a million, of a directory's entries ten thousand.
func HoldLines(ctx context.Context, in io.Reader) {
	for lines := bufio.NewScanner(in); lines.Scan(); {
		url := lines.Text()
		go fetch(ctx, url) // want `; a million at once hold about 27 GiB \(http.Client.Do 25 KiB each\): `
	}
}

func HoldRows(ctx context.Context, db *sql.DB) error {
	rows, err := db.QueryContext(ctx, "select id from pictures")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id int
		if err := rows.Scan(&id); err != nil {
			return err
		}
		go func() { // want `; a million at once hold about 16 GiB \(sql.DB.QueryContext 15 KiB each\): `
			_, _ = db.ExecContext(ctx, "update pictures set seen = true where id = $1", id)
		}()
	}
	return rows.Err()
}

// Two parts are held at once: the connection while the body is copied.
func HoldTwo(w http.ResponseWriter, r *http.Request) {
	for _, url := range r.URL.Query()["url"] {
		go download(url) // want `; 10,000 at once hold about 590 MiB \(io.Copy 32 KiB and http.Client.Do 25 KiB each\): `
	}
}

func download(url string) error {
	resp, err := http.Get(url)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	f, err := os.Create(filepath.Base(url))
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(f, resp.Body)
	return err
}

// What is large beside the rest is named alone.
func HoldLarge(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		go compress(e.Name()) // want `; 10,000 at once hold about 8 GiB \(gzip.Writer.Write 800 KiB each\): `
	}
	return nil
}

func compress(name string) error {
	in, err := os.Open(name)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(name + ".gz")
	if err != nil {
		return err
	}
	defer out.Close()
	w := gzip.NewWriter(out)
	if _, err := io.Copy(w, in); err != nil {
		return err
	}
	return w.Close()
}

// A process has a thread that waits for it.
func HoldThreads(ctx context.Context, dir string) {
	names, _ := filepath.Glob(filepath.Join(dir, "*.png"))
	for _, name := range names {
		go shrink(ctx, name) // want `; 10,000 at once hold about 460 MiB \(exec.Cmd.CombinedOutput 45 KiB each\), and occupy a thread each, of which a process can have 10,000: `
	}
}

func shrink(ctx context.Context, name string) error {
	_, err := exec.CommandContext(ctx, "optipng", name).CombinedOutput()
	return err
}

// What the task makes itself counts too.
func HoldBuffers(dir string, handle func(string, []byte)) {
	names, _ := filepath.Glob(filepath.Join(dir, "*.png"))
	for _, name := range names {
		go func() { // want `; 10,000 at once hold about 650 MiB \(its own buffers 64 KiB each\): `
			buf := make([]byte, 64<<10)
			handle(name, buf)
		}()
	}
}

// Of a task that is not known the least is said.
func HoldLeast(dir string, handle func(string)) {
	names, _ := filepath.Glob(filepath.Join(dir, "*.png"))
	for _, name := range names {
		go handle(name) // want `; 10,000 at once hold at least 25 MiB: `
	}
}
