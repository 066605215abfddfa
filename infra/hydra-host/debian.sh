#!/bin/sh
# Prepares a Debian host (amd64 or arm64) whose Hydra runs from a systemd unit. Run it as root; again does no harm.
#
#   debian.sh REGION [UNIT]       UNIT defaults to hydra-queue-runner.service
#
# In the autoscaler's configuration, with what the unit has (the last lines show it):
#   "host": {
#     "instanceId": "i-…",
#     "user": "hydra",
#     "statusCommand": ["/path/of/hydra-queue-runner", "--status"],
#     "environment": { "HYDRA_DBI": "dbi:Pg:dbname=hydra;", "HYDRA_DATA": "/var/lib/hydra" }
#   },
# On EC2 the instance profile needs the policy AmazonSSMManagedInstanceCore. Outside EC2 the id is an mi-…: register the host
# once, after this script. Wherever the aws program has your rights (the last command prints id and code, good for a day):
#
#   aws iam create-role --role-name hydra-host-ssm --assume-role-policy-document \
#     '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ssm.amazonaws.com"},"Action":"sts:AssumeRole"}]}'
#   aws iam attach-role-policy --role-name hydra-host-ssm --policy-arn arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore
#   aws ssm create-activation --region REGION --iam-role hydra-host-ssm --registration-limit 1 --default-instance-name hydra
#
# Then on this host, which answers with its mi-…:
#
#   systemctl stop amazon-ssm-agent
#   amazon-ssm-agent -register -y -code CODE -id ID -region REGION
#   systemctl start amazon-ssm-agent
#
# It restarts nothing: the last lines say what to do in a quiet moment, as restarting the queue runner aborts builds.
set -eu
root=${HYDRA_AUTOSCALER_ROOT:-}
machines=/var/lib/hydra/provisioner/machines
static=/etc/nix/machines

[ $# -ge 1 ] || { echo "usage: $0 REGION [UNIT]" >&2; exit 2; }
region=$1
unit=${2:-hydra-queue-runner.service}

# The SSM agent, from AWS's own bucket in the region.
if ! command -v amazon-ssm-agent >/dev/null; then
  package=$(mktemp --suffix=.deb)
  trap 'rm -f "$package"' EXIT
  curl -fsSL -o "$package" \
    "https://s3.$region.amazonaws.com/amazon-ssm-$region/latest/debian_$(dpkg --print-architecture)/amazon-ssm-agent.deb"
  dpkg -i "$package"
fi
systemctl enable --now amazon-ssm-agent

# Written by root over SSM, read by the queue runner.
install -d -m 0755 "$root${machines%/*}"

# As soon as any file is named, the host itself builds only if it is listed.
if [ ! -e "$root$static" ]; then
  mkdir -p "$root${static%/*}"
  case $(uname -m) in
  aarch64) systems=aarch64-linux,builtin ;;
  *) systems=x86_64-linux,i686-linux,builtin ;;
  esac
  printf 'localhost %s - 2 1 benchmark,big-parallel,nixos-test - -\n' "$systems" >"$root$static"
fi

install -d -m 0755 "$root/etc/systemd/system/$unit.d"
printf '[Service]\nEnvironment=NIX_REMOTE_SYSTEMS=%s:%s\n' "$static" "$machines" \
  >"$root/etc/systemd/system/$unit.d/hydra-autoscaler.conf"
systemctl daemon-reload

echo "For \"host\" in the autoscaler's configuration, what $unit has:"
systemctl show "$unit" -p User -p Environment -p ExecStart || true
echo "In Hydra's hydra.conf (HYDRA_CONFIG of the unit): max_unsupported_time = 86400"
echo "In a quiet moment: systemctl restart $unit"
