// Package lib is small enough to be inlined into its callers.
package lib

// Start starts a goroutine that sends.
func Start(ch chan int) {
	go func() { ch <- 1 }() // send
}
