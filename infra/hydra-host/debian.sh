#!/bin/sh
# Prepares a Debian host whose Hydra runs from a systemd unit. Run it as root; repeats do no harm.
#
#   debian.sh REGION [UNIT]       UNIT defaults to hydra-queue-runner.service
#
# The queue runner has to be the C++ one, which reads machines files: for the Rust one, with which builders register, only
# NixOS has files here.
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
# It takes nothing away: the machines files the queue runner was told of stay, wherever it was told of them, and a host that
# built by itself is listed with the slots and features it had. It refuses before it has changed anything.
set -eu
umask 022
root=${HYDRA_AUTOSCALER_ROOT:-}
machines=/var/lib/hydra/provisioner/machines
ours=/etc/hydra-autoscaler
local_machine=$ours/local-machine
PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/nix/var/nix/profiles/default/bin

refuse() {
  printf 'debian.sh: %s\n' "$1" >&2
  exit "${2:-65}"
}

# property NAME, of what systemd said of the unit.
property() { printf '%s\n' "$unit_says" | sed -n "s/^$1=//p"; }

# told_by TEXT: what lines or words of NAME=VALUE say at last; fails where they say nothing.
told_by() {
  assigned=$(printf '%s\n' "$1" | grep '^[[:space:]"$'\'']*NIX_REMOTE_SYSTEMS=' | tail -n 1)
  [ -n "$assigned" ] || return 1
  printf '%s\n' "$assigned" | sed 's/^[^=]*=//; s/^["'\'']//; s/["'\''[:space:]]*$//'
}

# Files with variables have the last word, whichever drop-in names them.
variable_files() { property EnvironmentFiles | sed 's/ (ignore_errors=[a-z]*)$//'; }
# all_of PATTERN...: what is in these files.
all_of() {
  for pattern; do
    for file in "$root"$pattern; do
      if [ -f "$file" ]; then cat "$file"; fi
    done
  done
}

ask_unit() {
  unit_says=$(systemctl show "$unit" -p LoadState -p User -p MainPID -p Environment -p EnvironmentFiles -p DropInPaths)
}
# told_by_unit PATTERN...: what the queue runner is told when it starts, with these files of variables.
told_by_unit() { told_by "$(all_of "$@")" || told_by "$(property Environment | tr ' ' '\n')"; }
# Told of nothing it reads Nix's file; told of none, or where that is not there, it builds on its own host.
read_by_default() { if [ -e "$root/etc/nix/machines" ]; then echo /etc/nix/machines; fi; }

# The queue runner of the unit, or what wraps it.
process_of_unit() {
  main=$(property MainPID)
  found=$main
  children=$(cat "$root/proc/$main/task/$main/children" 2>/dev/null) || children=
  for process in $children; do
    if grep -q -a hydra-queue-runner "$root/proc/$process/cmdline" 2>/dev/null; then found=$process; fi
  done
  printf %s "$found"
}

# without_ours FILES: as they were before us.
without_ours() { printf %s "$1" | tr : '\n' | grep -v -x -e '' -e "$machines" -e "$local_machine" | paste -s -d : -; }

