# shellcheck shell=sh disable=SC2034,SC2154
# Finds the queue runner and the surroundings it was started with: its process tells what holds now, its unit, where none
# runs, what would hold. In a container it is seen from outside, with the files as it has them below its own root.

# inode FILE: what tells two files apart, GNU's way, else BSD's.
inode() { stat -L -c %d:%i "$1" 2>/dev/null || stat -L -f %d:%i "$1" 2>/dev/null; }

# arguments_of PROCESS: one per line.
arguments_of() { tr '\0' '\n' <"$1/cmdline" 2>/dev/null; }

# Its program has that name, or that name as a wrapper keeps it; one that was called to ask something is another matter.
is_runner() {
  program=$(arguments_of "$1" | head -n 1)
  case ${program##*/} in
  hydra-queue-runner | .hydra-queue-runner-wrapped) ;;
  *) return 1 ;;
  esac
  ! arguments_of "$1" | grep -q -x -e --status -e --unlock -e --build-one
}

unit_says() { systemctl show --property="$1" --value "$runner_unit" 2>/dev/null; }

# Leaves in $runner_unit the one that this host has; Hydra's own flake calls it -dev.
find_unit() {
  for runner_unit in hydra-queue-runner.service hydra-queue-runner-dev.service; do
    if [ "$(unit_says LoadState)" = loaded ]; then return; fi
  done
  return 1
}

# Leaves in $process where /proc shows the queue runner.
find_process() {
  grep -l -s -a hydra-queue-runner "$root"/proc/[0-9]*/cmdline >"$work/processes"
  while IFS= read -r process; do
    process=${process%/cmdline}
    if is_runner "$process"; then return; fi
  done <"$work/processes"
  return 1
}

# Leaves $source (process, unit or none), $runner_user, $program, $view (what stands before its paths) and its environment
# in $work/environ, one variable per line.
find_runner() {
  source=none
  runner_user=
  program=
  view=
  : >"$work/environ"
  if find_process; then
    source=process
    runner_uid=$(stat -c %u "$process" 2>/dev/null || stat -f %u "$process")
    runner_gid=$(stat -c %g "$process" 2>/dev/null || stat -f %g "$process")
    runner_user=$(id -un "$runner_uid" 2>/dev/null || printf %s "$runner_uid")
    program=$(readlink "$process/exe" || arguments_of "$process" | head -n 1)
    tr '\0' '\n' <"$process/environ" >"$work/environ" 2>/dev/null
    if [ -d "$process/root/" ] && [ "$(inode "$process/root/")" != "$(inode /)" ]; then view=$process/root; fi
  elif has systemctl && find_unit; then
    source=unit
    program=
    runner_user=$(unit_says User)
    runner_user=${runner_user:-root}
    program=$(unit_says ExecStart | sed -n 's/.*path=\([^ ;]*\).*/\1/p' | head -n 1)
    unit_says Environment | tr ' ' '\n' >"$work/environ"
  else
    program=
  fi
}

# variable NAME: as the queue runner has it.
variable() { grep "^$1=" "$work/environ" | head -n 1 | cut -d = -f 2-; }

# has_variable NAME: whether it is set, even to nothing.
has_variable() { grep -q "^$1=" "$work/environ"; }

# as_queue_runner SECONDS COMMAND...: with its user, its PATH and its SSH agent, and in a container among the files and
# networks there.
as_queue_runner() {
  allowed=$1
  shift
  runner_path=$(variable PATH)
  runner_home=$(variable HOME)
  agent=$(variable SSH_AUTH_SOCK)
  set -- env "PATH=${runner_path:+$runner_path:}$PATH" "HOME=${runner_home:-$(home_of "$runner_user")}" \
    ${agent:+"SSH_AUTH_SOCK=$agent"} "$@"
  if [ -n "$view" ]; then
    limited "$allowed" nsenter -t "${process##*/}" -m -n -S "$runner_uid" -G "$runner_gid" -- "$@"
  else
    as_user "$runner_user" "$allowed" "$@"
  fi
}
