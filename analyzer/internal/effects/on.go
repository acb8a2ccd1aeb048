//go:build !poollint_noeffects

package effects

// on is false in a build that measures what effects cost: scripts/bench compares the two.
const on = true
