package purpose

import (
	"strings"
	"unicode"

	"github.com/poollint/poollint/analyzer/internal/catalog"
)

// purposes are words that say what a pool is for. A word that many pools use whatever they do
// (worker, task, job, batch) says nothing, and neither does a size.
var purposes = map[string]catalog.Intent{
	"io": catalog.IO, "net": catalog.IO, "network": catalog.IO, "http": catalog.IO, "https": catalog.IO,
	"rpc": catalog.IO, "grpc": catalog.IO, "dns": catalog.IO, "tcp": catalog.IO, "socket": catalog.IO,
	"conn": catalog.IO, "connection": catalog.IO, "connections": catalog.IO, "dial": catalog.IO, "dialer": catalog.IO,
	"fetch": catalog.IO, "fetcher": catalog.IO, "fetchers": catalog.IO, "download": catalog.IO, "downloader": catalog.IO,
	"downloads": catalog.IO, "upload": catalog.IO, "uploader": catalog.IO, "uploads": catalog.IO, "crawl": catalog.IO,
	"crawler": catalog.IO, "db": catalog.IO, "disk": catalog.IO,
	"cpu": catalog.CPU, "compute": catalog.CPU, "computing": catalog.CPU, "computation": catalog.CPU, "crunch": catalog.CPU,
}

// holders are words for what holds workers: a purpose beside one of them speaks of the pool.
var holders = map[string]bool{
	"pool": true, "pools": true, "worker": true, "workers": true, "workerpool": true, "executor": true, "executors": true,
	"exec": true, "group": true, "grp": true, "goroutines": true, "threads": true, "threadpool": true, "eg": true, "errgroup": true,
}

// counts are words for a size, which says nothing of a purpose: people take the number of CPUs as
// some limit.
var counts = map[string]bool{"num": true, "max": true, "min": true, "count": true, "size": true, "limit": true, "by": true, "per": true}

// Named is what a name says of a pool: ioPool, fetchWorkers, poolForCPU; or io, cpu alone. A name
// with words for both says nothing.
func Named(name string) catalog.Intent {
	words := split(name)
	found, held := catalog.AnyIntent, false
	for _, w := range words {
		if counts[w] {
			return catalog.AnyIntent
		}
		if holders[w] {
			held = true
		}
		if i := purposes[w]; i != catalog.AnyIntent {
			if found != catalog.AnyIntent && found != i {
				return catalog.AnyIntent
			}
			found = i
		}
	}
	if held || len(words) == 1 && (words[0] == "io" || words[0] == "cpu") {
		return found
	}
	return catalog.AnyIntent
}

// split is a name's words in lower case: HTTPWorkerPool is http, worker, pool; iopool is io, pool.
func split(name string) []string {
	var words []string
	start := 0
	rs := []rune(name)
	for i := 1; i <= len(rs); i++ {
		if i < len(rs) {
			lowerUpper := !unicode.IsUpper(rs[i-1]) && unicode.IsUpper(rs[i])
			lastOfAcronym := i+1 < len(rs) && unicode.IsUpper(rs[i-1]) && unicode.IsUpper(rs[i]) && unicode.IsLower(rs[i+1])
			if !lowerUpper && !lastOfAcronym && rs[i] != '_' && rs[i-1] != '_' {
				continue
			}
		}
		if w := strings.ToLower(strings.Trim(string(rs[start:i]), "_")); w != "" {
			words = append(words, w)
		}
		start = i
	}
	if len(words) == 1 {
		for _, h := range [...]string{"pool", "workers", "executor"} {
			if rest, ok := strings.CutSuffix(words[0], h); ok && purposes[rest] != catalog.AnyIntent {
				return []string{rest, h}
			}
		}
	}
	return words
}
