#!/usr/bin/env bash
# Whether this machine can run the part: one sentence and exit 1 when it cannot.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/parts.sh"
no() { echo "$*"; exit 1; }
for program in curl openssl setsid; do have $program || no "there is no $program: install it"; done
node -e 'process.exit(process.features.typescript ? 0 : 1)' 2>/dev/null || no 'Node 24 is not there: run npm ci first'
[ -x "$bin/kube-scheduler" ] && exit 0
have go || no 'there is no Go to build the API server with: install Go 1.21 or newer (it fetches the one it needs)'
free=$(df -Pk "$(dirname "$(mkdir -p "$BED_CACHE" && echo "$BED_CACHE")")" | awk 'NR == 2 { print $4 }')
[ "$free" -gt 6000000 ] || no "building the API server needs 6 GB below $BED_CACHE, $((free / 1000000)) GB are free"
