#!/usr/bin/env python3
"""Other people's SIP stacks, each in a whole call: sipp, baresip, PJSIP, and PJSIP through Kamailio, where the server registers.

    peers.py --server "repartee serve"

Both directions are judged by others: what the caller heard by energy in the peer's own recording (for sipp by the packets
that tshark saw), what the server did by keys and by the shop's own log of requests. What it made of the spoken sentences is one
rate over all calls, with a margin: no check hangs on a single word.
"""

import re
import subprocess
import sys
import time

import stage

sys.path[:0] = [str(stage.INTEROP / "kamailio"), str(stage.INTEROP / "sipp")]

import numpy as np  # noqa: E402

import audio  # noqa: E402
import registrar  # noqa: E402
import voices  # noqa: E402
import words  # noqa: E402

ORDER = "20581637"
QUESTION = "where is my order"
SENTENCES = ["I want to know when my parcel is coming", "please tell me about the delivery of my order"]
TALK = [
    {"do": "dtmf", "digits": "1", "quiet_ms": 2500},
    {"do": "dtmf", "digits": ORDER, "quiet_ms": 1600},
    *({"do": "say", "parts": [{"text": text}], "quiet_ms": 1600} for text in SENTENCES),
    {"do": "listen"},
    {"do": "hang_up", "gap_ms": 300},
]
PATIENT = ("--patience", "60")


def said(story: str, speaker: str) -> str:
    return " ".join(re.findall(rf"^[\d.]+  {speaker}: (.*)$", story, re.MULTILINE))


def newest(server: stage.Server, known: set) -> str | None:
    """The call that was not there before, once its journal says that it ended."""
    found = stage.wait_until(
        lambda: [call["call"] for call in server.calls() if call["call"] not in known and call["ended_at_us"] is not None], 60)
    return found[-1] if found else None


class Hearing:
    """Words said to the server and errors in what it wrote down, over all calls of the test."""

    def __init__(self):
        self.wrong = self.words = 0
        self.calls: list[tuple[str, str]] = []

    def add(self, peer: str, spoken: str, heard: str):
        wrong, count = words.errors(spoken, heard)
        self.wrong, self.words = self.wrong + min(wrong, count), self.words + count
        self.calls.append((peer, heard))

    def judge(self, at: stage.Stage):
        # A recogniser without the time it needs hears nothing: only a whole run, on a machine of its own, judges it.
        good = at.share < 100 or self.wrong <= 0.4 * self.words
        at.check("of all that was said at most 40 % was misheard (judged in a whole run)", len(self.calls) >= 4 and good, words=self.words, wrong=self.wrong, calls=self.calls)


def recorded(at: stage.Stage, server: stage.Server, known: set, peer: str, spoken: str, hearing: Hearing, *, typed: str = "", tells: str = ""):
    """Whether the newest call's journal holds keys and answer, and replays; the words go into the rate."""
    call = newest(server, known)
    if call is None:
        return at.check(f"{peer}: the call is in the journal and has ended", False)
    story = server.story(call)
    lines, told = re.findall(r"^[\d.]+  caller: (.*)$", story, re.MULTILINE), said(story, "agent")
    spoke = " ".join(line for line in lines if len(line) > 1 and line != typed)
    hearing.add(peer, spoken, spoke)
    if typed:
        at.check(f"{peer}: the keys were heard", typed in re.sub(r"\D", "", " ".join(lines)), typed=typed)
    if tells:
        at.check(f"{peer}: the agent answered", re.search(tells, told), told=told[-110:])
    at.check(f"{peer}: the call replays", server.replay(call) == "identical", call=call)


