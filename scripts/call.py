#!/usr/bin/env python3
"""Calls the example shop's line as customers do, and judges each call: `make call`.

    scripts/call.py [--calls N] [--scenario NAME ...] [--server "COMMAND"] [--stand-in] [--port-base P] [--out DIR]

Starts the shop's back end, the server and, for transfers, the person; dials with a PJSIP caller that shares no code
with the server; prints the transcript as it grows; replays each call in a new process; reads the shop's database. The
last line is `call ok: ...` or `call failed: ...` (exit status 1, the reasons above it).
"""

import argparse
import datetime
import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
INTEROP = ROOT / "Tests" / "Interop"
PYTHON = ROOT / ".venv" / "bin" / "python"
sys.path[:0] = [str(INTEROP)]

ORDER = [
    "change_address", "barge_in", "order_status", "dtmf", "move_delivery", "transfer_declined", "correction", "open_case",
    "silence", "transfer_answered",
]


def enter_environment():
    """Goes on inside `.venv`, which is made when it is missing or older than the list of what belongs in it."""
    wanted, stamp = INTEROP / "requirements.txt", ROOT / ".venv" / "interop-requirements.txt"
    if not stamp.exists() or stamp.read_text() != wanted.read_text():
        subprocess.run([sys.executable, "-m", "venv", ROOT / ".venv"], check=True)
        subprocess.run([PYTHON, "-m", "pip", "install", "--quiet", "-r", wanted], check=True)
        stamp.write_text(wanted.read_text())
    if pathlib.Path(sys.prefix).resolve() != (ROOT / ".venv").resolve():
        os.execv(PYTHON, [str(PYTHON), *sys.argv])


class Live:
    """Prints the transcript while calls run, and keeps its lines."""

    def __init__(self, server):
        self.server, self.lines = server, []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._tail, daemon=True)
        self._thread.start()

    def _tail(self):
        while not self._over.wait(0.1):
            self.take()
        self.take()

    def take(self):
        for line in self.server.new_lines():
            self.lines.append(line)
            if "speaker" in line:
                mark = {"caller": "<", "agent": ">"}[line["speaker"]]
                print(f"  {line['at']:7.2f} {mark} {line['text']}", flush=True)

    def settle(self, sip_call_id: str, seconds: float = 5):
        """Waits until the transcript says that the call has ended, or time is up."""
        import server as servers

        end = time.monotonic() + seconds
        while time.monotonic() < end and servers.outcome(servers.of_call(self.lines, sip_call_id)[1]) is None:
            time.sleep(0.05)

    def close(self):
        self._over.set()
        self._thread.join()


class Judgement:
    """What all calls together came to."""

    def __init__(self):
        self.reasons: list[str] = []
        self.v2v: list[float] = []
        self.stops: list[float] = []
        self.outcomes: list[str | None] = []
        self.turns = self.wrong = self.said = self.cut_offs = self.pauses = 0
        self.unmeasured: list[str] = []
        self.different: list[str] = []

    def line(self, calls: int) -> str:
        import measure

        number = lambda value: "none" if value is None else f"{value:.0f}"
        wer = 100 * self.wrong / self.said if self.said else 0.0
        outcome = self.outcomes[0] if len(self.outcomes) == 1 else "as_expected"
        return (
            f"turns={self.turns} v2v_p50_ms={number(measure.percentile(self.v2v, 0.5))} "
            f"v2v_p95_ms={number(measure.percentile(self.v2v, 0.95))} barge_in_ms={number(max(self.stops, default=None))} "
            f"wer={wer:.1f} replay={'different' if self.different else 'identical'} outcome={outcome}"
        )


def choose(options) -> list[dict]:
    """The calls to make: the scenarios in turn, with the next wording in each round."""
    import scenario as scenarios

    names = options.scenario or ORDER
    today = datetime.date.today()
    out = []
    for number in range(options.calls):
        file = INTEROP / "scenarios" / f"{names[number % len(names)]}.json"
        variant = options.variant + number // len(names)
        out.append({"file": file, **scenarios.concrete(scenarios.load(file), variant, today)})
    return out


