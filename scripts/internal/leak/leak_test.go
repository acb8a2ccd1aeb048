package leak

import (
	"reflect"
	"testing"
)

func TestParse(t *testing.T) {
	got, err := Parse(`goroutine 1 [running]:
main.main()
	/src/main.go:7 +0xff

goroutine 20 [chan send (leaked) labels:{"run": "Fetch#5"}]:
main.fetch.func1()
	/src/fetch.go:3 +0x1e
created by main.fetch in goroutine 19
	/src/fetch.go:2 +0x5f

goroutine 21 [select (no cases) (leaked) labels:{"run": "Wait#0"}]:
main.wait()
	/src/wait.go:9 +0x1e

goroutine 22 [chan receive]:
main.wait()
	/src/wait.go:19 +0x1e
`)
	if err != nil {
		t.Fatal(err)
	}
	want := []Leak{
		{Label: "Fetch#5", Waits: "chan send", Frames: []Frame{{"fetch.go", 3}}, Created: Frame{"fetch.go", 2}},
		{Label: "Wait#0", Waits: "select (no cases)", Frames: []Frame{{"wait.go", 9}}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
