#!/usr/bin/env python3
"""Makes one call with PJSIP as a scenario says, and reports what was heard and when.

    caller/main.py --uri sip:shop@127.0.0.1:5070 --scenario scenarios/order_status.json --out DIR
                   --port 5061 --media-port 17000 [--variant N] [--rate 8000] [--codec PCMU/8000]

Writes DIR/call.wav (left: sent, right: heard), DIR/played.json (the clips, for measure.py) and DIR/report.json.
Exit status 0: the script was followed to its end. 1: it was not (`error` in the report).
"""

import argparse
import json
import pathlib
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import audio  # noqa: E402
import measure  # noqa: E402
import scenario as scenarios  # noqa: E402
import voices  # noqa: E402
from line import Line  # noqa: E402
from script import Script  # noqa: E402


def prepare(steps: list[dict], rate: int) -> list[dict]:
    """The steps with their clips rendered; the clip's samples under `sound`."""
    out = []
    for step in steps:
        if step["do"] == "say":
            clip = voices.render(step["parts"], rate)
            step = {**step, "clip": clip, "sound": audio.read(clip["file"])[0]}
        out.append(step)
    return out


def played(steps: list[dict], rate: int) -> dict:
    turns = [
        {"id": step["id"], "barge_in": "barge_in_ms" in step, "to": step.get("to", "agent"), **step["clip"]}
        for step in steps
        if step["do"] == "say"
    ]
    return {"rate": rate, "turns": turns}


class Telling:
    """Hands what PJSIP tells to the script, on the media clock."""

    def __init__(self, script: Script):
        self.script = script
        self.line: Line | None = None
        self.status = 0

    def step(self, heard):
        line = self.line
        while line is not None and line.told:
            leg, event, detail = line.told.popleft()
            if event == "refer":
                self.script.on_transfer(detail)
            elif event == "confirmed" and leg.transferred:
                self.script.on_transfer_state(answered=True)
            elif event == "confirmed":
                self.status = detail
                self.script.on_connected()
            elif event == "ended":
                if leg.transferred:
                    self.script.on_transfer_state(status=detail, ended=True)
                elif not self.status:
                    self.status = detail
                if not line.alive:
                    self.script.on_hung_up("by us" if self.script.over else f"by the far end, status {detail}")
        return self.script.step(heard)


def run(options) -> dict:
    found = scenarios.concrete(scenarios.load(options.scenario), options.variant)
    out = pathlib.Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    steps = prepare(found["steps"], options.rate)
    script = Script(steps, options.rate, quiet_ms=options.quiet_ms or found.get("quiet_ms", 700), patience_s=options.patience)
    telling = Telling(script)
    line = telling.line = Line(
        telling.step, sip_port=options.port, media_port=options.media_port, rate=options.rate, codec=options.codec,
        transport=options.transport, proxy=options.proxy, log=str(out / "pjsip.log"),
    )
    started = time.time()
    leg = line.dial(options.uri)
    end = time.monotonic() + options.longest
    hung_up_at = None
    while time.monotonic() < end and line.sound.failure is None:
        while script.actions:
            action = script.actions.popleft()
            if action[0] == "digit":
                for one in line.alive[-1:]:
                    one.dialDtmf(action[1])
            elif action[0] == "hang_up" and hung_up_at is None:
                hung_up_at = script.now()
                line.hang_up_all()
        if not line.alive and not line.told:
            break
        time.sleep(0.005)
    else:
        script.error = script.error or f"not over after {options.longest} s: {line.sound.failure or 'time is up'}"
    time.sleep(0.1)
    sip_call_id, leg, one = leg.sip_call_id, None, None  # PJSIP wants every call object gone before the library
    recording = line.sound.stereo()
    line.close()
    audio.write(out / "call.wav", recording, options.rate)
    clips = played(steps[: script.index + 1], options.rate)
    spoken = sum(turn["kind"] == "speech" for turn in script.turns)
    clips["turns"] = clips["turns"][:spoken]
    (out / "played.json").write_text(json.dumps(clips, indent=1))
    judged = measure.judge(recording, options.rate, clips["turns"])
    by_speech = iter(judged["turns"])
    for turn in script.turns:
        if turn["kind"] == "speech":
            heard = next(by_speech)
            turn["answer_at"], turn["v2v_ms"], turn["cut_off"] = heard["answer_at"], heard["v2v_ms"], heard["cut_off"]
            if "barge_in" in turn:
                turn["barge_in"].update(caller_started=turn["speech"][0], agent_stopped=heard["agent_stopped"], ms=heard["barge_in_ms"])
    if script.error is None and not (script.over and script.connected):
        script.error = f"no call: status {telling.status}"
    report = {
        "scenario": found["name"], "variant": options.variant, "uri": options.uri, "rate": options.rate, "codec": options.codec,
        "recording": str(out / "call.wav"), "sip_call_id": sip_call_id, "started": round(started, 3), "status": telling.status,
        "ended_by": "caller" if hung_up_at is not None else "agent", "steps_done": script.index, "steps": len(steps), "error": script.error,
        "turns": script.turns, "silences": script.silences, "transfers": script.transfers, "events": script.events,
        "v2v_p50_ms": judged["v2v_p50_ms"], "v2v_p95_ms": judged["v2v_p95_ms"], "barge_in_ms": judged["barge_in_ms"],
        "cut_offs": judged["cut_offs"], "inner_pauses": judged["inner_pauses"],
    }
    (out / "report.json").write_text(json.dumps(report, indent=1))
    return report


def main():
    parser = argparse.ArgumentParser(description="A scripted caller on PJSIP.")
    parser.add_argument("--uri", required=True)
    parser.add_argument("--scenario", required=True)
    parser.add_argument("--variant", type=int, default=0)
    parser.add_argument("--out", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--media-port", type=int, required=True)
    parser.add_argument("--rate", type=int, choices=[8000, 16000], default=8000)
    parser.add_argument("--codec", default="PCMU/8000")
    parser.add_argument("--transport", choices=["udp", "tcp", "tls"], default="udp")
    parser.add_argument("--proxy", default="", help="sip: URI of an outbound proxy")
    parser.add_argument("--quiet-ms", type=int, default=0, help="agent's silence before the caller speaks; default: the scenario's, else 700")
    parser.add_argument("--patience", type=float, default=15, help="seconds a step waits before the call counts as failed")
    parser.add_argument("--longest", type=float, default=240, help="seconds of a whole call")
    report = run(parser.parse_args())
    print(json.dumps({key: report[key] for key in ("scenario", "status", "error", "v2v_p50_ms", "v2v_p95_ms", "barge_in_ms", "cut_offs")}))
    sys.exit(1 if report["error"] else 0)


if __name__ == "__main__":
    main()
