#!/usr/bin/env python3
"""Plays the public insurance assistant's own test cases and compares with what is expected of each.

The assistant is not part of this repository: CONFORMANCE_DIR names its folder. Without it the run says so and skips.
Usage: run.py [BINARY]      Exit status: 0 as expected or skipped, 1 otherwise.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent

# Why a case is not counted among the deterministic ones.
JUDGED = {"test pattern search": "its answers are generated, and a language model judges them"}


def main() -> int:
    folder = os.environ.get("CONFORMANCE_DIR")
    if not folder:
        print("SKIPPED: set CONFORMANCE_DIR to the folder of the public insurance assistant to run this")
        return 0
    binary = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / ".build-release/release/repartee")
    if not pathlib.Path(binary).exists():
        print(f"there is no {binary}: run `make build`, or name a binary")
        return 1
    with tempfile.TemporaryDirectory() as scratch:
        junit = pathlib.Path(scratch) / "junit.xml"
        done = subprocess.run(
            [binary, "test", folder, "--commands", str(HERE / "insurance.commands.yml"),
             "--stubs", str(HERE / "insurance.stubs.yml"), "--junit", str(junit), "--json"],
            capture_output=True, text=True, cwd=scratch)
        if done.returncode == 2:
            print(done.stderr)
            return 1
        report = json.loads(done.stdout)
        suites = xml.etree.ElementTree.parse(junit).getroot()
    failed = 0
    counted = 0
    for case in report["cases"]:
        judged = JUDGED.get(case["name"])
        counted += judged is None
        good = case["status"] == "passed" or judged is not None
        failed += not good
        note = f"   not counted: {judged}" if judged else ""
        print(f"{'ok ' if good else 'BAD'}  {case['status']:10} {case['file']}: {case['name']}{note}")
        for failure in case["failures"] if not good else []:
            print(f"       line {failure['line']}: expected {failure['expected']}, but {failure['found']}")
    readers = {reader for case in report["cases"] if case["name"] not in JUDGED for reader in case["readers"]}
    if not readers <= {"commands file", "payload"}:
        print(f"BAD  turns were read by {sorted(readers)}; only the file of commands counts here")
        failed += 1
    if len(suites.findall(".//testcase")) != len(report["cases"]) or int(suites.get("tests")) != len(report["cases"]):
        print("BAD  the JUnit file has other cases")
        failed += 1
    print(f"{counted} deterministic cases, {failed} not as expected")
    return 1 if failed or counted != 7 else 0


if __name__ == "__main__":
    sys.exit(main())
