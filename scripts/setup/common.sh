# Sourced by the scripts: where things are, and how to say what is wrong.
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$ROOT"
export REPARTEE_PACK=${REPARTEE_PACK:-$ROOT/.pack}
# Another build of the server may be named; nothing is built then.
BUILT=$ROOT/.build-release/release/repartee
SERVER=${SERVER:-$BUILT}

say() { printf '%s\n' "$*" >&2; }
# One line: what is wrong, what to do.
fail() { printf 'repartee: %s\n' "$*" >&2; exit 1; }
# The one build of `make test`: room tests and system tests share it. Without debug information, and each module read once as a
# whole. Every use of the folder names the same flags: with others SwiftPM builds anew. (The index stays: it finds the tests.)
TEST_BUILD=(
  .build-test "-O0 -g0" -debug-info-format none -Xswiftc -whole-module-optimization -Xswiftc -num-threads -Xswiftc 2)
TESTED=$ROOT/.build-test/repartee
# The rooms' tests as they were built: `swift test` plans the whole build anew before each run, six seconds a time.
ROOMS=("$ROOT/.build-test/debug/reparteePackageTests.xctest" --testing-library swift-testing)
