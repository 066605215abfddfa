# shellcheck shell=sh disable=SC2154
# Makes a NixOS image a builder, in seconds and without a rebuild. Runs as root at every boot and may run again.
# NixOS generates most of /etc: what is added lies in /run or beside it, and is put there again at the next boot.
# Nothing here may keep the machine from becoming reachable, except what builds would fail for, or could take away.
warn() { printf 'hydra-builder: %s\n' "$1" >&2; }

# The autoscaler looks for these words on the console of a machine that does not get ready.
refuse_builds() {
  printf 'hydra-builder: takes no builds: %s\n' "$1" >&2
  exit 74
}

make_swap() {
  swap=$root/var/hydra-builder.swap
  [ "$swap_gib" -gt 0 ] || return 0
  ! grep -q hydra-builder.swap "$root/proc/swaps" || return 0
  [ -f "$swap" ] || { fallocate -l "${swap_gib}G" "$swap" && chmod 600 "$swap" && mkswap "$swap" >/dev/null; } || return 1
  swapon "$swap"
}

# Leaves the directory in $build_dir, empty for Nix's own choice.
prepare_build_directory() {
  build_dir=
  target=$root/nix/var/nix/builds
  case $build_directory in
  disk) return 0 ;;
  memory) set -- mount -t tmpfs -o size=75%,mode=0755 tmpfs "$target" ;;
  instance-store)
    disk=$(find "$root/dev/disk/by-id" -name 'nvme-Amazon_EC2_NVMe_Instance_Storage_*' 2>/dev/null | grep -v -e -part | sort | head -n 1)
    [ -n "$disk" ] || return 1
    # Blank after every stop; a disk that still has its file system is used as it is.
    mount "$disk" "$target" 2>/dev/null || mkfs.ext4 -q -E nodiscard "$disk" || return 1
    set -- mount "$disk" "$target"
    ;;
  esac
  mkdir -p "$target" && chmod 755 "$target"
  grep -q " $target " "$root/proc/mounts" || "$@" || return 1
  build_dir=/nix/var/nix/builds
}

# kvm is offered only by machines that have it: a step sent to one without it fails for good.
features() {
  printf '%s' "$system_features"
  if [ -e "$root/dev/kvm" ]; then printf ' kvm'; fi
}

cores_of_a_job() { echo $((($(nproc) + max_jobs - 1) / max_jobs)); }

write_nix_conf() {
  nix_etc=$root/etc/nix
  mkdir -p "$nix_etc"
  base=/etc/static/nix/nix.conf
  if [ ! -e "$root$base" ]; then
    base=/etc/nix/nix.conf.image
    [ -e "$root$base" ] || [ ! -f "$nix_etc/nix.conf" ] || cp "$nix_etc/nix.conf" "$root$base" || return 1
  fi
  trusted=$ssh_user
  [ "$queue_runner" != rust ] || trusted=hydra-builder
  {
    printf '!include %s\n' "$base"
    printf 'system-features = %s\n' "$(features)"
    printf 'cores = %s\nmax-jobs = %s\n' "$(cores_of_a_job)" "$max_jobs"
    printf 'builders-use-substitutes = true\nsubstituters = %s\n' "$substituters"
    [ -z "$trusted_public_keys" ] || printf 'extra-trusted-public-keys = %s\n' "$trusted_public_keys"
    [ "$trusted" = root ] || printf 'extra-trusted-users = %s\n' "$trusted"
    [ -z "$arm32" ] || echo "extra-extra-platforms = $arm32"
    [ -z "$build_dir" ] || printf 'build-dir = %s\n' "$build_dir"
    [ -z "$upload_to" ] || printf 'post-build-hook = /run/hydra-autoscaler/upload\n'
  } >"$nix_etc/nix.conf.new" && chmod 644 "$nix_etc/nix.conf.new" && mv -f "$nix_etc/nix.conf.new" "$nix_etc/nix.conf"
}

# refuse_users IPTABLES ADDRESS: nobody but root reaches it.
refuse_users() {
  tables=$1
  set -- OUTPUT -d "$2" -m owner ! --uid-owner 0 -j REJECT
  "$tables" -C "$@" 2>/dev/null || "$tables" -I "$@"
}

# Whether a user without rights, as builds are, gets no answer from there: curl says so for a refusal or for silence, and
# something else for an answer, and for not having been able to try.
is_hidden() {
  setpriv --reuid=65534 --regid=65534 --clear-groups curl -g -s -m 3 -o "$root/dev/null" "http://$1/"
  case $? in 7 | 28) ;; *) return 1 ;; esac
}

