# shellcheck shell=sh
# Makes what no template may hold, on the Hydra host itself and only once: signing key, certificate, administrator.
# Runs at every boot.
set -eu
umask 077
root=${HYDRA_AUTOSCALER_ROOT:-}
secrets=$root/var/lib/hydra-host
mkdir -p "$secrets"
# Others pass through to the files they may read.
chmod 711 "$secrets"

if [ ! -e "$secrets/signing-key" ]; then
  nix-store --generate-binary-cache-key "$CACHE_NAME-1" "$secrets/signing-key.new" "$secrets/signing-key.pub"
  chmod 444 "$secrets/signing-key.pub"
  chown hydra-queue-runner "$secrets/signing-key.new"
  mv "$secrets/signing-key.new" "$secrets/signing-key"
fi

if [ -n "$WEB" ] && [ ! -e "$secrets/web.crt" ]; then
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 3650 -subj /CN=hydra \
    -keyout "$secrets/web.key" -out "$secrets/web.crt.new"
  chgrp nginx "$secrets/web.key" "$secrets/web.crt.new"
  chmod 640 "$secrets/web.key" "$secrets/web.crt.new"
  mv "$secrets/web.crt.new" "$secrets/web.crt"
fi

# The password is kept only when Hydra has it: a run cut short in between makes a new one.
if [ ! -e "$secrets/admin-password" ]; then
  password=$(head -c 18 /dev/urandom | base64 | tr '+/' '-_')
  printf '%s\n%s\n' "$password" "$password" |
    runuser -u hydra -- hydra-create-user admin --full-name Administrator --role admin --password-prompt
  printf '%s\n' "$password" >"$secrets/admin-password.new"
  mv "$secrets/admin-password.new" "$secrets/admin-password"
fi
