# shellcheck shell=sh disable=SC2034,SC2154
# What `observe` was asked, and its limits; leaves a working directory in $work.
status_user=$(decode "$status_user64")
file=$(decode "$machines_file64")
runner=$(decode "$runner64")
rest=$(decode "$rest_url64")
tmp=${TMPDIR:-/tmp}
status_seconds=20
probe_seconds=12
# In blocks of 512 bytes: a status command that prints without end must not fill the disk.
status_blocks=65536

find "$tmp" -maxdepth 1 -type d -name 'hydra-autoscaler.*' -user "$(id -u)" -mmin +15 -exec rm -rf {} + 2>/dev/null
work=$(mktemp -d "$tmp/hydra-autoscaler.XXXXXX") || fail 73 "cannot write in $tmp"
# What was lent to a container.
lent=$work
trap 'rm -rf "$work" "$lent"' EXIT
trap 'exit 75' HUP INT TERM

decode "$status_command64" >"$work/command"
decode "$environment64" >"$work/environment"
decode '{{ probes }}' >"$work/probes" || fail 64 'probes is not base64'
