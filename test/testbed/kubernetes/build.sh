#!/usr/bin/env bash
# Builds what the bed runs, with Go's own module client and nothing else, into the cache. What is there is not built
# again; modules and compiled packages are removed once all is there.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/parts.sh"
work=$BED_CACHE/kubernetes/build
export GOMODCACHE=$work/modules GOCACHE=$work/packages GOFLAGS='-buildvcs=false -mod=mod -modcacherw' CGO_ENABLED=0

programs='kube-apiserver kube-controller-manager kube-scheduler'
have kubectl || programs="$programs kubectl"

# A module that requires Kubernetes: there its parts are replaced by folders beside it, which Go does not follow, so each
# is replaced by what was published of it, v0.MINOR.PATCH.
kubernetes_module() {
  mkdir -p "$work/kubernetes" && cd "$work/kubernetes"
  local file
  file=$(go mod download -json "k8s.io/kubernetes@$KUBE_VERSION" | sed -n 's/.*"GoMod": "\(.*\)".*/\1/p')
  {
    printf 'module bed\n\n%s\n\nrequire k8s.io/kubernetes %s\n\nreplace (\n' "$(grep '^go ' "$file")" "$KUBE_VERSION"
    sed -n "s#^\t\(k8s.io/[a-z-]*\) => ./staging/.*#\t\1 => \1 v0.${KUBE_VERSION#v1.}#p" "$file"
    echo ')'
  } >go.mod
}

# build NAME PACKAGE [FLAGS]: within the module of the current folder.
build() {
  say "builds $1"
  go build -trimpath -ldflags "-s -w ${3:-}" -o "$bin/$1.new" "$2"
  mv "$bin/$1.new" "$bin/$1"
}

# kubectl asks the server for its version, and is told what stands here.
version_flags() {
  local package minor=${KUBE_VERSION#v1.}
  for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
    printf -- '-X %s=%s ' "$package.gitVersion" "$KUBE_VERSION" "$package.gitMajor" 1 "$package.gitMinor" "${minor%.*}" \
      "$package.gitTreeState" clean "$package.gitCommit" bed "$package.buildDate" 2026-01-01T00:00:00Z
  done
}

cd "$here" && mkdir -p "$bin"
missing=
for name in $programs etcd; do [ -x "$bin/$name" ] || missing="$missing $name"; done
[ -n "$missing" ] || exit 0
have go || apt_install golang-go
for name in $missing; do
  if [ "$name" = etcd ]; then
    mkdir -p "$work/etcd" && cd "$work/etcd"
    printf 'module bed\n\ngo 1.24\n\nrequire go.etcd.io/etcd/server/v3 %s\n' "$ETCD_VERSION" >go.mod
    build etcd go.etcd.io/etcd/server/v3
  else
    [ -f "$work/kubernetes/go.mod" ] || kubernetes_module
    cd "$work/kubernetes" && build "$name" "k8s.io/kubernetes/cmd/$name" "$(version_flags)"
  fi
done
cd "$bin" && rm -rf "$work"
