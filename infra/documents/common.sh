# shellcheck shell=sh
# The beginning of every document. Runs as whatever /bin/sh is (bash on NixOS, dash on Debian, macOS's own), as the SSM
# agent's user, with the agent's environment: HOME and LOGNAME may be missing and PATH may hold little more than coreutils.
set -u
umask 077
# Stands for / where a host is simulated; never set on a real one.
root=${HYDRA_AUTOSCALER_ROOT:-}
PATH=${PATH:+$PATH:}$root/run/wrappers/bin:$root/run/current-system/sw/bin:$root/nix/var/nix/profiles/default/bin
PATH=$PATH:$root/usr/local/bin:$root/usr/bin:$root/bin:$root/usr/sbin:$root/sbin
LC_ALL=C
export PATH LC_ALL

has() { command -v "$1" >/dev/null 2>&1; }

# fail EXIT_CODE MESSAGE
fail() {
  printf 'hydra-autoscaler: %s\n' "$2" >&2
  exit "$1"
}

# Every parameter that could hold more than letters and digits comes in base64, so that nothing can end its quotes.
# Older macOS knows only -D.
decode() { printf %s "$1" | base64 -d 2>/dev/null || printf %s "$1" | base64 -D 2>/dev/null; }

encode() { base64 | tr -d '\n'; }
