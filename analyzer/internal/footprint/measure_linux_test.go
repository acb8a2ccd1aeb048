package footprint_test

import (
	"flag"
	"os"
	"slices"
	"testing"

	"github.com/poollint/poollint/analyzer/internal/footprint/measure"
)

var remeasure = flag.Bool("measure", false, "measure, and write the figures of table.go")

func TestMain(m *testing.M) {
	all := samples
	for _, t := range tasks {
		all = append(all, t.Sample)
	}
	measure.Child(all)
	os.Exit(m.Run())
}

// quick are the samples that are measured in every run; all are with POOLLINT_E2E=all.
var quick = []string{"net.Conn.Read", "bufio.NewReader", "time.Sleep"}

func TestCovered(t *testing.T) { measure.Covered(t, samples, false) }

func TestMeasure(t *testing.T) {
	if *remeasure {
		measure.Update(t, samples, "table.go")
		return
	}
	if testing.Short() {
		t.Skip("measures")
	}
	some := samples
	if os.Getenv("POOLLINT_E2E") != "all" {
		some = slices.DeleteFunc(slices.Clone(some), func(s measure.Sample) bool { return !slices.Contains(quick, s.Name) })
	}
	measure.Compare(t, some)
}

// What a task holds is the sum of what its calls hold.
func TestTasks(t *testing.T) {
	if os.Getenv("POOLLINT_E2E") != "all" {
		t.Skip("takes long; set POOLLINT_E2E=all")
	}
	for _, task := range tasks {
		measure.Sum(t, task.Sample, task.of...)
	}
}
