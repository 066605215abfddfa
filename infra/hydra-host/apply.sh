# shellcheck shell=sh disable=SC2154
# Makes a NixOS image the Hydra host, at its first boot and whenever the stack tells it something else. $base holds our
# files. NixOS runs user data at every boot: without a change this ends at once.
applied=$root/var/lib/hydra-host/applied
nixos=$root/etc/nixos/configuration.nix
wanted=$(find "$base" -type f | sort | xargs cat | sha256sum)
[ "$(cat "$applied" 2>/dev/null)" != "$wanted" ] || exit 0
mkdir -p "${applied%/*}"

# The release of the image is the one whose formats state is kept in, always.
release=$(sed -n 's/^VERSION_ID="\{0,1\}\([^"]*\).*/\1/p' "$root/etc/os-release")
case $release in
[0-9][0-9].[0-9][0-9]) ;;
*)
  echo "hydra-host: this is no image of a NixOS release: its version is '$release'" >&2
  exit 74
  ;;
esac

# From here on it belongs to whoever looks after the host.
if [ ! -e "$applied.configuration" ]; then
  printf '{\n  imports = [ ./hydra-autoscaler/hydra-host/stand-alone.nix ];\n  system.stateVersion = "%s";\n}\n' "$release" >"$nixos"
  : >"$applied.configuration"
fi

# The image carries the nixpkgs it was made from, so that little is left to fetch.
if ! nix-instantiate --find-file nixpkgs >/dev/null 2>&1; then
  nix-channel --add "https://channels.nixos.org/nixos-$release" nixos && nix-channel --update || exit 75
fi

echo 'hydra-host: applying the configuration'
nixos-rebuild switch || {
  echo 'hydra-host: the configuration could not be applied; it is tried again at the next boot' >&2
  exit 75
}
printf '%s\n' "$wanted" >"$applied"
echo 'hydra-host: ready'
