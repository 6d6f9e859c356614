#!/usr/bin/env python3
"""Twenty calls with human speech at once, voice activity on, no recogniser on their number, and one real conversation beside.

    load.py --server "repartee serve"

sipp streams Debian's recorded prompts as PCMU to the number `2000`, which hears keys only; a new call takes the place of each
that ends. PJSIP talks to the shop's number on the same server. Lateness comes from /healthz, CPU time from the kernel, gaps in
what the caller heard from the packets that tshark saw. No absolute time is asserted but that no tick is lost.
"""

import os
import pathlib
import subprocess
import time

import stage

import numpy as np  # noqa: E402

import audio  # noqa: E402

AT_ONCE = 20
PROMPTS = pathlib.Path("/usr/share/asterisk/sounds/en_US_f_Allison")
TALK = [
    {"do": "dtmf", "digits": "1", "quiet_ms": 2500},
    {"do": "dtmf", "digits": "20581637", "quiet_ms": 1600},
    {"do": "dtmf", "digits": "4", "quiet_ms": 1600},
    {"do": "dtmf", "digits": "20581637", "quiet_ms": 1600},
    {"do": "say", "parts": [{"text": "the lamp arrived broken and the box was open"}], "quiet_ms": 1600},
    {"do": "dtmf", "digits": "1", "quiet_ms": 1600},
    {"do": "dtmf", "digits": "9", "quiet_ms": 1600},
    {"do": "await_hang_up"},
]
SCENARIO = """<?xml version="1.0" encoding="ISO-8859-1" ?>
<scenario name="a person who speaks until one side hangs up">
  <send retrans="500"><![CDATA[
      INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
      Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
      From: sipp <sip:sipp@[local_ip]:[local_port]>;tag=[pid]t[call_number]
      To: <sip:[service]@[remote_ip]:[remote_port]>
      Call-ID: [call_id]
      CSeq: 1 INVITE
      Contact: <sip:sipp@[local_ip]:[local_port]>
      Max-Forwards: 70
      Content-Type: application/sdp
      Content-Length: [len]

      v=0
      o=sipp 1 [cseq] IN IP4 [local_ip]
      s=-
      c=IN IP4 [media_ip]
      t=0 0
      m=audio [rtpstream_audio_port] RTP/AVP 0
      a=rtpmap:0 PCMU/8000
      a=sendrecv

  ]]></send>
  <recv response="100" optional="true"/>
  <recv response="180" optional="true"/>
  <recv response="200" rrs="true"/>
  <send><![CDATA[
      ACK [next_url] SIP/2.0
      Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
      From: sipp <sip:sipp@[local_ip]:[local_port]>;tag=[pid]t[call_number]
      To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
      Call-ID: [call_id]
      CSeq: 1 ACK
      Max-Forwards: 70
      Content-Length: 0

  ]]></send>
  <nop><action><exec rtp_stream="speech.ul,-1,0,PCMU/8000"/></action></nop>
  <recv request="BYE" timeout="SECONDS000" ontimeout="leave"/>
  <send next="over"><![CDATA[
      SIP/2.0 200 OK
      [last_Via:]
      [last_From:]
      [last_To:]
      [last_Call-ID:]
      [last_CSeq:]
      Content-Length: 0

  ]]></send>
  <label id="leave"/>
  <send retrans="500"><![CDATA[
      BYE [next_url] SIP/2.0
      Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
      From: sipp <sip:sipp@[local_ip]:[local_port]>;tag=[pid]t[call_number]
      To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
      Call-ID: [call_id]
      CSeq: 2 BYE
      Max-Forwards: 70
      Content-Length: 0

  ]]></send>
  <recv response="200"/>
  <label id="over"/>
  <nop><action><exec rtp_stream="pause"/></action></nop>
</scenario>
"""


