# shellcheck shell=sh disable=SC2154,SC2034
# Leaves the secret where the hook reads it. The console of Secrets Manager makes JSON of keys and values by default, with
# which every upload would fail, one build after the other.
read_upload_secret() {
  [ -n "$upload_to" ] || return 0
  case $upload_secret in
  *:secretsmanager:*)
    field=SecretString
    answer=$(aws_call secretsmanager secretsmanager.GetSecretValue '{"SecretId":"'"$upload_secret"'"}')
    ;;
  *)
    field=Value
    answer=$(aws_call ssm AmazonSSM.GetParameter '{"Name":"'"$upload_secret"'","WithDecryption":true}')
    ;;
  esac || { upload_fault='could not be read'; return 1; }
  printf %s "$answer" | json_string "$field" >"$state/secret"
  case $(cat "$state/secret") in
  '') upload_fault='is empty' ;;
  '{'*) upload_fault='holds keys and values; make it plain text, the key or token and nothing else' ;;
  *) return 0 ;;
  esac
  return 1
}
