"""Everything that the interop tests assume of the server: its command line, its environment, what it prints.

Started as `COMMAND --transcript FILE` where COMMAND is like `repartee serve --config FILE`, with
  REPARTEE_SIP_PORT   UDP and TCP port of SIP on 127.0.0.1
  REPARTEE_RTP_PORTS  first-last, for media
  REPARTEE_DATA       folder of journal, vault and ledgers
  SHOP_URL            the shop's back end
  REPARTEE_HTTP_PORT  port of /healthz and /readyz
  SUPPORT_URI         SIP URI that a transfer goes to
It prints {"event": "ready", "sip": "sip:shop@127.0.0.1:PORT", ...} on standard output and ends by SIGTERM.

The transcript is one line of JSON per event:
  {"call", "sip_call_id", "event": "started"}
  {"call", "at": seconds since the start, "speaker": "caller"|"agent", "text", "kind": "speech"|"dtmf"}
  {"call", "at", "event": "ended", "outcome"}
Replay: `repartee replay CALL --json` (same environment) prints {"result": "identical"...} and exits with 0.
"""

import json
import os
import pathlib
import subprocess

from processes import Process


class Server:
    def __init__(self, command: list[str], folder: pathlib.Path, *, sip_port: int, rtp_port: int, shop_url: str, person: str):
        self.command = command
        self.file = folder / "transcript.jsonl"
        data = folder / "data"
        data.mkdir(parents=True, exist_ok=True)
        self.env = {
            "REPARTEE_SIP_PORT": str(sip_port), "REPARTEE_RTP_PORTS": f"{rtp_port}-{rtp_port + 198}",
            "REPARTEE_HTTP_PORT": str(sip_port + 1), "REPARTEE_DATA": str(data), "SHOP_URL": shop_url,
            "SUPPORT_URI": person,
        }
        self.process = Process("server", [*command, "--transcript", self.file], folder / "server.log", self.env)
        self._read_to = 0

    def ready(self, seconds: float = 60) -> str:
        """Waits for the ready line; answers the SIP URI to dial."""
        return self.process.wait_for("ready", seconds)["sip"]

    def new_lines(self) -> list[dict]:
        """What the transcript has gained since the last time."""
        if not self.file.exists():
            return []
        with open(self.file) as file:
            file.seek(self._read_to)
            text = file.read()
        whole = text[: text.rfind("\n") + 1]
        self._read_to += len(whole.encode())
        return [json.loads(line) for line in whole.splitlines() if line.strip()]

    def replay(self, call: str, seconds: float = 120) -> tuple[bool, str]:
        """Replays a call in a new process: whether it is identical, and what the process said."""
        at = self.command.index("serve")
        program, settings = self.command[:at], self.command[at + 1 :]
        try:
            done = subprocess.run(
                [*program, "replay", call, "--json", *settings], env={**os.environ, **self.env}, capture_output=True, text=True, timeout=seconds
            )
        except subprocess.TimeoutExpired:
            return False, "timed out"
        try:
            result = str(json.loads(done.stdout)["result"])
        except (ValueError, KeyError, TypeError):
            result = f"unreadable ({(done.stderr or done.stdout).strip()[-200:]})"
        return done.returncode == 0 and result.startswith("identical"), result

    def stop(self) -> int:
        return self.process.stop()


def of_call(lines: list[dict], sip_call_id: str) -> tuple[str | None, list[dict]]:
    """The server's name of a call and its lines, found by the SIP Call-ID of the line that started it."""
    names = [line["call"] for line in lines if line.get("sip_call_id") == sip_call_id]
    name = names[0] if names else None
    return name, [line for line in lines if line["call"] == name]


def spoken(lines: list[dict], speaker: str, begin: float, end: float, kind: str | None = None) -> str:
    """What one side said between two instants of the call, in one string."""
    return " ".join(
        line["text"] for line in lines
        if line.get("speaker") == speaker and begin <= line["at"] < end and kind in (None, line.get("kind", "speech"))
    )


def outcome(lines: list[dict]) -> str | None:
    return next((line.get("outcome") for line in lines if line.get("event") == "ended"), None)
