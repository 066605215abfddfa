# shellcheck shell=sh disable=SC2154
read_upload_secrets() {
  [ -n "$upload_to" ] || return 0
  read_secret "$upload_secret" secret && read_secret "$upload_signing_key" signing-key
}
