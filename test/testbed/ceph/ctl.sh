#!/bin/bash
# Faults of the cluster that up.sh made, and their way back. Each ends when it took effect.
#   kill|stop|freeze DAEMON   start|thaw DAEMON   DAEMON: mon.a, mgr.x, mds.a, osd.0, osd.1
#   nearfull                  the OSDs count as near full from half of their use on
#   quota PATH BYTES FILES    of a directory below the mount; 0: none
#   write PATH BYTES          a file below the mount, written through to the disk
#   remove PATH               below the mount
#   heal                      everything runs, the ratios are as usual, the cluster is well and the mount answers
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
PART=ceph
. "$here/../common.sh"
. "$here/cluster.sh"
verb=${1:-} what=${2:-}

osd_is_down() { ask osd dump -f json | grep -q "\"osd\":$1,\"uuid\":\"[^\"]*\",\"up\":0"; }
# Killed, it stays in the map as laggy; stopped, it takes leave of it.
mds_is_gone() { ! ask -s -f json | grep -q '"status":"up:active"'; }
mgr_is_gone() { ask -s -f json | grep -q '"MGR_DOWN"'; }
mon_is_gone() { ! timeout -k 1 4 ceph --connect-timeout 2 mon stat; }
ratio_is() { ask osd dump -f json | grep -q "\"nearfull_ratio\":$1"; }
near_is() { [ "$(ask health -f json | grep -c OSD_NEARFULL)" = "$1" ]; }

took_effect() {
  case $what in
    osd.*) wait_for 60 "$what down" osd_is_down "${what#osd.}" ;;
    mds.*) wait_for 60 "$what gone" mds_is_gone ;;
    mgr.*) wait_for 60 "$what gone" mgr_is_gone ;;
    mon.*) wait_for 60 "$what gone" mon_is_gone ;;
  esac
}

signal() {
  local pid
  pid=$(pid_of "$what")
  [ -n "$pid" ] || die "$what does not run"
  kill "-$1" "$pid"
  [ "$1" = STOP ] || wait_for 20 "the end of $what" is_gone "$pid"
}

# Near full comes before backfill full before full, and none may pass another.
ratios() {
  ask osd set-full-ratio 0.97 && ask osd set-backfillfull-ratio 0.96 && ask osd set-nearfull-ratio "$1"
  ask osd set-backfillfull-ratio 0.9 && ask osd set-full-ratio 0.95
} >/dev/null

case $verb in
  kill) signal KILL && took_effect ;;
  stop) signal TERM && took_effect ;;
  freeze) signal STOP && took_effect ;;
  thaw) kill -CONT "$(pid_of "$what")" ;;
  start) start_daemon "$what" ;;
  nearfull) ratios 0.05 && wait_for 30 OSD_NEARFULL near_is 1 ;;
  quota)
    setfattr -n ceph.quota.max_bytes -v "$3" "$MOUNT/$what"
    setfattr -n ceph.quota.max_files -v "$4" "$MOUNT/$what"
    ;;
  # In one write after the other: the client that is over a quota is told so by the next.
  write) mkdir -p "$(dirname "$MOUNT/$what")" && dd if=/dev/zero of="$MOUNT/$what" bs=65536 count="$3" iflag=count_bytes conv=fsync status=none ;;
  remove) rm -rf --one-file-system "$MOUNT/${what:?}" ;;
  heal)
    for each in mon.a mgr.x mds.a $(printf 'osd.%s ' $OSDS); do
      pid=$(pid_of "$each")
      [ -z "$pid" ] || kill -CONT "$pid"
      start_daemon "$each"
    done
    wait_for 60 'an answer of the monitor' ask mon stat
    ratios 0.85
    wait_for 120 'a healthy cluster' is_healthy
    wait_for 120 'an answer of the mount' mount_answers
    ;;
  *) die "there is no verb '$verb'; the head of this file names them" ;;
esac
