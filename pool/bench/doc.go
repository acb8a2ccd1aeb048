// Package bench compares package pool with the newest versions of its peers, in
// the same process, by CPU time. See the tests for the targets that it must meet.
package bench
