#!/usr/bin/env python3
"""Versions of an assistant published, refused and taken back while people are on the line.

    publish.py --server "repartee serve"

Two copies of Examples/shop: A, and B with other sentences and another key for the order's status. Callers press keys and listen;
nobody speaks. While a caller is on A, B is published: that call goes on with A's keys and words to its
goodbye, the next ones get B, also after a broken copy was refused. The roll back to A leaves the calls on B alone. B is published again, the
server killed before anything else, and B answers after the start. Judged by the rows of the journal and the version
they name, by speech in the callers' recordings, by the shop's log, by the chained lines of the record, and by replays; and the
judges are shown altered copies, which they must refuse.
"""

import contextlib
import hashlib
import json
import re
import shutil
import sqlite3

import stage

import audio  # noqa: E402

# What callers hear in A, and what in B.
WORDS = {
    "How can I help you?": "This is our new line, and it knows your orders and deliveries. What may I do for you?",
    "What is your order number? It has eight digits.": "Please tell me the eight digits of your order number, which stand at the top of our confirmation mail.",
    "Your order is being prepared in our warehouse. {carrier} will bring it on {delivery_date}.": "Our people are packing it now. {carrier} comes with it on {delivery_date}.",
    "Is there anything else I can do for you?": "What else may I look up?",
    "Thank you for calling Larkfield. Goodbye.": "It was good to hear from you. Until the next time.",
}
KEY = {"A": "1", "B": "5"}
TAKES = "a published version takes the next calls"
PATIENT = ("--patience", "90", "--longest", "600")


# The two versions

def edit(file, *pairs):
    text = file.read_text()
    for old, new in pairs:
        assert text.count(old) == 1, f"{file}: {old}"
        text = text.replace(old, new)
    file.write_text(text)


def copies(at: stage.Stage) -> dict:
    made = {name: at.folder / name for name in ("A", "B", "broken")}
    for folder in made.values():
        at.keyed_copy(folder)
    for name in ("B", "broken"):
        edit(made[name] / "domain.yml", *((f'"{old}"', f'"{new}"') for old, new in WORDS.items()))
        edit(made[name] / "flows/order_status.yml", ('menu_key: "1"', f'menu_key: "{KEY["B"]}"'))
    edit(made["broken"] / "flows/order_status.yml", ("action: utter_order_status", "action: utter_nowhere"))
    return made


def plan(version: str, orders: list[str], *end: dict) -> list[dict]:
    steps = []
    for order in orders:
        steps += [{"do": "dtmf", "digits": KEY[version]}, {"do": "dtmf", "digits": order, "gap_ms": 250}]
    # Longer than the agent pauses between sentences, also where sentences come slowly.
    return [{"quiet_ms": 2500, **step} if step["do"] != "hang_up" else step for step in [*steps, *end]]


BYE = [{"do": "dtmf", "digits": "9"}, {"do": "await_hang_up", "timeout_s": 120}]
HEARD = [{"do": "listen"}, {"do": "hang_up", "gap_ms": 300}]


# One call, and what can be seen of it

