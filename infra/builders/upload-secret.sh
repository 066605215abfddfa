# shellcheck shell=sh disable=SC2154,SC2034
# read_secret ARN FILE: leaves the secret where the hook reads it. The console of Secrets Manager makes JSON of keys and
# values by default, with which every upload would fail, one build after the other.
read_secret() {
  [ -n "$1" ] || return 0
  case $1 in
  *:secretsmanager:*)
    field=SecretString
    answer=$(aws_call secretsmanager secretsmanager.GetSecretValue '{"SecretId":"'"$1"'"}')
    ;;
  *)
    field=Value
    answer=$(aws_call ssm AmazonSSM.GetParameter '{"Name":"'"$1"'","WithDecryption":true}')
    ;;
  esac || { upload_fault="$1 could not be read"; return 1; }
  printf %s "$answer" | json_string "$field" >"$state/$2"
  case $(cat "$state/$2") in
  '') upload_fault="$1 is empty" ;;
  '{'*) upload_fault="$1 holds keys and values; make it plain text, the key or token alone" ;;
  *) return 0 ;;
  esac
  return 1
}

read_upload_secrets() {
  [ -n "$upload_to" ] || return 0
  read_secret "$upload_secret" secret && read_secret "$upload_signing_key" signing-key
}
