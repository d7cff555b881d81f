#!/bin/bash
# Faults of the servers that up.sh made, and their way back. Each ends when it took effect.
#   stop|kill|freeze SERVER   start|thaw SERVER   SERVER: postgres, postgres-pool-1, -2, -3, killbill-db
#   fill SERVER               every connection is taken; ease SERVER gives them back
#   sql SERVER DATABASE       statements on stdin, as the superuser
#   heal                      everything runs and no connection is held
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
PART=databases
. "$here/../common.sh"
. "$here/servers.sh"
verb=${1:-} server=${2:-}

# The first process first: it makes no more children then.
family_of() {
  local pid
  pid=$(pid_of "$1")
  [ -z "$pid" ] || echo "$pid" $(cat "/proc/$pid/task/$pid/children" 2>/dev/null)
}
signal() { local each; for each in $2; do kill "-$1" "$each" 2>/dev/null || true; done; }
end() {
  local family
  family=$(family_of "$2")
  signal "$1" "$family"
  signal CONT "$family"
  for each in $family; do wait_for 20 "the end of $2" is_gone "$each"; done
}
freeze() {
  local first
  first=$(pid_of "$server")
  [ -n "$first" ] || die "$server does not run"
  kill -STOP "$first"
  signal STOP "$(family_of "$server")"
}

is_full() { ! login 'select 1' >"$HOME_OF_SERVERS/$server/try" 2>&1 && grep -qi 'too many' "$HOME_OF_SERVERS/$server/try"; }
login() {
  if [ "$server" = $MARIADB ]; then
    MYSQL_PWD=$(secret_of watcher) mariadb --no-defaults -h 127.0.0.1 -P "$(port_of "$server")" -u filler -e "$1"
  else
    PGAPPNAME=filler PGPASSWORD=$(secret_of root) psql -h 127.0.0.1 -p "$(port_of "$server")" -U postgres -d postgres -X -q -A -t -c "$1"
  fi
}
hold() {
  local wait='select pg_sleep(3600)'
  [ "$server" != $MARIADB ] || wait='select sleep(3600)'
  login "$wait" </dev/null >/dev/null 2>&1 &
  echo $! >>"$HOME_OF_SERVERS/$server/fillers"
}
# One that came while we tried the door was turned away. Not by wait_for: a process that is left behind below a redirection
# keeps the pipes of who called us, who then waits for its end.
fill_up() {
  local end=$((SECONDS + 20))
  until is_full; do
    [ $SECONDS -lt $end ] || die "$server is not full"
    hold
    sleep 0.1
  done
}
fill() {
  for _ in $(seq 20); do hold; done
  fill_up
  # Who was just there may leave and leave room: full is what stays full.
  for _ in $(seq 5); do
    sleep 0.5
    fill_up
  done
  disown -a
}
ease() {
  local pids
  pids=$(cat "$HOME_OF_SERVERS/$1/fillers" 2>/dev/null) || return 0
  for each in $pids; do signal KILL "$(cat "/proc/$each/task/$each/children" 2>/dev/null) $each"; done
  rm -f "$HOME_OF_SERVERS/$1/fillers"
  [ "$1" != $MARIADB ] || sql $MARIADB mysql <<<'kill user filler' || true
  server=$1
  wait_for 20 "room in $1" login 'select 1'
}

case $verb in
  # Without waiting for those who are connected, which is another signal for each.
  stop) if [ "$server" = $MARIADB ]; then end TERM "$server"; else end INT "$server"; fi ;;
  kill) end KILL "$server" ;;
  start) start_server "$server" && disown -a ;;
  freeze) freeze ;;
  thaw) signal CONT "$(family_of "$server" | tac -s ' ')" ;;
  fill) fill ;;
  ease) ease "$server" ;;
  sql) sql "$server" "$3" ;;
  heal)
    for each in $SERVERS; do
      signal CONT "$(family_of "$each")"
      start_server "$each"
      ease "$each"
    done
    ;;
  *) die "there is no verb '$verb'; the head of this file names them" ;;
esac
