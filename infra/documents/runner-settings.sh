# shellcheck shell=sh disable=SC2154
# The settings of the Rust queue runner, which find_runner has found.

# argument LONG SHORT: what its process was told by an option, whichever way that is written.
argument() {
  arguments_of "$process" | sed -n "
    s/^--$1=//p
    /^--$1\$/ { n; p; }
    /^-$2\$/ { n; p; }
    s/^-$2\(..*\)/\1/p" | head -n 1
}

# settings_file: its path as the queue runner sees it: what its process was told, else where the module of NixOS puts it.
settings_file() {
  told=
  if [ "$source" = process ]; then told=$(argument config-path c); fi
  printf '%s\n' "${told:-/etc/hydra/queue-runner.toml}"
}

# setting FILE NAME: a text of its, where it stands on one line of its own.
setting() {
  sed -n "s/^[[:space:]]*$2[[:space:]]*=[[:space:]]*[\"']\([^\"']*\)[\"'][[:space:]]*\$/\1/p" "$1" 2>/dev/null | head -n 1
}
