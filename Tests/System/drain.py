#!/usr/bin/env python3
"""SIGTERM during a call, and the second start.

    drain.py --server "repartee serve"

New calls are refused with 503 and Retry-After, /readyz says so, the live call goes on to its planned end, the process ends with
0 as soon as it has; a call that never ends is let go with BYE when the time given is over. The second start is timed without a
network where the system lets us take it away (`unshare --net`).
"""

import re
import signal
import subprocess
import time

import stage

TALK = [
    {"do": "dtmf", "digits": "1", "quiet_ms": 2500},
    {"do": "dtmf", "digits": "20581637", "quiet_ms": 1600},
    {"do": "dtmf", "digits": "9", "quiet_ms": 1600},
    {"do": "await_hang_up"},
]
PATIENT = ("--patience", "60")


def invite(server: stage.Server) -> tuple[int, str]:
    """Final status and headers of a bare INVITE."""
    from malformed import udp

    peer = udp.Peer(("127.0.0.1", server.port), stage.free_port())
    try:
        peer.send(peer.message("INVITE", udp.SDP))
        end = time.monotonic() + 60
        while time.monotonic() < end:
            peer.socket.settimeout(max(0.05, end - time.monotonic()))
            try:
                text = peer.socket.recv(65535).decode()
            except TimeoutError:
                break
            status = int(text.split()[1])
            if status >= 200:
                return status, text
        return 0, ""
    finally:
        peer.socket.close()


def drained(at: stage.Stage):
    # More time than the rest of the call can need: what ends it is its own end.
    server = at.server("drained", assistant=at.keyed_copy(at.folder / "keyed"), more="limits: {drain: 600s}\n")
    process, folder = at.caller("talk", server.uri, TALK, *PATIENT)
    # In the middle of the conversation: the shop has been asked for the order.
    asked = stage.wait_until(lambda: "GET /orders/" in at.back_end.log.read_text(), 120)
    at.check("the call is under way", asked and server.health()[1]["calls"] == 1 and server.health("readyz")[0] == 200)
    server.process.child.send_signal(signal.SIGTERM)
    began = time.monotonic()
    draining = stage.wait_until(lambda: server.health("readyz")[0] == 503, 60)
    at.check("readyz says 503, healthz does not", draining and server.health()[0] == 200)
    status, text = invite(server)
    at.check("a new call gets 503 with Retry-After", status == 503 and re.search(r"^Retry-After: \d+", text, re.MULTILINE), status=status)
    process.wait(300)
    report = stage.report(folder)
    at.check("the live call went to its planned end", report["error"] is None and report["ended_by"] == "agent", error=report["error"])
    code = server.process.wait(120)
    at.check("the server ended with 0 right after it", code == 0, status=code, seconds_after_sigterm=round(time.monotonic() - began, 1))
    calls = server.calls()
    at.check("its journal is whole", len(calls) == 1 and calls[0]["ended_at_us"] is not None and server.replay(calls[0]["call"]) == "identical")
    with open(server.database, "rb") as file:
        head = file.read(16)
    leftovers = [path.name for path in server.data.glob("*-wal") if path.stat().st_size]
    at.check("the database is closed, nothing left in its log", head.startswith(b"SQLite") and not leftovers, leftovers=leftovers)
    return server


def let_go(at: stage.Stage):
    server = at.server("let-go", more="limits: {drain: 3s}\n")
    process, folder = at.caller("endless", server.uri, [{"do": "silence", "seconds": 300}, {"do": "await_hang_up"}], "--patience", "70")
    stage.wait_until(lambda: server.health()[1]["calls"] == 1, 120)
    stage.wait_until(lambda: any("Welcome" in server.story(call["call"]) for call in server.calls()), 120, every=0.5)
    server.process.child.send_signal(signal.SIGTERM)
    began = time.monotonic()
    code = server.process.wait(120)
    seconds = time.monotonic() - began
    process.wait(120)
    events = [event for event in stage.report(folder)["events"] if event["event"] == "hung_up"]
    at.check("a call that never ends is let go with BYE when the time is over", code == 0 and events and "far end" in events[-1]["reason"] and seconds > 2.5, status=code, seconds=round(seconds, 1))
    idle = at.server("idle")
    idle.process.child.send_signal(signal.SIGINT)
    began = time.monotonic()
    code = idle.process.wait(120)
    at.check("without calls Ctrl-C ends it at once", code == 0, status=code, seconds=round(time.monotonic() - began, 2))


def second_start(at: stage.Stage, server: stage.Server):
    """Over the same data. Loopback is up in the namespace, everything else is gone."""
    namespace = ["unshare", "--net", "sh", "-c", 'ip link set lo up 2>/dev/null || ifconfig lo up 2>/dev/null; exec "$@"', "sh"]
    allowed = subprocess.run([*namespace[:-1], "sh", "true"], capture_output=True).returncode == 0
    server.wrap = namespace if allowed else []
    began = time.monotonic()
    ready = server.start()
    seconds = time.monotonic() - began
    at.check("the second start takes calls", True, seconds=round(seconds, 1), ready_after_ms=int(ready["ready_after_ms"]), network="none" if allowed else "there")
    at.check("and stops in good order", server.stop() == 0)


def run(at: stage.Stage):
    at.shop()
    server = drained(at)
    let_go(at)
    second_start(at, server)


if __name__ == "__main__":
    stage.main("drain", run, 2400)
