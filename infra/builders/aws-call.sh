# shellcheck shell=sh disable=SC2154
# Calls AWS with what every machine image has: curl and sed. The machine's own role signs.
imds=${HYDRA_BUILDER_IMDS:-http://169.254.169.254}

# metadata PATH
metadata() {
  token=$(curl -sf -m 5 -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' "$imds/latest/api/token") || return 1
  curl -sf -m 5 -H "X-aws-ec2-metadata-token: $token" "$imds/latest/meta-data/$1"
}

# json_string NAME: the first string of that name in JSON on stdin. For values without quotes or backslashes in them.
json_string() { tr -d '\n' | sed -n 's/.*"'"$1"'" *: *"\([^"\\]*\).*/\1/p'; }

# aws_call SERVICE OPERATION BODY: the answer, as JSON; where there is none, one line on stderr says why.
aws_call() {
  if ! { region=$(metadata placement/region) && domain=$(metadata services/domain); }; then
    echo "hydra-autoscaler: no $2: the metadata service does not answer" >&2
    return 1
  fi
  if ! { role=$(metadata iam/security-credentials/) && credentials=$(metadata "iam/security-credentials/$role"); }; then
    echo "hydra-autoscaler: no $2: this machine has no role" >&2
    return 1
  fi
  case $1 in dynamodb) json=1.0 ;; *) json=1.1 ;; esac
  # The key comes by stdin: arguments can be read by everybody on the machine.
  if answer=$(
    printf 'user = "%s:%s"\n' "$(printf %s "$credentials" | json_string AccessKeyId)" \
      "$(printf %s "$credentials" | json_string SecretAccessKey)" |
      curl -sS --fail-with-body -m 20 --config - --aws-sigv4 "aws:amz:$region:$1" -H "X-Amz-Target: $2" \
        -H "X-Amz-Security-Token: $(printf %s "$credentials" | json_string Token)" \
        -H "Content-Type: application/x-amz-json-$json" --data-binary "$3" \
        "${HYDRA_BUILDER_AWS:-https://$1.$region.$domain}/" 2>&1
  ); then
    printf '%s\n' "$answer"
  else
    echo "hydra-autoscaler: no $2: $(printf %s "$answer" | tr -s '[:cntrl:]' ' ' | cut -c 1-300)" >&2
    return 1
  fi
}
