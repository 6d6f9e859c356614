#!/usr/bin/env python3
"""Runs the system tests against a server's binary.

    Tests/System/run.py --server ".build-release/release/repartee serve" [--out DIR] [NAME ...]
    Tests/System/run.py --server ".build-test/repartee serve" --short --voice flite-kal --at-once 4      as `make test`

Two run at a time unless told otherwise: they wait for people to finish their sentences more than they compute. Ports are claimed, folders and data are
each test's own. Prints what each test prints, whole and in its turn, then a table, and ends with `N passed, N failed`; exit status 0
when nothing failed.
"""

import argparse
import concurrent.futures
import contextlib
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
# The longest first: none of them is waited for alone at the end.
NAMES = ["peers", "restart", "crash", "resume", "privacy", "publish", "bridge", "drain", "start", "media", "malformed", "load"]
# What `make test` leaves to `make proof`, and why; and how much of what repeats.
LEFT_OUT = {
    "crash": "half a minute for each of its kills; `resume` makes six like them",
    "load": "twenty calls at once want the machine for themselves",
    "publish": "three minutes of calls",
    "restart": "six minutes of telephones that ring",
}
SHARE = {"peers": 10, "bridge": 10}
ALONE = {"load"}
# Where the agent's own voice is judged, the example keeps it whatever --voice says.
JUDGES_VOICE = {"load"}

running: set[subprocess.Popen] = set()
lock = threading.Lock()


def run(name: str, options) -> dict:
    started = time.monotonic()
    python = HERE.parents[1] / ".venv" / "bin" / "python"
    share = SHARE.get(name, 100) if options.short else options.share
    command = [python, HERE / f"{name}.py", "--server", options.server, "--share", share, *(["--out", options.out] if options.out else [])]
    if options.voice and name not in JUDGES_VOICE:
        command += ["--voice", options.voice]
    lines = []
    with subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, text=True) as child:
        with lock:
            running.add(child)
        for line in child.stdout:
            lines.append(line)
    with lock:
        running.discard(child)
        print(f"-- {name} ({time.monotonic() - started:.0f} s)\n{''.join(lines)}", end="", flush=True)
    counts = re.fullmatch(r"(\d+) passed, (\d+) failed\n?", lines[-1] if lines else "")
    passed, failed = (int(counts[1]), int(counts[2])) if counts else (0, 1)
    return {
        "name": name, "passed": passed, "failed": failed or int(child.returncode != 0), "seconds": time.monotonic() - started,
        "broken": [line for line in lines if line.startswith("BAD ")]}


def stop(*_):
    """Ends the tests under way, each by its id; they end their own children."""
    with contextlib.suppress(ProcessLookupError):
        for child in list(running):
            child.send_signal(signal.SIGTERM)
    raise SystemExit("told to stop")


def main():
    parser = argparse.ArgumentParser(description="All system tests.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=" ".join(NAMES))
    parser.add_argument("--server", required=True)
    parser.add_argument("--out", type=pathlib.Path)
    parser.add_argument("--short", action="store_true", help="what `make test` runs: not all tests, few repetitions")
    parser.add_argument("--share", type=int, default=100, help="percent of the repetitions of tests that repeat (crash, peers); under 100 bridge leaves out some of its legs")
    parser.add_argument("--at-once", type=int, default=2, help="tests at the same time")
    parser.add_argument("--voice", help=f"who speaks in tests that do not judge the voice (all but {', '.join(sorted(JUDGES_VOICE))})")
    options = parser.parse_args()
    if unknown := set(options.names) - set(NAMES):
        parser.error(f"unknown: {' '.join(sorted(unknown))}; there are {' '.join(NAMES)}")
    names = options.names or [name for name in NAMES if not (options.short and name in LEFT_OUT)]
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    with tempfile.TemporaryDirectory(prefix="repartee-vectors-") as vectors, concurrent.futures.ThreadPoolExecutor(options.at_once) as lanes:
        os.environ["STAGE_VECTORS"] = vectors
        rows = list(lanes.map(lambda name: run(name, options), [name for name in names if name not in ALONE]))
        rows += [run(name, options) for name in names if name in ALONE]
    print(f"\n{'test':<12}{'passed':>8}{'failed':>8}{'seconds':>10}")
    for row in rows:
        print(f"{row['name']:<12}{row['passed']:>8}{row['failed']:>8}{row['seconds']:>10.0f}")
    for line in [line for row in rows for line in row["broken"]]:
        print(line, end="")
    if options.short and not options.names:
        for name, why in LEFT_OUT.items():
            print(f"SKIPPED {name}: {why} (make proof)")
        print("SKIPPED the other ways in which bridge is not answered, and its killed legs: a minute each (make proof)")
        print("SKIPPED the rate of recognised speech in peers: a recogniser on a busy machine is no measure (make proof)")
    good, bad = sum(row["passed"] for row in rows), sum(row["failed"] for row in rows)
    print(f"{good} passed, {bad} failed")
    sys.exit(1 if bad or not good else 0)


if __name__ == "__main__":
    main()