def talk(at: stage.Stage, server: stage.Server, name: str, uri: str, hearing: Hearing):
    """The PJSIP conversation; `heard` is the right channel of its own recording."""
    known = {call["call"] for call in server.calls()}
    report, folder = at.call(name.replace(" ", "-"), uri, TALK, *PATIENT)
    if not at.check(f"{name}: the call went as planned", report["error"] is None, error=report["error"]):
        return
    samples, rate = audio.read(folder / "call.wav")
    keys = [turn["speech"] for turn in report["turns"] if turn["kind"] == "dtmf"]
    before = audio.audible(samples[: int(keys[0][0] * rate), 1], rate)
    after = audio.audible(samples[int(keys[1][1] * rate) :, 1], rate)
    seconds = [round(sum(b - a for a, b in spans) / rate, 1) for spans in (before, after)]
    at.check(f"{name}: the caller heard greeting and answer", seconds[0] > 4 and seconds[1] > 2, greeting_s=seconds[0], answer_s=seconds[1])
    recorded(at, server, known, name, " ".join(SENTENCES), hearing, typed=ORDER, tells=r"warehouse.*UPS")
    asked = len(re.findall(rf"GET /orders/{ORDER} ", at.back_end.log.read_text()))
    at.check(f"{name}: the shop was asked for that order", asked > talk.asked, requests=asked)
    talk.asked = asked


talk.asked = 0


