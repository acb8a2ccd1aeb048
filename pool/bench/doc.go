// Package bench measures package pool against its peers: their newest versions,
// in the same process, by CPU time. See the tests for the bars it must hold.
package bench
