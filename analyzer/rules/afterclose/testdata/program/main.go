package main

import (
	"log"

	"github.com/panjf2000/ants/v2"
)

func main() {
	defer ants.Release() // the program's end
	if err := ants.Submit(func() {}); err != nil {
		log.Print(err)
	}
}
