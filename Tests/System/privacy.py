#!/usr/bin/env python3
"""A card number, a name and an address are written in a chat, and said and typed in a call; then everything the server wrote is searched for them.

    privacy.py --server "repartee serve"

Searched: database, write-ahead log and shared memory while the server runs and after it stopped, the log at trace level with
the SIP trace on, the log of a start that was ended by SIGABRT, and its core where the system made one in the folder. The search
is proved by itself: the same values are found in the shop's database, and in what `calls --reveal` shows with the key.
"""

import os
import pathlib
import re
import signal
import time

import stage

import words  # noqa: E402

CARD = "4929124837561284"
ADDRESS = "nineteen Green Lane, Manchester"
NAME = "Penelope Hathersage"

ONES = dict(zip("0123456789", "zero one two three four five six seven eight nine".split()))

TALK = [
    {"do": "dtmf", "digits": "2", "quiet_ms": 2500},
    {"do": "dtmf", "digits": "20581637", "quiet_ms": 1600},
    {"do": "say", "parts": [{"text": ADDRESS}], "quiet_ms": 1600},
    {"do": "dtmf", "digits": CARD + "#", "quiet_ms": 1600},
    {"do": "say", "parts": [{"text": f"my name is {NAME} and my card"}, {"digits": CARD}, {"text": "was charged twice"}], "quiet_ms": 1600},
    {"do": "listen"},
    {"do": "hang_up", "gap_ms": 500},
]
# The same in writing, where nothing is misheard: what is searched for was there to the letter.
WRITTEN = [
    "please change the address of my order", "20581637", ADDRESS, "yes",
    "I want to open a complaint", "64925071", f"my name is {NAME} and my card {CARD} was charged twice", "yes", "no thank you",
]


def said_back(story: str) -> list[str]:
    """The agent's lines that repeat the caller's address."""
    return [line for line in re.findall(r"^[\d.]+  agent: (.+)$", story, re.MULTILINE) if "Manchester" in line]


def holds_all(story: str) -> bool:
    """Whether card, name and address were all heard and told."""
    return bool(said_back(story)) and CARD in digits(story) and "Penelope" in story


def spoken(story: str) -> list[str]:
    """What the caller was heard to say, keys apart."""
    return [line for line in re.findall(r"^[\d.]+  caller: (.+)$", story, re.MULTILINE) if len(line) > 11 and not line.isdigit()]


def keyed(story: str) -> str:
    """The keys of the call, in order."""
    return "".join(re.findall(r"^[\d.]+  caller: (\d+)$", story, re.MULTILINE))


def chat(at: stage.Stage, server: stage.Server) -> str:
    done = server.tell("chat", at.assistant, text="\n".join(WRITTEN) + "\n", seconds=300)
    at.check("the chat went as planned", done.returncode == 0, error=done.stderr[-200:])
    return server.calls()[-1]["call"]


def talk(at: stage.Stage, server: stage.Server) -> str:
    known = len(server.calls())
    report, _ = at.call("talk", server.uri, TALK, "--patience", "120")
    stage.wait_until(lambda: len(server.calls()) > known and server.calls()[-1]["ended_at_us"] is not None, 60)
    at.check("the call went as planned", report["error"] is None, error=report["error"])
    return server.calls()[-1]["call"]


def spellings(server: stage.Server, calls: list[str]) -> dict[str, list[str]]:
    """What to search for. Of what was misheard, the misheard form too: what the server believes to have heard is in the story."""
    grouped = [CARD[i : i + 4] for i in range(0, 16, 4)]
    words = [ONES[digit] for digit in CARD]
    card = [CARD, " ".join(grouped), "-".join(grouped), " ".join(CARD), ",".join(CARD), ", ".join(CARD), " ".join(words), ", ".join(words), "-".join(words), *(" ".join(words[i : i + 4]) for i in (0, 4, 8, 12))]
    story = "".join(server.story(call) for call in calls)
    # Words that the assistant's own files hold stand in the publication, whoever says them.
    own = " ".join(file.read_text().lower() for file in (stage.ROOT / "Examples/shop").glob("*.yml"))
    heard = [line for line in spoken(story) if line.lower() not in own]
    told = said_back(story)
    return {
        "card": card, "name": [NAME, *NAME.split()], "address": [ADDRESS, "Green Lane", "Manchester", "19 Green"],
        "order": ["20581637", "64925071"], "what was heard": heard, "what was said back": [re.sub(r"^(For order [\d ,]+ )?I have |\. Is that right\?$", "", line) for line in told],
    }


def found(values: list[str], files: list[pathlib.Path]) -> list[str]:
    """Which values stand in which files: as UTF-8, any case, as UTF-16, and as hexadecimal."""
    out = []
    for file in files:
        data = file.read_bytes().lower()
        for value in values:
            low = value.lower()
            forms = {low.encode(), low.encode("utf-16-le"), low.encode().hex().encode()}
            if any(form in data for form in forms):
                out.append(f"{value[:24]} in {file.name}")
    return out


