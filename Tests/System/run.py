#!/usr/bin/env python3
"""Runs the system tests against a server's binary, one after the other.

    Tests/System/run.py --server ".build-release/release/repartee serve" [--out DIR] [NAME ...]

Prints what each test prints, then a table, and ends with `N passed, N failed`; exit status 0 when nothing failed.
"""

import argparse
import pathlib
import re
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
NAMES = ["start", "peers", "malformed", "media", "privacy", "drain", "publish", "crash", "load"]


def main():
    parser = argparse.ArgumentParser(description="All system tests.")
    parser.add_argument("names", nargs="*", default=NAMES, metavar="NAME", help=" ".join(NAMES))
    parser.add_argument("--server", required=True)
    parser.add_argument("--out", type=pathlib.Path)
    parser.add_argument("--share", type=int, default=100, help="percent of the repetitions of tests that repeat (crash)")
    options = parser.parse_args()
    if unknown := set(options.names) - set(NAMES):
        parser.error(f"unknown: {' '.join(sorted(unknown))}; there are {' '.join(NAMES)}")
    python = HERE.parents[1] / ".venv" / "bin" / "python"
    rows, broken, good, bad = [], [], 0, 0
    for name in options.names:
        started = time.monotonic()
        command = [python, HERE / f"{name}.py", "--server", options.server, "--share", options.share, *(["--out", options.out] if options.out else [])]
        last = ""
        with subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, text=True) as child:
            for line in child.stdout:
                print(line, end="", flush=True)
                last = line
                if line.startswith("BAD "):
                    broken.append(line)
        counts = re.fullmatch(r"(\d+) passed, (\d+) failed\n?", last)
        passed, failed = (int(counts[1]), int(counts[2])) if counts else (0, 1)
        failed = failed or int(child.returncode != 0)
        good, bad = good + passed, bad + failed
        rows.append((name, passed, failed, time.monotonic() - started))
    print(f"\n{'test':<12}{'passed':>8}{'failed':>8}{'seconds':>10}")
    for name, passed, failed, seconds in rows:
        print(f"{name:<12}{passed:>8}{failed:>8}{seconds:>10.0f}")
    for line in broken:
        print(line, end="")
    print(f"{good} passed, {bad} failed")
    sys.exit(1 if bad or not good else 0)


if __name__ == "__main__":
    main()
