# What the scripts of this part share: versions, folders, and how its processes are started and known again.
KUBE_VERSION=v1.35.4
ETCD_VERSION=v3.6.16
PART=kubernetes
. "$here/../common.sh"
root=$(cd "$here/../../.." && pwd)
run=$BED/kubernetes
bin=$BED_CACHE/kubernetes/$KUBE_VERSION-etcd-$ETCD_VERSION
components='etcd kube-apiserver kube-controller-manager kube-scheduler kubelet'

# node ARGS: the Node of the project, which runs TypeScript.
node() {
  if [ -x "$root/node_modules/.bin/node" ]; then "$root/node_modules/.bin/node" "$@"; else command node "$@"; fi
}

# The machine's kubectl, or ours where it has none.
kubectl() {
  local program=$bin/kubectl
  [ -x "$program" ] || program=$(type -P kubectl)
  "$program" --kubeconfig "$run/admin.kubeconfig" "$@"
}

runs() { is_ours "$run/$1.pid" "$run"; }

# Which Go can fetch the one that Kubernetes wants: from 1.21 on.
is_go_new() { printf '1.21\n%s\n' "$1" | sort -VC; }

# define NAME COMMAND...: how it is started, now and again after a fault. The command line must name $run somewhere.
define() {
  local name=$1
  shift
  { printf 'exec'; printf ' %q' "$@"; echo; } >"$run/$name.cmd"
}

start() {
  runs "$1" && return
  setsid bash "$run/$1.cmd" >>"$run/$1.log" 2>&1 </dev/null &
  echo $! >"$run/$1.pid"
}

# finish NAME: at once, also when it is frozen, with the children that it has.
finish() {
  if runs "$1"; then kill -KILL -- "-$(cat "$run/$1.pid")" 2>/dev/null || true; fi
  end_pid "$run/$1.pid" "$run" KILL
}

# await NAME SECONDS COMMAND...: until the command succeeds; shows the end of its log when it does not.
await() {
  local name=$1 seconds=$2
  shift 2
  wait_for "$seconds" "$name" "$@" && return
  tail -n 15 "$run/$name.log" >&2
  return 1
}

is_etcd_up() { curl -sf -m 2 "http://127.0.0.1:$ETCD_PORT/health" | grep -q '"health":"true"'; }
is_server_up() { curl -sf -m 2 --cacert "$run/pki/ca.crt" "https://127.0.0.1:$PORT/readyz" | grep -q '^ok'; }
