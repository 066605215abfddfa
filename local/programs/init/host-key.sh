# shellcheck shell=sh disable=SC2154
# Behind what `inspect` prints, on a host with the C++ queue runner: whether that is in a container, and the public halves of
# the keys it can read, those that were asked for first. Changes nothing.

# public_half PATH: the line without its comment, out of the file beside the key, else from the key itself.
public_half() {
  if [ -r "$view$1.pub" ]; then
    head -n 1 "$view$1.pub"
  elif has ssh-keygen; then
    ssh-keygen -y -P '' -f "$view$1" 2>/dev/null </dev/null
  fi | cut -d ' ' -f 1,2 | tr -d '\n'
}

if [ -n "$view" ]; then printf 'container yes\n'; else printf 'container no\n'; fi
cat "$work/keys" "$work/own-keys" | while IFS= read -r key || [ -n "$key" ]; do
  if [ "$(access "$key")" != readable ]; then continue; fi
  printf 'public %s %s\n' "$(printf %s "$key" | encode)" "$(public_half "$key" | encode)"
done