def speech(seconds: int) -> bytes:
    """Recorded prompts, one after the other with pauses between them, as mu-law."""
    out, length = [], 0
    for file in sorted(PROMPTS.glob("vm-*.wav")) + sorted(PROMPTS.glob("conf-*.wav")):
        samples, rate = audio.read(file)
        if len(samples) < rate:
            continue
        clip = audio.normalise(audio.trim(audio.resample(samples, rate, 8000), 8000), 8000)
        out += [clip, np.zeros(8000 * 8 // 10, dtype=np.int16)]
        length += len(clip) + 6400
        if length > seconds * 8000:
            break
    return audio.mu_law(np.concatenate(out))


def run(at: stage.Stage, seconds: int = 85):
    at.shop()
    server = at.server(numbers=f'  "2000": {{assistant: {at.assistant}, recognizer: none}}\n')
    load_before, cpu_before, begun = os.getloadavg()[0], server.cpu_seconds(), time.monotonic()
    sipp, capture = speakers(at, server, seconds), at.folder / "lo.pcap"
    shark = listen(server, capture)
    seen: list[int] = []
    try:
        full = stage.wait_until(lambda: server.health()[1]["calls"] >= AT_ONCE, 20)
        at.check("twenty calls are alive at once", full, calls=server.health()[1]["calls"])
        for attempt in ("talk", "talk-again"):
            process, talk = at.caller(attempt, server.uri, TALK)
            if stage.wait_until(lambda: not process.running, 5) and process.wait(1) < 0:
                print(f"note  load: the PJSIP caller died of signal {-process.child.returncode}, see {process.log}")
                continue
            break
        while process.running and sipp.poll() is None and time.monotonic() - begun < seconds + 30:
            seen.append(server.health()[1]["calls"])
            time.sleep(0.25)
        process.wait(60)
    finally:
        figures, spent, lasted = server.health()[1], server.cpu_seconds() - cpu_before, time.monotonic() - begun
        for child in (sipp, shark):
            child.terminate()
            child.wait(30)
    report = stage.report(talk)
    call_minutes = sum(seen) / max(1, len(seen)) * lasted / 60
    at.check("the load was there during the whole conversation", seen and sorted(seen)[len(seen) // 10] >= AT_ONCE - 2, calls_p10=sorted(seen)[len(seen) // 10] if seen else 0, calls_mean=round(sum(seen) / max(1, len(seen)), 1))
    at.check("the real conversation went as planned", report["error"] is None, error=report["error"], v2v_p50_ms=report.get("v2v_p50_ms"), v2v_p95_ms=report.get("v2v_p95_ms"))
    opened = [row for row in at.back_end.changes() if row["what"] == "case_opened"]
    at.check("it opened its case, once", len(opened) == 1, changes=len(opened))
    # A beat is lost when fewer came than time has room for: every call's packets say so better than the server does.
    streams = packets(capture)
    # A short stream is a call that was cut off by the end of the test.
    whole = {port: stream for port, stream in streams.items() if len(stream) > 100}
    gaps = {port: found for port, stream in whole.items() if (found := missing(stream))}
    at.check("no stream of the server lacks a packet", len(whole) >= AT_ONCE and not gaps, streams=len(whole), packets=sum(map(len, whole.values())), gaps=gaps)
    # Each stream against the clock: as many packets as 20 ms steps between its first and its last, so no tick was lost.
    lost = {port: steps for port, stream in whole.items() if abs(steps := round((stream[-1][0] - stream[0][0]) / 0.02) + 1 - len(stream)) > 3}
    at.check("no tick is lost", not lost, streams_off_clock=lost)
    distances = np.concatenate([np.diff([moment for moment, _ in stream]) for stream in whole.values()]) * 1000
    ours = {key.removeprefix("tick_lateness_"): value for key, value in figures.items() if key != "calls"}
    at.check("ticks were measured", figures["ticks"] > 50 * 30, **ours, late_percent=round(100 * figures["late_ticks"] / max(1, figures["ticks"]), 3))
    at.check(
        "packets left in step", len(distances), p50_ms=round(float(np.percentile(distances, 50)), 2), p95_ms=round(float(np.percentile(distances, 95)), 2),
        p99_ms=round(float(np.percentile(distances, 99)), 2), max_ms=round(float(distances.max()), 1))
    at.check("CPU time was measured", spent > 0, cpu_s=round(spent, 1), seconds=round(lasted, 1), cpu_s_per_call_minute=round(spent / call_minutes, 2), load_of_the_machine_before=round(load_before, 1), cores=os.cpu_count())
    # What PJSIP heard: no hole inside the agent's sentences. Digital silence of a frame or more in loud surroundings is one.
    samples, rate = audio.read(talk / "call.wav")
    holes = [round(hole / rate, 2) for hole in dropouts(samples[:, 1], rate)]
    at.check("PJSIP heard no holes in the agent's words", not holes, holes_at=holes[:5])
    # sipp was ended in the middle of its calls: the server lets them go when it is told to stop.
    at.check("the server stops in good order", server.stop() == 0)
    at.check("every call has its end in the journal", all(call["ended_at_us"] is not None for call in server.calls()), calls=len(server.calls()))


def speakers(at: stage.Stage, server: stage.Server, seconds: int, calls: int = 200) -> subprocess.Popen:
    """Twenty people who speak to the number 2000 for so long, each at most a call; a new one calls when one is done."""
    folder = at.folder / "sipp"
    folder.mkdir()
    (folder / "speech.ul").write_bytes(speech(60))
    (folder / "speech.xml").write_text(SCENARIO.replace("SECONDS", str(seconds)))
    return subprocess.Popen(
        [str(word) for word in (
            "sipp", server.target, "-sf", "speech.xml", "-s", "2000", "-i", "127.0.0.1", "-mi", "127.0.0.1", "-p", stage.free_port(),
            "-mp", stage.free_range(200), "-l", AT_ONCE, "-r", "10", "-m", calls, "-nostdin", "-trace_err",
            "-error_file", "errors", "-timeout", f"{seconds}s")],
        cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def listen(server: stage.Server, capture: pathlib.Path) -> subprocess.Popen:
    """Captures the head of each packet that the server's audio ports send."""
    return subprocess.Popen(
        ["tshark", "-q", "-i", "lo", "-f", f"udp and src portrange {server.media}-{server.media + 119}", "-s", "60", "-w", capture],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def packets(capture: pathlib.Path) -> dict[tuple, list[tuple[float, int]]]:
    """(seconds, sequence number) of each audio packet, by the server's port and its source."""
    done = subprocess.run(
        ["tshark", "-r", capture, "-T", "fields", "-e", "frame.time_epoch", "-e", "udp.srcport", "-e", "udp.payload", "-Y", "udp.length >= 180"],
        capture_output=True, text=True)
    streams: dict[str, list[tuple[float, int]]] = {}
    for line in done.stdout.splitlines():
        moment, port, payload = line.split("\t")
        octets = bytes.fromhex(payload[:24])
        streams.setdefault(f"{port}/{octets[8:12].hex()}", []).append((float(moment), int.from_bytes(octets[2:4], "big")))
    return streams


def missing(stream: list[tuple[float, int]]) -> int:
    return sum((b - a - 1) % 65536 for (_, a), (_, b) in zip(stream, stream[1:]))


def dropouts(samples: np.ndarray, rate: int) -> list[int]:
    """Where 20 ms or more of exact silence lie between loud samples less than 5 ms away on both sides."""
    window, out = rate // 200, []
    silent = np.abs(samples.astype(np.int32)) <= 8
    edges = np.flatnonzero(np.diff(np.concatenate([[False], silent, [False]]).astype(np.int8)))
    for begin, end in zip(edges[::2], edges[1::2]):
        if rate // 50 <= end - begin <= rate // 5:
            sides = audio.level(samples[max(0, begin - window) : begin]), audio.level(samples[end : end + window])
            if min(sides) > -32:
                out.append(int(begin))
    return out


if __name__ == "__main__":
    stage.main("load", run, 900)
