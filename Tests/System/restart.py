#!/usr/bin/env python3
"""A server killed by kill -9 and started again tells the callers that are still there, in words, and then hangs up.

    restart.py --server "repartee serve"

Three callers are in a call at the kill. One (PJSIP) goes on listening: its own recording must hold sound again, and then the far end
hangs up. One is no phone any more: its socket says 481 to whatever comes, and is told nothing else. One never answers: it is told
BYE soon. A caller who calls at once is answered as always. A person whom the server had joined with a caller (both PJSIP) is let go too, and
a telephone that still rings, rings no longer (PJSIP); one that answers all the same (by hand) is hung up. Judged by the recording, by what the two sockets received, and by the
journal's own rows.
"""

import re
import socket
import threading
import time

import stage

import audio  # noqa: E402

LISTENING = [{"do": "listen"}, {"do": "await_hang_up", "timeout_s": 120}]
NEW = [{"do": "listen"}, {"do": "hang_up", "gap_ms": 300}]


class Phone:
    """A caller by hand, with its socket: what came after the kill, and one answer for all requests, or none."""

    def __init__(self, server: stage.Server, answer: str | None):
        from malformed import udp

        self.answer, self.came, self.port = answer, [], stage.free_port()
        self.peer = udp.Peer(("127.0.0.1", server.port), self.port)
        media = stage.free_port()
        known = len(server.calls())
        self.peer.send(self.peer.message("INVITE", udp.SDP.replace("40000", str(media))))
        self.peer.socket.settimeout(30)
        while not (answered := self.peer.socket.recv(65535).decode()).startswith("SIP/2.0 200"):
            pass
        kept = [line for line in answered.split("\r\n") if line.split(":")[0] in ("From", "To", "Call-ID")]
        self.name = next(line for line in kept if line.startswith("Call-ID"))
        via = f"Via: SIP/2.0/UDP 127.0.0.1:{self.port};branch=z9hG4bK-restart-{self.port}"
        ack = "\r\n".join([f"ACK sip:shop@{server.target} SIP/2.0", via, *kept, "CSeq: 1 ACK", "Max-Forwards: 70", "Content-Length: 0"])
        self.peer.send((ack + "\r\n\r\n").encode())
        stage.wait_until(lambda: len(server.calls()) > known, 60)
        self.thread = threading.Thread(target=self.serve, daemon=True)

    def serve(self):
        self.peer.socket.settimeout(None)
        while True:
            try:
                text = self.peer.socket.recv(65535).decode(errors="replace")
            except OSError:
                return
            method = text.split(" ")[0]
            self.came.append((time.monotonic(), method))
            if self.answer and method not in ("ACK", "SIP/2.0"):
                kept = [line for line in text.split("\r\n") if line.split(":")[0] in ("Via", "From", "To", "Call-ID", "CSeq")]
                self.peer.send(("\r\n".join([f"SIP/2.0 {self.answer}", *kept, "Content-Length: 0"]) + "\r\n\r\n").encode())

    def methods(self) -> list[str]:
        """In order, repetitions left out."""
        out: list[str] = []
        for _, method in self.came:
            if method not in out:
                out.append(method)
        return out


class Handset:
    """A telephone by hand that is rung, and that answers when it is asked to ring no longer."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", stage.free_port()))
        self.port, self.came, self.invite = self.socket.getsockname()[1], [], ""
        threading.Thread(target=self.serve, daemon=True).start()

    @property
    def uri(self) -> str:
        return f"sip:person@127.0.0.1:{self.port}"

    def tells(self, event: str, seconds: float) -> bool:
        method = {"incoming": "INVITE", "ended": "BYE"}[event]
        return bool(stage.wait_until(lambda: method in self.came, seconds))

    def answer(self, request: str, status: str, body: str = "") -> bytes:
        kept = [line for line in request.split("\r\n") if line.split(":")[0] in ("Via", "From", "To", "Call-ID", "CSeq")]
        kept = [line + ";tag=handset" if line.startswith("To:") and "tag=" not in line else line for line in kept]
        kept += [f"Contact: <{self.uri}>"] + (["Content-Type: application/sdp"] if body else [])
        return "\r\n".join([f"SIP/2.0 {status}", *kept, f"Content-Length: {len(body)}", "", body]).encode()

    def serve(self):
        from malformed import udp

        while True:
            octets, peer = self.socket.recvfrom(65535)
            text = octets.decode(errors="replace")
            method = text.split(" ")[0]
            if method not in self.came:
                self.came.append(method)
            if method == "INVITE":
                self.invite = text
                self.socket.sendto(self.answer(text, "180 Ringing"), peer)
            elif method in ("CANCEL", "BYE"):
                self.socket.sendto(self.answer(text, "200 OK"), peer)
            if method == "CANCEL":
                self.socket.sendto(self.answer(self.invite, "200 OK", udp.SDP), peer)


def abandoned(server: stage.Server, call: dict) -> bool:
    return bool(stage.query(
        server.database, "SELECT 1 FROM journal WHERE call = ? AND kind = 'remark.abandoned'", call["id"]))


def spoken_to(server: stage.Server) -> bool:
    """Whether the newest caller hears the greeting, by the journal's own rows."""
    return bool(stage.query(
        server.database, "SELECT 1 FROM journal JOIN calls ON calls.id = journal.call WHERE calls.call = ? AND kind = 'event.playback'", server.calls()[-1]["call"]))


def kept(server: stage.Server, kind: str) -> bool:
    return bool(stage.query(server.database, "SELECT 1 FROM journal WHERE kind = ?", kind))


