//go:build poollint_noeffects

package effects

const on = false
