package measure

import (
	"errors"
	"net"
	"os"
	"runtime"
	"testing"
	"time"
)

// The collector closes a connection that nobody refers to, which a client that waits takes for an answer.
func TestServingKeepsTheConnectionOpen(t *testing.T) {
	talked := make(chan struct{})
	c := Must(net.Dial("tcp", Serving(func(net.Conn) { close(talked) })))
	defer c.Close()
	<-talked
	for range 3 {
		time.Sleep(10 * time.Millisecond) // for finalizers
		runtime.GC()
	}
	Must(0, c.SetReadDeadline(time.Now().Add(50*time.Millisecond)))
	if _, err := c.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the read ended with %v, not at its deadline", err)
	}
}
