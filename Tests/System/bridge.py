#!/usr/bin/env python3
"""Two legs joined by the server: a caller and a person, both PJSIP, who hear each other; a third one listens.

    bridge.py --server "repartee serve"

The destination is a place of the configuration: nobody is asked to transfer anything (no REFER). What each of the three heard is
judged by energy in what reached it, which its own process tells; the ringing tone by the caller's recording; that legs are gone by the
server's health and journal.
"""

import re
import signal

import numpy as np
import stage

import audio  # noqa: E402

TO_PERSON = [
    {"do": "dtmf", "digits": "0", "quiet_ms": 2500},
    # The person's words, then the caller's, which person and listener hear.
    {"do": "listen", "quiet_ms": 1600},
]
SAY = {"do": "say", "to": "person", "parts": [{"text": "hello, thank you for taking my call"}], "quiet_ms": 600}


class Person:
    """Somebody who takes calls, as a process of its own, which tells what it hears."""

    def __init__(self, at: stage.Stage, name: str, mode: str = "answer", say: str | None = None, seconds: float = 0):
        self.port = stage.free_port()
        more = (["--say", say] if say else []) + (["--seconds", seconds] if seconds else [])
        self.process = at.process(
            name, [stage.PYTHON, stage.INTEROP / "person.py", "--port", self.port, "--media-port", stage.free_range(50), "--mode", mode, *more])
        self.process.wait_for("ready", 120)

    @property
    def uri(self) -> str:
        return f"sip:person@127.0.0.1:{self.port}"

    def tells(self, event: str, seconds: float = 60) -> bool:
        return bool(stage.wait_until(lambda: any(told["event"] == event for told in list(self.process.events)), seconds))


def server_for(at: stage.Stage, name: str, person: Person, ear: Person | None = None, ring: str | None = None) -> stage.Server:
    places = f"  places:\n    support: {{uri: \"{person.uri}\"" + (", listener: ear" if ear else "") + "}\n"
    if ear:
        places += f"    ear: {{uri: \"{ear.uri}\"}}\n"
    assistant = at.keyed_copy(at.folder / f"keyed-{name}")
    if ring:
        settings = assistant / "assistant.yml"
        text, count = re.subn(r"ring: \S+", f"ring: {ring}", settings.read_text())
        assert count == 1, "assistant.yml has no time to ring any more"
        settings.write_text(text)
    return at.server(name, person="place:support", sip_more=places, assistant=assistant)


def is_over(at: stage.Stage, server: stage.Server, what: str, by: str):
    gone = stage.wait_until(lambda: server.health()[1]["calls"] == 0 and server.calls() and server.calls()[-1]["ended_at_us"] is not None, 90)
    calls = server.calls()
    story = server.story(calls[-1]["call"]) if calls else ""
    at.check(f"{what}: the call is over at the server, ended by the {by}", gone and f"ended by the {by}" in story, story=story[-200:])
    at.check(f"{what}: it replays", server.replay(calls[-1]["call"]).startswith("identical"), replay=server.replay(calls[-1]["call"]))


def joined(at: stage.Stage):
    """Both hear each other, a third hears both, the caller hangs up."""
    person, ear = Person(at, "anna"), Person(at, "ear", say="nobody must hear this")
    server = server_for(at, "joined", person, ear)
    report, folder = at.call("caller", server.uri, [*TO_PERSON, SAY, {"do": "hang_up", "gap_ms": 1500}], "--patience", "60")
    at.check("the caller heard the person and was not asked to call anybody", report["error"] is None and not report["transfers"], error=report["error"])
    at.check("the person was rung by the server and answered", person.tells("answered"))
    at.check("the person heard the caller", person.tells("heard"))
    at.check("the listener was joined and heard them", ear.tells("answered") and ear.tells("heard"))
    at.check("person and listener are let go when the caller hangs up", person.tells("ended") and ear.tells("ended"))
    is_over(at, server, "joined", "caller")
    story = server.story(server.calls()[-1]["call"])
    at.check("what the two said to each other is not written down", "taking my call" not in story)


def person_leaves(at: stage.Stage):
    person = Person(at, "brief", seconds=4)
    server = server_for(at, "brief-server", person)
    report, _ = at.call("left-caller", server.uri, [TO_PERSON[0], {"do": "await_hang_up"}], "--patience", "60")
    at.check("the caller is let go when the person hangs up", report["error"] is None and report["ended_by"] == "agent", error=report["error"])
    is_over(at, server, "person leaves", "person")


