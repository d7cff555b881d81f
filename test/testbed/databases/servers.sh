# The names of the servers, and how they are found and asked. Sourced after common.sh.
HOME_OF_SERVERS=$BED/databases
# Where they stand already is where they are, whoever asks.
FIRST_PORT=$(cat "$HOME_OF_SERVERS/port" 2>/dev/null || echo "${BED_DATABASES_PORT:-25432}") # postgres, its pools, killbill-db, killbill-db's own door for us
POOLS="postgres-pool-1 postgres-pool-2 postgres-pool-3"
MARIADB=killbill-db
SERVERS="postgres $POOLS $MARIADB"
PACKAGES="postgresql mariadb-server-core mariadb-client-core"

# Of the newest PostgreSQL here.
bin_of_postgres() { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1; }
has_packages() { [ -x "$(bin_of_postgres)/initdb" ] && have psql && have mariadbd && have mariadb-install-db && have mariadb; }

port_of() {
  local each port=$FIRST_PORT
  for each in $SERVERS; do
    [ "$each" = "$1" ] && echo $port && return
    port=$((port + 1))
  done
  die "there is no server $1: $SERVERS"
}
DOOR=$((FIRST_PORT + 5)) # of MariaDB: it lets us in when all connections are taken

# No database server runs as root. Whose TMPDIR it is may let nobody in.
as_server() {
  if [ "$(id -u)" = 0 ]; then setpriv --reuid=nobody --regid=nogroup --clear-groups env -u TMPDIR HOME=/ "$@"; else "$@"; fi
}

secret_of() { cat "$HOME_OF_SERVERS/secrets/$1"; }

# sql SERVER DATABASE, with statements on stdin: as its superuser.
sql() {
  if [ "$1" = $MARIADB ]; then
    MYSQL_PWD=$(secret_of root) mariadb --no-defaults -h 127.0.0.1 -P "$DOOR" -u root --connect-timeout=5 -N -B "$2"
  else
    PGPASSWORD=$(secret_of root) PGCONNECT_TIMEOUT=5 psql -h 127.0.0.1 -p "$(port_of "$1")" -U postgres -d "$2" -v ON_ERROR_STOP=1 -X -q -A -t
  fi
}

# The first process of a server; nothing when it does not run.
pid_of() {
  local pid folder=$HOME_OF_SERVERS/$1
  pid=$(head -n 1 "$folder/data/postmaster.pid" 2>/dev/null || cat "$folder/pid" 2>/dev/null) || return 0
  # Another process may have its number by now.
  grep -qaF "$folder/data" "/proc/$pid/cmdline" 2>/dev/null && ! is_gone "$pid" && echo "$pid"
  true
}

# fd 9 holds the lock of up.sh, which no server may keep.
start_server() {
  local folder=$HOME_OF_SERVERS/$1
  [ -z "$(pid_of "$1")" ] || return 0
  if [ "$1" = $MARIADB ]; then
    as_server mariadbd --no-defaults --datadir="$folder/data" --pid-file="$folder/pid" --socket="$folder/data/socket" \
      --bind-address=127.0.0.1 --skip-name-resolve --port="$(port_of "$1")" --extra-port=$DOOR --extra-max-connections=5 \
      --max-connections=20 --innodb-buffer-pool-size=16M --innodb-flush-log-at-trx-commit=0 --skip-log-bin \
      --performance-schema=OFF </dev/null >>"$folder/log" 2>&1 9>&- &
  else
    rm -f "$folder/data/postmaster.pid"
    as_server "$(bin_of_postgres)/postgres" -D "$folder/data" -p "$(port_of "$1")" -c listen_addresses=127.0.0.1 \
      -c unix_socket_directories= -c max_connections=20 -c shared_buffers=16MB -c fsync=off -c wal_level=minimal \
      -c max_wal_senders=0 -c client_connection_check_interval=500 </dev/null >>"$folder/log" 2>&1 9>&- &
  fi
  wait_for 60 "an answer of $1; see $folder/log" sql "$1" "$(first_database "$1")" <<<'select 1'
}

first_database() { if [ "$1" = $MARIADB ]; then echo mysql; else echo postgres; fi; }
