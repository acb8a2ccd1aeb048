module example.com/gallery

go 1.26.0

require (
	github.com/panjf2000/ants/v2 v2.12.1
	github.com/poollint/poollint v0.0.0
	golang.org/x/sync v0.24.0
)

replace github.com/poollint/poollint => ../..
