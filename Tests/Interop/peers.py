#!/usr/bin/env python3
"""Other people's SIP stacks against a running server: sipp, baresip, PJSIP in several codecs and transports, Kamailio.

    peers.py --target 127.0.0.1:5070 [--port-base 5200] [--registrar 127.0.0.1:5090] [NAME ...]

Names: sipp, malformed, baresip, pjsip, kamailio (needs --registrar, at which the target is registered as `shop`).
Prints a line of JSON per check and ends with `N passed, N failed`.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
PJSIP = [
    ("PCMU over UDP", ["--codec", "PCMU/8000"]),
    ("PCMA over TCP", ["--codec", "PCMA/8000", "--transport", "tcp"]),
    ("PCMU over TCP", ["--codec", "PCMU/8000", "--transport", "tcp"]),
    ("G.722 over UDP", ["--codec", "G722/16000", "--rate", "16000"]),
]
REFUSED = ("GSM alone is refused", ["--codec", "GSM/8000"], 488)


class Tally:
    def __init__(self):
        self.good = self.bad = 0

    def add(self, check: str, good: bool, **more):
        self.good, self.bad = self.good + good, self.bad + (not good)
        print(json.dumps({"check": check, "good": good, **more}), flush=True)

    def lines(self, check: str, command: list, seconds: float):
        """Runs a script that prints a line of JSON with `good` per case."""
        done = subprocess.run([sys.executable, *map(str, command)], capture_output=True, text=True, timeout=seconds)
        found = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        for one in found:
            if "cases" not in one:
                name = one.pop("scenario", None) or one.pop("case", None) or "call"
                self.add(f"{check}: {name}", one.pop("good"), **one)
        if not found:
            self.add(check, False, error=(done.stderr or done.stdout)[-600:])

    def call(self, check: str, uri: str, folder: pathlib.Path, port: int, more: list, refused: int = 0):
        """The short conversation by the PJSIP caller; with `refused` the final status that a call without an answer gets."""
        scenario = HERE / "scenarios" / "peers" / "hello.json"
        command = ["caller/main.py", "--uri", uri, "--scenario", scenario, "--out", folder, "--port", port, "--media-port", port + 12000, "--patience", 60, *more]
        done = subprocess.run([sys.executable, *map(str, command)], cwd=HERE, capture_output=True, text=True, timeout=600)
        report = folder / "report.json"
        if not report.exists():
            return self.add(check, False, error=done.stderr[-600:])
        found = json.loads(report.read_text())
        if refused:
            return self.add(check, found["status"] == refused, status=found["status"])
        answered = all(turn["answer_at"] is not None for turn in found["turns"] if turn["kind"] == "speech")
        self.add(check, done.returncode == 0 and answered, error=found["error"], v2v_ms=found["v2v_p50_ms"])


def main():
    parser = argparse.ArgumentParser(description="Other SIP stacks against a server.")
    parser.add_argument("names", nargs="*", default=["sipp", "malformed", "baresip", "pjsip"])
    parser.add_argument("--target", required=True)
    parser.add_argument("--registrar", default="")
    parser.add_argument("--port-base", type=int, default=5200)
    options = parser.parse_args()
    base, tally, uri = options.port_base, Tally(), f"sip:shop@{options.target}"
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        if "sipp" in options.names:
            tally.lines("sipp", [HERE / "sipp/run.py", "--target", options.target, "--port", base], 600)
            tally.lines("sipp over TCP", [HERE / "sipp/run.py", "--target", options.target, "--port", base + 20, "--tcp", "options", "stream"], 200)
        if "malformed" in options.names:
            tally.lines("malformed", [HERE / "sipp/malformed.py", "--target", options.target, "--port", base + 30], 300)
        if "baresip" in options.names:
            for number, codec in enumerate(["PCMU/8000", "G722/16000"]):
                call = [HERE / "baresip/call.py", "--uri", uri, "--port", base + 40 + 2 * number, "--codec", codec]
                tally.lines(f"baresip in {codec}", call, 60)
        if "pjsip" in options.names:
            for number, (check, more) in enumerate(PJSIP):
                to = uri + (";transport=tcp" if "tcp" in more else "")
                tally.call(f"PJSIP {check}", to, folder / str(number), base + 50 + 2 * number, more)
            tally.call(REFUSED[0], uri, folder / "refused", base + 58, REFUSED[1], REFUSED[2])
        if "kamailio" in options.names:
            tally.call("PJSIP through Kamailio", f"sip:shop@{options.registrar}", folder / "pbx", base + 60, [])
    print(f"{tally.good} passed, {tally.bad} failed")
    sys.exit(1 if tally.bad or not tally.good else 0)


if __name__ == "__main__":
    main()
