package purpose

import (
	"testing"

	"github.com/poollint/poollint/analyzer/internal/catalog"
)

func TestNamed(t *testing.T) {
	for _, tt := range []struct {
		name string
		want catalog.Intent
	}{
		{"ioPool", catalog.IO},
		{"netPool", catalog.IO},
		{"fetchWorkers", catalog.IO},
		{"FetchWorkers", catalog.IO},
		{"HTTPWorkerPool", catalog.IO},
		{"DownloadPool", catalog.IO},
		{"connectionPool", catalog.IO},
		{"poolForIO", catalog.IO},
		{"io_pool", catalog.IO},
		{"iopool", catalog.IO},
		{"newIOPool", catalog.IO},
		{"io", catalog.IO},
		{"computePool", catalog.CPU},
		{"cpuPool", catalog.CPU},
		{"CPUWorkers", catalog.CPU},

		{"workers", catalog.AnyIntent},
		{"pool", catalog.AnyIntent},
		{"p", catalog.AnyIntent},
		{"audioPool", catalog.AnyIntent}, // not "io"
		{"internetExplorer", catalog.AnyIntent},
		{"connections", catalog.AnyIntent}, // no pool of workers
		{"netCPUPool", catalog.AnyIntent},  // both
		{"maxWorkers", catalog.AnyIntent},
		{"numCPUWorkers", catalog.AnyIntent},
		{"", catalog.AnyIntent},
	} {
		if got := Named(tt.name); got != tt.want {
			t.Errorf("Named(%q) = %v, want %v", tt.name, got, tt.want)
		}
	}
}
