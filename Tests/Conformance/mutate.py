#!/usr/bin/env python3
"""Breaks a copy of the public insurance assistant in one place at a time and expects its own cases to notice.

Usage: mutate.py [BINARY]      Needs CONFORMANCE_DIR, as run.py does. Exit status: 0 nine of ten noticed or skipped, 1 otherwise.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent
CLAIM = "data/claims/flow_file_claim.yml"
STATUS = "data/claims/flow_check_claim_status.yml"
DOMAIN = "domain/claims/domain_file_claim.yml"

# File, text, what takes its place, which occurrence (from 0; None: all of them).
MUTATIONS = [
    (STATUS, "slots.claim_status = 0", "slots.claim_status = 9", 0),
    (STATUS, "slots.claim_status = 2", "slots.claim_status = 3", 0),
    (STATUS, "if: slots.schedule_inspection", "if: not slots.schedule_inspection", 0),
    (STATUS, "next: acknowledge_claim_number", "next: action_check_claim_status", 0),
    (STATUS, "next: acknowledge_inspection_scheduled", "next: END", 0),
    (CLAIM, "action: action_list_policies", "noop: true", 0),
    (CLAIM, "slots.policy_name = 'Car'", "slots.policy_name = 'Homeowner'", 0),
    (CLAIM, "slots.policy_name = 'Homeowner'", "slots.policy_name = 'Boat'", 0),
    (CLAIM, "link: auto_claim", "link: home_claim", 0),
    (CLAIM, "link: home_claim", "link: auto_claim", 0),
    (CLAIM, "      - policy_name\n", "", 0),
    (CLAIM, "next: collect_incident_time", "next: colect_incident_location", 0),
    (CLAIM, "next: colect_incident_location", "next: collect_additional_claim_info", 0),
    (CLAIM, "next: action_claim_summary", "next: collect_verify_claim", 0),
    (CLAIM, "next: action_claim_summary", "next: collect_verify_claim", 1),
    (CLAIM, "if: slots.verify_claim_details", "if: not slots.verify_claim_details", 0),
    (CLAIM, "if: slots.verify_claim_details", "if: not slots.verify_claim_details", 1),
    (CLAIM, "if: slots.claim_submission", "if: not slots.claim_submission", 0),
    (CLAIM, "if: slots.claim_submission", "if: not slots.claim_submission", 1),
    (CLAIM, "link: flow_speak_with_human", "link: pattern_human_handoff", 0),
    (CLAIM, "link: flow_speak_with_human", "link: pattern_human_handoff", 1),
    (DOMAIN, "(19|20)", "(18|21)", 0),
    (DOMAIN, "value: Car", "value: Boat", 0),
]


def mutate(text: str, old: str, new: str, occurrence: int) -> str:
    parts = text.split(old)
    assert len(parts) > occurrence + 1, f"`{old}` is not there"
    return old.join(parts[: occurrence + 1]) + new + old.join(parts[occurrence + 1 :])


def main() -> int:
    folder = os.environ.get("CONFORMANCE_DIR")
    if not folder:
        print("SKIPPED: set CONFORMANCE_DIR to the folder of the public insurance assistant to run this")
        return 0
    binary = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / ".build-release/release/repartee")
    noticed = 0
    with tempfile.TemporaryDirectory() as scratch:
        for number, (file, old, new, occurrence) in enumerate(MUTATIONS):
            copy = pathlib.Path(scratch) / str(number)
            shutil.copytree(folder, copy)
            target = copy / file
            target.write_text(mutate(target.read_text(), old, new, occurrence))
            done = subprocess.run(
                [binary, "test", str(copy), "--commands", str(HERE / "insurance.commands.yml"),
                 "--stubs", str(HERE / "insurance.stubs.yml"), "--json"],
                capture_output=True, text=True, cwd=scratch)
            cases = json.loads(done.stdout)["cases"] if done.returncode != 2 else []
            red = [case["name"] for case in cases if case["status"] == "failed"]
            noticed += done.returncode != 0
            print(f"{'red  ' if done.returncode else 'GREEN'}  {file}: {old.strip()} -> {new.strip() or '(nothing)'}"
                  f" [{occurrence}]   {len(red)} cases{' unreadable' if done.returncode == 2 else ''}")
            shutil.rmtree(copy)
    print(f"{noticed} of {len(MUTATIONS)} noticed")
    return 0 if noticed * 10 >= len(MUTATIONS) * 9 else 1


if __name__ == "__main__":
    sys.exit(main())