def dial(found: dict, folder: pathlib.Path, uri: str, options) -> dict:
    """One call by the caller's own process; answers its report."""
    import json

    with open(folder / "caller.log", "wb") as log:
        subprocess.run(
            [PYTHON, INTEROP / "caller" / "main.py", "--uri", uri, "--scenario", found["file"], "--variant", str(found["variant"]),
             "--out", folder, "--port", str(options.port_base + 10), "--media-port", str(options.port_base + 2000),
             "--codec", options.codec],
            stdout=log, stderr=log, timeout=400, check=False,
        )
    report = folder / "report.json"
    if not report.exists():
        raise RuntimeError(f"the caller made no report, see {folder / 'caller.log'}")
    return json.loads(report.read_text())


def one_call(number: int, found: dict, server, live: Live, shop, judgement: Judgement, options):
    """Makes a call and judges all of it but the replay. Answers the server's name of the call."""
    import json

    import measure
    import server as servers
    import verdict
    from processes import Process

    folder = options.out / f"{number + 1:02d}-{found['name']}"
    folder.mkdir()
    print(f"call {number + 1}: {found['name']}, wording {found['variant'] + 1}", flush=True)
    before = shop.last_change()
    person = None
    try:
        if "person" in found:
            command = [PYTHON, INTEROP / "person.py", "--port", options.port_base + 5, "--media-port", options.port_base + 3000, "--mode", found["person"]]
            person = Process("person", command, folder / "person.log")
            person.wait_for("ready", 20)
        report = dial(found, folder, server.uri, options)
    finally:
        if person:
            person.stop()
    live.settle(report["sip_call_id"])
    name, lines = servers.of_call(live.lines, report["sip_call_id"])
    judged = measure.measure(folder / "call.wav", json.loads((folder / "played.json").read_text()))
    expect = found["expect"]
    outcome = servers.outcome(lines)
    reasons = [report["error"]] if report["error"] else []
    if name is None:
        reasons.append("the server's transcript does not know this call")
    if "outcome" in expect and outcome != expect["outcome"]:
        reasons.append(f"outcome is {outcome}, expected {expect['outcome']}")
    reasons += verdict.keywords(found["steps"], report, lines) + verdict.typed(report, lines)
    reasons += verdict.transfer(expect, report, person.events if person else []) + shop.check(expect, before)
    reasons += [f"clip of turn '{turn['id']}' is not in the recording" for turn in judged["turns"] if not turn["found"]]
    reasons += [f"silence '{one['id']}': the agent said nothing" for one in report["silences"] if one["agent_at"] is None]
    wrong, said = verdict.word_errors(report, lines)
    judgement.turns += sum(turn["to"] == "agent" for turn in report["turns"])
    judgement.v2v += judged["v2v_ms"]
    judgement.stops += [] if judged["barge_in_ms"] is None else [judged["barge_in_ms"]]
    judgement.outcomes.append(outcome)
    judgement.wrong, judgement.said = judgement.wrong + wrong, judgement.said + said
    judgement.cut_offs += judged["cut_offs"]
    judgement.pauses += judged["inner_pauses"]
    judgement.unmeasured += [f"{number + 1}/{one}" for one in judged["unmeasured"]]
    judgement.reasons += [f"call {number + 1} ({found['name']}): {reason}" for reason in reasons]
    (folder / "judged.json").write_text(json.dumps({**judged, "reasons": reasons, "server_call": name, "outcome": outcome}, indent=1))
    state = "good" if not reasons else f"{len(reasons)} reasons against it"
    print(f"call {number + 1}: {state}, v2v p50 {judged['v2v_p50_ms']} ms, wer {100 * wrong / max(1, said):.1f}", flush=True)
    return name


