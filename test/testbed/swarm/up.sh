#!/bin/bash
# A real Docker Swarm of three engines, each in namespaces of its own: node1 manages, node2 and node3 work. Without a
# registry: its images are made of busybox. Brings up what is not up, and writes $BED/swarm/env.
set -euo pipefail
. "$(cd "$(dirname "$0")" && pwd)/part.sh"

"$here/can.sh"
unset DOCKER_HOST DOCKER_CONTEXT

packages() {
  local need=()
  have dockerd && have containerd && have runc && { have docker-init || have tini; } || need+=(docker.io)
  # Where the engine's package brings no client, it has one of its own.
  have docker || ! apt-cache show docker-cli >/dev/null 2>&1 || need+=(docker-cli)
  have iptables || need+=(iptables)
  have ip || need+=(iproute2)
  have curl || need+=(curl)
  have openssl || need+=(openssl)
  have sshd || need+=(openssh-server)
  have ssh || need+=(openssh-client)
  [ -x /bin/busybox ] && ! ldd /bin/busybox >/dev/null 2>&1 || need+=(busybox-static)
  [ ${#need[@]} = 0 ] || apt_install "${need[@]}"
}

# A hub with a bridge, and a network namespace a node; no route leads out of it.
network() {
  ip netns list | grep -q "^$TAG-hub\b" && return
  ip netns add "$TAG-hub"
  ip -n "$TAG-hub" link add br0 type bridge
  ip -n "$TAG-hub" link set br0 up
  for n in $(seq $NODES); do
    ip netns add "$TAG-$n"
    ip -n "$TAG-$n" link set lo up
    ip -n "$TAG-hub" link add "n$n" type veth peer name eth0 netns "$TAG-$n"
    ip -n "$TAG-hub" link set "n$n" master br0 up
    ip -n "$TAG-$n" addr add "198.18.0.$n/24" dev eth0
    ip -n "$TAG-$n" link set eth0 up
  done
}

# An authority, the engine's certificate and the operator's, in the files that DOCKER_CERT_PATH looks for.
certificates() {
  [ ! -e "$DIR/tls/cert.pem" ] || return 0
  mkdir -p "$DIR/tls"
  (
    cd "$DIR/tls"
    new() { openssl req -batch -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes "$@" 2>>log; }
    sign() { openssl x509 -req -days 30 -CA ca.pem -CAkey ca-key.pem -CAcreateserial "$@" 2>>log; }
    new -x509 -days 30 -subj '/CN=quarterdeck test bed' -keyout ca-key.pem -out ca.pem
    new -subj /CN=node1 -keyout server-key.pem -out server.csr
    sign -in server.csr -out server-cert.pem \
      -extfile <(printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n')
    new -subj /CN=operator -keyout key.pem -out client.csr
    sign -in client.csr -out cert.pem -extfile <(printf 'extendedKeyUsage=clientAuth\n')
  )
}

engines() {
  for n in $(seq $NODES); do "$here/ctl.sh" launch "$n"; done
  for n in $(seq $NODES); do "$here/ctl.sh" start "$n"; done
}

# One that runs for ever and writes a line a second, in two versions; on each node, as if it had been pulled.
images() {
  local root=$DIR/root n each jobs=()
  mkdir -p "$root"/{bin,etc,tmp,proc,var}
  cp /bin/busybox "$root/bin/"
  chroot "$root" /bin/busybox --install -s /bin
  echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd"
  tar -C "$root" -cf "$DIR/root.tar" .
  local forever='trap \"exit 0\" TERM; n=0; while :; do n=$((n+1)); echo line $n; sleep 1 & wait $!; done'
  for n in $(seq $NODES); do
    for each in bed/app:1 bed/app:2; do
      on "$n" image inspect $each >/dev/null 2>&1 ||
        on "$n" import -c 'ENV PATH=/bin' -c "CMD [\"sh\",\"-c\",\"$forever\"]" - $each <"$DIR/root.tar" >/dev/null
    done &
    jobs+=($!)
  done
  for each in "${jobs[@]}"; do wait "$each"; done
  rm -rf "$root" "$DIR/root.tar"
}

swarm() {
  local n token
  if [ "$(on 1 info -f '{{.Swarm.LocalNodeState}}')" != active ]; then
    # A lost node is told within 6 s; with a shorter heartbeat, nodes of a busy machine come and go by themselves.
    on 1 swarm init --advertise-addr 198.18.0.1 --dispatcher-heartbeat 2s >/dev/null
  fi
  token=$(on 1 swarm join-token -q worker)
  for n in $(seq 2 $NODES); do
    joins() {
      [ "$(on "$n" info -f '{{.Swarm.LocalNodeState}}')" = active ] ||
        on "$n" swarm join --advertise-addr "198.18.0.$n" --token "$token" 198.18.0.1:2377
    }
    wait_for 20 "node$n joined" joins
  done
  all_ready() { [ "$(on 1 node ls --format '{{.Status}}' | grep -cx Ready)" = $NODES ]; }
  wait_for 30 'all nodes ready' all_ready
}

# A port of this machine's loopback that leads to the engine's port with TLS.
door() {
  ! is_ours "$DIR/door.pid" "$DIR" || return 0
  rm -f "$DIR/door"
  node "$here/door.mjs" "/run/netns/$TAG-1" 2376 "$DIR/door"
  cut -d' ' -f1 "$DIR/door" >"$DIR/door.pid"
}

# An SSH server on loopback, and in ssh/bin an `ssh` that knows its key and brings the operator's.
shell() {
  local dir=$DIR/ssh port
  ! is_ours "$dir/pid" "$DIR" || return 0
  mkdir -p "$dir/bin"
  for each in host operator; do [ -e "$dir/$each" ] || ssh-keygen -q -t ed25519 -N '' -C "$each" -f "$dir/$each"; done
  port=$(node -e "const s=require('net').createServer().listen(0,'127.0.0.1',()=>{console.log(s.address().port);s.close()})")
  echo "$port" >"$dir/port"
  echo "[127.0.0.1]:$port $(cut -d' ' -f1,2 "$dir/host.pub")" >"$dir/known_hosts"
  cat >"$dir/sshd_config" <<X
ListenAddress 127.0.0.1:$port
HostKey $dir/host
AuthorizedKeysFile $dir/operator.pub
PidFile none
StrictModes no
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
X
  cat >"$dir/config" <<X
Host *
  IdentityFile $dir/operator
  IdentitiesOnly yes
  UserKnownHostsFile $dir/known_hosts
X
  printf '#!/bin/sh\nexec %s -F %s "$@"\n' "$(command -v ssh)" "$dir/config" >"$dir/bin/ssh"
  chmod +x "$dir/bin/ssh"
  # sshd wants a folder in /run: it gets a /run of its own.
  setsid unshare --mount sh -c 'mount -t tmpfs tmpfs /run && mkdir /run/sshd && exec "$0" -D -e -f "$1"' \
    "$(command -v sshd)" "$dir/sshd_config" </dev/null >"$dir/log" 2>&1 &
  echo $! >"$dir/pid"
  wait_for 10 'the SSH server' "$dir/bin/ssh" -p "$port" 127.0.0.1 docker -H "unix://$(socket 1)" version
}

write_env() {
  cat >"$DIR/env" <<X
QD_BED=$BED
QD_DOCKER_HOST=unix://$(socket 1)
QD_DOCKER_TLS_HOST=tcp://127.0.0.1:$(cut -d' ' -f2 "$DIR/door")
QD_DOCKER_CERT_PATH=$DIR/tls
QD_DOCKER_SSH_HOST=ssh://$(id -un)@127.0.0.1:$(cat "$DIR/ssh/port")$(socket 1)
QD_DOCKER_SSH_BIN=$DIR/ssh/bin
QD_SWARM_CTL=$here/ctl.sh
X
}

packages
mkdir -p "$DIR"
chmod 700 "$DIR"
for step in network certificates engines images swarm door shell write_env; do $step; done
say "$NODES nodes are ready, engine $(on 1 version -f '{{.Server.Version}}')"
