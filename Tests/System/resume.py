#!/usr/bin/env python3
"""A conversation is not a call: begun by keyboard, left by kill -9, gone on with two days later, by keyboard and by telephone.

    resume.py --server "repartee serve"

The clock of the later process is moved by faketime. Judged by what was shown on the keyboard's screen, by the journal's own
rows, by the shop's log of requests, and by a replay in a process of its own.
"""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import time

import stage

ORDER = "20581637"
NOTHING = "53814960"


class Chat:
    """A chat under way, whose screen is a file."""

    def __init__(self, at: stage.Stage, server: stage.Server, name: str, folder: pathlib.Path, *words):
        self.screen = at.folder / f"{name}.screen"
        self.child = subprocess.Popen(
            [str(word) for word in (at.program, "chat", folder, "--commands", "--config", server.config, *words)], env={**os.environ, **server.env},
            stdin=subprocess.PIPE, stdout=open(self.screen, "w"), stderr=subprocess.STDOUT, text=True, cwd=stage.ROOT)
        at.children.append(self.child)

    @property
    def text(self) -> str:
        return self.screen.read_text(errors="replace")

    def say(self, text: str):
        self.child.stdin.write(text + "\n")
        self.child.stdin.flush()

    def reads(self, pattern: str, seconds: float = 300) -> bool:
        """Whether the agent writes it in time."""
        return bool(stage.wait_until(lambda: re.search(pattern, self.text), seconds))


def written(server: stage.Server, text: str) -> bool:
    """Whether the agent's words are in the journal: what is shown may be a moment ahead of the disk."""
    return bool(stage.wait_until(
        lambda: server.database.exists() and stage.query(
            server.database, "SELECT 1 FROM journal WHERE kind = 'effect.speak' AND CAST(payload AS TEXT) LIKE ?", f"%{text}%"), 60))


def moved(days: int) -> list[str]:
    """A prefix that moves the wall clock, and nothing else, of a command."""
    return ["env", "DONT_FAKE_MONOTONIC=1", "FAKETIME_DONT_FAKE_MONOTONIC=1", "faketime", "-f", f"+{days}d"]


def tell(at: stage.Stage, server: stage.Server, days: int, text: str, *words) -> str:
    """A whole command with its input, days later: what it printed."""
    done = subprocess.run(
        [*moved(days), at.program, *[str(word) for word in words], "--config", str(server.config)], env={**os.environ, **server.env},
        input=text, capture_output=True, text=True, timeout=600, cwd=stage.ROOT)
    return done.stdout + done.stderr


def by_keyboard(at: stage.Stage, server: stage.Server, folder: pathlib.Path) -> str | None:
    """Begun, killed in the middle of a change, gone on with two days later, and done. Its id."""
    chat = Chat(at, server, "begun", folder)
    if not at.check("a chat begins", chat.reads("Welcome")):
        return None
    chat.say("/move_delivery")
    chat.reads("order number")
    chat.say(f"/SetSlots(order_number={ORDER})")
    at.check("and asks for the day", chat.reads("On which day") and written(server, "On which day"), screen=chat.text[-300:])
    chat.child.kill()
    chat.child.wait(30)
    (call,) = server.calls()
    at.check("killed: its journal has no end", call["ended_at_us"] is None)
    shown = tell(at, server, 2, "what is this\n", "chat", folder, "--resume", "last")
    at.check("two days later it is welcomed back and asked for the day again", re.search(r"agent: Welcome back.*(?i:day)", shown), shown=shown[-400:])
    lines = stage.query(server.database, "SELECT instant_us, kind, CAST(payload AS TEXT) AS payload FROM journal ORDER BY sequence")
    attached = [line for line in lines if line["kind"] == "event.attached"]
    at.check(
        "the journal has both days", attached and attached[0]["instant_us"] > 1.9 * 86_400_000_000 and len(server.calls()) == 1,
        instants=[line["instant_us"] for line in attached])
    story = server.story(call["call"])
    at.check("the story is one, with what was said on both", "/move_delivery" in story and ORDER in story and "what is this" in story)
    at.check("it replays", server.replay(call["call"]).startswith("identical"), replay=server.replay(call["call"]))
    return call["call"]


def behind_the_answer(at: stage.Stage, server: stage.Server, folder: pathlib.Path):
    """Killed when the shop has made a change, some milliseconds later each time: whatever was written of it by then, it is told as made."""
    for pause in 0, 2, 5, 10, 20, 50:
        made, known = len(at.back_end.changes()), {call["call"] for call in server.calls()}
        chat = Chat(at, server, f"answered-{pause}", folder)
        chat.reads("Welcome")
        for text, asked in (
                ("/open_case", "order number"), (f"/SetSlots(order_number={ORDER})", "What is wrong|happened|problem"),
                (f"/SetSlots(case_summary=scratch number {pause})", "Shall I open a case")):
            chat.say(text)
            at.check(f"{pause} ms: it asks {asked!r}", chat.reads(asked), screen=chat.text[-300:])
        chat.say("/SetSlots(case_confirmed=true)")
        at.check(f"{pause} ms: the shop opens a case", stage.wait_until(lambda: len(at.back_end.changes()) > made, 60, every=0.001))
        time.sleep(pause / 1000)
        chat.child.kill()
        chat.child.wait(30)
        (call,) = {call["call"] for call in server.calls()} - known
        shown = tell(at, server, 0, "", "chat", folder, "--resume", call)
        at.check(
            f"{pause} ms: the case is told, and nobody hears that it is not known",
            "could not find out" not in shown and "I have opened a case" in server.story(call),
            shown=shown[-400:])
        found = server.tell("effects")
        at.check(f"{pause} ms: journal and ledger agree", call not in found.stdout, effects=found.stdout[-300:])
        at.check(f"{pause} ms: it was asked for once", len(at.back_end.changes()) == made + 1)