def let_go(at: stage.Stage, what: str, server: stage.Server, person, caller, folder):
    """Kills the server and starts it again: the person's telephone is told by the next one alone, and the caller too."""
    server.kill()
    at.check(f"{what}: nobody tells the person that the server is gone", not person.tells("ended", 3))
    server.start()
    at.check(f"{what}: the person is let go by the next one", person.tells("ended", 60))
    caller.wait(200)
    report = stage.report(folder)
    ended = [event for event in report["events"] if event["event"] == "hung_up"]
    at.check(f"{what}: and so is the caller", ended and "far end" in ended[-1]["reason"] and report["error"] is None, error=report["error"], ended=ended)
    call = server.calls()[-1]
    at.check(f"{what}: the call is closed in its journal", stage.wait_until(lambda: abandoned(server, call), 60))
    log = server.log.read_text()
    at.check(f"{what}: nothing of the person is in the log", "sip:person" not in log and str(person.port) not in log)
    at.check(f"{what}: it replays", server.replay(call["call"]).startswith("identical"))


def rung(at: stage.Stage):
    """Telephones that still ring when the server is killed."""
    from bridge import TO_PERSON, Person, server_for

    people = {"ringing": Person(at, "ringing", "ring"), "answering late": Handset()}
    for what, person in people.items():
        name = what.replace(" ", "-")
        # It rings for so long that nobody gives it up meanwhile.
        server = server_for(at, name, person, ring="120s")
        caller, folder = at.caller(
            f"{name}-caller", server.uri, [TO_PERSON[0], {"do": "await_hang_up", "timeout_s": 120}], "--patience", "120", "--longest", "300")
        at.check(f"{what}: a telephone rings", person.tells("incoming", 120))
        at.check(f"{what}: the journal keeps how to end that", stage.wait_until(lambda server=server: kept(server, "remark.legIdentity"), 60))
        let_go(at, what, server, person, caller, folder)
    came = people["answering late"].came
    at.check("answering late: it is asked to ring no longer, and hung up", came == ["INVITE", "CANCEL", "ACK", "BYE"], came=came)


def joined(at: stage.Stage):
    """Caller and person joined by the server when it is killed: both are let go by the next one."""
    from bridge import TO_PERSON, Person, server_for

    person = Person(at, "anna")
    server = server_for(at, "joined", person)
    caller, folder = at.caller(
        "joined-caller", server.uri, [*TO_PERSON, {"do": "await_hang_up", "timeout_s": 120}], "--patience", "120", "--longest", "300")
    at.check("a person has the call", person.tells("answered", 120))
    at.check(
        "and the journal how to reach both",
        stage.wait_until(lambda: all(kept(server, kind) for kind in ("remark.legIdentity", "remark.lineIdentity", "event.transferFinished")), 60))
    let_go(at, "joined", server, person, caller, folder)


def run(at: stage.Stage):
    at.shop()
    joined(at)
    rung(at)
    server = at.server()
    gone, silent = Phone(server, "481 Call/Transaction Does Not Exist"), Phone(server, None)
    listener, folder = at.caller("listener", server.uri, LISTENING, "--patience", "120", "--longest", "300")
    at.check("three callers are in calls", stage.wait_until(lambda: len(server.calls()) == 3 and spoken_to(server), 120))
    for phone in gone, silent:
        phone.thread.start()
    time.sleep(3)  # the greeting sounds
    left = server.calls()
    killed = time.time()
    server.kill()
    server.start()
    ready = time.time()
    begun = time.monotonic()
    newcomer, new_folder = at.caller("newcomer", server.uri, NEW, "--patience", "60")
    listener.wait(200)
    newcomer.wait(120)
    report = stage.report(folder)
    samples, rate = audio.read(folder / "call.wav")
    heard = [(start / rate, end / rate) for start, end in audio.audible(samples[:, 1], rate)]
    kill_at, ready_at = killed - report["started"], ready - report["started"]
    after = [(start, end) for start, end in heard if start > ready_at - 1]
    ended = [event for event in report["events"] if event["event"] == "hung_up"]
    at.check("the caller heard the agent before the kill", any(start < kill_at - 1 for start, _ in heard))
    at.check(
        "the caller hears words again after the restart", sum(end - start for start, end in after) > 1.5,
        killed_at=round(kill_at, 1), ready_at=round(ready_at, 1), heard=[(round(a, 1), round(b, 1)) for a, b in heard][-4:])
    at.check("and is hung up by the far end", ended and "far end" in ended[-1]["reason"] and report["error"] is None, error=report["error"], ended=ended)
    stage.wait_until(lambda: "BYE" in silent.methods() and all(abandoned(server, call) for call in left), 60)
    at.check("a phone that knows of no such call is asked once and told nothing else", gone.methods() == ["INVITE", "ACK"], came=gone.methods())
    at.check("one that does not answer is told BYE", silent.methods() == ["INVITE", "BYE"], came=silent.methods())
    byes = [when for when, method in silent.came if method == "BYE"]
    at.check("and soon", byes and byes[0] - begun < 15, seconds=round(byes[0] - begun, 1) if byes else None)
    new = stage.report(new_folder)
    at.check("a caller who comes then is answered as always", new["error"] is None and new["status"] == 200, error=new["error"])
    at.check("every call that was left is closed in its journal, once", all(abandoned(server, call) for call in left), calls=len(left))
    words = [line.get("metadata", line).get("word") for line in server.logs() if "whom a crash left" in str(line)]
    at.check("the log says whether the word was heard, and nothing of the caller", sorted(map(str, words)) == ["said", "unanswered", "unanswered"], words=words)
    log = server.log.read_text()
    at.check("no address is in it", not re.search(r"sip:(?!shop@)", log.replace(f"sip:shop@{server.target}", "")))
    at.check("they replay", all(server.replay(call["call"]).startswith("identical") for call in left))


if __name__ == "__main__":
    stage.main("restart", run, 900)
