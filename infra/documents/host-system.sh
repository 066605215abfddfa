# shellcheck shell=sh
# The name Nix has for this kind of host.
host_system() {
  cpu=$(uname -m)
  case $cpu in
  amd64) cpu=x86_64 ;;
  arm64) cpu=aarch64 ;;
  i?86) cpu=i686 ;;
  esac
  printf '%s-%s\n' "$cpu" "$(uname -s | tr '[:upper:]' '[:lower:]')"
}
