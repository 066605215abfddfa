# shellcheck shell=sh disable=SC2154
# Puts the public key of the queue runner where builders read it, unless it is there: what is there is what counts, not
# what was put there once. Runs at every boot and every hour, after builders/aws-call.sh.
set -eu
root=${HYDRA_AUTOSCALER_ROOT:-}

read -r type key _ <"$root/var/lib/hydra/queue-runner/.ssh/id_ed25519.pub"
line="$type $key hydra-queue-runner"
answer=$(aws_call ssm AmazonSSM.GetParameter '{"Name":"'"$KEY_PARAMETER"'"}') || answer=
[ "$(printf %s "$answer" | json_string Value)" != "$line" ] || exit 0
aws_call ssm AmazonSSM.PutParameter \
  '{"Name":"'"$KEY_PARAMETER"'","Value":"'"$line"'","Type":"String","Overwrite":true}' >/dev/null
echo "hydra-host: the queue runner's key is in $KEY_PARAMETER now"