def tones(samples: np.ndarray, rate: int) -> list[tuple[float, float]]:
    """Seconds of spans in which 425 Hz is nearly all there is; what a busy machine lost of one is no end of it."""
    window = rate // 50
    wave = np.exp(-2j * np.pi * 425 * np.arange(window) / rate)
    pure = []
    for begin in range(0, len(samples) - window, window):
        part = samples[begin : begin + window].astype(float)
        energy = float(np.sum(part * part))
        pure.append(energy > window * 300**2 and 2 * abs(np.dot(part, wave)) ** 2 / (window * energy) > 0.8)
    spans, start = [], None
    for index, is_pure in enumerate([*pure, False]):
        if is_pure and start is None:
            start = index
        elif not is_pure and start is not None:
            begin, end = start / 50, index / 50
            if spans and begin - spans[-1][1] < 0.5:
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((begin, end))
            start = None
    return [(begin, end) for begin, end in spans if end - begin > 0.1]


# What the server's log says of the network's word.
SAID = {"decline": "603 Decline", "busy": "486 Busy Here", "ring": "none", "leaves": "none"}


def nobody_takes_it(at: stage.Stage, modes: list[str]):
    for mode in modes:
        # Who answers and is gone in half a second has not taken the call.
        person = Person(at, f"no-{mode}", **({"seconds": 0.5} if mode == "leaves" else {"mode": mode}))
        server = server_for(at, f"{mode}-server", person)
        # Longer than the tone pauses.
        report, folder = at.call(
            f"{mode}-caller", server.uri, [TO_PERSON[0], {"do": "listen", "quiet_ms": 4500}, {"do": "dtmf", "digits": "9", "quiet_ms": 2500}, {"do": "await_hang_up"}], "--patience", "60")
        at.check(f"{mode}: the caller is told and goes on to the end", report["error"] is None and report["ended_by"] == "agent", error=report["error"])
        at.check(f"{mode}: the journal says how it went", re.search("declined|busy|no_answer|noAnswer", server.story(server.calls()[-1]["call"])))
        if mode != "ring":
            at.check(f"{mode}: the person was rung", person.tells("refused" if mode in ("decline", "busy") else "answered"))
        told = [line.get("metadata", line) for line in server.logs() if "a caller was not handed over" in str(line)]
        at.check(f"{mode}: the log says with which status, and nothing of the caller", [line.get("status") for line in told] == [SAID[mode]] and "sip:" not in str(told), told=told)
        at.check(f"{mode}: and so does the journal", (SAID[mode] in server.story(server.calls()[-1]["call"])) == (SAID[mode] != "none"))
        samples, rate = audio.read(folder / "call.wav")
        heard = tones(samples[:, 1], rate)
        if mode == "ring":
            # Where the call was given up the last may be cut.
            at.check(
                "ring: the caller hears the ringing tone, one second of five", len(heard) >= 3 and all(0.7 < b - a < 1.3 for a, b in heard[:-1])
                and all(4.5 < b[0] - a[0] < 5.5 for a, b in zip(heard, heard[1:])), heard=heard)
        elif mode in ("decline", "busy"):
            at.check(f"{mode}: and none where nothing rang", not heard, heard=heard)
        is_over(at, server, mode, "agent")


def killed(at: stage.Stage):
    """A leg whose process is gone says nothing any more: the other one is let go all the same."""
    person = Person(at, "killed-person")
    server = server_for(at, "killed-server", person)
    process, folder = at.caller("patient", server.uri, [*TO_PERSON, {"do": "await_hang_up"}], "--patience", "150")
    at.check("the person has the call", person.tells("answered", 120))
    person.process.child.send_signal(signal.SIGKILL)
    process.wait(200)
    report = stage.report(folder)
    at.check("the caller is let go when the person's process was killed", report["error"] is None and report["ended_by"] == "agent", error=report["error"])
    is_over(at, server, "killed person", "person")
    other = Person(at, "left-person")
    server = server_for(at, "killed-caller-server", other)
    process, _ = at.caller("killed-caller", server.uri, [*TO_PERSON, {"do": "await_hang_up"}], "--patience", "150")
    at.check("another person has the call", other.tells("answered", 120))
    process.child.send_signal(signal.SIGKILL)
    at.check("the person is let go when the caller's process was killed", other.tells("ended", 120))
    is_over(at, server, "killed caller", "line")


def run(at: stage.Stage):
    at.shop()
    joined(at)
    person_leaves(at)
    if at.share < 100:
        nobody_takes_it(at, ["decline"])
    else:
        nobody_takes_it(at, list(SAID))
        killed(at)


if __name__ == "__main__":
    stage.main("bridge", run, 1800)
