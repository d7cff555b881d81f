# Certificates, tokens and kubeconfigs, made once; sourced by up.sh. Everything lies in $run, for the user only.

make_pki() {
  [ -f "$run/pki/done" ] && return
  mkdir -p "$run/pki" && cd "$run/pki"
  openssl ecparam -name prime256v1 -genkey -noout -out ca.key
  openssl req -x509 -new -key ca.key -subj /CN=bed -days 30 -out ca.crt
  local server='extendedKeyUsage=serverAuth,clientAuth\nsubjectAltName=IP:127.0.0.1,DNS:localhost,DNS:kubernetes.default.svc'
  certificate apiserver /CN=kube-apiserver "$server"
  certificate kubelet /CN=kubelet "$server"
  local client='extendedKeyUsage=clientAuth'
  certificate kube-controller-manager /CN=system:kube-controller-manager $client
  certificate kube-scheduler /CN=system:kube-scheduler $client
  certificate apiserver-to-kubelet /O=system:masters/CN=apiserver-to-kubelet $client
  certificate front-proxy /CN=front-proxy $client
  openssl genrsa -out accounts.key 2048 2>/dev/null
  openssl rsa -in accounts.key -pubout -out accounts.pub 2>/dev/null
  touch done
}

certificate() { # NAME SUBJECT EXTENSIONS
  openssl ecparam -name prime256v1 -genkey -noout -out "$1.key"
  openssl req -new -key "$1.key" -subj "$2" -out "$1.csr"
  printf '%b\n' "$3" >"$1.ext"
  openssl x509 -req -in "$1.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -days 30 -extfile "$1.ext" -out "$1.crt" 2>/dev/null
}

# admin may do everything; limited reads all but some kinds; narrow has one namespace; viewer reads all: rights.yaml.
make_tokens() {
  [ -f "$run/tokens.csv" ] && return
  local each
  for each in admin limited narrow viewer; do
    printf '%s,%s,%s,"%s"\n' "$(openssl rand -hex 16)" $each $each ${each/admin/system:masters}
  done >"$run/tokens.csv"
}

make_kubeconfigs() {
  local token user
  while IFS=, read -r token user _; do kubeconfig "$run/$user.kubeconfig" "token: $token"; done <"$run/tokens.csv"
  for user in kube-controller-manager kube-scheduler; do
    kubeconfig "$run/$user.kubeconfig" "client-certificate: pki/$user.crt, client-key: pki/$user.key"
  done
}

kubeconfig() { # FILE USER
  cat >"$1.new" <<END
apiVersion: v1
kind: Config
current-context: bed
clusters: [{name: bed, cluster: {server: 'https://127.0.0.1:$PORT', certificate-authority-data: $(base64 -w0 "$run/pki/ca.crt")}}]
contexts: [{name: bed, context: {cluster: bed, user: bed, namespace: saasodoo}}]
users: [{name: bed, user: {$2}}]
END
  mv "$1.new" "$1"
}

# account_token SECONDS: a service account's token as the server issues them, that runs out after so long (or did, when
# it is negative). The server takes tokens for a minute longer than they say, and what it has just taken for ten seconds.
account_token() {
  local uid now part
  uid=$(kubectl get serviceaccount -n saasodoo operator -o 'jsonpath={.metadata.uid}')
  now=$(date +%s)
  part=$(printf '{"alg":"RS256"}' | base64url).$(printf '{"iss":"%s","aud":["%s"],"sub":"system:serviceaccount:saasodoo:operator","iat":%s,"nbf":%s,"exp":%s,"kubernetes.io":{"namespace":"saasodoo","serviceaccount":{"name":"operator","uid":"%s"}}}' \
    $ISSUER $ISSUER $((now - 7200)) $((now - 7200)) $((now + $1 - 60)) "$uid" | base64url)
  printf '%s.%s' "$part" "$(printf %s "$part" | openssl dgst -sha256 -sign "$run/pki/accounts.key" -binary | base64url)"
}

base64url() { base64 -w0 | tr '+/' '-_' | tr -d '='; }

ISSUER=https://kubernetes.default.svc
