#!/bin/bash
# The platform's PostgreSQL, three pools, and the MariaDB of KillBill, all on loopback and below $BED/databases. What runs
# already stays.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
PART=databases
. "$here/../common.sh"
. "$here/servers.sh"
"$here/can.sh"
has_packages || apt_install $PACKAGES
exec 9<"$here" && flock 9 # this folder: no file of a lock is left behind

all_run() {
  local each
  for each in $SERVERS; do
    [ -n "$(pid_of "$each")" ] && sql "$each" "$(first_database "$each")" <<<'select 1' >/dev/null 2>&1 || return 1
  done
}
if [ -f "$HOME_OF_SERVERS/env" ] && all_run; then
  say "is up already"
  exit 0
fi
"$here/down.sh" 9>&-
mkdir -p "$HOME_OF_SERVERS/secrets" $(printf "$HOME_OF_SERVERS/%s " $SERVERS)
chmod 700 "$HOME_OF_SERVERS/secrets"
echo "$FIRST_PORT" >"$HOME_OF_SERVERS/port"
for each in root platform pools watcher; do
  (umask 077 && head -c 18 /dev/urandom | base64 | tr '+/' '-_' >"$HOME_OF_SERVERS/secrets/$each")
done

last_line() { grep -v '^[[:space:]]*$' "$1" | tail -n 1; }
# One data folder is made and copied: half of the time of four.
new_data() {
  local first=$HOME_OF_SERVERS/postgres
  cp "$HOME_OF_SERVERS/secrets/root" "$first/password"
  [ "$(id -u)" != 0 ] || chown nobody:nogroup "$first" "$first/password" $(printf "$HOME_OF_SERVERS/%s " $POOLS)
  as_server "$(bin_of_postgres)/initdb" -D "$first/data" -U postgres --pwfile="$first/password" --auth=scram-sha-256 \
    --no-sync --locale=C --encoding=UTF8 >"$HOME_OF_SERVERS/initdb.log" 2>&1 || die "$(last_line "$HOME_OF_SERVERS/initdb.log")"
  rm "$first/password"
  for each in $POOLS; do cp -a "$first/data" "$HOME_OF_SERVERS/$each/data"; done
}
new_mariadb() {
  local folder=$HOME_OF_SERVERS/$MARIADB
  [ "$(id -u)" != 0 ] || chown nobody:nogroup "$folder"
  as_server mariadb-install-db --no-defaults --datadir="$folder/data" --auth-root-authentication-method=normal \
    --skip-test-db >"$folder/log" 2>&1 || die "$(last_line "$folder/log")"
  # root has no password before its first start.
  as_server mariadbd --no-defaults --datadir="$folder/data" --bootstrap >>"$folder/log" 2>&1 <<S
use mysql;
flush privileges;
delete from global_priv where user = '' or host not in ('localhost', '127.0.0.1');
flush privileges;
alter user root@localhost identified by '$(secret_of root)';
alter user root@127.0.0.1 identified by '$(secret_of root)';
S
}
new_mariadb &
making=$!
new_data
for each in postgres $POOLS; do start_server "$each"; done
wait $making || exit 1
start_server $MARIADB

sql postgres postgres <<S
create role instance_service login password '$(secret_of platform)' in role pg_monitor;
create database instance;
create database billing;
S
{
  cat "$here/platform.sql"
  number=0
  for each in $POOLS; do
    number=$((number + 1))
    echo "update db_servers set host = '127.0.0.1', port = $(port_of "$each"), admin_password = '$(secret_of pools)' where name = '$each';"
  done
} | sql postgres instance
for each in $POOLS; do echo "create role pool_admin login superuser password '$(secret_of pools)';" | sql "$each" postgres; done
printf 'create database %s;\n' odoo_acme odoo_globex | sql postgres-pool-1 postgres
echo 'create database odoo_initech;' | sql postgres-pool-2 postgres
{
  echo "create user watcher@127.0.0.1 identified by '$(secret_of watcher)';"
  echo "create user filler@127.0.0.1 identified by '$(secret_of watcher)';"
  cat "$here/killbill.sql"
} | sql $MARIADB mysql

address() { (umask 077 && echo "$2" >"$HOME_OF_SERVERS/$1.url"); }
address postgres "postgres://instance_service:$(secret_of platform)@127.0.0.1:$(port_of postgres)/instance"
address admin "postgres://postgres:$(secret_of root)@127.0.0.1:$(port_of postgres)/postgres"
address mariadb "mariadb://watcher:$(secret_of watcher)@127.0.0.1:$(port_of $MARIADB)"
cat >"$HOME_OF_SERVERS/env" <<E
QD_BED=$BED
QD_DATABASES_CTL=$here/ctl.sh
QD_PG=$HOME_OF_SERVERS/postgres.url
QD_PG_ADMIN=$HOME_OF_SERVERS/admin.url
QD_MARIADB=$HOME_OF_SERVERS/mariadb.url
E
say "is up: PostgreSQL at 127.0.0.1:$(port_of postgres) with $(wc -w <<<"$POOLS") pools, MariaDB at 127.0.0.1:$(port_of $MARIADB)"
