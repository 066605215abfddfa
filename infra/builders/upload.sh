# shellcheck shell=sh disable=SC2154,SC2086
# Nix runs this after each build, as root, with the outputs in $OUT_PATHS. An upload that fails never fails the build:
# the Hydra host copies the outputs back anyway.
state=$root/run/hydra-autoscaler
set -f
case $upload_to in
cachix:*)
  [ -z "$upload_secret" ] || { CACHIX_AUTH_TOKEN=$(cat "$state/secret") && export CACHIX_AUTH_TOKEN; }
  [ -z "$upload_signing_key" ] || { CACHIX_SIGNING_KEY=$(cat "$state/signing-key") && export CACHIX_SIGNING_KEY; }
  timeout 600 "$state/cachix/bin/cachix" push "${upload_to#cachix:}" $OUT_PATHS
  ;;
*)
  case $upload_to in *\?*) separator='&' ;; *) separator='?' ;; esac
  timeout 600 nix --extra-experimental-features nix-command copy \
    --to "$upload_to${separator}secret-key=$state/secret" $OUT_PATHS
  ;;
esac || echo "hydra-builder: could not upload $OUT_PATHS" >&2
exit 0