# Fetched builds have the network, but must not have the machine's role. Rules can be set and yet not hold, or not be
# settable where nothing is to be hidden: what counts is what a build would find.
hide_role_from_builds() {
  refuse_users iptables 169.254.169.254 || warn 'iptables failed, see above'
  refuse_users ip6tables fd00:ec2::254 2>/dev/null
  is_hidden 169.254.169.254 && is_hidden '[fd00:ec2::254]'
}

# From the substituters, so nix.conf has to be written before.
fetch_upload_program() {
  [ -n "$upload_to" ] && [ -n "$upload_program" ] || return 0
  nix-store --realise "$upload_program" --add-root "$state/cachix" >/dev/null
}

start_dead_man_switch() {
  mkdir -p "$root/run/systemd/system"
  printf '[Service]\nType=oneshot\nExecStart=/bin/sh /run/hydra-autoscaler/dead-man\nStandardOutput=journal+console\n' \
    >"$root/run/systemd/system/hydra-dead-man.service"
  printf '[Timer]\nOnActiveSec=60\nOnUnitInactiveSec=60\nAccuracySec=10\n' >"$root/run/systemd/system/hydra-dead-man.timer"
  chmod 644 "$root"/run/systemd/system/hydra-dead-man.*
  systemctl daemon-reload && systemctl start --no-block hydra-dead-man.timer
}

# A Hydra host that comes with the stack makes its key itself; until it has, there is nobody to build for.
learn_queue_runner_key() {
  [ -n "$queue_runner_key_parameter" ] || return 0
  answer=$(aws_call ssm AmazonSSM.GetParameter '{"Name":"'"$queue_runner_key_parameter"'"}') || return 1
  queue_runner_key=$(printf %s "$answer" | json_string Value)
  case $queue_runner_key in
  *[!A-Za-z0-9+/=\ _-]*) return 1 ;;
  'ssh-ed25519 '*) ;;
  *) return 1 ;;
  esac
}

# Last of all: the Hydra host can reach the store from here on, and a reachable machine is listed.
let_the_queue_runner_in() {
  for nix_store in /run/current-system/sw/bin /nix/var/nix/profiles/default/bin /usr/bin; do
    [ ! -x "$root$nix_store/nix-store" ] || break
  done
  keys=$root${home:-/root}/.ssh/authorized_keys
  mkdir -p "${keys%/*}" && chmod 700 "${keys%/*}"
  printf 'restrict,command="%s/nix-store --serve --write" %s\n' "$nix_store" "$queue_runner_key" >"$keys.new"
  chmod 600 "$keys.new" && mv -f "$keys.new" "$keys" || return 1
  [ "$ssh_user" = root ] || chown -R "$ssh_user:" "${keys%/*}"
}

serve_the_queue_runner() {
  if [ "$queue_runner" = rust ]; then
    register
    return
  fi
  learn_queue_runner_key || refuse_builds "$queue_runner_key_parameter holds no key: the Hydra host has not made one yet, or may not be asked"
  [ "$ssh_user:$ssh_port" = root:22 ] || prepare_login
  let_the_queue_runner_in || refuse_builds 'the key of the queue runner could not be put in place'
}

set_up() {
  make_swap || warn 'no swap: see the message above'
  prepare_build_directory || warn "builds run on the root disk: no $build_directory could be mounted"
  hide_role_from_builds || {
    [ -z "$role_may" ] || refuse_builds "they could have the role of this machine, which may $role_may"
    warn 'builds can have the role of this machine: it only answers SSM'
  }
  [ "$queue_runner" != auto ] || learn_queue_runner
  read_upload_secrets || { warn "outputs are not uploaded: $secret_fault"; upload_to=; }
  start_dead_man_switch || warn 'there is no dead-man switch: systemd took no timer'
  write_nix_conf || refuse_builds 'nix.conf could not be written'
  fetch_upload_program || {
    warn "outputs are not uploaded: $upload_program could not be fetched from $substituters"
    upload_to=
    write_nix_conf || refuse_builds 'nix.conf could not be written'
  }
  serve_the_queue_runner
  echo 'hydra-builder: ready'
}

# User data speaks to the journal only, but what EC2 shows of a machine that cannot be reached is its console.
console=$root/dev/console
if [ -e "$console" ] && (: >>"$console") 2>/dev/null; then
  {
    (set_up) 2>&1
    echo $? >"$state/exit-code"
  } | tee -a "$console"
  exit "$(cat "$state/exit-code")"
fi
set_up
