#!/usr/bin/env python3
"""Floods a running server with hostile SIP and judges from outside: an ordinary OPTIONS and call beside it are answered in time, and
the server's memory stays flat. Last line `sip soak ok: ...`. See README.md.
"""
import argparse, os, pathlib, random, socket, subprocess, sys, tempfile, threading, time

HERE = pathlib.Path(__file__).resolve().parent


def resident(pid):
    """KiB of the process's memory; 0 when it is gone."""
    try:
        for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
    except OSError:
        pass
    return 0


class Peer:
    """An ordinary telephone on a trusted address."""

    def __init__(self, host, port, number, address="127.0.0.1"):
        self.server, self.number, self.address = (host, port), number, address
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((address, 0))
        self.port = self.socket.getsockname()[1]
        self.count = 0
        self.answer = ""

    def request(self, method, call, sequence, tag="", body=""):
        self.count += 1
        text = (f"{method} sip:{self.number}@{self.server[0]} SIP/2.0\r\n"
                f"Via: SIP/2.0/UDP {self.address}:{self.port};branch=z9hG4bK{call}{self.count};rport\r\nMax-Forwards: 70\r\n"
                f"From: <sip:peer@127.0.0.1>;tag=peer\r\nTo: <sip:{self.number}@{self.server[0]}>{tag}\r\nCall-ID: {call}\r\n"
                f"CSeq: {sequence} {method}\r\nContact: <sip:peer@{self.address}:{self.port}>\r\n")
        if body:
            text += "Content-Type: application/sdp\r\n"
        return (text + f"Content-Length: {len(body)}\r\n\r\n{body}").encode()

    def ask(self, message, call, within, wanted=lambda status: status >= 200):
        """Status and To of the answer, and how long it took; repeated every half second as SIP has it."""
        began, status = time.monotonic(), 0
        while time.monotonic() - began < within:
            self.socket.sendto(message, self.server)
            again = time.monotonic() + 0.5
            while time.monotonic() < again:
                self.socket.settimeout(max(0.01, again - time.monotonic()))
                try:
                    answer = self.socket.recv(65536).decode(errors="replace")
                except (TimeoutError, OSError):
                    break
                if f"Call-ID: {call}\r\n" not in answer or not answer.startswith("SIP/2.0 "):
                    continue
                status = int(answer.split()[1])
                if wanted(status):
                    self.answer = answer
                    to = next(line for line in answer.split("\r\n") if line.startswith("To:"))
                    return status, to.partition(">")[2], time.monotonic() - began
        return status, "", time.monotonic() - began

    def options(self, within):
        call = f"options{random.getrandbits(48):x}"
        return self.ask(self.request("OPTIONS", call, 1), call, within)

    def place(self, call, within):
        """INVITE, 200, ACK. Status, To, and how long it took."""
        body = (f"v=0\r\no=- 1 1 IN IP4 {self.address}\r\ns=-\r\nc=IN IP4 {self.address}\r\nt=0 0\r\n"
                f"m=audio {self.port + 1} RTP/AVP 0\r\n")
        status, tag, took = self.ask(self.request("INVITE", call, 1, body=body), call, within)
        if status == 200:
            self.socket.sendto(self.request("ACK", call, 1, tag), self.server)
        return status, tag, took

    def audio_port(self, within):
        """Where the server hears a call that stays; None when there is none."""
        status, _, _ = self.place(f"call{random.getrandbits(48):x}", within)
        return int(self.answer.partition("m=audio ")[2].split()[0]) if status == 200 else None

    def talk(self, within):
        """INVITE, 200, ACK, BYE, 200."""
        call = f"call{random.getrandbits(48):x}"
        status, tag, took = self.place(call, within)
        if status == 200:
            status, _, _ = self.ask(self.request("BYE", call, 2, tag), call, within)
        return status, took


def build():
    target = pathlib.Path(tempfile.mkdtemp(prefix="repartee-soak-")) / "flood"
    subprocess.run(["cc", "-O2", "-Wall", "-Wextra", "-o", str(target), str(HERE / "flood.c")], check=True)
    return target


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", default="127.0.0.1:5060", help="where the server listens")
    parser.add_argument("--pid", type=int, required=True, help="its process, whose memory is watched")
    parser.add_argument("--number", default="shop", help="what is called")
    parser.add_argument("--count", type=int, default=1_000_000, help="hostile messages, half of them over TCP")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--within", type=float, default=2.0, help="seconds in which an ordinary request is answered")
    parser.add_argument("--calls", action="store_true", help="make ordinary calls, too, not only OPTIONS")
    parser.add_argument("--growth", type=int, default=64 * 1024, help="KiB that memory may grow after the first tenth")
    arguments = parser.parse_args()
    host, port = arguments.target.rsplit(":", 1)
    flood, peer = build(), Peer(host, int(port), arguments.number)
    status, _, _ = peer.options(10)
    if status != 200:
        sys.exit(f"the server does not answer an ordinary OPTIONS before the flood: {status}")
    running = [
        subprocess.Popen([str(flood), host, port, kind, str(arguments.count // 2), str(arguments.seed + offset)], stdout=subprocess.PIPE)
        for offset, kind in enumerate(["udp", "tcp"])]
    slowest, asked, memory, faults = 0.0, 0, [], []
    while any(one.poll() is None for one in running):
        status, _, took = peer.options(arguments.within * 4)
        results = [("OPTIONS", status, took)]
        if arguments.calls:
            results.append(("call", *peer.talk(arguments.within * 4)))
        for name, status, took in results:
            asked, slowest = asked + 1, max(slowest, took)
            if status != 200 or took > arguments.within:
                faults.append(f"{name}: {status} after {took:.2f} s")
        memory.append(resident(arguments.pid))
        if not memory[-1]:
            faults.append("the server is gone")
            break
        time.sleep(0.2)
    for one in running:
        if one.poll() is None:
            one.terminate()
    sent = sum(int(one.stdout.read() or 0) for one in running)
    settled = memory[len(memory) // 10] if memory else 0
    if memory and memory[-1] > settled + arguments.growth:
        faults.append(f"memory grew from {settled} to {memory[-1]} KiB")
    told = f"{sent} hostile messages, {asked} ordinary requests, the slowest {slowest:.2f} s, memory {settled} to {memory[-1] if memory else 0} KiB"
    if faults:
        print("\n".join(faults[:20]))
        sys.exit(f"sip soak failed: {told}, {len(faults)} faults")
    print(f"sip soak ok: {told}")


if __name__ == "__main__":
    main()
