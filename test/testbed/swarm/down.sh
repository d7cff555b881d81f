#!/bin/bash
# Takes the swarm down: its processes, network namespaces, cgroups and files. Safe at any time, twice, after half an up.
set -uo pipefail
. "$(cd "$(dirname "$0")" && pwd)/part.sh"

end_pid "$DIR/door.pid" "$DIR" &
end_pid "$DIR/ssh/pid" "$DIR" &
# SIGKILL of `unshare --kill-child` takes the node's whole pid namespace with it, and its mounts.
for n in $(seq $NODES); do end_pid "$DIR/node$n/pid" "$DIR/node$n" KILL & done
wait

cgroups() { find /sys/fs/cgroup -maxdepth 2 -name "$TAG" -type d 2>/dev/null; }
is_empty() { [ -z "$(cgroups | while read -r each; do find "$each" -name cgroup.procs -exec cat {} +; done 2>/dev/null)" ]; }
without_cgroups() {
  cgroups | while read -r each; do find "$each" -depth -type d -exec rmdir {} +; done 2>/dev/null
  [ -z "$(cgroups)" ]
}
without_files() { rm -rf "$DIR" && [ ! -e "$DIR" ]; }
# A pid namespace empties a moment after its first process has ended.
wait_for 20 'the end of all processes' is_empty
for each in $(ip netns list 2>/dev/null | awk '{print $1}' | grep -E "^$TAG-(hub|[0-9]+)\$"); do ip netns del "$each"; done
wait_for 10 "cgroups $TAG removed" without_cgroups && wait_for 10 "$DIR removed" without_files
