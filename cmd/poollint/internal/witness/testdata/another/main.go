// Another has functions of the same names as waits, which wait likewise.
package main

func twice(ch chan int) {
	ch <- 1
	ch <- 2
}

func forever() {
	select {}
}

func main() {
	go twice(make(chan int))
	go func() {
		<-make(chan int)
	}()
	go forever()
	select {}
}
