// Lone is a program of one package.
package main

import (
	"net"
	"os"
	"runtime/pprof"
	"strconv"
	"time"
)

func work(ch chan int) {
	ch <- 1 // send
}

func serve() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err == nil {
		_, _ = l.Accept()
	}
}

func main() {
	go work(make(chan int))
	go func() {
		<-make(chan int) // receive
	}()
	go serve()
	time.Sleep(50 * time.Millisecond)
	form, _ := strconv.Atoi(os.Args[1])
	_ = pprof.Lookup("goroutine").WriteTo(os.Stdout, form)
}
