#!/bin/sh
# Builds Rollcall on a bare Debian 12 (as root or with sudo) and shows the main job on a made-up
# company: an Atlassian organisation, the SCIM directory that provisions it, a Jira site of it and a
# Crowd have drifted away from the identity provider, and are brought back in step. Then somebody
# leaves all four with one command.
# Everything happens in ./quickstart and on the loopback interface. May be called again; it starts
# afresh and is fast then.
set -eu

root="$(cd "$(dirname "$0")/.." && pwd)"
cd "$root"
# Clones in different folders share what ccache knows.
export CCACHE_BASEDIR="$root" CCACHE_NOHASHDIR=1
build="build/ci"
demo="quickstart"
rollcall="$build/agent/rollcall"
config="$demo/rollcall.yaml"
twin_pid=""

say() { printf '\n\033[1m== %s\033[0m\n' "$1"; }
[ -t 1 ] && [ -z "${NO_COLOR:-}" ] || say() { printf '\n== %s\n' "$1"; }

fail() {
  echo "quickstart: $1" >&2
  exit 1
}

cleanup() {
  if [ -n "$twin_pid" ]; then
    kill "$twin_pid" 2>/dev/null || true
    wait "$twin_pid" 2>/dev/null || true
  fi
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Runs a command of rollcall as it would be typed, and stops where the exit code is another one.
expect() {
  wanted="$1"
  shift
  printf '\n$ rollcall'
  for word in "$@"; do
    case "$word" in
      *' '*) printf ' "%s"' "$word" ;;
      *) printf ' %s' "$word" ;;
    esac
  done
  printf '\n'
  code=0
  "$rollcall" "$@" || code=$?
  echo "(exit code $code)"
  [ "$code" -eq "$wanted" ] || fail "exit code $code where $wanted was expected"
}

say "Packages"
deploy/install_packages.sh build

say "Building rollcall and rollcall-twin"
cmake --preset ci >/dev/null
cmake --build "$build" --parallel "$(nproc)" --target rollcall rollcall-twin

say "Four directories to rehearse on"
mkdir -p "$demo"
rm -f "$demo"/rollcall.db* "$demo"/plan.json "$demo"/twin.json
# Copies, so that the export is as fresh as one that was made just now.
cp deploy/quickstart/people.json deploy/quickstart/groups.json "$demo/"
(umask 077 && echo "twin-token" >"$demo/token")
"$build/tests/rollcall-twin" --state deploy/quickstart/world.json --dialect atlassian \
  --token twin-token --jira-email karin.lund@example.com >"$demo/twin.json" &
twin_pid=$!
tries=0
while [ ! -s "$demo/twin.json" ]; do
  tries=$((tries + 1))
  [ "$tries" -le 100 ] || fail "the twin did not start within 10 seconds"
  kill -0 "$twin_pid" 2>/dev/null || fail "the twin ended; see above"
  sleep 0.1
done
# The twin's first line: {"crowd":{…},"organisation":{…},"scim":{…},"site":{…},"twin":"http://…"}
told() { sed -n "s/.*\"$1\":{[^}]*\"$2\":\"\([^\"]*\)\".*/\1/p" "$demo/twin.json"; }
url="$(sed -n 's/.*"twin":"\([^"]*\)".*/\1/p' "$demo/twin.json")"
[ -n "$url" ] || fail "the twin did not say where it listens"
cat >"$config" <<YAML
# Made by deploy/quickstart.sh.
state: rollcall.db
export:
  people: people.json
  groups: groups.json
directories:
  - id: crowd
    people: {groups: [engineering]}
    match: {user_name: local_part}
    crowd: {url: "$(told crowd base_url)", application: rollcall, password: {file: token}}
  - id: cloud
    people: all
    identity: "712020:karin"
    base_url: "$(told organisation base_url)"
    atlassian_admin: {org_id: $(told organisation org_id), api_key: {file: token}}
  - id: cloud-scim
    people: all
    scim: {url: "$(told scim base_url)", token: {file: token}, provisions: cloud}
  - id: site
    people: all
    identity: "712020:karin"
    jira: {url: "$(told site base_url)", email: $(told site email), api_token: {file: token}}
groups:
  - {export: engineering, directory: cloud-scim}
  - {export: finance, directory: cloud-scim}
  - {export: engineering, directory: crowd, name: bitbucket-users}
  - {export: engineering, directory: site, name: jira-users}  # who may use Jira
managed: {domains: [example.com]}
guards: {protected: [breakglass@example.com]}
YAML
echo "rollcall-twin serves $url; the configuration is $config:"
sed 's/^/    /' "$config"

say "1. Can it work there?"
expect 0 --config "$config" check

say "2. What would it change? (The first time, a guard blocks: nothing was ever applied here.)"
expect 3 --config "$config" plan --out "$demo/plan.json"

say "3. Somebody has read the plan and agrees: apply it, waiving that guard with a reason"
# 4: every change of the plan holds, and one finding, an ambiguous pair, still needs a person.
expect 4 --config "$config" apply "$demo/plan.json" --yes \
  --waive first_run --reason "quickstart: read and agreed"

say "4. Whose account is it? Two fit one person equally well, so nothing was guessed. Settle it"
expect 0 --config "$config" link p-1030 cloud-scim u-alex-first --reason "quickstart: asked Alex"

say "5. Plan again: in step"
expect 0 --config "$config" plan

say "6. One person in every directory: the account of the organisation followed its SCIM record"
expect 0 --config "$config" explain lars.leaver@example.com

say "7. Carla leaves today: from four places, with one command. A hold keeps her out"
expect 0 --config "$config" deactivate carla.meier@example.com --reason "quickstart: left today"

say "8. The export has not heard of it yet; the plan is in step all the same"
expect 0 --config "$config" plan

say "Done. What to try next"
address="${url#http://}"
address="${address%%/*}"
cat <<NEXT
The twin has been stopped. To go on with it, start it again on the same address:

    $build/tests/rollcall-twin --state deploy/quickstart/world.json --dialect atlassian \\
        --jira-email karin.lund@example.com --listen $address

and in another terminal:

    $rollcall --config $config explain carla.meier@example.com
    $rollcall --config $config check --accounts
    $rollcall --config $config deactivate bruno.silva@example.com --reason "laptop stolen"
    $rollcall --config $config holds
    $rollcall --config $config show $demo/plan.json
    $rollcall --config $config runs list

Edit $demo/people.json (set somebody's "active" to false) and plan again.
README.md leads on from here: a configuration of your own, exports, guards, exit codes.
NEXT
