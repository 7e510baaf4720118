#!/bin/sh
# How long `rollcall apply` takes where a directory answers 429 (come back in a second) to every
# tenth request, at 20 requests a second: against 1.1 times (writes / 20 s + 1 s per wait).
#
#   tests/bench/throttled_run.sh BUILD [PEOPLE]
#
# Prints one line of figures; exits 1 where the run was longer or the directory is not in step.
set -eu

[ $# -ge 1 ] || { sed -n 's/^# \{0,1\}//p' "$0" | sed -n '1,6p' >&2; exit 2; }
build="$1"
people="${2:-800}"
folder="$(mktemp -d)"
mkfifo "$folder/stdin"
exec 3<>"$folder/stdin"  # the twin ends when this script does
trap 'exec 3>&-; rm -rf "$folder"' EXIT

echo '{"faults":[{"every":10,"effect":{"status":429,"retry_after":1}}]}' >"$folder/faults.json"
"$build/tests/rollcall-twin" --company "people=$people,groups=40,drift=8,seed=7" --faults "$folder/faults.json" \
  --out "$folder/export" --until-stdin-closes <"$folder/stdin" 3>&- >"$folder/twin.json" &
tries=0
while [ ! -s "$folder/twin.json" ]; do
  tries=$((tries + 1))
  [ "$tries" -le 100 ] || { echo "the twin did not start" >&2; exit 1; }
  sleep 0.1
done
url="$(sed -n 's/.*"twin":"\([^"]*\)".*/\1/p' "$folder/twin.json")"
scim="$(sed -n 's/.*"scim":{[^}]*"base_url":"\([^"]*\)".*/\1/p' "$folder/twin.json")"
(umask 077 && echo twin-token >"$folder/token")
cat >"$folder/rollcall.yaml" <<YAML
state: rollcall.db
export: {people: export/people.json, groups: export/groups.json}
directories:
  - id: corp
    people: all
    rate: 20
    scim: {url: "$scim", token: {file: token}}
groups: [{export: "*", directory: corp}]
managed: {domains: [example.com]}
guards: {max_deactivations: false, max_activations: false, max_removals: false, max_additions: false, max_group_removals: false}
YAML
run() { "$build/agent/rollcall" --config "$folder/rollcall.yaml" "$@"; }
run plan --out "$folder/plan.json" >"$folder/plan.txt" 2>&1 || true
# The budget of writes is exact.
writes="$(sed -n 's/.*"writeRequests": *\([0-9]*\).*/\1/p' "$folder/plan.json" | head -1)"
[ -n "$writes" ] || { cat "$folder/plan.txt" >&2; exit 1; }

begin="$(date +%s.%N)"
code=0
run apply "$folder/plan.json" --yes --waive first_run --reason "benchmark" \
  >"$folder/apply.txt" 2>"$folder/apply.err" || code=$?
end="$(date +%s.%N)"
# 4: applied whole, and findings are left; the company has some.
[ "$code" -eq 0 ] || [ "$code" -eq 4 ] || { cat "$folder/apply.txt" "$folder/apply.err" >&2; exit 1; }
waits="$(sed -n 's/.*asked to wait (429) \([0-9]*\) times.*/\1/p' "$folder/apply.txt" | head -1)"
sent="$(sed -n 's/.*Sent for applying and verifying: \([0-9,]*\) requests.*/\1/p' "$folder/apply.txt" | tr -d ,)"

awk -v begin="$begin" -v end="$end" -v writes="$writes" -v waits="$waits" -v sent="$sent" 'BEGIN {
  least = writes / 20 + waits
  printf "%d writes, %d requests, %d waits: %.1f s, %.2f times (writes / 20 s + 1 s per wait)\n",
    writes, sent, waits, end - begin, (end - begin) / least
  exit (end - begin) > 1.1 * least
}'