def files_of(server: stage.Server) -> list[pathlib.Path]:
    return [file for file in server.data.rglob("*") if file.is_file() and file.name != "vault.key"] + sorted(server.folder.glob("server-*.log"))


def search(at: stage.Stage, server: stage.Server, values: dict[str, list[str]], when: str):
    files = files_of(server)
    for name, forms in values.items():
        wrong = found(forms, files)
        at.check(f"{when}: the {name} is nowhere in clear", forms and not wrong, forms=len(forms), files=len(files), bytes=sum(file.stat().st_size for file in files), wrong=wrong[:3])


def run(at: stage.Stage):
    shop = at.shop()
    server = at.server(start=False, env={"REPARTEE_LOG_LEVEL": "trace", "REPARTEE_SIP_TRACE": "1"})
    # The chat makes the folder of data, so that nothing in it is another's.
    written = chat(at, server)
    server.start()
    call = talk(at, server)
    values = spellings(server, [written, call])
    story, heard = server.story(written), server.story(call)
    # The search itself is worth something only where it finds.
    at.check("the search finds the address in the shop's database", found(["Manchester"], [shop.database, shop.database.with_name("shop.sqlite-wal")]))
    shown = at.folder / "story.txt"
    shown.write_text(story)
    at.check("with the key the story shows card, name and address", found(["Manchester"], [shown]) and holds_all(story))
    typed = keyed(heard)
    at.check("of the call it shows the keys", CARD in typed, spoken=len(spoken(heard)))
    at.check("without the key the story shows none of them", not found([one for forms in values.values() for one in forms], [write(at, f"hidden-{one}.txt", server.tell("calls", one).stdout) for one in (written, call)]))
    trace = [line for line in server.logs() if line["message"] == "sip"]
    at.check("the SIP trace was on", len(trace) > 5 and any("INVITE" in str(line) for line in trace), messages=len(trace))
    bodies = " ".join(str(line) for line in trace)
    at.check("the SIP trace names no caller", "sip:caller@" not in bodies, sample=bodies[:160])
    search(at, server, values, "while it runs")
    # A crash in the middle of another call: what the dying process writes is searched as well.
    earlier = len(server.calls())
    process, _ = at.caller("crash", server.uri, TALK, "--patience", "120")
    came = stage.wait_until(lambda: any(CARD[:4] in keyed(server.story(one["call"])) for one in server.calls()[earlier:]), 300, every=1)
    at.check("the next caller has typed and spoken", came)
    status = abort(server)
    process.stop()
    at.check("it crashed, and what it printed is searched", status == -signal.SIGABRT and ("Backtrac" not in server.log.read_text() or "Signal 6" in server.log.read_text()), status=status, backtrace="Signal 6" in server.log.read_text())
    search(at, server, values, "after SIGABRT")
    server.start()
    at.check("the next start stops in good order", server.stop() == 0)
    search(at, server, values, "after an orderly stop")
    # The key goes: the values with it, the decisions stay.
    before = server.replay(call)
    erased = server.tell("erase", call)
    after = server.replay(call)
    count = re.fullmatch(r"identical \((\d+) erased\)", after)
    at.check("erase deletes the key, replay says so", before == "identical" and erased.returncode == 0 and count and int(count[1]) >= 5, before=before, after=after, said=erased.stdout.strip() or erased.stderr.strip())
    at.check("nothing is left to reveal", not found([*spoken(heard), CARD], [write(at, "erased.txt", server.story(call))]))
    rows = stage.query(server.database, "SELECT COUNT(*) AS n FROM vault_values WHERE owner LIKE ?", f"%{call}%")
    at.check("no box of the call is left in the vault", rows[0]["n"] == 0, rows=rows[0]["n"])
    others = [one["call"] for one in server.calls() if one["call"] != call]
    at.check("the other calls keep their values", len(others) == 2 and holds_all(server.story(written)) and all(server.replay(one) == "identical" for one in others))


def digits(story: str) -> str:
    """The digits of what the caller said, in words or figures."""
    spoken = " ".join(re.findall(r"^[\d.]+  caller: (.{9,})$", story, re.MULTILINE))
    return "".join(str(words.VALUES[word]) if word in words.VALUES else word for word in words.normalise(spoken) if word in words.VALUES or word.isdigit())


def abort(server: stage.Server) -> int:
    """SIGABRT until it is dead: Swift's runtime writes its report at the first one and goes on when the signal came from outside."""
    end = time.monotonic() + 150
    while server.lives() and time.monotonic() < end:
        os.kill(server.pid, signal.SIGABRT)
        stage.wait_until(lambda: not server.lives(), 10)
    return server.stop()


def write(at: stage.Stage, name: str, text: str) -> pathlib.Path:
    file = at.folder / name
    file.write_text(text)
    return file


if __name__ == "__main__":
    stage.main("privacy", run, 2400)