def run(options) -> Judgement:
    import json

    import plan
    import server as servers
    import verdict
    from processes import Process

    chosen = choose(options)
    judgement = Judgement()
    if options.out.exists():
        shutil.rmtree(options.out)
    options.out.mkdir(parents=True)
    person_uri = f"sip:person@127.0.0.1:{options.port_base + 5}"
    database = pathlib.Path(options.shop_database) if options.shop_url else options.out / "shop.sqlite"
    backend = server = live = None
    try:
        shop_url = options.shop_url
        if not shop_url:
            command = [sys.executable, ROOT / "Examples/shop/backend/shop.py", "--database", database, "--port", 0, "--seed"]
            backend = Process("shop", command, options.out / "shop.log")
            shop_url = backend.wait_for("ready", 20)["url"]
        command = shlex.split(options.server)
        if options.stand_in:
            config = options.out / "plan.json"
            config.write_text(json.dumps(plan.plan(chosen, person_uri, options.misheard)))
            command = [str(PYTHON), str(INTEROP / "standin.py"), "serve", "--config", str(config)]
        server = servers.Server(
            command, options.out, sip_port=options.port_base, rtp_port=options.port_base + 1000, shop_url=shop_url, person=person_uri
        )
        server.uri = server.ready(options.patience)
        live = Live(server)
        names = []
        for number, found in enumerate(chosen):
            names.append(one_call(number, found, server, live, verdict.Shop(database), judgement, options))
        for number, name in enumerate(names):
            same, result = server.replay(name) if name else (False, "no such call")
            print(f"replay {number + 1}: {name} {result}", flush=True)
            if not same:
                judgement.different.append(f"call {number + 1}: replay is {result}")
        judgement.reasons += judgement.different
        if (code := server.stop()) != 0:
            judgement.reasons.append(f"the server ended with status {code}, see {server.process.log}")
    finally:
        if live:
            live.close()
        if server:
            server.stop()
        if backend:
            backend.stop()
    return judgement


def main():
    enter_environment()
    parser = argparse.ArgumentParser(description="Calls the example shop's line and judges the calls.")
    parser.add_argument("--calls", type=int, default=1)
    parser.add_argument("--scenario", action="append", help="by name; may be repeated; default: all in turn")
    parser.add_argument("--variant", type=int, default=0, help="wording of the first round")
    parser.add_argument("--server", default=".build/release/repartee serve --config Examples/shop/server.yml", help="command line of the server")
    parser.add_argument("--stand-in", action="store_true", help="a deaf agent in place of the server: tests this driver")
    parser.add_argument("--misheard", type=int, default=0, help="with --stand-in: so many turns of each call lose a word")
    parser.add_argument("--shop-url", default="", help="a back end that runs already")
    parser.add_argument("--shop-database", default="", help="its SQLite file")
    parser.add_argument("--port-base", type=int, default=15000, help="SIP of the server; person +5, caller +10, media +1000, +2000, +3000")
    parser.add_argument("--codec", default="PCMU/8000")
    parser.add_argument("--patience", type=float, default=60, help="seconds until the server must be ready")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / ".state" / "call")
    options = parser.parse_args()
    os.chdir(ROOT)
    try:
        judgement = run(options)
    except Exception as error:
        print(f"call failed: {type(error).__name__}: {error}")
        sys.exit(1)
    print(f"cut_offs={judgement.cut_offs} inner_pauses={judgement.pauses} v2v_measured={len(judgement.v2v)} unmeasured={','.join(judgement.unmeasured) or 'none'}")
    for reason in judgement.reasons:
        print(f"  {reason}")
    if judgement.reasons:
        print(f"call failed: {judgement.line(options.calls)} reasons={len(judgement.reasons)}")
        sys.exit(1)
    print(f"call ok: {judgement.line(options.calls)}")


if __name__ == "__main__":
    main()
