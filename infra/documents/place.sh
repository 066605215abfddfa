# shellcheck shell=sh
# What keeps our machines file from being put in place, whatever is tried: a person has to change something first.

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
      case $(head -n 1 "$1") in
      '# Written by hydra-autoscaler'*) ;;
      *) printf '65 %s was not written by hydra-autoscaler and is left alone: give host.machinesFile a path of its own, or move that file away\n' "$1" ;;
      esac
    fi
    ;;
  esac
}
