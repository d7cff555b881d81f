# What the parts of the test bed share; each of their scripts sources it. Sets BED (state) and BED_CACHE (kept between runs).
# BED: per user and outside of the clone. Everything that a part makes lies in $BED/PART.
BED=${BED:-${TMPDIR:-/tmp}/quarterdeck-bed}
BED_CACHE=${BED_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/quarterdeck/bed}
export BED BED_CACHE DEBIAN_FRONTEND=noninteractive
# A user's PATH may lack where the daemons are; a pinned Node stays first.
export PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

say() { printf '%s: %s\n' "${PART:-bed}" "$*" >&2; }
die() { say "$*"; exit 1; }
# A script that ends says at what: the text of the command, without what its variables hold.
set -E
trap '[ $BASHPID != $$ ] || say "failed: $BASH_COMMAND (${BASH_SOURCE##*/}, line $LINENO)"' ERR
have() { command -v "$1" >/dev/null 2>&1; }

# need_root: one plain sentence on stdout and exit 1 without root.
need_root() { [ "$(id -u)" = 0 ] || { echo "it needs root: network namespaces, mounts"; exit 1; }; }

# apt_install PACKAGE...: one at a time over all parts, and no daemon of theirs is started.
apt_install() (
  mkdir -p "$BED"
  exec 9>"$BED/apt.lock"
  flock 9
  policy=/usr/sbin/policy-rc.d
  [ -e $policy ] || { printf '#!/bin/sh\nexit 101\n' >$policy; chmod +x $policy; trap 'rm -f '$policy EXIT; }
  apt='apt-get -qq -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3'
  say "installs $*"
  $apt update >&2 && $apt install -y --no-install-recommends "$@" >&2 </dev/null
)

# wait_for SECONDS WHAT COMMAND...: until the command succeeds; says what was waited for in vain.
wait_for() {
  local end=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $end ] || { say "waited in vain: $what"; return 1; }
    sleep 0.1
  done
}

# is_ours PIDFILE MARK: the process of the pid file runs, and its command line names MARK; a pid that was given to another
# process since is not ours.
is_ours() { [ -f "$1" ] && { tr '\0' ' ' <"/proc/$(cat "$1")/cmdline"; } 2>/dev/null | grep -qF -- "$2"; }

# end_pid PIDFILE MARK [SIGNAL]: ends that process and waits until it is gone (SIGKILL after 10 s).
end_pid() {
  local pid end=$((SECONDS + 10))
  is_ours "$1" "$2" || { rm -f "$1"; return 0; }
  pid=$(cat "$1")
  kill "-${3:-TERM}" "$pid" 2>/dev/null || true
  until is_gone "$pid"; do
    [ $SECONDS -lt $end ] || kill -KILL "$pid" 2>/dev/null || true
    sleep 0.05
  done
  rm -f "$1"
}

# is_gone PID: it has ended; a zombie has.
is_gone() { [ -z "$(sed -n 's/.*) \([^ZX]\).*/\1/p' "/proc/$1/stat" 2>/dev/null)" ]; }

# end_process PID [SECONDS]: ends it, a stopped one too, and kills it when it does not end in time.
end_process() {
  kill "$1" 2>/dev/null && kill -CONT "$1" 2>/dev/null || return 0
  wait_for "${2:-5}" '' is_gone "$1" 2>/dev/null || kill -KILL "$1" 2>/dev/null || true
  wait_for 10 "the end of process $1" is_gone "$1"
}
