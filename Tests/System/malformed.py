#!/usr/bin/env python3
"""What no server wants to read: malformed SIP over UDP, garbage and half messages over TCP, floods, strangers.

    malformed.py --server "repartee serve"

After each part the same process must still run, answer OPTIONS and, at the end, hold a whole call.
"""

import importlib.util
import json
import random
import re
import socket
import subprocess
import time

import stage

# Of the same name as this file, so by its path.
found = importlib.util.spec_from_file_location("malformed_udp", stage.INTEROP / "sipp/malformed.py")
udp = importlib.util.module_from_spec(found)
found.loader.exec_module(udp)

SDP = udp.SDP
OK = b"SIP/2.0 200"


# Seconds for an answer that must come: ends what hangs. What must not come is waited for much shorter.
PATIENCE = 60


def connect(server: stage.Server, seconds: float = PATIENCE) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=seconds)


def answers(connection: socket.socket, seconds: float, enough: bytes = b"", times: int = 1) -> tuple[bytes, bool]:
    """What came within the time, or until `enough` came so many times, and whether the other side closed."""
    out, end = b"", time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0 and not (enough and out.count(enough) >= times):
        connection.settimeout(left)
        try:
            data = connection.recv(65536)
        except TimeoutError:
            break
        except ConnectionError:
            return out, True
        if not data:
            return out, True
        out += data
    return out, False


def options(number: int, more: str = "", length: int | str = 0) -> bytes:
    return (
        f"OPTIONS sip:shop@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1:5999;branch=z9hG4bK-t{number}\r\n"
        f"From: <sip:t@127.0.0.1>;tag=t{number}\r\nTo: <sip:shop@127.0.0.1>\r\nCall-ID: t{number}\r\nCSeq: 1 OPTIONS\r\n"
        f"Max-Forwards: 70\r\n{more}Content-Length: {length}\r\n\r\n"
    ).encode()


