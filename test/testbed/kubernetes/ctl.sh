#!/usr/bin/env bash
# What can go wrong with the bed, and the way back. Each ends when it took effect.
#   stop NAME | start NAME | restart NAME   kill -9, and start again; NAME: etcd kube-apiserver kube-controller-manager
#   freeze NAME | thaw NAME                 kube-scheduler kubelet
#   compact                                 the server starts anew and has forgotten all history: watches are told 410
#   metrics on|off|broken                   the metrics API: there, not there, registered and not answering
#   node-down NODE | node-up NODE           its kubelet falls silent
#   pods COUNT                              so many more pods, running; 0 removes them
#   token FILE SECONDS                      a kubeconfig in FILE, with a token that runs out after so long
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/parts.sh"
. "$here/pki.sh"
[ -f "$run/ports" ] || die "the bed is not up"
. "$run/ports"
umask 077

is_known() { case " $components " in *" $1 "*) ;; *) die "there is no $1; there are $components" ;; esac; }
state_is() { grep -q "^State:[[:space:]]*$2" "/proc/$(cat "$run/$1.pid")/status"; }

stop() { is_known "$1" && finish "$1"; }

begin() {
  is_known "$1"
  start "$1"
  case $1 in
    etcd) await etcd 30 is_etcd_up ;;
    kube-apiserver) await kube-apiserver 60 is_server_up ;;
  esac
}

etcd_call() { curl -sf -m 10 "http://127.0.0.1:$ETCD_PORT/v3/kv/$1" -d "$2"; }

compact() {
  stop kube-apiserver
  # Something happens that nobody was told of: now every version that anyone has read is older than the oldest there is.
  local revision
  revision=$(etcd_call put '{"key":"L2JlZA==","value":"YmVk"}' | sed 's/.*"revision":"\([0-9]*\)".*/\1/')
  etcd_call compaction "{\"revision\":\"$revision\",\"physical\":true}" >/dev/null
  begin kube-apiserver
}

metrics() {
  local port=$METRICS_PORT
  case $1 in
    off)
      kubectl delete apiservice v1beta1.metrics.k8s.io --ignore-not-found >/dev/null
      wait_for 20 'the metrics API goes' is_metrics 404
      return
      ;;
    broken) port=1 ;;
    on) ;;
    *) die "metrics on, off or broken" ;;
  esac
  kubectl apply -f - >/dev/null <<END
apiVersion: v1
kind: Service
metadata: {name: metrics-server, namespace: kube-system}
spec: {type: ExternalName, externalName: localhost, ports: [{port: $port, protocol: TCP}]}
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {name: v1beta1.metrics.k8s.io}
spec:
  {group: metrics.k8s.io, version: v1beta1, groupPriorityMinimum: 100, versionPriority: 100, insecureSkipTLSVerify: true,
    service: {namespace: kube-system, name: metrics-server, port: $port}}
END
  case $1 in
    on) wait_for 30 'the metrics API answers' is_metrics 200 ;;
    broken) wait_for 30 'the metrics API breaks' is_metrics 503 ;;
  esac
}

# What the server answers to a question for the nodes' usage.
is_metrics() {
  local token code
  token=$(cut -d, -f1 "$run/tokens.csv" | head -n 1)
  code=$(curl -s -m 5 -o /dev/null -w '%{http_code}' --cacert "$run/pki/ca.crt" -H @- \
    "https://127.0.0.1:$PORT/apis/metrics.k8s.io/v1beta1/nodes" <<<"authorization: Bearer $token")
  [ "$code" = "$1" ]
}

ready_of() { kubectl get node "$1" -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}'; }
is_ready() { [ "$(ready_of "$1")" = "$2" ]; }

case ${1:-} in
  stop) stop "$2" ;;
  start) begin "$2" ;;
  restart) stop "$2" && begin "$2" ;;
  freeze) is_known "$2" && kill -STOP "$(cat "$run/$2.pid")" && wait_for 5 "$2 freezes" state_is "$2" T ;;
  thaw) is_known "$2" && kill -CONT "$(cat "$run/$2.pid")" && wait_for 5 "$2 thaws" state_is "$2" '[RSD]' ;;
  compact) compact ;;
  metrics) metrics "$2" ;;
  node-down) touch "$run/down/$2" && wait_for 60 "$2 is not ready" is_ready "$2" Unknown ;;
  node-up) rm -f "$run/down/$2" && wait_for 60 "$2 is ready" is_ready "$2" True ;;
  pods) node "$here/pods.ts" "$run/admin.kubeconfig" "$2" ;;
  token) kubeconfig "$2" "token: $(account_token "$3")" ;;
  *) sed -n '2,10s/^# \{0,1\}//p' "$0" >&2 && exit 64 ;;
esac
