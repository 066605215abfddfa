# shellcheck shell=sh disable=SC2154
# What keeps our machines file from being put in place, whatever is tried: a person has to change something first.
farm=$(decode "$farm64")

# owner_of FILE: `us`, `farm TAG`, `unnamed` where an older version wrote it, which named no farm, or `stranger`.
owner_of() {
  first_line=$(head -n 1 "$1" | tr -cd '[:print:]' | cut -c 1-300)
  case $first_line in
  "# Written by hydra-autoscaler (farm $farm). "*) printf 'us\n' ;;
  '# Written by hydra-autoscaler (farm '*)
    first_line=${first_line#*'(farm '}
    printf 'farm %s\n' "${first_line%%)*}"
    ;;
  '# Written by hydra-autoscaler'*) printf 'unnamed\n' ;;
  *) printf 'stranger\n' ;;
  esac
}

# place_problem PATH: prints an exit code and what is wrong; nothing where the file can be put in place.
place_problem() {
  directory=${1%/*}/
  case $1 in
  */ | [!/]*) printf '64 host.machinesFile must be the absolute path of a file, not %s\n' "$1" ;;
  *)
    if [ ! -d "$directory" ]; then
      printf '72 the directory %s does not exist: create it on the Hydra host, on NixOS with systemd.tmpfiles.rules\n' "$directory"
    elif [ -L "$1" ]; then
      printf '65 %s is a symbolic link, which is never replaced: give host.machinesFile a path of its own\n' "$1"
    elif [ -e "$1" ] && [ ! -f "$1" ]; then
      printf '65 %s is not a regular file: give host.machinesFile a path of its own\n' "$1"
    elif [ -s "$1" ]; then
      # A path that is really that of the static machines would otherwise cost every builder they have.
      owner=$(owner_of "$1")
      case $owner in
      'farm '*) printf '65 %s belongs to the farm %s, and this one is %s: give host.machinesFile a path of its own, or remove that file if that farm is gone or was renamed\n' "$1" "${owner#farm }" "$farm" ;;
      stranger) printf '65 %s was not written by hydra-autoscaler and is left alone: give host.machinesFile a path of its own, or move that file away\n' "$1" ;;
      esac
    fi
    ;;
  esac
}

# is_unnamed PATH: it is a file of ours that does not say whose. The function knows whether it is this farm's.
is_unnamed() { [ -f "$1" ] && [ -s "$1" ] && [ "$(owner_of "$1")" = unnamed ]; }
