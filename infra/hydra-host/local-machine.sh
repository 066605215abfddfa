# shellcheck shell=sh
# A queue runner that is told of no machines file builds on its own host; told of any, it builds only where files say. This
# prints the line for such a file with which the host goes on building as it did. It runs as the user of the queue runner,
# whose settings of Nix count, unless LOCAL_JOBS (a number) or LOCAL_FEATURES (words) say otherwise. In a container:
# docker exec -i CONTAINER sh <local-machine.sh
set -eu

# The second is what Nix before 2.20 understands.
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
# Hydra adds these to what is written, where Nix has them switched on.
for feature in ca-derivations recursive-nix; do
  case " $(setting experimental-features) " in *" $feature "*) features="$features $feature" ;; esac
done
features=$(printf %s "$features" | tr -s ' ' ,)
printf 'localhost %s - %s 1 %s - -\n' "$system" "$jobs" "${features:--}"
