# shellcheck shell=sh
# Puts the public key of the queue runner where builders read it. Runs at every boot and every hour, after
# builders/aws-call.sh and put-parameter.sh.
set -eu
root=${HYDRA_AUTOSCALER_ROOT:-}

read -r type key _ <"$root/var/lib/hydra/queue-runner/.ssh/id_ed25519.pub"
put_parameter "$KEY_PARAMETER" "$type $key hydra-queue-runner" "the queue runner's key"
