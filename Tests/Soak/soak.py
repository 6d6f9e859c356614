#!/usr/bin/env python3
"""Twenty people speak while strangers and a caller of ill will flood the server, with as many packets and messages as were asked for.

    SOAK_COUNT=100000000 soak.py --server "repartee serve"

From outside: each of the twenty streams against the clock and its own numbers (tshark), the flood's own count, memory and files from
the kernel, ordinary OPTIONS from a telephone beside. The flood runs at the lowest priority (nice 19), so that its own appetite for the
processor is not taken for the server's. See README.md.
"""
import os, pathlib, subprocess, sys, time

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / "System")]
import stage
import load
import numpy as np
import sip

COUNT = int(os.environ.get("SOAK_COUNT", 1_000_000))
HOSTILE, KNOWN_SOURCE = "127.9.9.9", "127.9.9.8"
# What of the whole comes how; the rest is audio of the hostile caller.
STRANGERS, KNOWN, STREAMS, STRANGE_AUDIO = 0.3, 0.1, 0.1, 0.2
CALLS_OF_ILL_WILL = 10


def open_files(pid: int) -> int:
    return len(os.listdir(f"/proc/{pid}/fd"))


def run(at: stage.Stage):
    server = at.server(start=False, numbers=f'  "2000": {{assistant: {at.assistant}, recognizer: none}}\n')
    text = server.config.read_text()
    assert "trusted: [127.0.0.0/8]" in text
    server.config.write_text(text.replace("trusted: [127.0.0.0/8]", f"trusted: [127.0.0.1, {HOSTILE}, {KNOWN_SOURCE}]"))
    server.start()
    peer, enemy = sip.Peer("127.0.0.1", server.port, "2000"), sip.Peer("127.0.0.1", server.port, "2000", address=HOSTILE)
    seconds = int(os.environ.get("SOAK_SECONDS", 3600))
    sipp, capture, program = load.speakers(at, server, seconds, calls=100_000), at.folder / "lo.pcap", sip.build()
    floods: dict[str, subprocess.Popen] = {}

    def flood(name: str, port: int, kind: str, share: float, *more):
        floods[name] = subprocess.Popen(
            ["nice", "-n", "19", str(program), "127.0.0.1", str(port), kind, str(int(COUNT * share)), str(at.seed + len(floods)), *map(str, more)],
            stdout=subprocess.PIPE)

    full = stage.wait_until(lambda: server.health()[1]["calls"] >= load.AT_ONCE, 30)
    at.check("twenty people speak", full, calls=server.health()[1]["calls"])
    time.sleep(5)
    quiet = at.folder / "quiet.pcap"
    shark = load.listen(server, quiet)
    time.sleep(20)
    shark.terminate()
    shark.wait(60)
    shark = load.listen(server, capture)
    time.sleep(2)
    before, files, cpu, begun = sip.resident(server.pid), open_files(server.pid), server.cpu_seconds(), time.monotonic()
    memory, slowest, faults, asked, placed, calls = [], 0.0, [], 0, 0, []
    try:
        flood("strangers", server.port, "udp", STRANGERS)
        flood("known", server.port, "udp", KNOWN, KNOWN_SOURCE)
        flood("streams", server.port, "tcp", STREAMS)
        flood("strange audio", server.media, "rtp", STRANGE_AUDIO, "-", 0, 120)
        rest = (1 - STRANGERS - KNOWN - STREAMS - STRANGE_AUDIO) / CALLS_OF_ILL_WILL
        while any(one.poll() is None for one in floods.values()) or placed < CALLS_OF_ILL_WILL:
            # A call of ill will ends as any other does, so the next one follows.
            if placed < CALLS_OF_ILL_WILL and (not placed or floods[f"caller {placed}"].poll() is not None):
                port = enemy.audio_port(8)
                if port:
                    placed += 1
                    flood(f"caller {placed}", port, "rtp", rest, HOSTILE, enemy.port + 1)
            if not server.lives():
                faults.append("the server is gone")
                break
            status, _, took = peer.options(8)
            asked, slowest = asked + 1, max(slowest, took)
            if status != 200 or took > 2:
                faults.append(f"OPTIONS: {status} after {took:.2f} s")
            memory.append(sip.resident(server.pid))
            calls.append(server.health()[1]["calls"])
            time.sleep(1)
    finally:
        lasted, spent = time.monotonic() - begun, server.cpu_seconds() - cpu
        for one in floods.values():
            if one.poll() is None:
                one.terminate()
        sent = {name: int(one.stdout.read() or 0) for name, one in floods.items()}
        shark.terminate()
        shark.wait(120)
    at.check("all of the flood left", sum(sent.values()) >= COUNT * 0.99, **sent, seconds=round(lasted), a_second=round(sum(sent.values()) / lasted))
    at.check("an ordinary telephone is answered within two seconds", asked and not faults, asked=asked, slowest_s=round(slowest, 2), faults=faults[:5])
    at.check("twenty speak all the time", calls and sorted(calls)[len(calls) // 20] >= load.AT_ONCE, calls_p05=sorted(calls or [0])[len(calls) // 20], ill=placed)
    settled = max(memory[: max(1, len(memory) // 10)], default=0)
    at.check("memory is flat", memory and max(memory) <= settled + 32 * 1024, before_kib=before, after_a_tenth_kib=settled, most_kib=max(memory or [0]), last_kib=memory[-1] if memory else 0)
    at.check("files are bounded", open_files(server.pid) < files + 600, before=files, after=open_files(server.pid))
    judge(at, "without the flood", quiet)
    judge(at, "under the flood", capture)
    at.check("processor time was measured", True, cpu_s=round(spent), of_s=round(lasted * os.cpu_count()), ticks={key: value for key, value in server.health()[1].items() if "tick" in key})
    sipp.terminate()
    sipp.wait(60)
    at.check("the server stops in good order", server.stop() == 0)


def judge(at: stage.Stage, when: str, capture: pathlib.Path):
    """The twenty people's streams: every number once, every tick there, and packets 20 ms apart."""
    streams = {name: stream for name, stream in load.packets(capture).items() if len(stream) > 500}
    gaps = {name: found for name, stream in streams.items() if (found := load.missing(stream))}
    lost = {name: steps for name, stream in streams.items() if abs(steps := round((stream[-1][0] - stream[0][0]) / 0.02) + 1 - len(stream)) > 1}
    at.check(f"no frame of the twenty is lost {when}", len(streams) >= load.AT_ONCE and not gaps and not lost, streams=len(streams), packets=sum(map(len, streams.values())), gaps=gaps, off_clock=lost)
    away = np.abs(np.concatenate([np.diff([moment for moment, _ in stream]) for stream in streams.values()] or [np.zeros(1)]) * 1000 - 20)
    p99 = float(np.percentile(away, 99))
    at.check(f"jitter p99 is at most 5 ms {when}", streams and p99 <= 5, p50_ms=round(float(np.percentile(away, 50)), 2), p99_ms=round(p99, 2), p999_ms=round(float(np.percentile(away, 99.9)), 2), most_ms=round(float(away.max()), 1))


if __name__ == "__main__":
    stage.main("soak", run, 7200)
