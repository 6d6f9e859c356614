#!/usr/bin/env python3
"""kill -9 at random instants of calls that change something, and what a restart makes of it.

    crash.py --server "repartee serve" [--seed 1] [--share PERCENT]

38 kills hit a chat that changes an address and opens a case, 12 hit a server with a live SIP call (PJSIP) that opens a case by
speech and keys. Half of them, the first included, are aimed: they wait for an open intent in the ledger, which the slow shop
(`--faults`) keeps open; the others come at random instants. After each kill the
server is started again over the same data, and these are judged, from SQLite files, the shop's log and the phone:
every journal replays to its last line; no intent stays open; what the ledger says happened is what the shop's database says;
the shop was asked by GET for each open intent, and never by a second POST with its key; nothing changed twice; the phone was hung up;
and a chat that was killed goes on, by keyboard, or was over before.
"""

import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import time

import stage

CHATS, CALLS = 38, 12
ORDERS = ["20581637", "64925071", "86147293", "29470526"]
CASE = [
    {"do": "dtmf", "digits": "4", "quiet_ms": 500},
    {"do": "dtmf", "digits": "20581637", "quiet_ms": 300, "gap_ms": 200},
    {"do": "say", "parts": [{"text": "the lamp arrived broken and the box was open"}], "quiet_ms": 300},
    {"do": "dtmf", "digits": "1", "quiet_ms": 800},
    {"do": "listen"},
    {"do": "await_hang_up", "timeout_s": 120},
]


class Judge:
    def __init__(self, at: stage.Stage, server: stage.Server, shop: stage.Shop):
        self.at, self.server, self.shop = at, server, shop
        self.faults: dict[str, list] = {name: [] for name in ("unreadable", "open", "ledger", "twice", "unprobed", "left", "lost", "start")}
        self.intents_open = self.probes = self.started_ms = 0
        self.settled_as: dict[str, int] = {}
        self.replayed: set[str] = set()

    def effects(self) -> list[dict]:
        return stage.query(self.server.database, "SELECT * FROM effects") if self.server.database.exists() else []

    def restart(self, kill: str):
        """Starts the server again and looks at everything that this kill may have broken."""
        open_before = [effect["key"] for effect in self.effects() if effect["is_open"]]
        mark = len(self.shop.log.read_text())
        begun = time.monotonic()
        try:
            self.server.start()
        except stage.NotReady as error:
            self.faults["start"].append(f"{kill}: {error}")
            return
        self.started_ms = max(self.started_ms, round((time.monotonic() - begun) * 1000))
        asked = self.shop.log.read_text()[mark:]
        self.intents_open += len(open_before)
        for key in open_before:
            self.probes += f"GET /requests/{key} " in asked
            if f"GET /requests/{key} " not in asked:
                self.faults["unprobed"].append(f"{kill}: {key[:12]}")
        self.look(kill, open_before)

    def look(self, kill: str, open_before: list[str]):
        known = {row["key"]: row for row in stage.query(self.shop.database, "SELECT key, status FROM requests")}
        for effect in self.effects():
            if effect["is_open"]:
                self.faults["open"].append(f"{kill}: {effect['key'][:12]}")
                continue
            happened = effect["key"] in known and known[effect["key"]]["status"] < 300
            outcome = json.loads(effect["outcome"])
            name = outcome["kind"]
            if effect["key"] in open_before:
                self.settled_as[name] = self.settled_as.get(name, 0) + 1
            if happened != (name == "completed") or name == "unknown":
                self.faults["ledger"].append(f"{kill}: {effect['key'][:12]} is {name}, the shop says {happened}")
        for key, in {(row["key"],) for row in self.shop.changes()}:
            if sum(row["key"] == key for row in self.shop.changes()) > 1:
                self.faults["twice"].append(f"{kill}: {key[:12]}")
        subjects = [(row["what"], row["after"]) for row in self.shop.changes() if row["what"] == "address_changed"]
        if len(subjects) != len(set(subjects)):
            self.faults["twice"].append(f"{kill}: an address was written twice")
        stage.wait_until(lambda: all(self.over(call) for call in self.server.calls()), 30)
        for call in self.server.calls():
            if not self.over(call):
                self.faults["left"].append(f"{kill}: {call['call']}")
            if call["call"] not in self.replayed:
                self.replayed.add(call["call"])
                result = self.server.replay(call["call"])
                if result != "identical":
                    self.faults["unreadable"].append(f"{kill}: {call['call']} {result}")

    def over(self, call: dict) -> bool:
        """A written conversation has no end while somebody may come back to it."""
        return call["ended_at_us"] is not None or self.is_written(call) or bool(stage.query(
            self.server.database, "SELECT 1 FROM journal WHERE call = ? AND sequence = ? AND kind = 'remark.abandoned'", call["id"], call["lines"] - 1))

    def is_written(self, call: dict) -> bool:
        return bool(stage.query(
            self.server.database, "SELECT 1 FROM journal WHERE call = ? AND sequence = 0 AND CAST(payload AS TEXT) LIKE '%\"channel\":\"chat\"%'", call["id"]))

    def come_back(self):
        """Goes on with each chat that was killed."""
        for call in self.server.calls():
            if call["ended_at_us"] is not None or not self.is_written(call):
                continue
            done = self.server.tell("chat", self.at.assistant, "--resume", call["call"], text="")
            if "Welcome back" not in done.stdout and "it is over" not in done.stderr:
                self.faults["lost"].append(f"{call['call']}: {(done.stdout + done.stderr)[-200:]}")
            result = self.server.replay(call["call"])
            if result != "identical":
                self.faults["unreadable"].append(f"gone on with: {call['call']} {result}")