def over_udp(at: stage.Stage, server: stage.Server):
    done = subprocess.run(
        [stage.PYTHON, stage.INTEROP / "sipp/malformed.py", "--target", server.target, "--port", str(stage.free_port()), "--mutations", "1500", "--seed", str(at.seed)],
        capture_output=True, text=True, timeout=900)
    cases = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    wrong = [one for one in cases if not one["good"]]
    at.check("UDP: malformed messages get their status or silence", len(cases) > 38 and not wrong and done.returncode == 0, cases=len(cases) - 1, mutations=1500, seed=at.seed, wrong=wrong[:3])
    source = random.Random(at.seed)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
        invite = udp.Peer(("127.0.0.1", server.port), stage.free_port()).message("INVITE", SDP)
        sizes = [1, 2, 100, 1472, 1473, 4000, 9000, 32000, 65507]
        for size in sizes:
            peer.sendto(source.randbytes(size), ("127.0.0.1", server.port))
            peer.sendto((invite * (size // len(invite) + 1))[:size], ("127.0.0.1", server.port))
        for cut in range(0, len(invite), 7):
            peer.sendto(invite[:cut], ("127.0.0.1", server.port))
    at.check("UDP: truncated and oversized packets", alive(server), packets=2 * len(sizes) + len(invite) // 7)


def alive(server: stage.Server) -> bool:
    peer = udp.Peer(("127.0.0.1", server.port), stage.free_port())
    found = server.lives() and peer.alive()
    peer.socket.close()
    return found


def over_tcp(at: stage.Stage, server: stage.Server):
    source = random.Random(at.seed)
    # Two messages in one segment, then one in single octets: framing is by length, not by packet.
    with connect(server) as one:
        one.sendall(options(1) + options(2))
        both, _ = answers(one, PATIENCE, OK, 2)
        for octet in options(3):
            one.sendall(bytes([octet]))
        slow, _ = answers(one, PATIENCE, OK)
        one.sendall(b"\r\n\r\n")
        pong, _ = answers(one, PATIENCE, b"\r\n")
        # Nothing was answered twice.
        more, _ = answers(one, 1)
    at.check("TCP: two messages in a segment, one in single octets, keep-alive",
             both.count(OK) == 2 and slow.count(OK) == 1 and pong == b"\r\n" and not more, pong=pong, more=more)
    bad = {
        "random octets": source.randbytes(5000),
        "HTTP": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        "TLS hello": bytes.fromhex("16030100a5010000a10303") + source.randbytes(200),
        "no Content-Length": options(4).replace(b"Content-Length: 0\r\n", b""),
        "Content-Length of no number": options(5, length="many"),
        "negative Content-Length": options(6, length=-5),
        "Content-Length beyond all bounds": options(7, length=99999999999),
        "two Content-Lengths": options(8, "Content-Length: 900\r\n"),
        "a header without an end": b"OPTIONS sip:x SIP/2.0\r\nSubject: " + b"x" * 300000,
        "only line feeds": b"\n" * 100000,
    }
    for name, data in bad.items():
        with connect(server) as one:
            try:
                one.sendall(data)
            except OSError:
                pass
            said, closed = answers(one, 0.7)
        status = re.match(rb"SIP/2\.0 (\d+)", said)
        good = (status is None or 400 <= int(status[1]) < 600) and alive(server)
        at.check(f"TCP: {name}", good, status=status and int(status[1]), closed=closed)
    # Connections that say nothing must not take the server's place from others.
    idle = []
    try:
        for _ in range(300):
            idle.append(connect(server))
        idle[0].sendall(b"OPT")
        with connect(server) as one:
            one.sendall(options(9))
            said, _ = answers(one, PATIENCE, OK)
        at.check("TCP: 300 idle connections hold nobody up", OK in said and alive(server))
    finally:
        for one in idle:
            one.close()


def flood(at: stage.Stage, server: stage.Server):
    """More requests from one address than anyone makes: most stay unanswered, the process stays small, and it recovers."""
    status = lambda: int(re.search(r"VmRSS:\s+(\d+)", open(f"/proc/{server.pid}/status").read())[1])
    before = status()
    peer = udp.Peer(("127.0.0.1", server.port), stage.free_port())
    sent, begin = 0, time.monotonic()
    while time.monotonic() - begin < 4:
        for _ in range(200):
            peer.send(peer.message("INVITE", SDP))
            sent += 1
    spent = time.monotonic() - begin
    codes: dict[int, int] = {}
    end = time.monotonic() + 3
    while time.monotonic() < end:
        peer.socket.settimeout(0.5)
        try:
            found = re.match(rb"SIP/2\.0 (\d{3})", peer.socket.recv(65535))
        except TimeoutError:
            break
        codes[int(found[1])] = codes.get(int(found[1]), 0) + 1
    accepted = server.health()[1]["calls"]
    at.check("flood: the server stays, bounded, and one address holds a quarter of its calls", server.lives() and accepted <= 13, invites=sent, a_second=int(sent / spent), answers=codes, calls=accepted, grown_kb=status() - before)
    peer.socket.close()
    # Calls that were accepted and never acknowledged end by themselves (64 times T1 after the 200).
    quiet = stage.wait_until(lambda: server.health()[1]["calls"] == 0, 120, every=0.5)
    at.check("flood: unacknowledged calls are let go", quiet, calls=server.health()[1]["calls"])
    at.check("flood: OPTIONS is answered again", stage.wait_until(lambda: alive(server), 120))
    at.check("flood: the process did not keep what it was sent", status() - before < 150_000, grown_kb=status() - before)


def run(at: stage.Stage):
    at.shop()
    server = at.server()
    over_udp(at, server)
    over_tcp(at, server)
    flood(at, server)
    report, _ = at.call("afterwards", server.uri, stage.INTEROP / "scenarios/peers/hello.json")
    at.check("afterwards: a whole call by PJSIP", report["error"] is None and report["status"] == 200, error=report["error"])
    ids = [call["call"] for call in server.calls()]
    at.check("afterwards: its journal replays", ids and server.replay(ids[-1]) == "identical")
    at.check("afterwards: every call in the journal has ended", all(call["ended_at_us"] is not None for call in server.calls()), calls=len(ids))
    at.check("afterwards: the server stops in good order", server.stop() == 0)


if __name__ == "__main__":
    stage.main("malformed", run, 2400)
