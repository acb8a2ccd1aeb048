package main

import "github.com/gammazero/workerpool"

func main() {
	p := workerpool.New(2) // it ends with the process
	p.SubmitWait(func() {})
	run()
}

func run() {
	p := workerpool.New(2) // want `unclosed: p is never closed: its goroutines leak when run returns; defer p.StopWait\(\) here`
	p.SubmitWait(func() {})
}
