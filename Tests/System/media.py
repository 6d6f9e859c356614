#!/usr/bin/env python3
"""RTP from strangers during a call: not heard, not typed, and the answer does not go to them.

    media.py --server "repartee serve"

A stranger on another loopback address sends a spoken question, keys, and noise to the port of a live call whose caller is silent.
Judged by the journal's story, by the shop's log, by what the stranger's socket received, and by the caller's recording. The same
packets from the port that the offer names are the counter-test: those are heard.
"""

import json
import random
import re
import socket
import struct
import time

import stage

import audio  # noqa: E402
import voices  # noqa: E402

ORDER, MENU = "20581637", "1"
# The numbers that callers give to telephone-event: PJSIP's and the customary one.
EVENT_TYPES = (120, 101)
SILENT = [{"do": "listen"}, {"do": "silence", "seconds": 14}, {"do": "hang_up"}]


def port_of(server: stage.Server) -> int:
    """The server's audio port, from the kernel's list of sockets. A test's server has one call at a time."""

    def bound():
        ports = [int(line.split()[1].split(":")[1], 16) for line in open("/proc/net/udp").readlines()[1:]]
        return sorted(port for port in ports if server.media <= port < server.media + 120)

    found = stage.wait_until(bound, 60)
    if not found:
        raise RuntimeError("the server has no audio port")
    return found[0]


def question() -> list[bytes]:
    data = audio.mu_law(audio.read(voices.render([{"text": "where is my order"}])["file"])[0])
    return [data[i : i + 160] for i in range(0, len(data) - 159, 160)] + [b"\xff" * 160] * 60


def send(to: int, source_address: str, source: random.Random, source_port: int = 0, goes_on=lambda: True) -> tuple[int, int]:
    """The menu's key, silence until `goes_on`, a question, the order's keys, in time, then noise.

    Answers packets sent and packets that came back."""
    ssrc, sequence, stamp, sent = source.getrandbits(32), source.getrandbits(16), source.getrandbits(32), 0
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        stranger.bind((source_address, source_port))
        target = ("127.0.0.1", to)
        start = time.monotonic()

        def packet(kind: int, body: bytes, at: int, mark: bool = False):
            nonlocal sequence, sent
            sequence = (sequence + 1) & 0xFFFF
            stranger.sendto(struct.pack("!BBHII", 0x80, kind | (0x80 if mark else 0), sequence, at & 0xFFFFFFFF, ssrc) + body, target)
            sent += 1
            time.sleep(max(0.0, start + sent * 0.02 - time.monotonic()))

        def keys(digits: str):
            nonlocal stamp
            for kind in EVENT_TYPES:
                for digit in digits:
                    begin = stamp
                    for step in range(1, 8):
                        end = step > 5
                        packet(kind, struct.pack("!BBH", int(digit), (0x80 if end else 0) | 10, min(step, 6) * 160), begin, step == 1)
                        stamp += 160

        keys(MENU)
        hung = time.monotonic() + 60
        while not goes_on() and time.monotonic() < hung:
            packet(0, b"\xff" * 160, stamp)
            stamp += 160
        for frame in question():
            packet(0, frame, stamp)
            stamp += 160
        keys(ORDER)
        for size in (0, 1, 11, 12, 13, 100, 1200, 1500, 9000, 60000):
            for _ in range(5):
                stranger.sendto(source.randbytes(size), target)
                stranger.sendto(source.randbytes(size), ("127.0.0.1", to + 1))
        stranger.setblocking(False)
        came = 0
        while True:
            try:
                stranger.recv(2048)
                came += 1
            except BlockingIOError:
                return sent, came


def attack(at: stage.Stage, server: stage.Server, name: str, address: str, source: random.Random) -> tuple[str, int, int, dict]:
    process, folder = at.caller(name, server.uri, SILENT)
    port = port_of(server)
    known = [call["call"] for call in server.calls()]
    # After the greeting, which nobody can interrupt: the flow's question has been put down.
    stage.wait_until(lambda: server.calls() and "How can I help you" in server.story(server.calls()[-1]["call"]), 60, every=0.5)
    sent, came = send(port, address, source)
    process.wait(180)
    call = server.calls()[-1]["call"]
    stage.wait_until(lambda: server.calls()[-1]["ended_at_us"] is not None, 60)
    at.check(f"{name}: the call went on to its end", server.lives() and server.replay(call) == "identical", error=stage.report(folder)["error"], calls=len(known))
    # What the server did with the packets, by its own report; that they came is the first thing to know.
    reports = stage.query(
        server.database, "SELECT payload FROM journal JOIN calls ON calls.id = journal.call WHERE calls.call = ? AND kind = 'remark.media'", call)
    refused = json.loads(reports[-1]["payload"])["report"]["packetsRefused"] if reports else 0
    at.check(f"{name}: its packets reached the port and were refused there", refused >= 100, refused=refused, packets=sent)
    at.check(f"{name}: the call had a question put down, to be answered by whoever is heard", "How can I help you" in server.story(call))
    samples, rate = audio.read(folder / "call.wav")
    return server.story(call), sent, came, {"samples": samples[:, 1], "rate": rate}


