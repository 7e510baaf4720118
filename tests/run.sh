#!/bin/sh
# Installs what the tests need, builds everything and runs all tests. A second call is fast.
#
#   tests/run.sh                 the tests of every change (.ci/run calls this)
#   tests/run.sh --asan          the same under the address and undefined behaviour sanitizers
#   tests/run.sh --nightly       also what takes long: mutations, many simulated worlds, TSan, benchmarks
#   tests/run.sh --coverage      also the lines of the sources that no test has run
#   tests/run.sh --lint          only clang-tidy over the sources (.clang-tidy); takes long
#   tests/run.sh --filter REGEX  only the test binaries whose name matches
set -eu

root="$(cd "$(dirname "$0")/.." && pwd)"
cd "$root"
# Clones in different folders share what ccache knows.
export CCACHE_BASEDIR="$root" CCACHE_NOHASHDIR=1
preset=ci
nightly=no
coverage=no
lint=no
filter="."
while [ $# -gt 0 ]; do
  case "$1" in
    --asan) preset=asan ;;
    --nightly) nightly=yes ;;
    --coverage) coverage=yes ;;
    --lint) lint=yes ;;
    --filter)
      [ $# -ge 2 ] || { echo "--filter needs a regular expression" >&2; exit 2; }
      filter="$2"
      shift
      ;;
    *)
      sed -n 's/^# \{0,1\}//p' "$0" | sed -n '2,9p' >&2
      exit 2
      ;;
  esac
  shift
done

step() { printf '\n== %s\n' "$1"; }

step "Packages"
deploy/install_packages.sh build test

if [ "$lint" = yes ]; then
  deploy/install_packages.sh lint
  step "Lint"
  cmake --preset dev >/dev/null
  cmake --build build/dev --target rollcall_proto
  git ls-files 'reconciler/*.cc' 'clients/*.cc' 'agent/*.cc' |
    xargs -P "$(nproc)" -n 4 clang-tidy -p build/dev --quiet
  step "Nothing to complain about"
  exit 0
fi

folder="build/$preset"
if [ "$coverage" = yes ]; then
  folder="build/coverage"
fi

step "Build ($folder)"
if [ "$coverage" = yes ]; then
  cmake --preset "$preset" -B "$folder" -DROLLCALL_ALL_TESTS=ON "-DCMAKE_CXX_FLAGS=-O0 -g1 --coverage" >/dev/null
else
  cmake --preset "$preset" -DROLLCALL_ALL_TESTS=ON >/dev/null
fi
cmake --build "$folder" --parallel "$(nproc)"

step "Tests"
ctest --test-dir "$folder" --output-on-failure --parallel 2 --tests-regex "$filter" --no-tests=error

if [ -x tests/interop/run.sh ] && [ "$filter" = "." ]; then
  step "Interoperability: servers and clients that this project did not write"
  tests/interop/run.sh "$folder"
fi

if [ "$nightly" = yes ]; then
  step "A run that stands still for a minute"
  ROLLCALL_STAND_STILL_SECONDS=60 "$folder/tests/e2e_test" --gtest_filter='*StandsStill*'
  step "Simulated worlds that nobody has seen"
  # As many at a time as there are cores; each thousand prints what it has to say at its end.
  seq 0 1000 19000 | xargs -P "$(nproc)" -I{} sh -c '
    said="$("$1" --from "$(($2 + $3))" --seeds 1000)" && status=0 || status=$?
    printf "%s\n" "from $(($2 + $3)):" "$said"
    exit "$status"' sh "$folder/tests/simulate" "$(date +%Y%m%d)000000" {}
  step "Thread sanitizer"
  cmake --preset tsan >/dev/null
  cmake --build build/tsan --parallel "$(nproc)"
  # Debian's gRPC is not built for it, so that what starts the whole binary would report false races.
  ctest --test-dir build/tsan --output-on-failure --parallel 2 --exclude-regex 'tidy|deploy|e2e'
  step "Mutations: mistakes that the tests must notice"
  tests/mutations/run.sh
  step "Benchmarks"
  cmake --preset release >/dev/null
  cmake --build build/release --parallel "$(nproc)"
  for bench in build/release/tests/bench/*_bench; do
    [ ! -x "$bench" ] || "$bench"
  done
  tests/bench/throttled_run.sh build/release
  tests/bench/idle_agent.sh build/release
fi

if [ "$coverage" = yes ]; then
  step "Lines that no test has run"
  find "$folder/reconciler" "$folder/clients" "$folder/agent" -name '*.gcda' \
    -execdir gcov -r -s "$root" {} + 2>/dev/null |
    awk '/^File/ { file = $2 } /^Lines executed/ { print $2, "of", $4, file }' | sort -t: -k2 -n |
    head -50
fi

step "All tests passed"