class Call:
    def __init__(self, at: stage.Stage, server: stage.Server, name: str, steps: list[dict]):
        self.server, self.name = server, name
        known = {call["call"] for call in server.calls()}
        self.process, self.folder = at.caller(name, server.uri, steps, *PATIENT)
        new = stage.wait_until(lambda: [call["call"] for call in server.calls() if call["call"] not in known], 90)
        if not new:
            raise RuntimeError(f"{name}: no call came, see {self.process.log}")
        self.id = new[0]

    def row(self) -> dict:
        return next(call for call in self.server.calls() if call["call"] == self.id)

    def rows(self, kind: str = "%") -> list[dict]:
        return stage.query(
            self.server.database, "SELECT journal.*, started_at_ms, content_hash FROM journal JOIN calls ON calls.id = journal.call"
            " LEFT JOIN assistants ON assistants.id = journal.assistant WHERE calls.call = ? AND kind LIKE ? ORDER BY sequence", self.id, kind)

    def told(self) -> list[tuple[int, str]]:
        """What the agent said: milliseconds of the wall clock, and the words."""
        out = []
        for row in self.rows("effect.speak"):
            for sentence in json.loads(row["payload"])["utterance"]["sentences"]:
                text = " ".join(piece["words"] for piece in sentence["pieces"] if piece["kind"] == "words")
                out.append((row["started_at_ms"] + row["instant_us"] // 1000, text))
        return out

    def words(self, version: str, since_ms: int = 0) -> list[str]:
        """The sentences that only this version has."""
        texts = [old if version == "A" else new for old, new in WORDS.items()]
        parts = [part for text in texts for part in re.findall(r"[^.?{}]{7,}", text)]
        return [text for at_ms, text in self.told() if at_ms >= since_ms and any(part.strip() in text for part in parts)]

    def asked(self):
        """Waits until the agent has asked for the order's number."""
        return stage.wait_until(lambda: any(b'"question_asked"' in row["payload"] for row in self.rows("effect.note")), 120)

    def over(self, seconds: float = 660) -> dict:
        self.process.wait(seconds)
        stage.wait_until(lambda: self.row()["ended_at_us"] is not None, 60)
        return stage.report(self.folder)

    def seconds(self) -> list[float]:
        """Of speech heard before the first key and after each, by energy in the caller's recording."""
        samples, rate = audio.read(self.folder / "call.wav")
        turns = [turn["speech"] for turn in stage.report(self.folder)["turns"]]
        starts, ends = [0, *(end for _, end in turns)], [*(start for start, _ in turns), len(samples) / rate]
        return [
            round(sum(b - a for a, b in audio.audible(samples[int(start * rate) : int(end * rate), 1], rate)) / rate, 1)
            for start, end in zip(starts, ends)]


# The record, read by itself

class Record:
    def __init__(self, server: stage.Server):
        self.server, self.folder = server, server.data / "assistants/shop"
        self.file = self.folder / "record.jsonl"

    def lines(self) -> list[dict]:
        return [json.loads(line) for line in self.file.read_bytes().split(b"\n")[:-1]]

    def is_chained(self) -> bool:
        raw = self.file.read_bytes().split(b"\n")[:-1]
        before, version = "", None
        for text in raw:
            line = json.loads(text)
            if line["before"] != before or line.get("previous") != version:
                return False
            before, version = hashlib.sha256(text).hexdigest(), line["version"]["contentHash"]
        return bool(raw)

    def listed(self) -> list[dict]:
        done = self.server.tell("publish", "--list", "shop", "--json")
        return json.loads(done.stdout) if done.returncode == 0 else []

    def state(self):
        return self.file.read_bytes(), sorted(str(file.relative_to(self.folder)) for file in self.folder.rglob("*"))


def taken(server: stage.Server, times: int) -> bool:
    return stage.wait_until(lambda: sum(line["message"] == TAKES for line in server.logs()) >= times, 120)


def published(server: stage.Server, *words) -> dict:
    done = server.tell("publish", *words, "--json")
    return {"status": done.returncode, **(json.loads(done.stdout) if done.returncode == 0 else {"hash": "", "error": done.stderr[-200:]})}


def stays(at: stage.Stage, call: Call, version: str, hashes: dict):
    """That the whole call was on one version: its rows, its words, its replay."""
    other = "B" if version == "A" else "A"
    rows = call.rows()
    named = json.loads(rows[0]["payload"])["assistant"]["contentHash"]
    listing = [line for line in call.server.tell("calls").stdout.splitlines() if line.startswith(call.id + "\t")]
    at.check(f"{call.name}: every row of its journal names {version}",
             {row["content_hash"] for row in rows} == {hashes[version], named} and f"\tshop@{hashes[version][:12]}\t" in "".join(listing), rows=len(rows), version=named[:12])
    at.check(f"{call.name}: it heard {version}'s sentences and none of {other}", call.words(version) and not call.words(other),
             heard=len(call.words(version)), others=call.words(other)[:2])
    result = call.server.replay(call.id)
    at.check(f"{call.name}: replays identical", result == "identical", result=result)


# The story

def run(at: stage.Stage):
    shop = at.shop()
    folders = copies(at)
    server = at.server(start=False)
    edit(server.config, (f'"*": {{assistant: {at.assistant}}}', '"*": {published: shop}'))
    record = Record(server)

    first = published(server, folders["A"])
    server.start()
    hashes = {"A": first["hash"]}
    on_a = Call(at, server, "first-on-A", plan("A", ["20581637", "64925071", "86147293"], *BYE))
    at.check("a caller on A is asked for the order's number", on_a.asked())

    second = published(server, folders["B"])
    hashes["B"] = second["hash"]
    at.check("B is published during the call, as another version", second["status"] == 0 and second.get("previous") == hashes["A"] != hashes["B"],
             was=hashes["A"][:12], now=hashes["B"][:12])
    if not at.check("the running server takes it for the next calls", hashes["B"] and taken(server, 1)):
        return  # nothing else means anything
    since = record.lines()[-1]["at"]
    on_b = Call(at, server, "first-on-B", plan("B", ["29470526"], *BYE))
    at.check("both are on the line at once", on_a.process.running and on_b.process.running and server.health()[1]["calls"] == 2)

    before = record.state()
    refused = server.tell("publish", folders["broken"])
    unreadable = server.tell("publish", at.folder / "nowhere")
    at.check("a broken assistant is refused with 1, file and line", refused.returncode == 1 and "flows/order_status.yml:28:" in refused.stdout, said=refused.stdout.strip()[:100])
    at.check("one that is not there with 2", unreadable.returncode == 2)
    at.check("neither changed record or versions", record.state() == before and [line["isCurrent"] for line in record.listed()] == [False, True])
    after_refusal = Call(at, server, "after-the-refusal", [*plan("B", [], {"do": "dtmf", "digits": KEY["B"]}), *HEARD])

    on_b.asked()
    back = published(server, "--rollback", "shop")
    at.check("rolled back to A while a call is on B", back["status"] == 0 and back["hash"] == hashes["A"] and on_b.process.running)
    at.check("the running server takes A again", taken(server, 2))
    rolled_back = record.lines()[-1]["at"]
    again_on_a = Call(at, server, "after-the-rollback", plan("A", ["20581637"], {"do": "await_hang_up", "timeout_s": 200}))

    for call in (after_refusal, on_a, on_b):
        report = call.over()
        at.check(f"{call.name}: went as planned", report["error"] is None, error=report["error"], s=max((event["at"] for event in report["events"]), default=0))
    later = on_a.words("A", since)
    at.check("the call on A went on in A's words after B was published, to its goodbye", len(later) >= 4 and "Goodbye" in later[-1] and on_a.row()["ended_at_us"], sentences=len(later))
    at.check("by A's key and with its tools", shop.log.read_text().count("GET /orders/86147293 ") == 1 and on_a.told()[-1][0] > since)
    later = on_b.words("B", rolled_back)
    at.check("the call on B went on in B's words after the roll back, to its goodbye", len(later) >= 3 and "next time" in later[-1], sentences=len(later))

    # Publication, and the end of the process before it can do anything about it.
    stage.wait_until(lambda: "warehouse" in str(again_on_a.told()), 120)
    takes = sum(line["message"] == TAKES for line in server.logs())
    third = published(server, folders["B"])
    server.kill()
    unseen = sum(line["message"] == TAKES for line in server.logs()) == takes
    with open(record.file, "ab") as file:  # what a publisher leaves who is killed in the middle of his line
        file.write(b'{"action":"published","at":17952')
    at.check("B is published and the server killed with a caller on A", third["status"] == 0 and again_on_a.process.running, unseen_by_it=unseen)
    server.start()
    report = again_on_a.over()
    at.check("the caller on A got BYE from the new process", any("far end" in event.get("reason", "") for event in report["events"]), error=report["error"])
    listed = record.listed()
    at.check("B is current; the line cut short does not count", [line["hash"] for line in listed] == [hashes[name] for name in "ABAB"] and listed[-1]["isCurrent"])
    after_kill = Call(at, server, "after-the-kill", [*plan("B", [], {"do": "dtmf", "digits": KEY["B"]}), *HEARD])
    # Until that call is over: the versions of all.
    for call, version in ((on_a, "A"), (on_b, "B"), (after_refusal, "B"), (again_on_a, "A")):
        stays(at, call, version, hashes)
    report = after_kill.over()
    at.check(f"{after_kill.name}: went as planned", report["error"] is None, error=report["error"])
    stays(at, after_kill, "B", hashes)

    for call in (on_a, on_b, after_refusal, again_on_a, after_kill):
        spans = call.seconds()
        # Which words they are the journal says; here that they were sound, of whatever voice: half of what the shortest takes.
        at.check(f"{call.name}: greeting and question stand in the caller's recording", min(spans[:2]) > 1, seconds=spans)

    judges(at, server, record, folders, hashes, on_a)


def judges(at: stage.Stage, server: stage.Server, record: Record, folders: dict, hashes: dict, call: Call):
    """The record, the versions and the journals hold together; altered, they are refused."""
    kept = {name: {str(file.relative_to(record.folder / hashes[name])): file.read_bytes() for file in (record.folder / hashes[name]).rglob("*") if file.is_file()} for name in "AB"}
    same = all((folders[name] / path).read_bytes() == content for name in kept for path, content in kept[name].items())
    at.check("the versions lie there byte for byte, without tests and back end", same and all("domain.yml" in files and not any(path.startswith(("tests", "backend", "server.yml")) for path in files) for files in kept.values()),
             files={name: len(files) for name, files in kept.items()})

    whole = record.file.read_bytes()
    lines = whole.split(b"\n")[:4]
    altered = {
        "a user": [lines[0], lines[1].replace(b'"by":"', b'"by":"x'), *lines[2:]],
        "a version": [lines[0], lines[1].replace(hashes["B"].encode(), hashes["A"].encode()), *lines[2:]],
        "removed": [lines[0], *lines[2:]], "swapped": [lines[0], lines[2], lines[1], lines[3]],
    }
    unnoticed = []
    for name, changed in altered.items():
        record.file.write_bytes(b"\n".join(changed) + b"\n")
        done = [server.tell("publish", *words) for words in (("--list", "shop"), ("--rollback", "shop"), (folders["A"],))]
        if any(one.returncode != 1 or "record_damaged" not in one.stderr for one in done) or record.is_chained():
            unnoticed.append(name)
    at.check("a record with a line altered, removed or moved is noticed, and nothing is added", not unnoticed and len(record.lines()) == 4, unnoticed=unnoticed)
    told = stage.wait_until(lambda: [line for line in server.logs() if line["message"].startswith("a published version cannot answer")], 60)
    at.check("the running server says so and goes on", told and server.health("readyz")[0] == 200)
    at.check("it stops in good order", server.stop() == 0)
    with contextlib.suppress(stage.NotReady):
        server.start()
    at.check("and does not start over such a record", not server.lives() and server.process.wait(60) not in (0, -9), status=server.process.child.returncode)

    record.file.write_bytes(whole)
    domain = record.folder / hashes["A"] / "domain.yml"
    domain.write_bytes(domain.read_bytes().replace(b"How can I help", b"How may I help"))
    done = server.tell("publish", "--rollback", "shop", "--to", hashes["A"][:12])
    at.check("an altered version is not gone back to", done.returncode == 1 and "version_altered" in done.stderr and record.listed()[-1]["hash"] == hashes["B"], said=done.stderr.strip()[:90])
    domain.write_bytes(kept["A"]["domain.yml"])
    last = published(server, "--rollback", "shop", "--to", hashes["A"][:12])
    actions = [(line["action"], line["version"]["contentHash"]) for line in record.lines()]
    expected = list(zip(("published", "published", "rolled_back", "published", "rolled_back"), (hashes[name] for name in "ABABA")))
    at.check("as it was written it is whole: each line holds the hash of the one before", last["status"] == 0 and record.is_chained() and actions == expected, actions=[action for action, _ in actions])

    # Journals with another version in one row, and with another word.
    copied = at.folder / "altered"
    results = {}
    for name, change in {
        "version": "UPDATE journal SET assistant = 3 - assistant WHERE call = ? AND sequence = 9",
        "word": "UPDATE journal SET payload = CAST(replace(CAST(payload AS TEXT), 'Larkfield', 'Markfield') AS BLOB) WHERE call = ? AND kind = 'effect.speak'",
    }.items():
        shutil.rmtree(copied, ignore_errors=True)
        shutil.copytree(server.data, copied)
        with contextlib.closing(sqlite3.connect(copied / "repartee.sqlite")) as file, file:
            results[name] = [file.execute(change, (call.row()["id"],)).rowcount]
        kept_config, server.config = server.config, at.folder / "altered.yml"
        server.config.write_text(kept_config.read_text().replace(f"data: {server.data}\n", f"data: {copied}\n"))
        results[name] += [server.replay(call.id), server.tell("replay", call.id).returncode]
        server.config = kept_config
    at.check("a journal with another version or word in a row does not replay", all(found[0] and found[1:] == ["altered", 1] for found in results.values()), results=results)
    at.check("untouched it still does", server.replay(call.id) == "identical")


if __name__ == "__main__":
    stage.main("publish", run, 2400)
