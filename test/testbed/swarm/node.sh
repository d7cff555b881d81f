#!/bin/sh
# node.sh NAME FOLDER TAG [dockerd options]: the body of one host of the swarm. ctl.sh starts it inside new mount, uts, ipc
# and pid namespaces and in the node's network namespace; whatever it mounts or starts ends with the namespace's first
# process, as by a power cut.
set -eu
name=$1 folder=$2 tag=$3
shift 3
hostname "$name"
# dockerd keeps its default paths; its state lands in our folder, sockets and locks in a /run of its own.
mkdir -p /var/lib/docker "$folder/data"
mount --bind "$folder/data" /var/lib/docker
mount -t tmpfs -o mode=755 tmpfs /run
# A fresh sysfs shows this network namespace (dockerd reads /sys/class/net), but hides the cgroups: carry them over.
mkdir -p /run/lock /run/cgroup
mount --rbind /sys/fs/cgroup /run/cgroup
mount -t sysfs sysfs /sys
mount --rbind /run/cgroup /sys/fs/cgroup
umount -l /run/cgroup
# Without a name server a pull fails at once, not after its time.
printf '127.0.0.1 localhost %s\n' "$name" >"$folder/hosts"
: >"$folder/resolv.conf"
for file in hosts resolv.conf; do [ ! -e /etc/$file ] || mount --bind "$folder/$file" /etc/$file; done
unset DOCKER_HOST DOCKER_CONTEXT HTTP_PROXY HTTPS_PROXY NO_PROXY http_proxy https_proxy no_proxy
# As the first process it adopts and buries what the shims leave behind.
init=$(command -v docker-init || command -v tini)
exec "$init" -- dockerd -H "unix://$folder/docker.sock" --cgroup-parent "/$tag/$name" \
  --exec-opt native.cgroupdriver=cgroupfs --shutdown-timeout 2 "$@" </dev/null >>"$folder/dockerd.log" 2>&1
