#!/bin/bash
# Exits 0 when this machine can run the swarm; else one plain sentence on stdout, and 1.
set -euo pipefail
. "$(cd "$(dirname "$0")" && pwd)/part.sh"

need_root
no() { echo "$1"; exit 1; }
unshare --mount --uts --ipc --pid --net --fork true 2>/dev/null ||
  no 'no namespaces can be made here: run it on a host or in a container with privileges'
! have ip || unshare --net sh -c 'ip link add type veth && ip link add type bridge &&
  ip link add vxlan0 type vxlan id 1 dstport 4789' 2>/dev/null ||
  no 'the kernel has no veth, bridge or vxlan: load these modules'
[ -e /sys/fs/cgroup/cgroup.controllers ] || [ -d /sys/fs/cgroup/devices ] ||
  no 'no cgroups are mounted at /sys/fs/cgroup: mount them'
have apt-get || for each in docker dockerd containerd runc iptables ip busybox curl openssl sshd ssh; do
  have $each || no "$each is missing and there is no apt-get: install it (docker.io, iptables, iproute2, busybox-static …)"
done
