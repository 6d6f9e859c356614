#!/usr/bin/env python3
"""Sends a SIP server on 127.0.0.1 what no server wants to read, over raw UDP, and asks after each whether it still lives.

    sipp/malformed.py --target 127.0.0.1:5070 --port 5240 [--mutations 400] [--seed 1]

Every case names the answers that are right: a set of status codes, or `None` for silence. An OPTIONS follows each case
and must get 200. Mutations of good messages follow; only life is asked of them. Bounded in count and time.
"""

import argparse
import json
import random
import re
import socket
import sys
import time

SDP = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0\r\n"


class Peer:
    def __init__(self, target: tuple[str, int], port: int):
        self.target, self.port, self.count = target, port, 0
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", port))

    def message(self, method="OPTIONS", body="", length=None, drop=(), **headers) -> bytes:
        self.count += 1
        uri = headers.pop("uri", f"sip:shop@127.0.0.1:{self.target[1]}")
        fields = {
            "Via": f"SIP/2.0/UDP 127.0.0.1:{self.port};branch=z9hG4bK-m{self.count}", "From": f"<sip:m@127.0.0.1:{self.port}>;tag=m{self.count}",
            "To": f"<{uri}>", "Call-ID": f"m{self.count}-{self.port}@127.0.0.1", "CSeq": f"1 {method}", "Max-Forwards": "70",
            "Contact": f"<sip:m@127.0.0.1:{self.port}>",
        }
        if body:
            fields["Content-Type"] = "application/sdp"
        fields.update({name.replace("_", "-"): value for name, value in headers.items()})
        fields["Content-Length"] = str(len(body) if length is None else length)
        lines = [f"{method} {uri} SIP/2.0", *(f"{name}: {value}" for name, value in fields.items() if name not in drop)]
        return ("\r\n".join(lines) + "\r\n\r\n" + body).encode("utf-8", "surrogateescape")

    def send(self, data: bytes):
        self.socket.sendto(data[:65000], self.target)

    def final(self, seconds: float, call_id: str | None = None) -> int | None:
        """Status of the first final response, of that call when one is given. An answered INVITE gets its ACK, an accepted one its BYE."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.socket.settimeout(left)
            try:
                data = self.socket.recv(65535)
            except TimeoutError:
                return None
            found = re.match(rb"SIP/2\.0 (\d{3}) ", data)
            if not found or int(found[1]) < 200:
                continue
            if re.search(rb"CSeq: *1 INVITE", data):
                self._acknowledge(data.decode("utf-8", "replace"))
            if call_id is None or call_id.encode() in data:
                return int(found[1])
        return None

    def _acknowledge(self, response: str):
        kept = re.findall(r"^(?:Via|From|To|Call-ID): .*$", response, re.MULTILINE | re.IGNORECASE)
        uri = f"sip:shop@127.0.0.1:{self.target[1]}"
        for number, method in [(1, "ACK")] + ([(2, "BYE")] if response.startswith("SIP/2.0 2") else []):
            head = [f"{method} {uri} SIP/2.0", *(line.strip() for line in kept), f"CSeq: {number} {method}", "Max-Forwards: 70", "Content-Length: 0"]
            self.send(("\r\n".join(head) + "\r\n\r\n").encode())

    def alive(self) -> bool:
        """OPTIONS, repeated as UDP is for half a minute, gets 200."""
        message = self.message()
        call_id = re.search(rb"Call-ID: (\S+)", message)[1].decode()
        for wait in (0.5, 1, 2, 4, 8, 16):
            self.send(message)
            if self.final(wait, call_id) == 200:
                return True
        return False


def cases(peer: Peer):
    """(name, datagram, right answers). None stands for silence."""
    # Whoever can be told by its Via is told.
    bad = {400}
    m = peer.message
    yield "empty datagram", b"", {None}
    yield "keep-alive", b"\r\n\r\n", {None}
    yield "noise", bytes(random.Random(1).randbytes(400)), {None}
    yield "HTTP", b"GET / HTTP/1.1\r\nHost: here\r\n\r\n", {None, 400}
    yield "no Via", m(drop=["Via"]), {None}
    yield "no From", m(drop=["From"]), bad
    yield "no To", m(drop=["To"]), bad
    yield "no Call-ID", m(drop=["Call-ID"]), bad
    yield "no CSeq", m(drop=["CSeq"]), bad
    yield "CSeq of another method", m(CSeq="1 INVITE"), bad
    yield "CSeq beyond 2^31", m(CSeq="4294967296 OPTIONS"), bad
    yield "CSeq of no number", m(CSeq="one OPTIONS"), bad
    yield "broken escape in the Request-URI", m().replace(b" sip:shop@", b" sip:sh%op@", 1), bad
    yield "broken escape in Request-URI and To", m(uri=f"sip:sh%2@127.0.0.1:{peer.target[1]}"), bad
    yield "broken escape in From", m(From=f"<sip:%zz@127.0.0.1:{peer.port}>;tag=e"), bad
    yield "broken escape in Contact", m("INVITE", SDP, Contact=f"<sip:m%@127.0.0.1:{peer.port}>"), bad
    yield "ACK with a broken escape", m("ACK").replace(b" sip:shop@", b" sip:sh%op@", 1), {None}
    yield "version 7", m().replace(b"SIP/2.0\r\n", b"SIP/7.0\r\n", 1), {400, 505, None}
    yield "no hops left", m(Max_Forwards="0"), {200, 483}
    yield "hops of no number", m(Max_Forwards="many"), {200, 400, 483, None}
    yield "body shorter than said", m("INVITE", SDP, length=5000), bad
    yield "negative length", m(length=-1), bad
    yield "length of no number", m(length="ten"), bad
    yield "requires the unknown", m("INVITE", SDP, Require="telepathy"), {420}
    yield "unknown scheme", m("INVITE", SDP, uri="xyz:shop"), {400, 404, 416, None}
    yield "body of unknown kind", m("INVITE", "hello", Content_Type="text/klingon"), {415, 488, 400}
    yield "SDP of noise", m("INVITE", "v=0\r\n\x01\x02\x03garbage"), {400, 488, 606}
    yield "SDP without audio", m("INVITE", SDP.replace("m=audio", "m=video")), {488, 606, 415}
    yield "SDP of unknown codec", m("INVITE", SDP.replace("AVP 0", "AVP 77") + "a=rtpmap:77 nothing/8000\r\n"), {488, 606}
    yield "endless header", m(Subject="x" * 60000), {200, 400, 413, 513, None}
    yield "thousand headers", m(**{f"X-{i}": "y" for i in range(1000)}), {200, 400, 413, 431, 513, None}
    yield "open quote", m(From=f'"open <sip:m@127.0.0.1:{peer.port}>;tag=q'), bad
    yield "open bracket", m(To="<sip:shop@127.0.0.1"), bad
    yield "not UTF-8", m(Subject="\udcff\udcfe"), {200, 400, None}
    yield "zero octet", m(Subject="a\0b"), {200, 400, None}
    yield "folded header", m(Subject="one\r\n two"), {200}
    yield "compact names", m().replace(b"Via:", b"v:").replace(b"From:", b"f:").replace(b"To:", b"t:").replace(b"Call-ID:", b"i:").replace(b"Content-Length:", b"l:"), {200}
    yield "bare line feeds", m().replace(b"\r\n", b"\n"), {200, 400, None}
    yield "response out of nothing", b"SIP/2.0 200 OK\r\n" + m().split(b"\r\n", 1)[1], {None}
    yield "CANCEL of nothing", m("CANCEL"), {481}
    yield "ACK of nothing", m("ACK"), {None}
    yield "BYE of nothing", m("BYE", To=f"<sip:shop@127.0.0.1:{peer.target[1]}>;tag=none"), {481}
    yield "in-dialog INVITE of nothing", m("INVITE", SDP, To=f"<sip:shop@127.0.0.1:{peer.target[1]}>;tag=none"), {481, 400}
    yield "REFER of nothing", m("REFER", Refer_To="<sip:x@127.0.0.1:1>"), {403, 405, 481, 501, 603}


def mutate(data: bytes, random: random.Random) -> bytes:
    data = bytearray(data)
    for _ in range(random.randint(1, 8)):
        at = random.randrange(len(data))
        kind = random.randrange(4)
        if kind == 0:
            data[at] = random.randrange(256)
        elif kind == 1:
            del data[at : at + random.randint(1, 30)]
        elif kind == 2:
            data[at:at] = data[at : at + random.randint(1, 60)]
        else:
            data[at:at] = bytes(random.choice(b"\r\n:;,<>\"@ =\0%") for _ in range(random.randint(1, 6)))
        if not data:
            return b"\0"
    return bytes(data)


def main():
    parser = argparse.ArgumentParser(description="Malformed SIP over UDP.")
    parser.add_argument("--target", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--mutations", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--wait", type=float, default=0.4, help="seconds of silence where silence is right; an answer that must come has a minute")
    options = parser.parse_args()
    host, port = options.target.rsplit(":", 1)
    peer = Peer((host, int(port)), options.port)
    if not peer.alive():
        sys.exit("the target does not answer OPTIONS")
    wrong = []
    for name, data, right in cases(peer):
        peer.send(data)
        call_id = re.search(rb"^(?:Call-ID|i): (\S+)", data, re.MULTILINE)
        answer = peer.final(options.wait if None in right else 60, call_id[1].decode() if call_id else None)
        lives = peer.alive()
        good = answer in right and lives
        wrong += [] if good else [name]
        print(json.dumps({"case": name, "answer": answer, "right": sorted(right, key=str), "lives": lives, "good": good}), flush=True)
        if not lives:
            sys.exit(1)
    source = random.Random(options.seed)
    for number in range(options.mutations):
        method, body = source.choice([("OPTIONS", ""), ("BYE", ""), ("CANCEL", ""), ("NOTIFY", "SIP/2.0 200 OK"), ("INFO", "Signal=1")])
        peer.send(mutate(peer.message(method, body), source))
        time.sleep(0.002)
        if number % 50 == 49 and not peer.alive():
            print(json.dumps({"case": f"mutation {number - 49} to {number}, seed {options.seed}", "lives": False, "good": False}))
            sys.exit(1)
    print(json.dumps({"cases": True, "mutations": options.mutations, "lives": peer.alive(), "wrong": wrong, "good": not wrong}))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
