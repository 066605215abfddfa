# shellcheck shell=sh disable=SC2154
# What surrounds the Rust queue runner on its host, for the doctor. Its form is told where it is read: decode-inspection.ts.
tokens_max=20
settings_characters=12000

in_base64() { printf %s "$1" | encode; }

# loaded UNIT
loaded() { [ "$(systemctl show --property=LoadState --value "$1" 2>/dev/null)" = loaded ]; }

# Units of nixpkgs and of Hydra's own flake.
print_units() {
  for name in hydra-queue-runner hydra-queue-runner-dev; do
    for unit in "$name.service" "$name-rest.socket" "$name-grpc.socket"; do
      if ! loaded "$unit"; then continue; fi
      active=$(systemctl show --property=ActiveState --value "$unit" 2>/dev/null)
      case $active in '' | *[!a-z-]*) active=unknown ;; esac
      printf 'unit %s %s\n' "$unit" "$active"
    done
  done
}

# print_listening WHAT SHORT_OPTION DEFAULT: where its process listens, or systemd for it.
print_listening() {
  bound=-
  if [ "$source" = process ]; then
    bound=$(argument "$1-bind" "$2")
    bound=${bound:-$3}
  fi
  if [ "$bound" != - ]; then
    printf 'listen %s %s\n' "$1" "$(in_base64 "$bound")"
    return
  fi
  for unit in "hydra-queue-runner-$1.socket" "hydra-queue-runner-dev-$1.socket"; do
    if ! loaded "$unit"; then continue; fi
    systemctl show --property=Listen --value "$unit" 2>/dev/null | sed 's/ (.*//' | while IFS= read -r address; do
      if [ -n "$address" ]; then printf 'listen %s %s\n' "$1" "$(in_base64 "$address")"; fi
    done
  done
}

# Without comments, and without the one setting that may hold a password.
settings_of() { sed -e '/^[[:space:]]*#/d' -e '/^[[:space:]]*dbUrl/d' "$1"; }

print_runner_settings() {
  settings=$(settings_file)
  content=-
  if [ -f "$view$settings" ] && [ -r "$view$settings" ]; then
    content=$(settings_of "$view$settings" | gzip -9 -n -c | encode)
    if [ "${#content}" -gt "$settings_characters" ]; then content=-; fi
  fi
  printf 'settings %s %s %s\n' "$(access "$settings")" "$(in_base64 "$settings")" "$content"
  settings_of "$view$settings" 2>/dev/null | tr '\n' ' ' |
    sed -n 's/.*tokenPaths[[:space:]]*=[[:space:]]*\[\([^]]*\)\].*/\1/p' | tr ',' '\n' |
    sed -n "s/^[[:space:]]*[\"']\(.*\)[\"'][[:space:]]*\$/\1/p" | head -n "$tokens_max" >"$work/tokens"
  while IFS= read -r token || [ -n "$token" ]; do
    filled=no
    if [ -s "$view$token" ]; then filled=yes; fi
    printf 'token %s %s %s\n' "$(access "$token")" "$filled" "$(in_base64 "$token")"
  done <"$work/tokens"
}

# With all three of its certificates the queue runner lets in only builders that have one.
print_certificate() {
  asks=-
  if [ "$source" = process ]; then
    asks=no
    if arguments_of "$process" | grep -q -e '^--client-ca-cert-path'; then asks=yes; fi
  fi
  printf 'certificate %s\n' "$asks"
}

# Whether Hydra's pages know where to ask the queue runner.
print_web_settings() {
  config=$(variable HYDRA_CONFIG)
  config=${config:-/var/lib/hydra/hydra.conf}
  known=no
  lines=
  if [ -f "$view$config" ] && [ -r "$view$config" ]; then
    known=yes
    lines=$(grep -a -e queue_runner_endpoint "$view$config" | tail -n 20 | head -c 2000 | encode)
  fi
  printf 'web %s %s %s\n' "$known" "$(in_base64 "$config")" "$lines"
}

# The programs this host tells builders to use.
print_builders() {
  systemctl show --property=Environment --value hydra-builder-version.service 2>/dev/null |
    sed -n -e 's/.*"BUILDERS=\([^"]*\)".*/\1/p' -e t -e 's/.*BUILDERS=\([^ ]*\).*/\1/p' | tr ' ' '\n' | head -n 10 |
    while IFS= read -r builder; do printf 'builder %s\n' "$(in_base64 "$builder")"; done
}

inspect_rust() {
  view=${view:-$root}
  retries=$(head -n 1 "$root/proc/sys/net/ipv4/tcp_retries2" 2>/dev/null)
  case $retries in '' | *[!0-9]*) retries=- ;; esac
  printf 'hydra-autoscaler 1 inspect-rust\nrunner %s %s %s\n' "$source" "$(in_base64 "$runner_user")" "$(in_base64 "$program")"
  print_units
  print_listening rest r '[::1]:8080'
  print_listening grpc g '[::1]:50051'
  print_runner_settings
  print_certificate
  printf 'retries %s\n' "$retries"
  print_web_settings
  print_builders
  printf 'end\n'
}