def own(server: stage.Server, source: random.Random) -> tuple[str, int, int]:
    """A call by hand whose offer names the port that the packets come from."""
    from malformed import udp

    known = len(server.calls())
    peer, port = udp.Peer(("127.0.0.1", server.port), stage.free_port()), stage.free_port()
    offer = udp.SDP.replace("40000 RTP/AVP 0", f"{port} RTP/AVP 0 101") + "a=rtpmap:101 telephone-event/8000\r\n"
    peer.send(peer.message("INVITE", offer))
    peer.socket.settimeout(30)
    while not (answer := peer.socket.recv(65535).decode()).startswith("SIP/2.0 200"):
        pass
    kept = [line for line in answer.split("\r\n") if line.split(":")[0] in ("From", "To", "Call-ID")]

    def request(number: int, method: str) -> bytes:
        via = f"Via: SIP/2.0/UDP 127.0.0.1:{peer.port};branch=z9hG4bK-own{method}"
        return ("\r\n".join([f"{method} sip:shop@{server.target} SIP/2.0", via, *kept, f"CSeq: {number} {method}", "Max-Forwards: 70", "Content-Length: 0"]) + "\r\n\r\n").encode()

    peer.send(request(1, "ACK"))
    stage.wait_until(lambda: len(server.calls()) > known and "How can I help you" in server.story(server.calls()[-1]["call"]), 60, every=0.5)
    sent, came = send(int(re.search(r"m=audio (\d+)", answer)[1]), "127.0.0.1", source, port, server.asked)
    stage.wait_until(lambda: ORDER in re.sub(r"\D", "", "".join(re.findall(r"caller: (\d)", server.story(server.calls()[-1]["call"])))), 60, every=0.5)
    peer.send(request(2, "BYE"))
    peer.socket.close()
    stage.wait_until(lambda: server.calls()[-1]["ended_at_us"] is not None, 60)
    return server.story(server.calls()[-1]["call"]), sent, came


def run(at: stage.Stage):
    at.shop()
    server = at.server()
    source = random.Random(at.seed)
    story, sent, came, heard = attack(at, server, "stranger", "127.0.0.9", source)
    said = re.findall(r"^[\d.]+  caller: (.*)$", story, re.MULTILINE)
    at.check("a stranger is not heard, nor are its keys", not said, packets=sent, heard=said[:5])
    at.check("the shop was asked for nothing", "GET /orders/" not in at.back_end.log.read_text())
    at.check("no audio goes to a stranger", came == 0, packets=came)
    greeting = audio.audible(heard["samples"], heard["rate"])
    at.check("the caller keeps hearing the agent", greeting and sum(b - a for a, b in greeting) / heard["rate"] > 5)
    story, sent, came, _ = attack(at, server, "other-port", "127.0.0.1", source)
    said = re.findall(r"^[\d.]+  caller: (.*)$", story, re.MULTILINE)
    at.check("nor is another port of the caller's host, once the caller was heard", not said and came == 0, packets=sent, heard=said[:5])
    # The counter-test: the very same packets, from where the offer said, are heard.
    story, sent, came = own(server, source)
    # The keys are the sure sign; what the recogniser makes of the question is told beside.
    said = re.findall(r"^[\d.]+  caller: (.*)$", story, re.MULTILINE)
    heard = [line for line in said if len(line) > 1]
    at.check("the same packets from the caller are heard", ORDER in re.sub(r"\D", "", " ".join(said)) and came > 100, packets=sent, came_back=came, heard=heard[:2])
    at.check("the shop was asked for the order then", stage.wait_until(lambda: f"GET /orders/{ORDER} " in at.back_end.log.read_text(), 60))
    report, _ = at.call("afterwards", server.uri, stage.INTEROP / "scenarios/peers/hello.json", "--patience", "120")
    at.check("afterwards: a whole call by PJSIP", report["error"] is None, error=report["error"])
    at.check("the server stops in good order", server.stop() == 0)


if __name__ == "__main__":
    stage.main("media", run, 2400)
