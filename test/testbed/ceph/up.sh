#!/bin/bash
# One monitor, one manager, two OSDs, one metadata server and a ceph-fuse mount with tenants' directories, all on
# loopback and below $BED/ceph. What runs already stays.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
PART=ceph
. "$here/../common.sh"
"$here/can.sh"
. "$here/cluster.sh"
has_packages || apt_install $PACKAGES
# And the next, and the daemons from 100 on: below those that any connection may be given.
PORT=${BED_CEPH_PORT:-23300}

# A Unix socket's path may have 107 characters.
[ ${#HOME_OF_CEPH} -lt 70 ] || die "the folder $HOME_OF_CEPH has too long a name for sockets: set BED to a shorter one"
exec 9<"$here" && flock 9 # this folder: no file of a lock is left behind

all_run() {
  local each
  for each in mon.a mgr.x mds.a $(printf 'osd.%s ' $OSDS); do [ -n "$(pid_of "$each")" ] || return 1; done
  is_mounted && mount_answers && [ -n "$(pid_of_sshd)" ]
}
if [ -f "$HOME_OF_CEPH/env" ] && all_run; then
  say "is up already"
  exit 0
fi
"$here/down.sh" 9>&-
mkdir -p "$HOME_OF_CEPH"/{mon.a,mgr.x,mds.a,asok,log,pid,crash,mount} $(printf "$HOME_OF_CEPH/osd.%s " $OSDS)
fsid=$(cat /proc/sys/kernel/random/uuid)
address="[v2:127.0.0.1:$PORT,v1:127.0.0.1:$((PORT + 1))]"

# The second half is for tests: a fault is noticed within seconds, statistics travel up a tree in two.
cat >"$CEPH_CONF" <<C
[global]
fsid = $fsid
mon_host = $address
mon_initial_members = a
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
public_network = 127.0.0.0/8
cluster_network = 127.0.0.0/8
ms_bind_ipv4 = true
ms_bind_ipv6 = false
ms_bind_port_min = $((PORT + 100))
ms_bind_port_max = $((PORT + 199))
auth_allow_insecure_global_id_reclaim = false
keyring = $HOME_OF_CEPH/keyring
run_dir = $HOME_OF_CEPH/asok
admin_socket = $HOME_OF_CEPH/asok/\$name.asok
pid_file = $HOME_OF_CEPH/pid/\$name.pid
log_file = $HOME_OF_CEPH/log/\$name.log
mon_cluster_log_file = default=$HOME_OF_CEPH/log/cluster.\$channel.log
crash_dir = $HOME_OF_CEPH/crash
mon_data = $HOME_OF_CEPH/mon.\$id
mgr_data = $HOME_OF_CEPH/mgr.\$id
osd_data = $HOME_OF_CEPH/osd.\$id
mds_data = $HOME_OF_CEPH/mds.\$id
osd_pool_default_size = 2
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 8
osd_pool_default_pgp_num = 8
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
mon_max_pg_per_osd = 1000
mon_data_avail_warn = 1
mon_data_avail_crit = 0
mon_osd_min_down_reporters = 1
mon_osd_reporter_subtree_level = osd
bluestore_block_size = 2147483648
bluestore_cache_autotune = false
bluestore_cache_size = 67108864
mgr_initial_modules = iostat

paxos_propose_interval = 0.1
mgr_tick_period = 1
mgr_stats_period = 1
mgr_beacon_period = 1
mon_mgr_beacon_grace = 8
mon_mgr_mkfs_grace = 10
mon_tick_interval = 1
mon_warn_on_slow_ping_time = 600000
mds_beacon_interval = 1
mds_beacon_grace = 5
mds_beacon_mon_down_grace = 5
mds_tick_interval = 1
mds_reconnect_timeout = 4
mds_dirstat_min_interval = 0.2
osd_heartbeat_interval = 1
osd_heartbeat_grace = 5
osd_mon_report_interval = 1
client_caps_release_delay = 1

[client]
log_file =
pid_file =
admin_socket =

[client.fuse]
log_file = $HOME_OF_CEPH/log/\$name.\$pid.log
admin_socket = $HOME_OF_CEPH/asok/\$name.\$pid.asok
C

# All users at once: the monitor takes them from this file. client.ro has what a watcher needs, and no more.
user() { ceph-authtool "$HOME_OF_CEPH/keyring" --gen-key -n "$@" >/dev/null; }
touch "$HOME_OF_CEPH/keyring" && chmod 600 "$HOME_OF_CEPH/keyring"
user mon. --cap mon 'allow *'
user client.admin --cap mon 'allow *' --cap osd 'allow *' --cap mds 'allow *' --cap mgr 'allow *'
user client.fuse --cap mon 'allow r' --cap osd 'allow rw tag cephfs data=cephfs' --cap mds 'allow rwp'
user client.ro --cap mon 'allow r' --cap mgr 'allow r'
user mgr.x --cap mon 'allow profile mgr' --cap osd 'allow *' --cap mds 'allow *'
user mds.a --cap mon 'allow profile mds' --cap osd 'allow *' --cap mds 'allow' --cap mgr 'allow profile mds'
for id in $OSDS; do
  user "osd.$id" --cap mon 'allow profile osd' --cap mgr 'allow profile osd' --cap osd 'allow *'
done

# The stores of the OSDs are made while the monitor comes up.
making=() commands=()
for id in $OSDS; do
  uuid=$(cat /proc/sys/kernel/random/uuid)
  commands+=("osd new $uuid $id")
  ceph-osd -i "$id" --mkfs --osd-uuid "$uuid" >"$HOME_OF_CEPH/log/mkfs.osd.$id.log" 2>&1 9>&- &
  making+=($!)
done
commands+=('osd pool create cephfs_metadata 8' 'osd pool create cephfs_data 8' 'fs new cephfs cephfs_metadata cephfs_data')
monmaptool --create --fsid "$fsid" --addv a "$address" "$HOME_OF_CEPH/monmap" >/dev/null
ceph-mon --mkfs -i a --monmap "$HOME_OF_CEPH/monmap" --keyring "$HOME_OF_CEPH/keyring"
start_daemon mon.a
start_daemon mgr.x
printf '%s\n' "${commands[@]}" | timeout -k 1 60 ceph --connect-timeout 30 >"$HOME_OF_CEPH/log/setup.log" 2>&1 9>&- ||
  die "the cluster cannot be set up: $(tail -n 1 "$HOME_OF_CEPH/log/setup.log")"
for pid in "${making[@]}"; do wait "$pid" || die "an OSD has no store: $(tail -n 1 "$HOME_OF_CEPH"/log/mkfs.osd.*.log)"; done
for id in $OSDS; do start_daemon "osd.$id"; done
start_daemon mds.a
wait_for 90 'a healthy cluster' is_healthy
timeout -k 1 60 ceph-fuse -n client.fuse "$MOUNT" </dev/null >"$HOME_OF_CEPH/log/mount.log" 2>&1 9>&- ||
  die "it cannot be mounted: $(tail -n 1 "$HOME_OF_CEPH/log/mount.log")"
wait_for 30 'an answer of the mount' mount_answers

# The shape of the platform: tenants with quotas, pools without, backups.
tenant() { # NAME BYTES_OF_QUOTA FILES_OF_QUOTA BYTES_IN_USE
  local folder=$MOUNT/odoo_instances/odoo_data_$1
  mkdir -p "$folder/filestore"
  head -c "$4" /dev/zero >"$folder/filestore/blob"
  echo session >"$folder/session"
  setfattr -n ceph.quota.max_bytes -v "$2" "$folder"
  setfattr -n ceph.quota.max_files -v "$3" "$folder"
}
tenant acme_1a2b3c4d $((10 << 20)) 1000 1234567
tenant globex_5e6f7a8b $((20 << 20)) 0 7654321
tenant initech_9c0d1e2f $((4 << 20)) 100 100000
mkdir -p "$MOUNT"/postgres_pools/pool-{1,2,3} "$MOUNT/odoo_backups/active" "$MOUNT/postgres_data"
for pool in 1 2 3; do head -c $((pool * 100000)) /dev/zero >"$MOUNT/postgres_pools/pool-$pool/base"; done
head -c 4096 /dev/zero >"$MOUNT/odoo_backups/active/acme_20260101_030000_database.sql"
: >"$MOUNT/odoo_backups/active/acme_20260101_030000_data.tar.gz"
sync -f "$MOUNT"

# For a reader on another host: an sshd that lets in who has this key, and an ssh that has it.
door=$HOME_OF_CEPH/ssh
mkdir -p "$door/bin" /run/sshd
for each in host operator; do ssh-keygen -q -t ed25519 -N '' -f "$door/$each"; done
cat >"$door/sshd_config" <<C
ListenAddress 127.0.0.1:$((PORT + 90))
HostKey $door/host
AuthorizedKeysFile $door/operator.pub
PidFile $door/pid
StrictModes no
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
# Or bash would run what the user's own .bashrc says before each command, for a second here and there.
SetEnv HOME=$door
C
echo "[127.0.0.1]:$((PORT + 90)) $(cat "$door/host.pub")" >"$door/known_hosts"
cat >"$door/bin/ssh" <<C
#!/bin/sh
exec $(command -v ssh) -F none -o IdentityFile=$door/operator -o IdentitiesOnly=yes -o UserKnownHostsFile=$door/known_hosts "\$@"
C
chmod +x "$door/bin/ssh"
"$(command -v sshd)" -f "$door/sshd_config" -E "$door/log" 9>&-
wait_for 60 'an answer of sshd' "$door/bin/ssh" -o BatchMode=yes "ssh://root@127.0.0.1:$((PORT + 90))" true

cat >"$HOME_OF_CEPH/env" <<E
QD_BED=$BED
QD_CEPHFS_MOUNT=$MOUNT
QD_CEPH_USER=client.ro
QD_CEPH_CTL=$here/ctl.sh
QD_CEPH_SSH=ssh://root@127.0.0.1:$((PORT + 90))
QD_CEPH_SSH_BIN=$door/bin
CEPH_CONF=$CEPH_CONF
E
say "is up: mounted at $MOUNT"
