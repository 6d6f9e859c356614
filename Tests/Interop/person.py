#!/usr/bin/env python3
"""The person who takes over a transferred call: a PJSIP endpoint that answers, declines, is busy, or lets it ring.

    person.py --port 5075 --mode answer|decline|busy|ring [--say TEXT] [--calls N] [--seconds S]

Prints one line of JSON per event: ready, incoming, answered, refused, heard (the caller's voice arrived), ended.
SIGTERM ends it.
"""

import argparse
import json
import pathlib
import signal
import sys
import time

sys.path[:0] = [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parent / "caller")]

import numpy as np  # noqa: E402

import audio  # noqa: E402
import voices  # noqa: E402
from line import Line  # noqa: E402
from script import Heard  # noqa: E402

REFUSALS = {"decline": 603, "busy": 486}


def tell(event: str, **more):
    print(json.dumps({"event": event, "time": round(time.time(), 3), **more}), flush=True)


class Voice:
    """Says its clip once per answered call, half a second after the answer, and listens."""

    def __init__(self, clip: np.ndarray):
        self.clip, self.at, self.tick = clip, None, 0
        self.heard = Heard(25)

    def step(self, heard: np.ndarray) -> np.ndarray:
        self.tick += 1
        self.heard.take(heard, self.tick)
        if self.at is None:
            return np.zeros(160, dtype=np.int16)
        begin = (self.tick - self.at) * 160
        frame = self.clip[begin : begin + 160] if begin >= 0 else self.clip[:0]
        return np.concatenate([frame, np.zeros(160 - len(frame), dtype=np.int16)])


def main():
    parser = argparse.ArgumentParser(description="The person behind a transfer.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--media-port", type=int, default=0, help="default: port + 12000")
    parser.add_argument("--mode", choices=["answer", "decline", "busy", "ring"], default="answer")
    parser.add_argument("--say", default="Hello, this is Anna from the shop. I have your notes in front of me.")
    parser.add_argument("--calls", type=int, default=0, help="end after so many calls; 0 goes on")
    parser.add_argument("--seconds", type=float, default=0, help="hang up so long after answering; 0 leaves it to the caller")
    parser.add_argument("--log", default="")
    options = parser.parse_args()
    going = True

    def stop(*_):
        nonlocal going
        going = False

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    voice = Voice(audio.read(voices.render([{"text": options.say}])["file"])[0])
    line = Line(voice.step, sip_port=options.port, media_port=options.media_port or options.port + 12000, user="person", log=options.log)
    tell("ready", sip=f"sip:person@127.0.0.1:{options.port}", mode=options.mode)
    done, answered, starts = 0, {}, 0
    while going and not (options.calls and done >= options.calls):
        while line.told:
            leg, event, detail = line.told.popleft()
            if event == "incoming":
                tell("incoming", call=leg.sip_call_id, caller=detail)
                if options.mode == "answer":
                    line.answer(leg, 180)
                    line.answer(leg)
                elif options.mode == "ring":
                    line.answer(leg, 180)
                else:
                    line.answer(leg, REFUSALS[options.mode])
                    tell("refused", call=leg.sip_call_id, status=REFUSALS[options.mode])
            elif event == "confirmed":
                voice.at, starts = voice.tick + 25, voice.heard.starts
                answered[leg] = time.monotonic()
                tell("answered", call=leg.sip_call_id)
            elif event == "ended":
                talked = time.monotonic() - answered.pop(leg) if leg in answered else 0
                tell("ended", call=leg.sip_call_id, status=detail, seconds=round(talked, 2))
                voice.at, done = None, done + 1
        if voice.heard.starts > starts and answered:
            starts = voice.heard.starts
            tell("heard")
        for leg, since in answered.items():
            if options.seconds and time.monotonic() - since > options.seconds:
                line.hang_up_all()
        time.sleep(0.01)
    answered.clear()
    leg = None  # noqa: F841 - PJSIP wants every call object gone before the library
    line.close()


if __name__ == "__main__":
    main()
