#!/bin/bash
# Whether a real Ceph can run here.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
PART=ceph
. "$here/../common.sh"
need_root
[ -c /dev/fuse ] || {
  echo "there is no /dev/fuse: load the kernel module fuse, or give it to the container"
  exit 1
}
. "$here/cluster.sh"
has_packages || have apt-get || {
  echo "these packages are missing, and there is no apt-get to install them: $PACKAGES"
  exit 1
}
