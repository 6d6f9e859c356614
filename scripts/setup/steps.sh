# Sourced by scripts/test and scripts/proof: steps with a log each, counts of real checks, a table, one last line.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
export SWIFT_BACKTRACE=${SWIFT_BACKTRACE:-enable=no}
LOGS=.build-test/logs
mkdir -p "$LOGS"
rm -f "$LOGS"/*.log
# Longer than any step can take on a busy machine: ends what hangs, judges nothing.
HANG=3600
table=() broken=() passed=0 failed=0 pids=()
began=$SECONDS

# What was started in the background is ended by its id, with what it started (each has a session of its own).
cleanup() {
  local pid
  for pid in "${pids[@]}"; do kill -TERM -- "-$pid" 2>/dev/null || true; done
}
trap cleanup EXIT
trap 'exit 130' INT TERM HUP

# background NAME COMMAND...: runs it beside the next steps; `finish NAME` waits for it and counts.
declare -A started of
background() {
  local name=$1
  shift
  started[$name]=$SECONDS
  # A file, not a pipe: nobody who inherits it (a crash reporter) can hold the run up.
  setsid timeout -k 60 "$HANG" "$@" >"$LOGS/$name.log" 2>&1 </dev/null &
  of[$name]=$!
  pids+=("$!")
}

# finish NAME [PATTERN]: its status, its counts (without any: one check, the status), lines of its log worth reading.
finish() {
  local name=$1 show=${2:-} status=0 good bad
  wait "${of[$name]}" || status=$?
  # Nothing outlives its step.
  kill -KILL -- "-${of[$name]}" 2>/dev/null || true
  local seconds=$((SECONDS - ${started[$name]}))
  read -r good bad < <(python3 scripts/setup/counts.py "$LOGS/$name.log" "$status")
  passed=$((passed + good)) failed=$((failed + bad))
  table+=("$(printf '%-24s%9s%9s%9s' "$name" "$good" "$bad" "$seconds")")
  if [[ -n $show ]]; then grep -E "$show" "$LOGS/$name.log" || true; fi
  if (( bad )); then
    broken+=("$name")
    say "== $name failed (status $status), the end of $LOGS/$name.log:"
    tail -n 60 "$LOGS/$name.log" >&2
  fi
  return $((bad > 0))
}

# step NAME [PATTERN] -- COMMAND...
step() {
  local name=$1 show=''
  shift
  if [[ $1 != -- ]]; then show=$1; shift; fi
  shift
  say "== $name ($((SECONDS - began)) s)"
  background "$name" "$@"
  finish "$name" "$show"
}

# The table, what was skipped, `N passed, N failed`; exits.
conclude() {
  printf '\n%-24s%9s%9s%9s\n' step passed failed seconds
  printf '%s\n' "${table[@]}"
  printf '%-24s%9s%9s%9s\n' all "$passed" "$failed" "$((SECONDS - began))"
  cat "$LOGS"/*.log | grep -hE '^SKIPPED' | sort -u || true
  if (( ${#broken[@]} )); then printf 'failed: %s (logs in %s)\n' "${broken[*]}" "$LOGS"; fi
  printf '%s passed, %s failed\n' "$passed" "$failed"
  if (( failed > 0 || passed == 0 )); then exit 1; fi
  exit 0
}
