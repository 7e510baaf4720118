#!/bin/sh
# Runs the built rollcall against SCIM servers, clients of Crowd and of Jira against the rehearsal's,
# and gRPC clients against `rollcall serve`, that this project did not write (npm and Debian packages).
# At the end the README's tutorial is pasted into a shell.
#   tests/interop/run.sh BUILD_FOLDER
# Skips, and says so, where node, Python or the packages cannot be had; in continuous integration
# (CI set) that is a failure.
set -eu

here="$(cd "$(dirname "$0")" && pwd)"
build="$(cd "$1" && pwd)"

skip() {
  if [ -n "${CI:-}" ]; then
    echo "interop: $1" >&2
    exit 1
  fi
  echo "interop: skipped: $1"
  exit 0
}

command -v npm >/dev/null 2>&1 || skip "npm is not installed"
major="$(node -p 'process.versions.node.split(".")[0]')"
# Debian 12 has 18. Of jira.js the last version that runs there is taken.
[ "$major" -ge 18 ] || skip "node $major is too old (18 or newer is needed)"
work="$build/interop"
mkdir -p "$work"
cp "$here"/*.mjs "$here"/package.json "$work/"
if ! cmp -s "$here/package.json" "$work/installed.json"; then
  # The plugin pins an older helper library than its host: the resolver has to be told to accept it.
  npm install --prefix "$work" --legacy-peer-deps --no-audit --no-fund --loglevel=error >/dev/null ||
    skip "the npm packages could not be installed"
  cp "$here/package.json" "$work/installed.json"
fi
failed=0
node "$work/crowd.mjs" "$build/tests/rollcall-twin" || failed=1
node "$work/jira.mjs" "$build/tests/rollcall-twin" "$here/../../../shared/openapi" || failed=1
node "$work/contract.mjs" "$build/agent/rollcall" "$build/tests/rollcall-twin" \
  "$here/../../../shared/openapi" || failed=1
node "$work/interop.mjs" "$build/agent/rollcall" "$build/tests/rollcall-twin" || failed=1
node "$work/grpc.mjs" "$build/agent/rollcall" "$build/tests/rollcall-twin" "$here/../../proto" ||
  failed=1
node "$work/buf.mjs" "$build/agent/rollcall" "$build/tests/rollcall-twin" || failed=1

# Debian's Python, not another one that comes first in PATH.
python=/usr/bin/python3
"$python" -c 'import grpc, google.protobuf' 2>/dev/null || {
  [ "$failed" = 0 ] || exit 1
  skip "Debian's python3-grpcio and python3-protobuf are not installed"
}
plugin="$(command -v grpc_python_plugin)" || skip "protobuf-compiler-grpc is not installed"
rm -rf "$work/stubs"
mkdir "$work/stubs"
(cd "$here/../../proto" && protoc -I. --plugin=protoc-gen-grpc="$plugin" --python_out="$work/stubs" \
  --grpc_out="$work/stubs" rollcall/v1/*.proto rollcall/wire/*.proto)
"$python" "$here/python_grpcio.py" "$build/agent/rollcall" "$build/tests/rollcall-twin" \
  "$work/stubs" || failed=1

command -v jq >/dev/null 2>&1 || {
  [ "$failed" = 0 ] || exit 1
  skip "jq, which the tutorial of the README needs, is not installed"
}
"$python" "$here/tutorial.py" "$here/../.." "$build" || failed=1
exit "$failed"
