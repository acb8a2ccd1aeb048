# poollint with the parts of a Go toolchain that it needs, and nothing else. There is no git, no C compiler and
# no vet, and so no -new-from, no cgo and no -through=vet.
#
#	docker build -t poollint .
#	docker run --rm -v "$PWD:/src" -v poollint:/cache poollint ./...
FROM golang:1.26-alpine AS build
WORKDIR /poollint
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -o /image/bin/poollint ./cmd/poollint
RUN set -e; \
    from="$(go env GOROOT)"; to=/image/usr/local/go; \
    mkdir -p "$to/bin" "$to/pkg/tool/$(go env GOOS)_$(go env GOARCH)" /image/src; \
    mkdir -m 1777 /image/tmp /image/cache; \
    cp "$from/bin/go" "$to/bin"; \
    cp -R "$from/go.env" "$from/VERSION" "$from/src" "$to"; \
    cp -R "$from/pkg/include" "$to/pkg"; \
    for tool in asm compile; do cp "$(go env GOTOOLDIR)/$tool" "$to/pkg/tool/$(go env GOOS)_$(go env GOARCH)"; done; \
    find "$to/src" -name testdata -prune -exec rm -r {} +; \
    find "$to/src" -name '*_test.go' -exec rm {} +; \
    rm -r "$to/src/cmd"
RUN mkdir -p /image/etc/ssl/certs && cp /etc/ssl/certs/ca-certificates.crt /image/etc/ssl/certs

FROM scratch
COPY --from=build /image /
ENV PATH=/bin:/usr/local/go/bin HOME=/cache GOPATH=/cache/go GOCACHE=/cache/build POOLLINT_CACHE=/cache/poollint CGO_ENABLED=0 GOFLAGS=-buildvcs=false GOTOOLCHAIN=local
WORKDIR /src
VOLUME /cache
ENTRYPOINT ["poollint"]
