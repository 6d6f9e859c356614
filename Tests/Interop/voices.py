#!/usr/bin/env python3
"""Makes a caller's clips: sentences by flite (voice slt), digits from Debian's recorded Allison prompts.

A turn is a list of parts: {"text": "..."}, {"digits": "10473829", "pause": [4, 650]} (650 ms after the fourth digit),
{"pause_ms": 600}. Parts without a pause between them are joined with a natural gap of 60 to 120 ms. A clip begins with
its first and ends with its last audible sample.

    voices.py OUT.wav TEXT | +DIGITS | /PAUSE_MS ...
"""

import hashlib
import json
import pathlib
import random
import subprocess
import sys
import tempfile

import numpy as np

import audio

DIGITS = pathlib.Path("/usr/share/asterisk/sounds/en_US_f_Allison/digits")
ROOT = pathlib.Path(__file__).resolve().parents[2]
CACHE = ROOT / ".state" / "voices"


def sentence(text: str, voice: str, rate: int) -> np.ndarray:
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        subprocess.run(["flite", "-voice", voice, "-t", text, "-o", file.name], check=True, capture_output=True)
        samples, source = audio.read(file.name)
    return audio.normalise(audio.trim(audio.resample(samples, source, rate), rate), rate)


def digit(character: str, rate: int) -> np.ndarray:
    samples, source = audio.read(DIGITS / f"{character}.wav")
    return audio.normalise(audio.trim(audio.resample(samples, source, rate), rate), rate)


def pieces(parts: list[dict], rate: int):
    """Yields (samples, None) for sound and (None, milliseconds) for a pause that was asked for."""
    for part in parts:
        if "pause_ms" in part:
            yield None, part["pause_ms"]
        elif "text" in part:
            yield sentence(part["text"], part.get("voice", "slt"), rate), None
        else:
            after, pause = part.get("pause", (0, 0))
            for index, character in enumerate(part["digits"], 1):
                yield digit(character, rate), None
                if index == after and index < len(part["digits"]):
                    yield None, pause


def said(parts: list[dict]) -> str:
    """The words of the clip; digits apart."""
    return " ".join(part["text"] if "text" in part else " ".join(part["digits"]) for part in parts if "pause_ms" not in part)


def render(parts: list[dict], rate: int = 8000, cache: pathlib.Path = CACHE) -> dict:
    """The clip of a turn: {"file", "rate", "samples", "said", "pauses": [[start, end], ...]} (pauses in samples).

    The same parts give the same samples: the gaps come from a generator seeded by them.
    """
    name = hashlib.sha256(json.dumps([parts, rate, 1], sort_keys=True).encode()).hexdigest()[:20]
    path, note = cache / f"{name}.wav", cache / f"{name}.json"
    if note.exists():
        return json.loads(note.read_text())
    cache.mkdir(parents=True, exist_ok=True)
    gaps = random.Random(name)
    out: list[np.ndarray] = []
    pauses: list[list[int]] = []
    length, waiting = 0, None
    for sound, pause in pieces(parts, rate):
        if sound is None:
            waiting = pause
            continue
        if out:
            gap = round((gaps.randint(60, 120) if waiting is None else waiting) * rate / 1000)
            if waiting is not None:
                pauses.append([length, length + gap])
            out.append(np.zeros(gap, dtype=np.int16))
            length += gap
        waiting = None
        out.append(sound)
        length += len(sound)
    audio.write(path, np.concatenate(out), rate)
    made = {"file": str(path), "rate": rate, "samples": length, "said": said(parts), "pauses": pauses}
    note.write_text(json.dumps(made))
    return made


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    parts = []
    for word in sys.argv[2:]:
        key, value = {"+": ("digits", word[1:]), "/": ("pause_ms", word[1:])}.get(word[0], ("text", word))
        parts.append({key: int(value) if key == "pause_ms" else value})
    made = render(parts)
    samples, rate = audio.read(made["file"])
    audio.write(sys.argv[1], samples, rate)
    print(json.dumps(made))


if __name__ == "__main__":
    main()
