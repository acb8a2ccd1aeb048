package abandoned

// What the source does one by one counts as what it is, beside the same number as a constant.

func emitOne(c chan int) { c <- 1 }
func sixReceives() int {
	c := make(chan int)
	go func() {
		for i := 0; i < 6; i++ {
			c <- i
		}
	}()
	a := <-c
	b := <-c
	d := <-c
	e := <-c
	f := <-c
	g := <-c
	return a + b + d + e + f + g
}

func sixSenders() (n int) {
	c := make(chan int)
	go emitOne(c)
	go emitOne(c)
	go emitOne(c)
	go emitOne(c)
	go emitOne(c)
	go emitOne(c)
	for i := 0; i < 6; i++ {
		n += <-c
	}
	return n
}

func sixFilled() {
	c := make(chan int, 6)
	go emitOne(c)
	go emitOne(c)
	go emitOne(c)
	go emitOne(c)
	go emitOne(c)
	go emitOne(c)
}

func sixOfThree() {
	c := make(chan int, 6)
	done := make(chan bool)
	for i := 0; i < 3; i++ {
		go func() { c <- 1; c <- 2; done <- true }()
	}
	<-done
	<-done
	<-done
}

func sixSent() (n int) {
	c := make(chan int)
	go func() {
		c <- 1
		c <- 2
		c <- 3
		c <- 4
		c <- 5
		c <- 6
	}()
	for i := 0; i < 6; i++ {
		n += <-c
	}
	return n
}

func fiveOfSix() (n int) {
	c := make(chan int)
	go func() { // want `the goroutine blocks forever sending on c when fiveOfSix returns at line \d+ without receiving; give c a buffer of 1`
		c <- 1
		c <- 2
		c <- 3
		c <- 4
		c <- 5
		c <- 6
	}()
	for range 5 {
		n += <-c
	}
	return n
}
