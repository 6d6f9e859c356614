#!/usr/bin/env python3
"""Counts of checks in the log of a step: counts.py LOG STATUS prints `PASSED FAILED`.

Counted are Swift Testing's and unittest's closing lines, `N passed, N failed` of our own tools, and `N cases, N passed, N failed`.
A log without any of them counts as one check, its exit status. A status other than 0 is a failure whatever the log says, and so is
a run of no test at all.
"""

import pathlib
import re
import sys

SWIFT = re.compile(r"Test run with (\d+) tests?\b.*? (passed|failed) after")
# Each test that failed has one such line; suites have their own.
SWIFT_FAILED = re.compile(r"^✘ Test (?!run with).* failed after", re.MULTILINE)
UNITTEST = re.compile(r"^Ran (\d+) tests? in .*\n\n(OK|FAILED)(?: \((.*)\))?", re.MULTILINE)
OURS = re.compile(r"^(?:.*: \d+ cases?, )?(\d+) passed, (\d+) failed$", re.MULTILINE)


def counts(log: str, status: int) -> tuple[int, int]:
    good = bad = 0
    found = False
    for total, verdict in SWIFT.findall(log):
        found = True
        wrong = len(SWIFT_FAILED.findall(log)) if verdict == "failed" else 0
        wrong = max(wrong, int(verdict == "failed" or total == "0"))
        good, bad = good + max(0, int(total) - wrong), bad + wrong
    for total, verdict, more in UNITTEST.findall(log):
        found = True
        wrong = sum(int(number) for name, number in re.findall(r"(\w+)=(\d+)", more) if name in ("failures", "errors"))
        wrong = max(wrong, int(verdict == "FAILED" or total == "0"))
        good, bad = good + max(0, int(total) - wrong), bad + wrong
    ours = OURS.findall(log)
    # A runner's last line is the sum of the lines before it.
    if ours and re.search(r"^test +passed +failed +seconds$", log, re.MULTILINE):
        ours = ours[-1:]
    for passed, failed in ours:
        found = True
        good, bad = good + int(passed), bad + int(failed)
    if not found:
        good = int(status == 0)
    if status != 0:
        bad = max(bad, 1)
    return good, bad


def main():
    log = pathlib.Path(sys.argv[1])
    print(*counts(log.read_text(errors="replace") if log.exists() else "", int(sys.argv[2])))


if __name__ == "__main__":
    main()
