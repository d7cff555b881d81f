# What the swarm's scripts have in common: its folder, the names of its network namespaces and of its cgroup.
PART=swarm
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../common.sh"
DIR=$BED/swarm
NODES=3
# Of its own for each bed, so that two beds do not meet.
TAG=qdsw$(printf %s "$BED" | cksum | cut -c1-5)

socket() { echo "$DIR/node$1/docker.sock"; }
pings() { curl -fs -m 3 --unix-socket "$(socket "$1")" http://engine/_ping >/dev/null 2>&1; }
# The docker command on one node; its own configuration, never the user's.
on() {
  local n=$1
  shift
  env -u DOCKER_HOST -u DOCKER_CONTEXT DOCKER_CONFIG="$DIR/docker" docker -H "unix://$(socket "$n")" "$@"
}
