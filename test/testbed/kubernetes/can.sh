#!/usr/bin/env bash
# Whether this machine can run the part: one sentence and exit 1 when it cannot.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/parts.sh"
no() { echo "$*"; exit 1; }
for program in curl openssl setsid; do have $program || no "there is no $program: install it"; done
node -e 'process.exit(process.features.typescript ? 0 : 1)' 2>/dev/null || no 'Node 24 is not there: run npm ci first'
# It is built last.
[ -x "$bin/etcd" ] && exit 0
if have go; then
  version=$(go env GOVERSION)
  is_go_new "${version#go}" || no "Go ${version#go} is too old to build the API server with: install Go 1.21 or newer"
elif [ "$(id -u)" = 0 ] && have apt-cache; then
  version=$(apt-cache policy golang-go | sed -n 's/^  Candidate: [0-9]*:\{0,1\}//p')
  is_go_new "${version:-0}" || no "there is no Go, and apt has ${version:-none}: install Go 1.21 or newer"
else
  no 'there is no Go to build the API server with: install Go 1.21 or newer'
fi
mkdir -p "$BED_CACHE"
free=$(df -Pk "$BED_CACHE" | awk 'NR == 2 { print int($4 / 1e6) }')
[ "$free" -ge 6 ] || no "building the API server needs 6 GB below $BED_CACHE, and $free GB are free"
