#!/usr/bin/env python3
"""Runs sipp scenarios against a SIP server on 127.0.0.1, one after the other, each with its own ports.

    sipp/run.py --target 127.0.0.1:5070 --port 5200 [NAME ...]

Prints a line of JSON per scenario; exit status 0 when all are good. `stream`, `offerless` and `hold` also count the RTP
packets that came back. `cancel` needs a target that rings before it answers; it is run only when named.
"""

import argparse
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent)]
NAMES = ["options", "stream", "offerless", "hold", "dtmf", "cancel_late", "unknown_method", "no_dialog"]


def material(folder: pathlib.Path):
    """The files that scenarios play: a raw mu-law sentence and Debian's recorded digits."""
    import audio
    import voices

    clip = voices.render([{"text": "hello, this is a test of the line, please stay on the line while I speak"}])
    (folder / "say.ul").write_bytes(audio.mu_law(audio.read(clip["file"])[0]))
    for pcap in pathlib.Path("/usr/share/sip-tester").glob("dtmf_2833_*.pcap"):
        shutil.copy(pcap, folder)


def run(name: str, target: str, port: int, media: int, folder: pathlib.Path, *, user="shop", calls=1, at_once=1, rate=10, pause=3000, transport="u1") -> dict:
    command = [
        "sipp", target, "-sf", HERE / f"{name}.xml", "-s", user, "-i", "127.0.0.1", "-mi", "127.0.0.1", "-p", port, "-mp", media,
        "-m", calls, "-l", at_once, "-r", rate, "-d", pause, "-t", transport, "-nostdin", "-trace_err", "-error_file", folder / f"{name}.errors",
        "-timeout", "60s", "-timeout_error", "-trace_stat", "-stf", folder / f"{name}.csv", "-fd", "1",
    ]
    done = subprocess.run([str(word) for word in command], cwd=folder, capture_output=True, text=True, timeout=90)
    errors = folder / f"{name}.errors"
    out = {"scenario": name, "status": done.returncode, "good": done.returncode == 0}
    if not out["good"]:
        out["error"] = (errors.read_text()[-600:] if errors.exists() else done.stderr[-600:]).strip()
    return out


def main():
    parser = argparse.ArgumentParser(description="sipp scenarios against a server.")
    parser.add_argument("names", nargs="*", default=NAMES)
    parser.add_argument("--target", required=True)
    parser.add_argument("--port", type=int, required=True, help="first SIP port; each scenario takes the next")
    parser.add_argument("--media-port", type=int, default=0, help="default: port + 20000")
    parser.add_argument("--user", default="shop")
    parser.add_argument("--calls", type=int, default=1)
    parser.add_argument("--at-once", type=int, default=1)
    parser.add_argument("--rate", type=int, default=10, help="new calls a second")
    parser.add_argument("--pause", type=int, default=3000, help="milliseconds that a stream lasts")
    parser.add_argument("--tcp", action="store_true")
    options = parser.parse_args()
    bad = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        material(folder)
        for number, scenario in enumerate(options.names):
            result = run(
                scenario, options.target, options.port + number, (options.media_port or options.port + 20000) + 20 * number, folder,
                user=options.user, calls=options.calls, at_once=options.at_once, rate=options.rate, pause=options.pause,
                transport="t1" if options.tcp else "u1",
            )
            bad += not result["good"]
            print(json.dumps(result), flush=True)
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
