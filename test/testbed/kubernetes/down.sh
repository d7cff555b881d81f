#!/usr/bin/env bash
# Ends what up.sh started and removes what it made; the programs that it built stay in the cache.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/parts.sh"
for name in kubelet kube-scheduler kube-controller-manager kube-apiserver etcd; do finish $name; done
rm -rf "$run"
rmdir "$BED" 2>/dev/null || true
