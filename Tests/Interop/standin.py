#!/usr/bin/env python3
"""A stand-in for the server, on PJSIP: a deaf agent that follows a plan, to test the callers and the driver with.

    standin.py serve --config PLAN.json [--transcript FILE]     environment as in server.py
    standin.py replay CALL --json

It understands nothing: it waits until the caller falls silent (`endpoint_ms`) or a digit string ends, and says the
plan's next answer. PLAN.json is {"endpoint_ms", "calls": [{"greeting", "answers": [ANSWER, ...]}]}; call n uses
calls[n % count]. ANSWER is {"say", "heard"?, "delay_ms"?, "request"?: {"path", "body"}, "refer"?: URI, "refused"?: text,
"hang_up"?: true}. `heard` is what the transcript claims was understood. Requests go to SHOP_URL.
With STANDIN_REGISTRAR=HOST:PORT it registers there as `shop`, password `secret`.
"""

import argparse
import json
import os
import pathlib
import signal
import sys
import time
import urllib.request

sys.path[:0] = [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parent / "caller")]

import numpy as np  # noqa: E402
import pjsua2 as pj  # noqa: E402

import audio  # noqa: E402
import line as lines  # noqa: E402
import voices  # noqa: E402
from script import Heard  # noqa: E402

GUIDANCE_S = 5.0


class Leg(lines.Leg):
    def onCallTransferStatus(self, parameters):
        if parameters.finalNotify:
            parameters.cont = False
            self.line.told.append((self, "transferred", parameters.statusCode))


