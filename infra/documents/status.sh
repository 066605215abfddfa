# shellcheck shell=sh disable=SC2154
# Runs the status command and cuts its answer down to what is used.

# Leaves the status in $work/status, its stderr in $work/stderr and its exit code in $status_exit.
run_status() {
  owner=${status_user:-$me}
  home=$(home_of "$owner")
  # The queue runner refuses to run without LOGNAME, and sudo forgets the environment.
  set -- env "PATH=$PATH" "LOGNAME=$owner" "HOME=${home:-/}"
  for words in environment command; do
    while IFS= read -r word || [ -n "$word" ]; do set -- "$@" "$word"; done <"$work/$words"
  done
  begun=$(date +%s)
  (
    umask 022
    ulimit -f "$status_blocks"
    as_user "$owner" "$status_seconds" "$@"
  ) >"$work/status" 2>"$work/stderr" </dev/null
  status_exit=$?
  if [ "$status_exit" -ne 0 ] && [ "$(($(date +%s) - begun))" -ge "$status_seconds" ]; then
    status_exit=124
    printf '\nit was stopped after %s s\n' "$status_seconds" >>"$work/stderr"
  fi
}

# has_status: the status command ended well.
has_status() { [ "$status_exit" -eq 0 ]; }

# Whatever is large and used by nothing; anything unknown stays.
status_fields='jobsets store s3'
machine_fields='systemTypes supportedFeatures mandatoryFeatures totalStepBuildTime avgStepTime avgStepBuildTime'

# Leaves in $work/projected what is worth sending; fails where the host has no tool for that or the status is no JSON.
project() {
  [ -s "$work/status" ] || return 1
  if has jq; then
    # shellcheck disable=SC2016
    limited 5 jq -c --arg status "$status_fields" --arg machine "$machine_fields" '
      def without($names):
        if type == "object" then with_entries(select(.key as $key | $names / " " | index($key) | not)) else . end;
      without($status) | if (.machines | type) == "object" then .machines |= map_values(without($machine)) else . end' "$work/status"
  elif has nix-instantiate; then
    limited 5 nix-instantiate --eval --strict --json --argstr file "$work/status" \
      --argstr status "$status_fields" --argstr machine "$machine_fields" --expr '
      { file, status, machine }: with builtins; let
        without = names: set: if isAttrs set then removeAttrs set (filter isString (split " " names)) else set;
        all = fromJSON (readFile file);
      in without status all // (if isAttrs (all.machines or null) then {
        machines = mapAttrs (key: without machine) all.machines;
      } else { })'
  else
    return 1
  fi >"$work/projected" 2>/dev/null && [ -s "$work/projected" ]
}
