#!/usr/bin/env bash
# A control plane of today on loopback, with nodes that are simulated, in the shape of the platform.
# Leaves $BED/kubernetes/env. What runs already stays.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/parts.sh"
. "$here/pki.sh"
began=$SECONDS
umask 077
mkdir -p "$run/down"
"$here/build.sh"
[ -f "$run/ports" ] || node "$here/ports.ts" PORT ETCD_PORT PEER_PORT KUBELET_PORT METRICS_PORT >"$run/ports"
. "$run/ports"
make_pki
make_tokens
make_kubeconfigs

define etcd "$bin/etcd" --name bed --data-dir "$run/etcd" --unsafe-no-fsync --quota-backend-bytes 4294967296 \
  --log-level warn --listen-client-urls "http://127.0.0.1:$ETCD_PORT" --advertise-client-urls "http://127.0.0.1:$ETCD_PORT" \
  --listen-peer-urls "http://127.0.0.1:$PEER_PORT" --initial-advertise-peer-urls "http://127.0.0.1:$PEER_PORT" \
  --initial-cluster "bed=http://127.0.0.1:$PEER_PORT"
pki=$run/pki
define kube-apiserver "$bin/kube-apiserver" --etcd-servers "http://127.0.0.1:$ETCD_PORT" --bind-address 127.0.0.1 \
  --advertise-address 127.0.0.1 --secure-port "$PORT" --endpoint-reconciler-type none --service-cluster-ip-range 10.43.0.0/16 \
  --allow-privileged=true --authorization-mode RBAC --token-auth-file "$run/tokens.csv" --client-ca-file "$pki/ca.crt" \
  --tls-cert-file "$pki/apiserver.crt" --tls-private-key-file "$pki/apiserver.key" --service-account-issuer $ISSUER \
  --service-account-key-file "$pki/accounts.pub" --service-account-signing-key-file "$pki/accounts.key" \
  --kubelet-client-certificate "$pki/apiserver-to-kubelet.crt" --kubelet-client-key "$pki/apiserver-to-kubelet.key" \
  --kubelet-certificate-authority "$pki/ca.crt" --kubelet-preferred-address-types InternalIP \
  --proxy-client-cert-file "$pki/front-proxy.crt" --proxy-client-key-file "$pki/front-proxy.key" \
  --requestheader-client-ca-file "$pki/ca.crt" --requestheader-allowed-names front-proxy \
  --requestheader-username-headers X-Remote-User --requestheader-group-headers X-Remote-Group \
  --requestheader-extra-headers-prefix X-Remote-Extra- --max-requests-inflight 2000 --max-mutating-requests-inflight 1000 \
  --default-not-ready-toleration-seconds 20 --default-unreachable-toleration-seconds 20 --delete-collection-workers 32
define kube-controller-manager "$bin/kube-controller-manager" --kubeconfig "$run/kube-controller-manager.kubeconfig" \
  --bind-address 127.0.0.1 --secure-port 0 --leader-elect=false --use-service-account-credentials=true \
  --service-account-private-key-file "$pki/accounts.key" --root-ca-file "$pki/ca.crt" --node-monitor-grace-period 12s \
  --node-monitor-period 1s --kube-api-qps 1000 --kube-api-burst 2000
define kube-scheduler "$bin/kube-scheduler" --kubeconfig "$run/kube-scheduler.kubeconfig" --bind-address 127.0.0.1 \
  --secure-port 0 --leader-elect=false --kube-api-qps 1000 --kube-api-burst 2000
define kubelet "$(node -p process.execPath)" "$here/kubelet/main.ts" --kubeconfig "$run/admin.kubeconfig" --port "$KUBELET_PORT" \
  --metrics-port "$METRICS_PORT" --certificate "$pki/kubelet.crt" --key "$pki/kubelet.key" --client-ca "$pki/ca.crt" \
  --down "$run/down"

start etcd
await etcd 30 is_etcd_up
start kube-apiserver
await kube-apiserver 60 is_server_up
for name in kube-controller-manager kube-scheduler kubelet; do start $name; done
node "$here/seed.ts" "$run/admin.kubeconfig" "$KUBELET_PORT"
kubectl apply -f "$here/rights.yaml" >/dev/null
"$here/ctl.sh" metrics on

kubeconfig "$run/expired.kubeconfig" "token: $(account_token -3600)"
cat >"$run/env.new" <<END
QD_BED=$BED
QD_KUBECONFIG=$run/admin.kubeconfig
QD_KUBECONFIG_LIMITED=$run/limited.kubeconfig
QD_KUBECONFIG_NARROW=$run/narrow.kubeconfig
QD_KUBECONFIG_VIEWER=$run/viewer.kubeconfig
QD_KUBECONFIG_EXPIRED=$run/expired.kubeconfig
QD_KUBERNETES_CTL=$here/ctl.sh
END
mv "$run/env.new" "$run/env"
say "ready after $((SECONDS - began)) s"
