#!/bin/sh
# Installs the Debian packages of deploy/packages.txt for the purposes given (build, run, test), without
# asking. Says nothing and needs neither root nor network when all of them are there.
#
#   deploy/install_packages.sh build test
set -eu

list="$(dirname "$0")/packages.txt"
missing=""
for purpose in "$@"; do
  for entry in $(sed -n "s/^$purpose \([^ ]*\) *\([^ ]*\)$/\1:\2/p" "$list"); do
    package="${entry%%:*}"
    command="${entry#*:}"
    if [ -n "$command" ] && command -v "$command" >/dev/null 2>&1; then
      continue
    fi
    status="$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)"
    [ "$status" = installed ] || missing="$missing $package"
  done
done
[ -n "$missing" ] || exit 0

as_root=""
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null 2>&1; then
    echo "Packages are missing and this user can install none. As root:" >&2
    echo "  apt-get install -y --no-install-recommends$missing" >&2
    exit 1
  fi
  as_root="sudo"
fi
export DEBIAN_FRONTEND=noninteractive
echo "Installing:$missing"
# shellcheck disable=SC2086  # words are meant to split
$as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
# shellcheck disable=SC2086
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing \
  >/dev/null
