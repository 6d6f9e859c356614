#!/usr/bin/env python3
"""Dials with baresip, plays a WAV file as its microphone and records the far end.

    baresip/call.py --uri sip:shop@127.0.0.1:5070 --port 5250 [--say FILE.wav | --text TEXT] [--seconds 8] [--srtp]
                    [--out FAR.wav]

Prints one line of JSON: whether the call was established, what was recorded (seconds, spans in which the far end is
audible, level). Exit status 0 when the call was established and the far end was heard.
"""

import argparse
import json
import pathlib
import re
import shutil
import string
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent)]

import numpy as np  # noqa: E402

import audio  # noqa: E402
import voices  # noqa: E402


def prepare(folder: pathlib.Path, *, port: int, say: pathlib.Path, srtp: bool = False) -> None:
    """Writes config, accounts and contacts of one baresip. Media ports and the control port follow from `port`."""
    config = string.Template((HERE / "config.template").read_text())
    values = {
        "ADDRESS": f"127.0.0.1:{port}", "FOLDER": folder, "SAY": say, "CONTROL": port + 1, "RTP_PORTS": f"{port + 20000}-{port + 20020}",
    }
    (folder / "config").write_text(config.substitute(values))
    secure = ";mediaenc=srtp-mand" if srtp else ""
    (folder / "accounts").write_text(f"<sip:caller@127.0.0.1:{port}>;regint=0;answermode=auto{secure}\n")
    (folder / "contacts").write_text("")


def microphone(path: pathlib.Path, folder: pathlib.Path, seconds: float) -> pathlib.Path:
    """The clip after a second of silence, with silence to the end of the call: aufile must not run dry."""
    samples, rate = audio.read(path)
    samples = audio.resample(samples, rate, 8000)
    lead, rest = np.zeros(8000, dtype=np.int16), np.zeros(max(0, int(seconds * 8000) - len(samples)), dtype=np.int16)
    out = folder / "microphone.wav"
    audio.write(out, np.concatenate([lead, samples, rest]), 8000)
    return out


def call(options) -> dict:
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        clip = options.say or voices.render([{"text": options.text}])["file"]
        prepare(folder, port=options.port, say=microphone(pathlib.Path(clip), folder, options.seconds + 2), srtp=options.srtp)
        done = subprocess.run(
            ["baresip", "-f", str(folder), "-e", f"/dial {options.uri}", "-t", str(options.seconds)],
            capture_output=True, text=True, timeout=options.seconds + 20, stdin=subprocess.DEVNULL,
        )
        said = done.stdout + done.stderr
        result = {
            "established": "Call established" in said, "status": done.returncode, "secure": bool(re.search(r"srtp.*(crypto|AES)", said, re.IGNORECASE)),
            "seconds": 0.0, "spans": [], "level": -120.0,
        }
        far = sorted(folder.glob("dump-*-dec.wav"))
        if far:
            samples, rate = audio.read(far[-1])
            result["seconds"] = round(len(samples) / rate, 2)
            result["spans"] = [[round(a / rate, 2), round(b / rate, 2)] for a, b in audio.audible(samples, rate)]
            result["level"] = round(audio.level(samples), 1)
            if options.out:
                shutil.copy(far[-1], options.out)
        if not result["established"]:
            result["log"] = said[-800:]
        result["good"] = result["established"] and bool(result["spans"])
        return result


def main():
    parser = argparse.ArgumentParser(description="One call by baresip.")
    parser.add_argument("--uri", required=True)
    parser.add_argument("--port", type=int, required=True, help="SIP; control +1, media +20000")
    parser.add_argument("--say", type=pathlib.Path)
    parser.add_argument("--text", default="hello, where is my order")
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--srtp", action="store_true", help="insist on SDES-SRTP")
    parser.add_argument("--out", type=pathlib.Path)
    result = call(parser.parse_args())
    print(json.dumps(result))
    sys.exit(0 if result["good"] else 1)


if __name__ == "__main__":
    main()