def lines(number: int) -> str:
    """What the caller of a chat writes: two changes."""
    order = ORDERS[number % len(ORDERS)]
    return "\n".join([
        "I want to change the address of my order", order, f"{number + 100} New Street, Bristol", "yes",
        "I want to open a complaint about my order", order, f"box {number + 100} was wet when it came", "yes", "no thank you",
    ]) + "\n"


def chat(at: stage.Stage, server: stage.Server, number: int, source: random.Random, judge: Judge) -> str:
    """One chat, killed. Answers how far it came."""
    child = subprocess.Popen(
        [at.program, "chat", at.assistant, "--config", server.config], env={**os.environ, **server.env},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=stage.ROOT)
    at.children.append(child)
    known = {call["call"] for call in calls_of(server)}
    child.stdin.write(lines(number))
    child.stdin.flush()
    begun = lambda: server.database.exists() and [call for call in calls_of(server) if call["call"] not in known]
    assert stage.wait_until(begun, 600, every=0.01), "the chat did not begin"
    started = time.monotonic()
    if is_aimed(number):
        stage.wait_until(lambda: any(effect["is_open"] for effect in judge.effects()), 120, every=0.01)
    else:
        # Five requests of 150 to 250 ms each: the whole conversation lasts about a second.
        time.sleep(source.uniform(0, 1.2))
    after = time.monotonic() - started
    os.kill(child.pid, signal.SIGKILL)
    said = child.stdout.read().count("you: ")
    status = child.wait(60)
    child.stdin.close()
    child.stdout.close()
    return f"chat {number} after {after * 1000:.0f} ms (status {status}, {said} messages shown)"


def is_aimed(number: int) -> bool:
    return number % 2 == 0


def calls_of(server: stage.Server) -> list[dict]:
    try:
        return server.calls()
    except sqlite3.OperationalError:  # the first start is still making its tables
        return []


def call(at: stage.Stage, server: stage.Server, number: int, source: random.Random, judge: Judge) -> tuple[str, bool]:
    """One SIP call, its server killed. Answers a name, and whether the phone got BYE after the restart."""
    process, folder = at.caller(f"call-{number}", server.uri, CASE, "--patience", "120", "--longest", "380")
    came = stage.wait_until(lambda: server.health()[1]["calls"] == 1, 120)
    # The case is opened about 20 s into the call.
    aimed = is_aimed(number)
    if aimed:
        stage.wait_until(lambda: any(effect["is_open"] for effect in judge.effects()), 180, every=0.01)
    else:
        time.sleep(source.uniform(0.5, 22))
    server.kill()
    name = f"call {number} ({'aimed' if aimed else 'anywhere'})"
    judge.restart(name)
    process.wait(420)
    report = stage.report(folder)
    ended = [event for event in report["events"] if event["event"] == "hung_up"]
    return name, bool(came) and bool(ended) and "far end" in ended[-1]["reason"]


def run(at: stage.Stage):
    source = random.Random(at.seed)
    shop = at.shop(faults=True)
    server = at.server(start=False)
    judge = Judge(at, server, shop)
    done, without_bye = [], []
    chats, calls = (max(1, all * at.share // 100) for all in (CHATS, CALLS))
    for number in range(chats):
        shop.fault(**({"delay_ms": 1000, "method": "POST"} if is_aimed(number) else {"delay_ms": source.choice([150, 200, 250])}))
        done.append(chat(at, server, number, source, judge))
        judge.restart(done[-1])
        if server.stop() != 0:
            judge.faults["start"].append(f"{done[-1]}: the server did not stop in good order")
    print("\n".join(done))
    judge.come_back()
    server.start()
    for number in range(calls):
        shop.fault(delay_ms=1000, method="POST")
        name, got_bye = call(at, server, number, source, judge)
        done.append(name)
        if not got_bye:
            without_bye.append(name)
    shop.fault()
    server.stop()
    # However early all others were killed, this one's changes are made.
    server.tell("chat", at.assistant, text=lines(chats))
    changes = shop.changes()
    faults = judge.faults
    at.check(f"{len(done)} kills, every restart ready", len(done) == chats + calls and not faults["start"], seed=at.seed, slowest_start_ms=judge.started_ms, wrong=faults["start"][:3])
    at.check("every journal replays to its last committed line", judge.replayed and not faults["unreadable"], calls=len(judge.replayed), wrong=faults["unreadable"][:3])
    at.check("kills hit changes under way", judge.intents_open >= max(1, 5 * at.share // 100), open_intents=judge.intents_open)
    at.check("every open intent was settled by a probe", not faults["unprobed"] and not faults["open"] and judge.probes == judge.intents_open, probes=judge.probes, settled_as=judge.settled_as, wrong=(faults["unprobed"] + faults["open"])[:3])
    at.check("the ledger says what the shop's database says", not faults["ledger"], effects=len(judge.effects()), wrong=faults["ledger"][:3])
    # The shop logs every request and keeps one row per key.
    posted, keys = len(re.findall(r'"POST /(?:orders|cases)', shop.log.read_text())), len(stage.query(shop.database, "SELECT key FROM requests"))
    at.check("no request was sent again", posted == keys, requests=posted, keys=keys)
    at.check("every change happened at most once", changes and not faults["twice"], changes=len(changes), keys=len({row["key"] for row in changes}), wrong=faults["twice"][:3])
    at.check("every call that a kill left is closed in the journal", not faults["left"], wrong=faults["left"][:3])
    at.check("every chat that was killed goes on, or was over", not faults["lost"], wrong=faults["lost"][:3])
    at.check("every phone got BYE from the restarted server", not without_bye, calls=calls, without=without_bye)


if __name__ == "__main__":
    stage.main("crash", run, 5400)