def sipp(at: stage.Stage, server: stage.Server, hearing: Hearing):
    import run as scenarios

    known = {call["call"] for call in server.calls()}
    folder = at.folder / "sipp"
    folder.mkdir()
    sentence = "I want to open a complaint please"
    clip = audio.read(voices.render([{"text": sentence}])["file"])[0]
    # Silence while the greeting runs, the sentence, silence for the answer.
    quiet = lambda seconds: np.zeros(int(8000 * seconds), dtype=np.int16)
    (folder / "say.ul").write_bytes(audio.mu_law(np.concatenate([quiet(11), clip, quiet(12)])))
    capture = folder / "lo.pcap"
    shark = subprocess.Popen(
        ["tshark", "-q", "-i", "lo", "-f", f"udp and src portrange {server.media}-{server.media + 119}", "-w", capture],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        ready = shark.stderr.readline()
        while ready and "Capturing" not in ready:
            ready = shark.stderr.readline()
        media = stage.free_range(20)
        result = scenarios.run("stream", server.target, stage.free_port(), media, folder, pause=20000)
    finally:
        shark.terminate()
        shark.wait(10)
        shark.stderr.close()
    at.check("sipp: the call went as planned", result["good"], error=result.get("error"))
    lines = subprocess.run(
        ["tshark", "-r", capture, "-d", f"udp.port=={media}-{media + 19},rtp", "-Y", "rtp.p_type == 0", "-T", "fields", "-e", "rtp.seq", "-e", "rtp.payload"],
        capture_output=True, text=True).stdout.split("\n")
    packets = [line.split("\t") for line in lines if line.count("\t") == 1]
    octets = np.frombuffer(bytes.fromhex("".join(payload.replace(":", "") for _, payload in packets)), dtype=np.uint8)
    loud = linear(octets)
    spans = audio.audible(loud, 8000) if len(loud) else []
    late = [span for span in spans if span[0] > 8000 * 12]
    numbers = [int(number) for number, _ in packets]
    whole = all((b - a) % 65536 == 1 for a, b in zip(numbers, numbers[1:]))
    at.check(
        "sipp: audio came back, before and after the sentence", len(packets) > 900 and spans and late and whole,
        packets=len(packets), in_order=whole, audible_s=round(sum(b - a for a, b in spans) / 8000, 1))
    recorded(at, server, known, "sipp", sentence, hearing)


def linear(octets: np.ndarray) -> np.ndarray:
    """G.711 mu-law to samples, the inverse of `audio.mu_law`."""
    value = ~octets
    size = (((value & 15).astype(np.int32) << 3) + 132 << (value >> 4 & 7).astype(np.int32)) - 132
    return np.where(value & 0x80, -size, size).astype(np.int16)


def baresip(at: stage.Stage, server: stage.Server, hearing: Hearing):
    known = {call["call"] for call in server.calls()}
    folder = at.folder / "baresip"
    folder.mkdir()
    clip, rate = audio.read(voices.render([{"text": QUESTION}])["file"])
    audio.write(folder / "say.wav", np.concatenate([np.zeros(10 * rate, dtype=np.int16), clip]), rate)
    done = subprocess.run(
        [stage.PYTHON, stage.INTEROP / "baresip/call.py", "--uri", server.uri, "--port", str(stage.free_range(4)), "--say", folder / "say.wav",
         "--seconds", "20", "--out", folder / "far.wav"], capture_output=True, text=True, timeout=200)
    if not at.check("baresip: the call went as planned", done.returncode == 0, said=done.stdout[-300:] + done.stderr[-200:]):
        return
    samples, rate = audio.read(folder / "far.wav")
    spans = audio.audible(samples, rate)
    total, late = sum(b - a for a, b in spans) / rate, sum(b - max(a, 12 * rate) for a, b in spans if b > 12 * rate) / rate
    at.check("baresip: the caller heard greeting and answer", total > 6 and late > 1.5, audible_s=round(total, 1), after_the_question_s=round(late, 1))
    recorded(at, server, known, "baresip", QUESTION, hearing)


def suite(at: stage.Stage, server: stage.Server):
    """The scenarios of Tests/Interop: hold, offerless, DTMF, late CANCEL, TCP, codecs."""
    done = subprocess.run(
        [stage.PYTHON, stage.INTEROP / "peers.py", "--target", server.target, "--port-base", str(stage.free_range(100)), "sipp", "pjsip"],
        capture_output=True, text=True, timeout=900)
    found = 0
    import json

    for line in done.stdout.splitlines():
        if line.startswith("{"):
            one = json.loads(line)
            found += 1
            at.check(f"interop: {one.pop('check')}", one.pop("good"), **one)
    at.check("interop: all of it ran", found >= 14 and done.returncode in (0, 1), checks=found, error=done.stderr[-200:])


def run(at: stage.Stage):
    at.shop()
    pbx_port = stage.free_port()
    folder = at.folder / "pbx"
    folder.mkdir()
    registration = (
        "  registrations:\n"
        f'    - {{registrar: "sip:127.0.0.1:{pbx_port}", address: "sip:shop@127.0.0.1:{pbx_port}", user: shop, password: "${{PBX_PASSWORD}}"}}\n')
    with registrar.Kamailio(pbx_port, folder, password="a long secret") as pbx:
        server = at.server(sip_more=registration, env={"PBX_PASSWORD": "a long secret"})
        hearing = Hearing()
        talk(at, server, "PJSIP", server.uri, hearing)
        sipp(at, server, hearing)
        baresip(at, server, hearing)
        try:
            pbx.wait_registered("shop", 60)
            registered = True
        except RuntimeError:
            registered = False
        at.check("Kamailio: the server registered by digest", registered)
        talk(at, server, "PJSIP through Kamailio", f"sip:shop@127.0.0.1:{pbx_port}", hearing)
        hearing.judge(at)
        suite(at, server)
        at.check("the server stops in good order", server.stop() == 0)
        gone = stage.wait_until(lambda: "AoR: shop" not in pbx.contacts(), 60)
        at.check("Kamailio: the server took its registration back", gone)
        # The wrong password: said in the log, no registration, and calls are taken all the same.
        wrong = at.server("wrong-password", sip_more=registration, env={"PBX_PASSWORD": "another secret"})
        told = stage.wait_until(lambda: [line for line in wrong.logs() if line["message"] == "registration failed"], 60)
        at.check("Kamailio: a wrong password is refused and said", told and "AoR: shop" not in pbx.contacts(), log=str(told)[:200])
        at.check("Kamailio: no password stands in the log", "another secret" not in wrong.log.read_text())
        wrong.stop()


if __name__ == "__main__":
    stage.main("peers", run, 2400)
