# shellcheck shell=sh disable=SC2154
# The settings of the Rust queue runner, which find_runner has found.

# settings_file: its path as the queue runner sees it: what its process was told, else where the module of NixOS puts it.
settings_file() {
  told=
  if [ "$source" = process ]; then
    told=$(arguments_of "$process" | sed -n '
      s/^--config-path=//p
      /^--config-path$/ { n; p; }
      /^-c$/ { n; p; }
      s/^-c\(..*\)/\1/p' | head -n 1)
  fi
  printf '%s\n' "${told:-/etc/hydra/queue-runner.toml}"
}

# setting FILE NAME: a text of its, where it stands on one line of its own.
setting() {
  sed -n "s/^[[:space:]]*$2[[:space:]]*=[[:space:]]*[\"']\([^\"']*\)[\"'][[:space:]]*\$/\1/p" "$1" 2>/dev/null | head -n 1
}
