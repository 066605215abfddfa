# shellcheck shell=sh disable=SC2154
# Run by systemd as root before each start of hydra-builder: it registers under the name of this instance, with the token
# of now. So a new token is in use after a restart, and systemd restarts a builder whose token is no longer taken.
state=$root/run/hydra-autoscaler
token=$root/run/hydra-builder/token

instance=$(metadata instance-id) || fail 1 'the metadata service does not say which machine this is'
printf '%s\n' "$instance" >"$root/proc/sys/kernel/hostname"
if read_secret "$queue_runner_token" queue-runner-token; then
  install -m 0400 -o hydra-builder "$state/queue-runner-token" "$token"
elif [ ! -s "$token" ]; then
  fail 1 "no token to register with: $secret_fault"
fi
