# shellcheck shell=sh
# Checksums, where Linux, macOS and the BSDs have different programs for them.
has sha256sum || has shasum || has openssl || fail 69 'needs one of sha256sum, shasum and openssl on this host'

# sha256 FILE
sha256() {
  if has sha256sum; then
    digest=$(sha256sum <"$1")
  elif has shasum; then
    digest=$(shasum -a 256 <"$1")
  else
    digest=$(openssl dgst -sha256 -r <"$1")
  fi
  printf '%s\n' "${digest%% *}"
}

# Modification time in epoch seconds: GNU's way, else BSD's.
modified() { stat -c %Y "$1" 2>/dev/null || stat -f %m "$1"; }
