# shellcheck shell=sh disable=SC2154
# Keeps the token that builders register with where the queue runner reads it, and beside it the one before, so that nobody
# is shut out when it changes. Runs before each start of the queue runner and every few minutes, after builders/aws-call.sh
# and builders/secret.sh. None of the files is ever missing
# (measured: docs/develop/facts.md#a-token-file-that-cannot-be-read-lets-everybody-in).
set -eu
umask 077
root=${HYDRA_AUTOSCALER_ROOT:-}
state=$root/var/lib/hydra-autoscaler/tokens
mkdir -p "$state"
chmod 755 "${state%/*}" "$state"

# put_token FROM TO
put_token() {
  cp "$state/$1" "$state/$2.new"
  chmod 400 "$state/$2.new"
  chown hydra-queue-runner "$state/$2.new"
  mv -f "$state/$2.new" "$state/$2"
}

if ! read_secret "$TOKEN_SECRET" read; then
  echo "hydra-host: the token of builders stays as it is: $secret_fault" >&2
  [ -s "$state/current" ] && [ -s "$state/previous" ] || exit 1
  exit 0
fi
if [ -s "$state/current" ] && [ -s "$state/previous" ] && [ "$(cat "$state/read")" = "$(cat "$state/current")" ]; then
  exit 0
fi
if [ -s "$state/current" ]; then put_token current previous; else put_token read previous; fi
put_token read current
echo 'hydra-host: builders may register with another token now, and with the one before'
if systemctl is-active --quiet "$QUEUE_RUNNER"; then systemctl reload --no-block "$QUEUE_RUNNER"; fi
