// Package hashing is another package: what its functions do is known by their facts.
package hashing

import (
	"crypto/sha256"
	"net/http"

	"golang.org/x/crypto/bcrypt"
)

func Password(password string) ([]byte, error) {
	return bcrypt.GenerateFromPassword([]byte(password), bcrypt.DefaultCost)
}

func Chain(n int) [32]byte {
	var h [32]byte
	for range n {
		h = sha256.Sum256(h[:])
	}
	return h
}

func Each(xs []string, f func(string)) {
	for _, x := range xs {
		f(x)
	}
}

func Fetch(url string) (int, error) {
	resp, err := http.Get(url)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	return resp.StatusCode, nil
}

type Store interface {
	Put(key string, value []byte) error
}