class Agent:
    """One call on the audio clock. `wishes` is what the main thread is to do."""

    def __init__(self, plan: dict, endpoint_ms: int, tell):
        self.plan, self.tell = plan, tell
        self.heard = Heard(endpoint_ms // 20)
        self.tick, self.turn, self.wishes = 0, 0, []
        self.sound: np.ndarray | None = None
        self.voice, self.then, self.digits, self.idle = 0, None, "", 0
        self.after: list = []
        self.say(plan["greeting"], 15)

    def say(self, text: str, wait: int = 0, then=None):
        clip = audio.read(voices.render([{"text": text, "voice": "rms"}])["file"])[0]
        self.sound = np.concatenate([np.zeros(160 * wait, dtype=np.int16), clip])
        self.then = then
        self.tell(speaker="agent", text=text)

    def step(self, frame: np.ndarray) -> np.ndarray:
        self.tick += 1
        was = self.heard.speaking
        self.heard.take(frame, self.tick)
        self.voice = self.voice + 1 if self.heard.run else 0
        if self.sound is not None and self.voice >= 8:
            self.sound = None
        if was and not self.heard.speaking:
            self.answer(None)
        if self.sound is None:
            self.idle = 0 if self.heard.speaking or self.digits or self.after else self.idle + 1
            if self.idle > GUIDANCE_S * 50:
                self.say("Are you still there? Please go on.")
            return np.zeros(160, dtype=np.int16)
        self.idle = 0
        out, self.sound = self.sound[:160], self.sound[160:]
        if len(self.sound) == 0:
            self.sound = None
            if self.then:
                self.wishes.append(self.then)
                self.then = None
        return np.concatenate([out, np.zeros(160 - len(out), dtype=np.int16)])

    def digit(self, character: str):
        if character != "#":
            self.sound = None
            self.digits += character
        if character == "#" or len(self.digits) == 8:
            digits, self.digits = self.digits, ""
            if digits:
                self.answer(digits)

    def answer(self, digits: str | None):
        answers = self.plan["answers"]
        found = answers[self.turn] if self.turn < len(answers) else {"say": "Thank you."}
        self.turn += 1
        self.tell(speaker="caller", text=digits or found.get("heard", ""), kind="dtmf" if digits else "speech")
        if "request" in found:
            self.wishes.append(("request", found["request"]))
        then = ("refer", found["refer"], found.get("refused")) if "refer" in found else ("hang_up",) if found.get("hang_up") else None
        self.say(found["say"], found.get("delay_ms", 200) // 20, then)


def post(key: str, request: dict):
    call = urllib.request.Request(os.environ["SHOP_URL"] + request["path"], json.dumps(request["body"]).encode(), {"Idempotency-Key": key})
    try:
        urllib.request.urlopen(call, timeout=5).close()
    except urllib.error.HTTPError as error:
        error.close()


def serve(options):
    plan = json.loads(pathlib.Path(options.config).read_text())
    port = int(os.environ.get("REPARTEE_SIP_PORT", "5070"))
    media_port = int(os.environ.get("REPARTEE_RTP_PORTS", f"{port + 12000}-").split("-")[0])
    transcript = open(options.transcript, "a") if options.transcript else None
    agents: dict = {}
    going = True

    def stop(*_):
        nonlocal going
        going = False

    signal.signal(signal.SIGTERM, stop)
    current: list[Agent] = []

    def step(frame):
        return current[0].step(frame) if current else np.zeros(160, dtype=np.int16)

    lines.Leg = Leg
    line = lines.Line(step, sip_port=port, media_port=media_port, user="shop", codec="", transport="udp+tcp", registrar=os.environ.get("STANDIN_REGISTRAR", ""), credentials=("shop", "secret"), log=os.environ.get("PJSIP_LOG", ""))
    print(json.dumps({"event": "ready", "sip": f"sip:shop@127.0.0.1:{port}"}), flush=True)
    refused = None
    count = 0
    while going:
        while line.told:
            leg, event, detail = line.told.popleft()
            if event == "incoming":
                line.answer(leg)
            elif event == "confirmed":
                name, begun = f"call-{count + 1}", time.monotonic()

                def tell(name=name, begun=begun, sip=leg.sip_call_id, **more):
                    if transcript:
                        print(json.dumps({"call": name, "sip_call_id": sip, "at": round(time.monotonic() - begun, 3), **more}), file=transcript, flush=True)

                tell(event="started")
                current[:] = [Agent(plan["calls"][count % len(plan["calls"])], plan.get("endpoint_ms", 1000), tell)]
                agents[leg] = current[0]
                count += 1
            elif event == "digit" and leg in agents:
                agents[leg].digit(detail)
            elif event == "transferred" and leg in agents:
                agents[leg].after = []
                if detail // 100 == 2:
                    leg.hangup(pj.CallOpParam())
                else:
                    agents[leg].say(refused or "Nobody is free.")
            elif event == "ended" and leg in agents:
                agents[leg].tell(event="ended", outcome=agents[leg].plan.get("outcome", "fulfilled"))
                if current and current[0] is agents[leg]:
                    current.clear()
                del agents[leg]
        for leg, agent in list(agents.items()):
            while agent.wishes:
                wish = agent.wishes.pop(0)
                if wish[0] == "request":
                    post(f"{leg.sip_call_id}-{agent.turn}", wish[1])
                elif wish[0] == "refer":
                    refused, agent.after = wish[2], [wish]
                    leg.xfer(wish[1], pj.CallOpParam())
                elif wish[0] == "hang_up":
                    leg.hangup(pj.CallOpParam())
        time.sleep(0.005)
    agents.clear()
    leg = None  # noqa: F841 - PJSIP wants every call object gone before the library
    line.close()


def main():
    parser = argparse.ArgumentParser(description="A stand-in for the server.")
    commands = parser.add_subparsers(dest="command", required=True)
    server = commands.add_parser("serve")
    server.add_argument("--config", required=True)
    server.add_argument("--transcript", default="")
    replay = commands.add_parser("replay")
    replay.add_argument("call")
    replay.add_argument("--json", action="store_true")
    options, _ = parser.parse_known_args()
    if options.command == "serve":
        serve(options)
    else:
        print(json.dumps({"call": options.call, "result": os.environ.get("STANDIN_REPLAY", "identical")}))


if __name__ == "__main__":
    main()
