#!/bin/sh
# Prepares a Debian host (amd64 or arm64) whose Hydra runs from a systemd unit. Run it as root; again does no harm.
#
#   debian.sh REGION [UNIT]       UNIT defaults to hydra-queue-runner.service
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

echo "In Hydra's hydra.conf (HYDRA_CONFIG of the unit): max_unsupported_time = 86400"
echo "In a quiet moment: systemctl restart $unit"
