package answers

import (
	"net"
	"os"
	"os/signal"
	"time"
)

// Who passes a signal on stays when nobody waits for it any more, but with the signal the process ends.
func serveUntilSignal(addr string, handle func(net.Conn)) error {
	stop := make(chan struct{})
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt)
	go func() { // silent: abandoned "in every run of serveUntilSignal that was followed it ends"
		<-signals
		stop <- struct{}{}
	}()
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go handle(conn)
		}
	}()
	<-stop
	return listener.Close()
}

// A clock is no signal: it comes each time that the function is called.
func serveForAnHour(addr string, handle func(net.Conn)) error {
	stop := make(chan struct{})
	timer := time.NewTimer(time.Hour)
	go func() { // want `abandoned: the goroutine blocks forever sending on stop when serveForAnHour returns`
		<-timer.C
		stop <- struct{}{}
	}()
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go handle(conn)
		}
	}()
	<-stop
	return listener.Close()
}
