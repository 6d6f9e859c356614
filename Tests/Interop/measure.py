#!/usr/bin/env python3
"""Judges a recorded call from its two channels and the clips that were to be said; knows no report of the caller.

    measure.py RECORDING.wav PLAYED.json

PLAYED.json is {"rate", "turns": [{"id", "file", "samples", "pauses", "barge_in": bool, "to"}]} for the spoken turns in order
(`caller/main.py` writes it beside the recording). Left channel: sent by the caller. Right: what the caller heard.

Each clip is looked for in the left channel by correlation, so the caller's times are found, not believed. The agent is
audible where 5 ms windows of the right channel exceed -50 dBFS (`audio.audible`). Then:

* `v2v_ms`: from the clip's last audible sample to the first audible sample of the next agent span. Not measured (`null`)
  when the agent was already talking over the end of the turn or did not answer before the next turn.
  Turns whose `to` is not the agent (a person after a transfer) are not pooled.
* `cut_off`: the agent began to speak inside the turn, in a pause (its index) or in the words (`"speech"`).
* `barge_in_ms`: from the clip's first sample to the agent's last audible one before a silence of 300 ms or more.
"""

import json
import math
import sys

import numpy as np

import audio

BARGE_IN_GRACE_MS = 600
"""An agent that was speaking when the caller barged in may begin a sentence so much later without it being a new one."""


def locate(channel: np.ndarray, clip: np.ndarray, begin: int) -> tuple[int, float]:
    """Where the clip is in the channel from `begin` on, and how well it matches (1 is equal)."""
    rest = channel[begin:].astype(np.float64)
    wanted = clip.astype(np.float64)
    if len(rest) < len(wanted):
        return -1, 0.0
    size = 1 << (len(rest) + len(wanted)).bit_length()
    product = np.fft.irfft(np.fft.rfft(rest, size) * np.conj(np.fft.rfft(wanted, size)), size)[: len(rest) - len(wanted) + 1]
    energy = np.concatenate([[0.0], np.cumsum(rest * rest)])
    under = energy[len(wanted) :] - energy[: len(rest) - len(wanted) + 1]
    scale = np.sqrt(np.maximum(under, 1.0) * max(1.0, float(np.sum(wanted * wanted))))
    score = product / scale
    good = np.flatnonzero(score > 0.9)
    at = int(good[0]) if len(good) else int(np.argmax(score))
    at += int(np.argmax(score[at : at + 400]))
    return begin + at, float(score[at])


def percentile(values: list[float], share: float) -> float | None:
    """Nearest rank."""
    if not values:
        return None
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def judge(recording: np.ndarray, rate: int, turns: list[dict]) -> dict:
    left, right = recording[:, 0], recording[:, 1]
    spans = audio.audible(right, rate)
    fine = audio.audible(right, rate, merge_ms=0)
    seconds = lambda sample: round(sample / rate, 3)
    ms = lambda samples: round(samples * 1000 / rate)
    places, after = [], 0
    for turn in turns:
        clip, clip_rate = audio.read(turn["file"])
        if clip_rate != rate:
            raise ValueError(f"{turn['file']} has {clip_rate} Hz, the recording {rate} Hz")
        at, score = locate(left, clip, after)
        if score < 0.9:
            places.append(None)
            continue
        places.append((at, at + len(clip)))
        after = at + len(clip)
    out = []
    for number, (turn, place) in enumerate(zip(turns, places)):
        one = {"id": turn["id"], "found": place is not None, "speech": None, "answer_at": None, "v2v_ms": None,
               "cut_off": None, "barge_in_ms": None, "agent_stopped": None}
        out.append(one)
        if place is None:
            continue
        begin, end = place
        following = next((p[0] for p in places[number + 1 :] if p), len(right))
        one["speech"] = [seconds(begin), seconds(end)]
        grace = begin
        if turn.get("barge_in"):
            talking = [span for span in fine if span[0] < begin]
            stop = talking[-1][1] if talking else begin
            one["was_talking"] = bool(talking) and begin - stop < rate * 300 // 1000
            for span in fine:
                if span[0] >= begin and span[0] - stop < rate * 300 // 1000:
                    stop = span[1]
            grace = begin + rate * BARGE_IN_GRACE_MS // 1000
            if one["was_talking"]:
                one["barge_in_ms"] = max(0, ms(stop - begin))
                one["agent_stopped"] = seconds(stop)
        for span in spans:
            if grace < span[0] < end:
                pause = [i for i, (a, b) in enumerate(turn["pauses"]) if begin + a <= span[0] < begin + b + rate // 10]
                one["cut_off"] = pause[0] if pause else "speech"
                break
        over_end = any(span[0] < end < span[1] for span in spans)
        answer = next((span[0] for span in spans if end <= span[0] < following), None)
        if answer is not None:
            one["answer_at"] = seconds(answer)
        if answer is not None and not over_end:
            one["v2v_ms"] = ms(answer - end)
    to_agent = [one for one, turn in zip(out, turns) if turn.get("to", "agent") == "agent"]
    values = [one["v2v_ms"] for one in to_agent if one["v2v_ms"] is not None]
    stops = [one["barge_in_ms"] for one in out if one["barge_in_ms"] is not None]
    pauses = [(b - a) * 1000 / rate for turn in turns for a, b in turn["pauses"]]
    return {
        "seconds": seconds(len(right)),
        "turns": out,
        "agent_spans": [[seconds(a), seconds(b)] for a, b in spans],
        "v2v_ms": values,
        "v2v_p50_ms": percentile(values, 0.50),
        "v2v_p95_ms": percentile(values, 0.95),
        "barge_in_ms": max(stops) if stops else None,
        "cut_offs": sum(one["cut_off"] is not None for one in out),
        "unmeasured": [one["id"] for one in to_agent if one["v2v_ms"] is None],
        "inner_pauses": sum(400 <= pause <= 900 for pause in pauses),
    }


def measure(recording_path, played: dict) -> dict:
    recording, rate = audio.read(recording_path)
    return judge(recording, rate, played["turns"])


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with open(sys.argv[2]) as file:
        print(json.dumps(measure(sys.argv[1], json.load(file)), indent=1))


if __name__ == "__main__":
    main()
