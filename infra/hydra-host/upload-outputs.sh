#!/bin/sh
# Uploads the outputs of one finished build, for Hydra's RunCommand plugin: its `job` filter says of which builds. Runs as
# the user of hydra-notify; needs jq and the AWS CLI, nix for s3://, cachix for cachix:.
# usage: upload-outputs.sh s3://BUCKET?region=REGION SECRET_ARN
#        upload-outputs.sh cachix:CACHE TOKEN_ARN|- [SIGNING_KEY_ARN]
# The ARNs are those of `deploy.builder.upload`: one secret for builders and host. The host's role has to be allowed to read it.
set -eu
umask 077

if [ $# -lt 2 ] || [ $# -gt 3 ] || [ ! -r "${HYDRA_JSON:-}" ]; then
  echo "usage: HYDRA_JSON=FILE ${0##*/} s3://BUCKET?region=REGION|cachix:CACHE SECRET_ARN|- [SIGNING_KEY_ARN]" >&2
  exit 2
fi
to=$1

# A failed build has no outputs that anybody should fetch.
[ "$(jq -r '"\(.event) \(.buildStatus)"' "$HYDRA_JSON")" = 'buildFinished 0' ] || exit 0
outputs=$(jq -r '.outputs[].path' "$HYDRA_JSON")
[ -n "$outputs" ] || exit 0

# read_secret ARN: the region is that of the ARN.
read_secret() {
  region=$(printf %s "$1" | cut -d : -f 4)
  case $1 in
  *:secretsmanager:*) aws --region "$region" secretsmanager get-secret-value --secret-id "$1" --query SecretString --output text ;;
  *) aws --region "$region" ssm get-parameter --name "$1" --with-decryption --query Parameter.Value --output text ;;
  esac
}

case $to in
cachix:*)
  if [ "$2" != - ]; then
    CACHIX_AUTH_TOKEN=$(read_secret "$2")
    export CACHIX_AUTH_TOKEN
  fi
  if [ -n "${3:-}" ]; then
    CACHIX_SIGNING_KEY=$(read_secret "$3")
    export CACHIX_SIGNING_KEY
  fi
  printf '%s\n' "$outputs" | xargs cachix push "${to#cachix:}"
  ;;
s3://*)
  key=$(mktemp)
  trap 'rm -f "$key"' EXIT
  read_secret "$2" >"$key"
  case $to in *\?*) separator='&' ;; *) separator='?' ;; esac
  printf '%s\n' "$outputs" | xargs nix --extra-experimental-features nix-command copy --to "$to${separator}secret-key=$key"
  ;;
*)
  echo "${0##*/}: $to is neither s3://BUCKET nor cachix:CACHE" >&2
  exit 2
  ;;
esac
