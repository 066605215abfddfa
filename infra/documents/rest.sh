# shellcheck shell=sh disable=SC2154
# The Rust queue runner's REST interface, and how its answers are cut down to what is used.
rest_seconds=10
# In blocks of 512 bytes, or 1024 as bash counts: 200,000 queued steps take 54 MB.
rest_blocks=131072

# ask_rest PATH NAME: leaves the body in $work/NAME and the HTTP code, 000 where none came, in $work/NAME.http; ends as curl does.
# No proxy, no configuration of somebody's and no other protocol has a part in it.
ask_rest() {
  (
    ulimit -f "$rest_blocks"
    exec curl -q -g -s -m "$rest_seconds" --noproxy '*' --proto =http -o "$work/$2" -w '%{http_code}' "$rest$1"
  ) >"$work/$2.http" 2>/dev/null </dev/null
}

# http_of NAME
http_of() {
  code=$(head -c 3 "$work/$1.http" 2>/dev/null)
  case $code in
  [0-9][0-9][0-9]) printf '%s\n' "$code" ;;
  *) printf '000\n' ;;
  esac
}

# is_rust NAME: the body is a status as only this queue runner has it.
is_rust() { grep -q -s '"queueRunner"' "$work/$1"; }

# rest_unit: the name of the unit that holds the REST interface open, `-` where the host has none.
rest_unit() {
  for unit in hydra-queue-runner-rest.socket hydra-queue-runner-dev-rest.socket; do
    if [ "$(systemctl show --property=LoadState --value "$unit" 2>/dev/null)" = loaded ]; then
      printf '%s\n' "$unit"
      return
    fi
  done
  printf '%s\n' -
}

# reduce_status NAME: the status without what is large, ever changing, and used by nothing; anything unknown stays. Of the
# queue runner itself all stays: it is there once. Keys are recognised by what stands before them, so no name a machine gave
# itself is taken for one.
reduce_status() {
  text='"([^"\\]|\\.)*"'
  numbers='cpuCount|bogomips|(cpuPsi|memPsi|ioPsi|load1)Threshold|score|totalMem|cgroups|useSubstitutes|avgStep[A-Za-z]*TimeMs'
  numbers="$numbers|totalStep(Import|Upload)TimeMs|load1|load5|load15|memUsage|current(Up|Down)loadingPathCount|jobsInLast30s(Start|Count)"
  numbers="$numbers|has(Dynamic|Static)Capacity"
  sed -E 's/,"machines":\{/\
&/' "$work/$1" | sed -E "
    2,\$ s/,\"($numbers)\":[^][{},\"]*//g
    2,\$ s/,\"nixVersion\":$text//g
    2,\$ s/,\"(jobs|substituters)\":\[($text,?)*\]//g
    2,\$ s/,\"pressure\":(null|\{(\"[A-Za-z]*\":(null|\{[^{}]*\}),?)*\})//g
    2,\$ s/,\"jobsets\":\{($text:\{[^{}]*\},?)*\}//
    2,\$ s/(\"[A-Za-z]*\":[0-9]+\.[0-9][0-9])[0-9]+([,}])/\1\2/g
    1 s/,\"proc\":\{[^{}]*\}//"
}
