# shellcheck shell=sh disable=SC2154
# The Rust queue runner, with which machines register. Only those of farms that may have it are told this.

# What the farm has, once a boot; where nothing says so it is the C++ queue runner.
learn_queue_runner() {
  [ "$queue_runner" = auto ] || return 0
  if [ ! -e "$state/serves" ]; then
    answer=$(read_heard tick) || warn 'which queue runner the farm has could not be read, so this machine serves the C++ one'
    case $(printf %s "$answer" | tr -d '\n' | sed -n 's/.*"runnerKind" *: *{ *"S" *: *"\([a-z]*\)".*/\1/p') in
    rust) echo rust ;;
    *) echo cpp ;;
    esac >"$state/serves"
  fi
  queue_runner=$(cat "$state/serves")
}

# hydra-builder tells the queue runner how much room is left here, and gets no work while there is none: closed from boot,
# and only then. What was opened since stays open, whatever starts again
# (measured: docs/develop/facts.md#closing-takes-effect-with-the-next-ping).
close_gauge() {
  gauge=$root/run/hydra-drain
  ! grep -q " $gauge " "$root/proc/mounts" || return 0
  mkdir -p "$gauge" && chmod 755 "$gauge" && mount -t tmpfs -o size=64k,mode=0755 tmpfs "$gauge" &&
    head -c 65536 /dev/zero >"$gauge/full"
}

# The Hydra host says which one it has itself, by system: another version would be refused.
learn_builder_program() {
  answer=$(aws_call ssm AmazonSSM.GetParameter '{"Name":"'"$builder_parameter"'"}') || return 1
  builder_program=$(printf %s "$answer" | json_string Value | tr ' ' '\n' | sed -n "s/^$(uname -m)-linux=//p")
  case $builder_program in
  *[!A-Za-z0-9+./?=_-]*) return 1 ;;
  /nix/store/*) ;;
  *) return 1 ;;
  esac
}

# An earlier boot may have let it in.
shut_the_queue_runner_out() {
  home=$(getent passwd "$ssh_user" | cut -d : -f 6)
  keys=$root${home:-/root}/.ssh/authorized_keys
  ! grep -q 'nix-store --serve' "$keys" 2>/dev/null || rm -f "$keys"
}

# Features are not named: what Nix offers here counts. One named that Nix lacks would fail builds for good.
write_builder_settings() {
  mkdir -p "$root/etc/hydra" && chmod 755 "$root/etc/hydra" || return 1
  {
    printf 'pingInterval = 5\nuseSubstitutes = true\nmaxJobs = %s\n' "$max_jobs"
    printf 'buildCores = %s\nspeedFactor = %s\n' "$(cores_of_a_job)" "$speed_factor"
    printf 'systems = %s\nmandatoryFeatures = %s\n' "$systems" "$mandatory_features"
  } >"$root/etc/hydra/builder.toml" && chmod 644 "$root/etc/hydra/builder.toml"
}

# NIX_CONFIG is this unit's alone: hydra-builder looks at the gauge, and Nix builds where it always does.
write_unit() {
  mkdir -p "$root/run/systemd/system"
  unit=$root/run/systemd/system/hydra-builder.service
  cat >"$unit" <<END && chmod 644 "$unit"
[Unit]
Wants=nix-daemon.socket
After=nix-daemon.socket
[Service]
Type=notify
User=hydra-builder
RuntimeDirectory=hydra-builder
RuntimeDirectoryMode=0700
RuntimeDirectoryPreserve=restart
Environment=NIX_REMOTE=daemon HOME=/run/hydra-builder "NIX_CONFIG=build-dir = /run/hydra-drain"
Environment=PATH=/run/current-system/sw/bin:/nix/var/nix/profiles/default/bin:/usr/bin:/bin
ExecStartPre=+/bin/sh /run/hydra-autoscaler/before-start
ExecStart=$builder_program/bin/hydra-builder --gateway-endpoint $queue_runner_addr --config-path /etc/hydra/builder.toml --authorization-file /run/hydra-builder/token
Restart=always
RestartSec=5s
NoNewPrivileges=yes
CapabilityBoundingSet=
PrivateDevices=yes
PrivateTmp=yes
ProtectHome=yes
ProtectSystem=strict
ReadWritePaths=-/nix/var/nix/daemon-socket
END
}

register() {
  # The dead-man switch looks here for what is work.
  echo rust >"$state/serves"
  close_gauge || refuse_builds 'its gauge could not be closed, so that nothing would keep work from it'
  learn_builder_program ||
    refuse_builds "$builder_parameter names no hydra-builder for $(uname -m)-linux: the Hydra host has not put it there, or may not be asked"
  nix-store --realise "$builder_program" --add-root "$state/builder" >/dev/null ||
    refuse_builds "$builder_program could not be fetched from $substituters"
  shut_the_queue_runner_out
  id -u hydra-builder >/dev/null 2>&1 || useradd --system --user-group hydra-builder ||
    refuse_builds 'the user hydra-builder could not be made'
  { write_builder_settings && write_unit && systemctl daemon-reload; } || refuse_builds 'hydra-builder could not be set up'
  # Nix has to read what was written for it, and must not be disturbed at work.
  systemctl is-active --quiet hydra-builder.service || {
    systemctl try-restart nix-daemon.service
    systemctl start --no-block hydra-builder.service || refuse_builds 'systemd took no hydra-builder.service'
  }
}
