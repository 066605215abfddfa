# shellcheck shell=sh
# put_parameter NAME VALUE WHAT: puts the value where builders read it, unless it is there: what is there is what counts,
# not what was put there once.
put_parameter() {
  answer=$(aws_call ssm AmazonSSM.GetParameter '{"Name":"'"$1"'"}') || answer=
  [ "$(printf %s "$answer" | json_string Value)" != "$2" ] || return 0
  aws_call ssm AmazonSSM.PutParameter \
    '{"Name":"'"$1"'","Value":"'"$2"'","Type":"String","Overwrite":true}' >/dev/null || return 1
  echo "hydra-host: $3 is in $1 now"
}
