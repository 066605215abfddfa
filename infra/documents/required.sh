# shellcheck shell=sh disable=SC2154
# What derivations require of a machine, as the Rust queue runner reads it from their files: the top of the structured
# attributes where there are any, else the plain environment.

# Prints `NAME FEATURE,FEATURE...` for each file that requires any, sorted and each once. An odd character in a feature becomes
# `?`: no machine has such a one, and nothing else is to be made of it. (In the files strings are in quotes, and quotes and
# backslashes within them have a backslash before them.)
cat >"$work/required.awk" <<'END'
function depth(text, opened) {
  gsub(/\\\\/, "\001", text)
  gsub(/\\"/, "\"", text)
  gsub(/\001./, "", text)
  gsub(/"[^"]*"/, "", text)
  opened = gsub(/[\[{]/, "", text)
  return opened - gsub(/[]}]/, "", text)
}
function structured(text, at, before) {
  text = substr(text, 1, index(text, "}\")"))
  before = ""
  while ((at = index(text, key)) > 0) {
    before = before substr(text, 1, at - 1)
    text = substr(text, at + length(key))
    if (before ~ /[,{]$/ && depth(before) == 1) {
      if (substr(text, 1, 1) != "[") return ""
      text = substr(text, 2, index(text, "]") - 2)
      gsub(/\\/, "", text)
      gsub(/[ \t]/, "?", text)
      gsub(/","/, " ", text)
      gsub(/"/, "", text)
      return text
    }
    before = before key
  }
  return ""
}
function plain(text) {
  text = substr(text, 1, index(text, "\"") - 1)
  gsub(/\\[nrt]/, " ", text)
  return text
}
function words(text, at) {
  if ((at = index(text, "(\"__json\",\"")) > 0) return structured(substr(text, at + 11))
  if ((at = index(text, "(\"requiredSystemFeatures\",\"")) > 0) return plain(substr(text, at + 27))
  return ""
}
BEGIN { key = "\\\"requiredSystemFeatures\\\":" }
FNR == 1 {
  count = split(words($0), word, " ")
  line = ""
  for (i = 1; i <= count; i++) {
    new = substr(word[i], 1, 100)
    gsub(/[^A-Za-z0-9._:+@\/=~-]/, "?", new)
    for (j = i; j > 1 && (word[j - 1] "") > (new ""); j--) word[j] = word[j - 1]
    word[j] = new
  }
  for (i = 1; i <= count; i++) if (i == 1 || word[i] != word[i - 1]) line = line "," word[i]
  if (line != "") print FILENAME, substr(line, 2)
}
END

# What was found once is kept where nobody else can write: a file of the store is never changed under its name.
known_directory=$root/var/cache/hydra-autoscaler
known=$known_directory/features-1

# may_keep: there is such a place.
may_keep() {
  mkdir -p "$known_directory" 2>/dev/null
  [ -n "$(find "$known_directory" -prune -type d -user "$(id -u)" ! -perm -020 ! -perm -002 2>/dev/null)" ]
}

# keep: what is known of whatever is queued now, and nothing of what is not any more.
keep() {
  find "$known_directory" -type f -name 'new.*' -mmin +15 -exec rm -f {} + 2>/dev/null
  new=$(mktemp "$known_directory/new.XXXXXX" 2>/dev/null) || return
  if ! awk 'part == 1 { queued[$1]; next } $1 in queued' part=1 "$work/steps" part=2 "$work/features" >"$new" ||
    ! mv -f "$new" "$known"; then
    rm -f "$new"
  fi
}

# enough SECONDS: fails when the time for all of it is up; leaves what is left of it in $left.
enough() {
  left=$((required_until - $(date +%s)))
  [ "$left" -gt 0 ]
}

# within COMMAND...: xargs of it in the store, within the time that is left; that it found nothing is no failure.
within() {
  enough || return
  limited "$left" xargs "$@" 2>/dev/null
  case $? in 0 | 1 | 123) ;; *) return 1 ;; esac
}

# read_chunk FILE: adds what is required by the derivations it names; leaves out those that cannot be read.
read_chunk() {
  within grep -l -s -E '^(Derive|DrvWithVersion)\(' <"$1" >"$work/readable" || return
  [ -s "$work/readable" ] || return 0
  within grep -l -s -F requiredSystemFeatures <"$work/readable" >"$work/naming" || return
  : >"$work/required"
  if [ -s "$work/naming" ]; then within awk -f "$work/required.awk" <"$work/naming" >"$work/required" || return; fi
  awk 'part == 1 { required[$1] = $2; next } { print $1, ($1 in required) ? required[$1] : "-" }' \
    part=1 "$work/required" part=2 "$work/readable" >>"$work/features"
}

# read_required SECONDS: leaves in $work/features what is required by the derivations of $work/steps that can be read, `-` for
# nothing. Fails with 1 when time was up, with all that was found by then, and with 2 where no derivation can be read.
read_required() {
  required_until=$(($(date +%s) + $1))
  store=${view:-$root}/nix/store
  : >"$work/features"
  keeps=no
  if may_keep; then
    keeps=yes
    if [ -f "$known" ]; then awk 'NF == 2 && $2 !~ /[^A-Za-z0-9._:+@\/=~?,-]/' "$known" >"$work/features"; fi
  fi
  awk 'part == 1 { known[$1]; next } $1 != "-" && !($1 in known) { known[$1]; print $1 }' \
    part=1 "$work/features" part=2 "$work/steps" >"$work/unknown"
  if [ -s "$work/unknown" ]; then
    mkdir "$work/chunks"
    split -a 4 -l 2000 "$work/unknown" "$work/chunks/"
    for chunk in "$work"/chunks/*; do
      (cd "$store" 2>/dev/null && read_chunk "$chunk") || break
      rm "$chunk"
    done
    if [ "$keeps" = yes ]; then keep; fi
    if [ ! -d "$store" ]; then return 2; fi
    if [ -n "$(ls "$work/chunks")" ]; then return 1; fi
  fi
  [ ! -s "$work/steps" ] || [ -s "$work/features" ] || return 2
}
