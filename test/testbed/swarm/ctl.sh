#!/bin/bash
# ctl.sh VERB N [...]: what happens to node N. Each ends when it took effect.
#   crash      power off: engine and containers end at once        start  boots it again, with the same identity
#   stop       an orderly end of the engine                        (way back: start)
#   freeze     SIGSTOP of the engine: it takes connections and     thaw   SIGCONT
#              never answers
#   partition  pulls its network cable                             heal   plugs it in, and takes `slow` away
#   slow MS    delays all that it sends and gets by MS milliseconds, where the kernel can (way back: heal)
#   manages    waits until it is really one of the managers, after its promotion
#   exec CMD   runs a command in the node's network namespace
#   docker ... the docker command on node N
set -euo pipefail
. "$(cd "$(dirname "$0")" && pwd)/part.sh"
verb=${1:?which verb} n=${2:?which node}
shift 2
node=$DIR/node$n

# The first process of the node's pid namespace, and the engine, which is its first child.
init() { awk '{print $1}' "/proc/$(cat "$node/pid")/task/$(cat "$node/pid")/children"; }
engine() { local pid; pid=$(init); awk '{print $1}' "/proc/$pid/task/$pid/children"; }
in_state() { grep -q "^State:	$1" "/proc/$(engine)/status"; }
hub() { ip -n "$TAG-hub" "$@"; }
# Both ways: at the hub's end of the cable and at the node's own.
shape() {
  nsenter --net="/run/netns/$TAG-hub" tc qdisc "$1" dev "n$n" root "${@:2}"
  nsenter --net="/run/netns/$TAG-$n" tc qdisc "$1" dev eth0 root "${@:2}"
}

case $verb in
  launch) # the first half of start: does not wait
    ! is_ours "$node/pid" "$node" || exit 0
    mkdir -p "$node"
    rm -f "$(socket "$n")"
    options=()
    [ "$n" != 1 ] || options=(-H tcp://127.0.0.1:2376 --tlsverify --tlscacert "$DIR/tls/ca.pem"
      --tlscert "$DIR/tls/server-cert.pem" --tlskey "$DIR/tls/server-key.pem")
    setsid nsenter --net="/run/netns/$TAG-$n" unshare --mount --uts --ipc --pid --fork --kill-child --mount-proc \
      "$here/node.sh" "node$n" "$node" "$TAG" "${options[@]}" </dev/null >"$node/boot.log" 2>&1 &
    echo $! >"$node/pid"
    ;;
  start)
    "$0" launch "$n"
    settled() { pings "$n" || ! is_ours "$node/pid" "$node"; }
    wait_for 40 "node$n" settled && pings "$n" || die "$(tail -n 3 "$node/boot.log" "$node/dockerd.log")"
    ;;
  crash) end_pid "$node/pid" "$node" KILL ;;
  stop)
    is_ours "$node/pid" "$node" || exit 0
    kill -TERM "$(init)"
    ended() { ! is_ours "$node/pid" "$node"; }
    wait_for 30 "the end of node$n" ended
    ;;
  freeze) kill -STOP "$(engine)" && wait_for 5 "node$n frozen" in_state T ;;
  thaw) kill -CONT "$(engine)" && wait_for 20 "node$n thawed" pings "$n" ;;
  partition) hub link set "n$n" down ;;
  heal)
    shape del 2>/dev/null || true
    hub link set "n$n" up
    ;;
  slow) shape replace netem delay "${1:?milliseconds}ms" 2>/dev/null || die 'the kernel has no netem: load sch_netem' ;;
  manages) # ends when a promoted node has taken part in the managers' log: before that its loss would be for ever
    follows() { grep -o 'newRaft\|elected leader' "$node/dockerd.log" | tail -n 1 | grep -q elected; }
    wait_for 40 "node$n among the managers" follows
    ;;
  exec) exec nsenter --net="/run/netns/$TAG-$n" "$@" ;;
  docker) on "$n" "$@" ;;
  *) die "there is no verb $verb" ;;
esac