def by_telephone(at: stage.Stage, server: stage.Server, folder: pathlib.Path):
    """Begun by keyboard, killed, gone on with by a call to a server that was killed and started in between."""
    known = {call["call"] for call in server.calls()}
    chat = Chat(at, server, "for-the-phone", folder)
    chat.reads("Welcome")
    chat.say("/order_status")
    at.check("a chat asks for the order", chat.reads("order number") and stage.wait_until(
        lambda: any("order number" in server.story(found["call"]) for found in server.calls() if found["call"] not in known), 60, every=0.5))
    chat.child.send_signal(signal.SIGKILL)
    chat.child.wait(30)
    (call,) = {found["call"] for found in server.calls()} - known
    server.kill()
    server.start()
    at.check("a server that starts again leaves the chat as it is", {row["call"]: row["ended_at_us"] for row in server.calls()}[call] is None)
    # Left once more, in order, so that it shows its ticket.
    shown = tell(at, server, 0, "", "chat", folder, "--resume", call)
    ticket = re.search(rf";conversation=({call}-\d+-[0-9a-f]+)", shown)
    if not at.check("who leaves a chat is told how to go on, here and by telephone", ticket and f"--resume {call}" in shown, shown=shown[-300:]):
        return
    # The line is lost in the middle of the journey: what began in writing outlives it, and a ticket opens once.
    report, _ = at.call("lost", f"{server.uri};conversation={ticket[1]}", [{"do": "listen"}, {"do": "hang_up", "gap_ms": 300}], "--patience", "60")
    left = stage.wait_until(lambda: stage.query(
        server.database, "SELECT 1 FROM journal WHERE kind = 'effect.suspend' AND sequence > (SELECT max(sequence) FROM journal WHERE kind = 'event.attached' "
        "AND CAST(payload AS TEXT) LIKE '%\"voice\"%')"), 60)
    at.check("a telephone line that is lost leaves the conversation to be gone on with", report["error"] is None and left, error=report["error"])
    listed = tell(at, server, 0, "", "calls")
    at.check("and it is listed so", re.search(rf"{call}\t.*\tleft, can be gone on with until ", listed), listed=listed[-400:])
    used = ticket[1]
    ticket = re.search(rf"^;conversation=({call}-\d+-[0-9a-f]+)$", tell(at, server, 0, "", "calls", call, "--ticket"), re.M)
    if not at.check("whoever has the data folder can have another ticket", ticket and ticket[1] != used):
        return
    before = {row["call"] for row in server.calls()}
    report, _ = at.call("used", f"{server.uri};conversation={used}", [{"do": "dtmf", "digits": "9"}, {"do": "await_hang_up"}], "--patience", "60")
    new = {row["call"] for row in server.calls()} - before
    at.check("a ticket that was used begins anew", report["error"] is None and len(new) == 1, error=report["error"], new=len(new))
    known |= new
    report, _ = at.call(
        "phone", f"{server.uri};conversation={ticket[1]}",
        [{"do": "dtmf", "digits": ORDER, "quiet_ms": 1600}, {"do": "listen"}, {"do": "hang_up", "gap_ms": 300}], "--patience", "60")
    at.check("the telephone call was answered and ended", report["error"] is None, error=report["error"])
    ended = stage.wait_until(lambda: {row["call"]: row["ended_at_us"] for row in server.calls()}[call], 60)
    at.check("it went on in the same journal, which now has an end", ended and len(server.calls()) == len(known) + 1)
    story = server.story(call)
    at.check("the caller was welcomed back, and told", "Welcome back" in story and "Your order is" in story)
    at.check("the shop was asked for that order", f"GET /orders/{ORDER}" in at.back_end.log.read_text())
    at.check("it replays", server.replay(call).startswith("identical"), replay=server.replay(call))
    # A conversation that is over, or that nobody knows, is answered as a new one.
    forged = ticket[1][:-1] + ("0" if ticket[1][-1] != "0" else "1")
    for name, conversation in ("over", ticket[1]), ("without a ticket", call), ("with a forged ticket", forged):
        before = {row["call"] for row in server.calls()}
        report, _ = at.call(name.replace(" ", "-"), f"{server.uri};conversation={conversation}", [{"do": "dtmf", "digits": "9"}, {"do": "await_hang_up"}], "--patience", "60")
        new = {row["call"] for row in server.calls()} - before
        at.check(f"a conversation {name} begins anew", report["error"] is None and len(new) == 1, error=report["error"], new=len(new))


def refusals(at: stage.Stage, server: stage.Server, folder: pathlib.Path, known: str | None):
    before = len(server.calls())
    shown = tell(at, server, 0, "", "chat", folder, "--resume", "nobody")
    at.check(
        "an unknown conversation is refused in words, and none begins", "cannot be gone on with" in shown and len(server.calls()) == before,
        shown=shown[-300:])
    other = at.folder / "other"
    shutil.copytree(folder, other)
    with open(other / "flows/end_by_key.yml", "a") as file:
        file.write("# another version\n")
    shown = tell(at, server, 0, "", "chat", other, "--resume", known or "last")
    at.check("another version of the assistant does not go on with it", "it was had with" in shown, shown=shown[-300:])


def run(at: stage.Stage):
    at.shop()
    folder = at.keyed_copy(at.folder / "keyed")
    server = at.server(assistant=folder)
    known = by_keyboard(at, server, folder)
    refusals(at, server, folder, known)
    behind_the_answer(at, server, folder)
    by_telephone(at, server, folder)


if __name__ == "__main__":
    stage.main("resume", run, 1800)
