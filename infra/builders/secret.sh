# shellcheck shell=sh disable=SC2154,SC2034
# read_secret ARN FILE: leaves the secret in that file of ours, or says in $secret_fault why not. The console of Secrets
# Manager makes JSON of keys and values by default, which would be taken for the key or token itself.
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
  esac || { secret_fault="$1 could not be read"; return 1; }
  printf %s "$answer" | json_string "$field" >"$state/$2"
  case $(cat "$state/$2") in
  '') secret_fault="$1 is empty" ;;
  '{'*) secret_fault="$1 holds keys and values; make it plain text, the key or token alone" ;;
  *) return 0 ;;
  esac
  return 1
}
