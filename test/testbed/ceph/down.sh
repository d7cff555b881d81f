#!/bin/bash
# Ends and removes what up.sh made, also when a metadata server is gone and readers hang in the mount.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
PART=ceph
. "$here/../common.sh"
. "$here/cluster.sh"

# Lazily: nothing else returns while the metadata server is gone.
while is_mounted; do umount -l "$MOUNT" || die "$MOUNT cannot be unmounted"; done
# It ends with the last user of the mount. Those that hang in it are freed by its end alone.
for pid in $(pids_of ceph-fuse); do end_process "$pid" 2; done
for program in ceph-mds ceph-osd ceph-mgr ceph-mon; do
  for pid in $(pids_of "$program"); do end_process "$pid" 4 & done
  wait
done
for pid in $(pid_of_sshd); do end_process "$pid"; done
rm -rf --one-file-system "$HOME_OF_CEPH"
