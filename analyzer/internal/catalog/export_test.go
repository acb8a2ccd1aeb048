package catalog

// Lookup is for tests.
var Lookup = lookup
