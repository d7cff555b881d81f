# The names of this cluster, and how its daemons are found. Sourced after common.sh.
HOME_OF_CEPH=$BED/ceph
MOUNT=$HOME_OF_CEPH/mount
OSDS="0 1"
PACKAGES="ceph-mon ceph-mgr ceph-osd ceph-mds ceph-fuse ceph-common attr openssh-server openssh-client"
unset CEPH_ARGS CEPH_KEYRING
export CEPH_CONF=$HOME_OF_CEPH/ceph.conf

has_packages() { local each; for each in ceph-{mon,mgr,osd,mds,fuse} ceph getfattr setfattr sshd ssh; do have $each || return 1; done; }

# The ceph command, which looks for a monitor for ever and waits for a manager for ever.
ask() { timeout -k 1 20 ceph --connect-timeout 5 "$@" 2>/dev/null; }

# Processes of one program of this cluster. By their environment: also those of an up that was cut off.
pids_of() {
  local each
  for each in /proc/[0-9]*; do
    [ "$(cat "$each/comm" 2>/dev/null)" = "$1" ] || continue
    grep -qzx "CEPH_CONF=$CEPH_CONF" "$each/environ" 2>/dev/null && echo "${each#/proc/}"
  done
  true
}

# The process of one daemon, such as osd.1; nothing when it is not there.
pid_of() {
  local pid
  pid=$(cat "$HOME_OF_CEPH/pid/$1.pid" 2>/dev/null) || return 0
  [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = "ceph-${1%%.*}" ] && ! is_gone "$pid" && echo "$pid"
  true
}

pid_of_sshd() {
  local pid
  pid=$(cat "$HOME_OF_CEPH/ssh/pid" 2>/dev/null) || return 0
  grep -qaF "$HOME_OF_CEPH/ssh/sshd_config" "/proc/$pid/cmdline" 2>/dev/null && echo "$pid"
  true
}

# fd 9 holds the lock of up.sh, which no daemon may keep.
start_daemon() { [ -n "$(pid_of "$1")" ] || "ceph-${1%%.*}" -i "${1#*.}" >>"$HOME_OF_CEPH/log/start.log" 2>&1 9>&-; }

is_mounted() { grep -q " $MOUNT fuse.ceph-fuse " /proc/mounts; }

# A mount whose metadata server answers: a stat would be answered from a cache. What hangs here cannot be killed.
mount_answers() { timeout -k 1 3 getfattr --absolute-names -n ceph.dir.rbytes "$MOUNT" >/dev/null 2>&1; }

is_healthy() {
  local status
  status=$(ask -s -f json) || return 1
  grep -q '"status":"HEALTH_OK"' <<<"$status" && grep -q '"status":"up:active"' <<<"$status" &&
    [ "$(grep -o '"state_name":"[^"]*"' <<<"$status" | sort -u)" = '"state_name":"active+clean"' ]
}