[ $# -ge 1 ] || { echo "usage: $0 REGION [UNIT]" >&2; exit 2; }
region=$1
case $region in *[!a-z0-9-]* | '') refuse "'$region' is no region of AWS, such as eu-central-1" 2 ;; esac
unit=${2:-hydra-queue-runner}
case $unit in
*/* | *.socket | *.target | *.timer | *.slice) refuse "'$unit' is no service" 2 ;;
*.service) ;;
*) unit=$unit.service ;;
esac

# Nix's names; others would be listed as what they are not.
case $(uname -m) in
x86_64) system=x86_64-linux,i686-linux package=amd64 ;;
i386 | i486 | i586 | i686) system=i686-linux package=386 ;;
aarch64) system=aarch64-linux package=arm64 ;;
armv7l | armv8l) system=armv7l-linux package=arm ;;
armv6l) system=armv6l-linux package=arm ;;
*) refuse "the processor $(uname -m) is not known here" ;;
esac

ask_unit
[ "$(property LoadState)" = loaded ] ||
  refuse "systemd has no unit $unit (LoadState: $(property LoadState)). Name the one that runs hydra-queue-runner."
# shellcheck disable=SC2046
told=$(told_by_unit $(variable_files | grep -v -x "$ours/environment")) || told=$(read_by_default)
static=$(without_ours "$told")

# A program between systemd and the queue runner may have told it otherwise; we could add nothing to that.
environment=$root/proc/$(process_of_unit)/environ
if [ -r "$environment" ]; then
  running=$(told_by "$(tr '\0' '\n' <"$environment")") || running=$(read_by_default)
  [ "$(without_ours "$running")" = "$static" ] ||
    refuse "the running queue runner has NIX_REMOTE_SYSTEMS=$running, but $unit would start it with '$told': a program in \
between sets it, or the unit was changed since. Restart the unit, or set the variable in the unit; then run this again."
fi
case $static in
*[!A-Za-z0-9/._:+@%=,-]*) refuse "NIX_REMOTE_SYSTEMS has characters that this script does not write: $static" ;;
esac

if [ -n "$static" ]; then
  files=$static:$machines
else
  files=$local_machine:$machines
fi

# As the user whose settings of Nix count.
line_of_this_host() {
  if ! command -v nix >/dev/null; then
    echo "debian.sh: there is no program nix here, so $local_machine has Nix's defaults: look at it" >&2
    printf 'localhost %s - 1 1 benchmark,big-parallel,nixos-test - -\n' "$system"
    return
  fi
  user=$(property User)
  user=${user:-root}
  runuser -u "$user" -- env HOME="$(getent passwd "$user" | cut -d : -f 6)" sh -s <<'END'
set -eu
settings=$(nix --extra-experimental-features nix-command config show 2>/dev/null) ||
  settings=$(nix --extra-experimental-features nix-command show-config)
setting() { printf '%s\n' "$settings" | sed -n "s/^$1 = *//p"; }
system=$(setting system)
case $system in
'') exit 1 ;;
x86_64-linux) system=x86_64-linux,i686-linux ;;
esac
jobs=${LOCAL_JOBS:-$(setting max-jobs)}
case $jobs in '' | *[!0-9]*) jobs=$(nproc) ;; esac
features=${LOCAL_FEATURES-$(setting system-features)}
for feature in ca-derivations recursive-nix; do
  case " $(setting experimental-features) " in *" $feature "*) features="$features $feature" ;; esac
done
features=$(printf %s "$features" | tr -s ' ' ,)
printf 'localhost %s - %s 1 %s - -\n' "$system" "$jobs" "${features:--}"
END
}
line=
if [ -z "$static" ] && [ ! -e "$root$local_machine" ]; then
  line=$(line_of_this_host) || refuse "Nix does not say what this host builds (nix show-config, as the user of $unit)"
fi

# The SSM agent, from AWS's own bucket in the region.
if ! command -v amazon-ssm-agent >/dev/null; then
  download=$(mktemp --suffix=.deb)
  trap 'rm -f "$download"' EXIT
  curl -fsSL -o "$download" \
    "https://s3.$region.amazonaws.com/amazon-ssm-$region/latest/debian_$package/amazon-ssm-agent.deb"
  dpkg -i "$download"
fi
systemctl enable --now amazon-ssm-agent

# Written by root over SSM, read by the queue runner.
install -d -m 0755 "$root${machines%/*}" "$root$ours"
if [ -n "$line" ]; then
  printf '%s\n' "$line" >"$root$local_machine"
  chmod 0644 "$root$local_machine"
fi

# Drop-ins are read in the order of their names, and `systemctl edit` calls its own override.conf.
drop_in=/etc/systemd/system/$unit.d/zz-hydra-autoscaler.conf
install -d -m 0755 "$root${drop_in%/*}"
rm -f "$root${drop_in%/*}/hydra-autoscaler.conf"
printf '[Service]\nEnvironment=NIX_REMOTE_SYSTEMS=%s\n' "$(printf %s "$files" | sed 's/%/%%/g')" >"$root$drop_in"
# shellcheck disable=SC2046
if told_by "$(all_of $(variable_files))" >/dev/null; then
  printf 'NIX_REMOTE_SYSTEMS=%s\n' "$files" >"$root$ours/environment"
  chmod 0644 "$root$ours/environment"
  printf 'EnvironmentFile=%s\n' "$ours/environment" >>"$root$drop_in"
fi
chmod 0644 "$root$drop_in"
systemctl daemon-reload

# Others may have a later say. Then nothing is better than half of it.
ask_unit
# shellcheck disable=SC2046
in_force=$(told_by_unit $(variable_files)) || in_force=
if [ "$in_force" != "$files" ]; then
  rm -f "$root$drop_in" "$root$ours/environment"
  systemctl daemon-reload
  refuse "NIX_REMOTE_SYSTEMS stays '$in_force', whatever $drop_in says, so that file is gone again. Among these somebody sets \
it later: $(property DropInPaths) $(variable_files | paste -s -d ' ' -). Set it there: $files"
fi

echo "For \"host\" in the autoscaler's configuration, what $unit has:"
systemctl show "$unit" -p User -p Environment -p ExecStart || true
[ -n "$static" ] || echo "This host goes on building as $local_machine says: $(cat "$root$local_machine")"
echo "In Hydra's hydra.conf (HYDRA_CONFIG of the unit): max_unsupported_time = 86400"
echo "In a quiet moment: systemctl restart $unit"
