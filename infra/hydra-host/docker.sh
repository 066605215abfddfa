#!/bin/sh
# Prepares a Linux host whose Hydra runs in a Docker container. Run it as root beside local-machine.sh while the container
# runs; repeats do no harm. It changes nothing in the container, and prints what docker-compose.yaml wants to know:
#
#   docker.sh [CONTAINER] >>.env       CONTAINER defaults to hydra
#
# The queue runner has to be the C++ one, which reads machines files: for the Rust one, with which builders register, only
# NixOS has files here.
#
# The machines files the queue runner was told of stay, and a container that built by itself is listed in a file of its own,
# with the slots (max-jobs, which images set from MAX_JOBS or the like) and features Nix has in there.
set -eu
umask 022
root=${HYDRA_AUTOSCALER_ROOT:-}
container=${1:-hydra}
static=/srv/hydra/static/machines
machines=/srv/hydra/provisioner/machines

refuse() {
  printf 'docker.sh: %s\n' "$1" >&2
  exit 65
}

# What the queue runner reads, as its process has it: what an entrypoint exports is not among the container's settings. The
# last one of that name is the one a wrapper has started.
pid=$(docker top "$container" -eo pid,args | grep '[/ ]\.\{0,1\}hydra-queue-runner\(-wrapped\)\{0,1\}\( \|$\)' |
  grep -v -e ' --status' -e ' --unlock' | tail -n 1 | awk '{ print $1 }') || pid=
process=$root/proc/$pid
if [ -z "$pid" ] || [ ! -r "$process/environ" ]; then
  refuse "no queue runner is to be seen in the container $container (docker top $container)"
fi
if told=$(tr '\0' '\n' <"$process/environ" | grep '^NIX_REMOTE_SYSTEMS='); then
  told=${told#*=}
elif [ -e "$process/root/etc/nix/machines" ]; then
  told=/etc/nix/machines
fi
files=$(printf %s "$told" | tr : '\n' | grep -v -x -e '' -e "$machines" | paste -s -d : -)

line=
if [ -z "$files" ]; then
  files=$static
  [ -e "$root$static" ] || line=$(docker exec -i "$container" sh -s <"$(dirname "$0")/local-machine.sh") ||
    refuse "Nix does not say what the container $container builds (nix show-config in there)"
fi
install -d -m 0755 "$root/srv/hydra" "$root${static%/*}" "$root${machines%/*}" "$root/srv/hydra/keys"
if [ -n "$line" ]; then
  printf '%s\n' "$line" >"$root$static"
  chmod 0644 "$root$static"
  printf 'docker.sh: the container goes on building as %s says: %s\n' "$static" "$line" >&2
fi
printf 'HYDRA_MACHINES_FILES=%s\n' "$files"
