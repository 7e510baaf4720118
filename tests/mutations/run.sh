#!/bin/sh
# Shows that the tests notice mistakes: applies each patch of this folder to a copy of the sources,
# builds the test binaries that the patch names, and expects them to fail.
#
#   tests/mutations/run.sh [--head] [--folder FOLDER] [NAME...]
#
# NAME: the beginning of a patch's name (`07`); all of them without one. --head: of the sources as
# they are committed, not as they lie there. FOLDER: where the copy is kept and built, by default
# build/mutations; a second call builds what has changed since. The sources themselves are never
# touched.
#
# A patch begins with two lines, and goes on as `diff -u` writes it:
#   # noticed by: BINARY[:FILTER][, ...]    FILTER as of --gtest_filter
#   # what the mistake is
#
# Prints who noticed what. Fails when a mistake goes unnoticed, and as well when a patch does not
# apply any more or does not compile, since it proves nothing then.
set -eu
export LC_ALL=C  # sort and comm must agree

here="$(cd "$(dirname "$0")" && pwd)"
root="$(cd "$here/../.." && pwd)"
limit=300  # seconds that a test binary may take: a mistake may make it wait for ever
folder="$root/build/mutations"
head=no
while [ $# -gt 0 ]; do
  case "$1" in
    --head) head=yes ;;
    --folder)
      [ $# -ge 2 ] || { echo "--folder needs a folder" >&2; exit 2; }
      mkdir -p "$2"
      folder="$(cd "$2" && pwd)"
      shift
      ;;
    *) break ;;
  esac
  shift
done
tree="$folder/tree"
build="$tree/build/ci"  # where tests/run.sh builds, seen from the sources: ccache knows most of it
log="$folder/log"

patches() {
  if [ $# -eq 0 ]; then
    ls "$here"/*.patch
    return
  fi
  for name in "$@"; do
    ls "$here/$name"*.patch
  done
}

# Only what differs is copied, so that a file's time says when it changed. What is not committed yet
# is copied as well, unless --head says otherwise.
copy_sources() {
  from="$root"
  if [ "$head" = yes ]; then
    from="$folder/head"
    rm -rf "$from"
    mkdir -p "$from"
    git -C "$root" archive HEAD | tar -x -C "$from"
    git -C "$root" ls-tree -r -z --name-only HEAD | sort -z >"$folder/files"
  else
    (cd "$root" && git ls-files -z --cached --others --exclude-standard) | sort -z >"$folder/files"
  fi
  (cd "$tree" && find . -path ./build -prune -o -type f -printf '%P\0') |
    sort -z >"$folder/files.there"
  comm -z -13 "$folder/files" "$folder/files.there" | (cd "$tree" && xargs -0 -r rm -f --)
  tr '\0' '\n' <"$folder/files" | while IFS= read -r file; do
    if [ ! -e "$from/$file" ]; then
      rm -f "$tree/$file"
    elif ! cmp -s "$from/$file" "$tree/$file"; then
      mkdir -p "$(dirname "$tree/$file")"
      cp -p "$from/$file" "$tree/$file"
      touch "$tree/$file"
    fi
  done
}

suites_of() { sed -n '1s/^# noticed by: //p' "$1" | tr ',' '\n' | tr -d ' '; }

build_suites() {
  # shellcheck disable=SC2046  # words are meant to split
  cmake --build "$build" --parallel "$(nproc)" \
    --target $(echo "$1" | sed 's/:.*//' | sort -u) >"$log" 2>&1
}

# Prints who failed, three names at most; nothing when all passed.
who_fails() {
  for suite in $1; do
    filter="*"
    case "$suite" in *:*) filter="${suite#*:}" ;; esac
    status=0
    (cd "$build/tests" && timeout --kill-after=10 "$limit" \
      "./${suite%%:*}" --gtest_filter="$filter" --gtest_brief=1) >"$log" 2>&1 || status=$?
    [ "$status" -ne 0 ] || continue
    names="$(sed -n 's/^\[  FAILED  \] \([A-Za-z][^ ,]*\.[^ ,]*\).*/\1/p' "$log" | sort -u)"
    case "$status" in
      124 | 137) echo "${suite%%:*} (still running after $limit s)" ;;
      *)
        if [ -z "$names" ]; then
          echo "${suite%%:*} (ended with $status)"
        else
          echo "$names" | head -3
          more=$(($(echo "$names" | wc -l) - 3))
          [ "$more" -le 0 ] || echo "and $more more of ${suite%%:*}"
        fi
        ;;
    esac
  done
}

# "ok NAMES", or "bad WHY".
try() {
  suites="$(suites_of "$1")"
  [ -n "$suites" ] || { echo "bad: its first line does not say who should notice"; return; }
  if ! patch -d "$tree" -p1 --dry-run --force --fuzz=0 <"$1" >"$log" 2>&1; then
    echo "bad: does not apply any more: make it anew"
    return
  fi
  patch -d "$tree" -p1 --force --fuzz=0 --backup --suffix=.unmutated <"$1" >/dev/null
  if build_suites "$suites"; then
    noticed="$(who_fails "$suites" | paste -sd ' ' -)"
    if [ -n "$noticed" ]; then echo "ok $noticed"; else echo "bad: NOBODY noticed: a test is missing"; fi
  else
    cp "$log" "$folder/$(basename "$1" .patch).log"
    echo "bad: does not compile (see $folder/$(basename "$1" .patch).log)"
  fi
  undo
}

# The old files with a new time, or the next build would keep the mistake.
undo() {
  find "$tree" -name '*.unmutated' | while IFS= read -r file; do
    mv "$file" "${file%.unmutated}"
    touch "${file%.unmutated}"
  done
}

export CCACHE_BASEDIR="$tree" CCACHE_NOHASHDIR=1
mkdir -p "$tree"
chosen="$(patches "$@")"
undo  # what an interrupted run may have left
copy_sources
(cd "$tree" && cmake --preset ci) >"$log" 2>&1 || { cat "$log" >&2; exit 1; }

# Without mistakes everything passes, else a failure would say nothing.
all="$(for patch in $chosen; do suites_of "$patch"; done | sort -u)"
build_suites "$all" || { cat "$log" >&2; exit 1; }
failing="$(who_fails "$all" | paste -sd ' ' -)"
if [ -n "$failing" ]; then
  echo "Without any mistake these fail already: $failing" >&2
  exit 1
fi

failed=0
printf '%-42s | %s\n' "mistake" "noticed by"
for patch in $chosen; do
  result="$(try "$patch")"
  printf '%-42s | %s\n' "$(basename "$patch" .patch)" "${result#ok }"
  case "$result" in bad*) failed=$((failed + 1)) ;; esac
done
count="$(echo "$chosen" | wc -l)"
if [ "$failed" -gt 0 ]; then
  echo "$failed of $count mistakes prove nothing or go unnoticed." >&2
  exit 1
fi
echo "$count of $count mistakes are noticed."
