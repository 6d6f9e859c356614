#!/usr/bin/env python3
"""Dials with baresip, plays a WAV file as its microphone and records the far end.

    baresip/call.py --uri sip:shop@127.0.0.1:5070 --port 5250 [--say FILE.wav | --text TEXT] [--seconds 8] [--srtp]
                    [--codec G722/16000] [--out FAR.wav]

Prints one line of JSON: whether the call was established, what was recorded (seconds, spans in which the far end is
audible, level, its share of sound over 4 kHz in decibels). Exit status 0 when the call was established and the far end was
heard, with `--codec G722/16000` over 4 kHz too.
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


def hertz_of(codec: str) -> int:
    """Of the sound that is played and recorded, in hertz."""
    return 16000 if codec == "G722/16000" else 8000


def prepare(folder: pathlib.Path, *, port: int, say: pathlib.Path, srtp: bool = False, codec: str = "") -> None:
    """Writes config, accounts and contacts of one baresip. Media ports and the control port follow from `port`."""
    config = string.Template((HERE / "config.template").read_text())
    values = {
        "ADDRESS": f"127.0.0.1:{port}", "FOLDER": folder, "SAY": say, "CONTROL": port + 1, "RTP_PORTS": f"{port + 20000}-{port + 20020}",
        "RATE": hertz_of(codec),
    }
    (folder / "config").write_text(config.substitute(values))
    secure = ";mediaenc=srtp-mand" if srtp else ""
    only = f";audio_codecs={codec}" if codec else ""
    (folder / "accounts").write_text(f"<sip:caller@127.0.0.1:{port}>;regint=0;answermode=auto{secure}{only}\n")
    (folder / "contacts").write_text("")


def microphone(path: pathlib.Path, folder: pathlib.Path, seconds: float, hertz: int) -> pathlib.Path:
    """The clip after a second of silence, with silence to the end of the call: aufile must not run dry."""
    samples, rate = audio.read(path)
    samples = audio.resample(samples, rate, hertz)
    lead, rest = np.zeros(hertz, dtype=np.int16), np.zeros(max(0, int(seconds * hertz) - len(samples)), dtype=np.int16)
    out = folder / "microphone.wav"
    audio.write(out, np.concatenate([lead, samples, rest]), hertz)
    return out


def wide(samples: np.ndarray, rate: int) -> float:
    """How much of the sound lies over 4 kHz, in decibels; -120 for nothing."""
    power = np.abs(np.fft.rfft(samples.astype(np.float64))) ** 2
    over = power[np.fft.rfftfreq(len(samples), 1 / rate) > 4000].sum()
    return float(10 * np.log10(over / power.sum())) if over > 0 else -120.0


def call(options) -> dict:
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        clip = options.say or voices.render([{"text": options.text}], hertz_of(options.codec))["file"]
        prepare(folder, port=options.port, say=microphone(pathlib.Path(clip), folder, options.seconds + 2, hertz_of(options.codec)), srtp=options.srtp, codec=options.codec)
        done = subprocess.run(
            ["baresip", "-f", str(folder), "-e", f"/dial {options.uri}", "-t", str(options.seconds)],
            capture_output=True, text=True, timeout=options.seconds + 20, stdin=subprocess.DEVNULL,
        )
        said = done.stdout + done.stderr
        result = {
            "established": "Call established" in said, "status": done.returncode, "wide": -120.0, "secure": bool(re.search(r"srtp.*(crypto|AES)", said, re.IGNORECASE)),
            "seconds": 0.0, "spans": [], "level": -120.0,
        }
        far = sorted(folder.glob("dump-*-dec.wav"))
        if far:
            samples, rate = audio.read(far[-1])
            result["seconds"] = round(len(samples) / rate, 2)
            result["spans"] = [[round(a / rate, 2), round(b / rate, 2)] for a, b in audio.audible(samples, rate)]
            result["level"] = round(audio.level(samples), 1)
            result["wide"] = round(wide(samples, rate), 1)
            if options.out:
                shutil.copy(far[-1], options.out)
        if not result["established"]:
            result["log"] = said[-800:]
        result["good"] = result["established"] and bool(result["spans"]) and (options.codec != "G722/16000" or result["wide"] > -50)
        return result


def main():
    parser = argparse.ArgumentParser(description="One call by baresip.")
    parser.add_argument("--uri", required=True)
    parser.add_argument("--port", type=int, required=True, help="SIP; control +1, media +20000")
    parser.add_argument("--say", type=pathlib.Path)
    parser.add_argument("--text", default="hello, where is my order")
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--srtp", action="store_true", help="insist on SDES-SRTP")
    parser.add_argument("--codec", default="", help="the only codec that is offered, such as PCMU/8000 or G722/16000")
    parser.add_argument("--out", type=pathlib.Path)
    result = call(parser.parse_args())
    print(json.dumps(result))
    sys.exit(0 if result["good"] else 1)


if __name__ == "__main__":
    main()
