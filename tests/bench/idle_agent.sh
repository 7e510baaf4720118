#!/bin/sh
# What `rollcall serve` costs while nothing is to be done, with a schedule and with metrics: context
# switches a second (the aim: less than 10), resident memory (at most 45 MB), processor time (under
# 0.1 % of a core).
#
#   tests/bench/idle_agent.sh BUILD [SECONDS]
#
# Prints one line of figures; exits 1 where an aim is missed.
set -eu

[ $# -ge 1 ] || { sed -n 's/^# \{0,1\}//p' "$0" | sed -n '1,7p' >&2; exit 2; }
build="$1"
seconds="${2:-30}"
folder="$(mktemp -d)"
pid=
trap '[ -z "$pid" ] || kill "$pid"; rm -rf "$folder"' EXIT

echo '{"Resources":[]}' >"$folder/people.json"
cat >"$folder/rollcall.yaml" <<YAML
state: rollcall.db
export: {people: people.json}
directories:
  - {id: corp, people: all, scim: {url: "http://127.0.0.1:1/scim/v2", token: {env: UNUSED}}}
schedules: [{name: yearly, cron: "0 2 1 1 *", action: plan}]
serve: {listen: "127.0.0.1:0", metrics: "127.0.0.1:0"}
YAML
"$build/agent/rollcall" --config "$folder/rollcall.yaml" serve 2>"$folder/log" &
pid=$!
tries=0
while ! grep -q '"message":"retention"' "$folder/log"; do
  tries=$((tries + 1))
  [ "$tries" -le 100 ] || { cat "$folder/log" >&2; echo "the agent did not start" >&2; exit 1; }
  sleep 0.1
done
sleep 2 # what it does at the start is no part of it

switches() { cat /proc/"$pid"/task/*/status | awk '/ctxt_switches/ {n += $2} END {print n}'; }
ticks() { awk '{print $14 + $15}' /proc/"$pid"/stat; }
switches_before="$(switches)"
ticks_before="$(ticks)"
sleep "$seconds"
switches_after="$(switches)"
ticks_after="$(ticks)"
memory="$(awk '/^VmRSS/ {print $2}' /proc/"$pid"/status)"
awk -v switches=$((switches_after - switches_before)) -v ticks=$((ticks_after - ticks_before)) \
  -v hz="$(getconf CLK_TCK)" -v seconds="$seconds" -v memory="$memory" 'BEGIN {
    a_second = switches / seconds; part = 100 * ticks / hz / seconds; megabytes = memory * 1024 / 1e6
    printf "%.1f context switches a second, %.1f MB resident, %.2f %% of a core\n", a_second, megabytes, part
    exit a_second < 10 && megabytes <= 45 && part < 0.1 ? 0 : 1
  }'
