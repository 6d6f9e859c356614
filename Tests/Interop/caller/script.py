"""The caller's side of a conversation as a pure machine on the audio clock: 20 ms heard in, 20 ms said out.

`Script` knows nothing of SIP. The line feeds it one frame of the agent's sound per tick and tells it what the
signalling did; it returns the frame to send and, in `actions`, what the signalling is to do next.
"""

from collections import deque
from dataclasses import dataclass, field

import numpy as np

LOUD = 10 ** (-45 / 20) * 32768
"""A frame whose RMS lies above -45 dBFS counts as the agent's voice while the call runs; the recording is judged later."""


@dataclass
class Heard:
    """When the agent speaks, from frame energy: two loud frames start it, `quiet` frames without one end it."""

    quiet: int
    speaking: bool = False
    started: int = -1
    last_loud: int = -1
    run: int = 0
    starts: int = 0

    def take(self, frame: np.ndarray, tick: int):
        loud = bool(len(frame)) and float(np.mean(np.square(frame.astype(np.float32)))) > LOUD * LOUD
        self.run = self.run + 1 if loud else 0
        if loud:
            self.last_loud = tick
        if not self.speaking and self.run >= 2:
            self.speaking, self.started = True, tick - 1
            self.starts += 1
        elif self.speaking and tick - self.last_loud >= self.quiet:
            self.speaking = False


@dataclass
class Script:
    steps: list[dict]
    rate: int
    quiet_ms: int = 700
    patience_s: float = 15.0
    tick: int = 0
    index: int = 0
    over: bool = False
    error: str | None = None
    turns: list[dict] = field(default_factory=list)
    silences: list[dict] = field(default_factory=list)
    transfers: list[dict] = field(default_factory=list)
    events: list[dict] = field(default_factory=list)
    actions: deque = field(default_factory=deque)

    def __post_init__(self):
        self.frame = self.rate // 50
        self.heard = Heard(self._ticks(self.quiet_ms))
        self.connected = False
        self.hung_up = False
        self._entered = 0
        self._mark = 0
        self._clip: np.ndarray | None = None
        self._digits: deque = deque()
        self._turn: dict | None = None

    def _ticks(self, ms: float) -> int:
        return max(1, round(ms / 20))

    def now(self) -> float:
        return round(self.tick * 0.02, 3)

    def note(self, event: str, **more):
        self.events.append({"at": self.now(), "event": event, **more})

    # What the signalling tells

    def on_connected(self):
        if not self.connected:
            self.connected = True
            self._entered = self.tick
            self.note("answered")

    def on_transfer(self, target: str):
        self.transfers.append({"to": target, "at": self.now(), "status": None, "answered_at": None, "ended_at": None})
        self.note("refer", to=target)

    def on_transfer_state(self, status: int | None = None, answered: bool = False, ended: bool = False):
        found = self.transfers[-1]
        if answered:
            found["status"], found["answered_at"] = 200, self.now()
        if ended:
            found["ended_at"] = self.now()
            if found["status"] is None:
                found["status"] = status
        self.note("transfer", status=status, answered=answered, ended=ended)

    def on_hung_up(self, reason: str):
        self.hung_up = True
        self.note("hung_up", reason=reason)
        if self.over:
            return
        if self.steps[self.index]["do"] == "await_hang_up" or self.steps[self.index].get("optional"):
            self.over = True
        else:
            self._fail(f"the call ended early ({reason})")

    # The clock

    def step(self, heard: np.ndarray) -> np.ndarray:
        """One tick: `heard` is what arrived in the tick before, the result is what is sent in this one."""
        out = np.zeros(self.frame, dtype=np.int16)
        if self.connected:
            self.heard.take(heard, self.tick)
            if not self.over:
                out = self._play() if self._clip is not None else self._decide(out)
        self.tick += 1
        return out

    def _decide(self, silence: np.ndarray) -> np.ndarray:
        step = self.steps[self.index]
        waited = (self.tick - self._entered) * 0.02
        if getattr(self, "_do_" + step["do"])(step, waited):
            if self._clip is not None:
                return self._play()
            self._next()
        elif waited > step.get("timeout_s", self.patience_s) + step.get("seconds", 0):
            if step.get("optional"):
                self._next()
            else:
                self._fail("waited too long")
        return silence

    def _next(self):
        self.index += 1
        self._entered = self.tick
        if self.index >= len(self.steps):
            self.over = True
            self.actions.append(("hang_up",))

    def _fail(self, why: str):
        self.error = f"{why} at step {self.index} ({self.steps[self.index]['id']}), {self.now()} s"
        self.note("failed", why=self.error)
        self.over = True
        self.actions.append(("hang_up",))

    def _agent_done(self, step: dict) -> bool:
        """The agent has spoken since the caller's last act, and has been quiet for as long as the step asks."""
        quiet = self._ticks(step.get("quiet_ms", self.quiet_ms))
        return self.heard.last_loud >= self._mark and self.heard.run == 0 and self.tick - self.heard.last_loud >= quiet

    # The steps. Each returns whether it is done; `say` starts a clip when it is

    def _do_listen(self, step, waited) -> bool:
        return self._agent_done(step)

    def _do_say(self, step, waited) -> bool:
        turn = {"id": step["id"], "kind": "speech", "to": step.get("to", "agent"), "said": step["clip"]["said"]}
        if "barge_in_ms" in step:
            started = self.heard.started
            if not self.heard.speaking or started < self._mark:
                return False
            if (self.tick - started) * 20 < step["barge_in_ms"]:
                return False
            turn["barge_in"] = {"agent_started": round(started * 0.02, 3)}
        elif not self._agent_done(step):
            return False
        turn["speech"] = [self.now(), None]
        turn["pauses"] = [
            [round(self.now() + a / self.rate, 3), round(self.now() + b / self.rate, 3)] for a, b in step["clip"]["pauses"]
        ]
        self._turn, self._clip = turn, step["sound"]
        self.note("speaks", turn=len(self.turns), said=step["clip"]["said"])
        return True

    def _play(self) -> np.ndarray:
        out = self._clip[: self.frame]
        self._clip = self._clip[self.frame :]
        if len(self._clip) == 0:
            self._turn["speech"][1] = round(self.now() + len(out) / self.rate, 3)
            self.turns.append(self._turn)
            self._turn = self._clip = None
            self._mark = self.tick + 1
            self._next()
            out = np.concatenate([out, np.zeros(self.frame - len(out), dtype=np.int16)])
        return out

    def _do_dtmf(self, step, waited) -> bool:
        if not self._digits and self._turn is None:
            if not self._agent_done(step):
                return False
            self._turn = {"id": step["id"], "kind": "dtmf", "to": "agent", "said": step["digits"], "speech": [self.now(), None]}
            self._digits = deque(step["digits"])
            self._gap = 0
            self.note("presses", turn=len(self.turns), digits=step["digits"])
        if self._gap > 0:
            self._gap -= 1
            return False
        if self._digits:
            self.actions.append(("digit", self._digits.popleft()))
            self._gap = self._ticks(step.get("gap_ms", 350))
            return False
        self._turn["speech"][1] = self.now()
        self.turns.append(self._turn)
        self._turn = None
        self._mark = self.tick
        return True

    def _do_silence(self, step, waited) -> bool:
        """Says nothing for `seconds` after the agent fell silent; with `until_agent` until the agent speaks again."""
        if self._turn is None or self._turn.get("kind") != "silence":
            if not self._agent_done(step):
                return False
            self._turn = {"id": step["id"], "kind": "silence", "from": round(self.heard.last_loud * 0.02, 3), "agent_at": None}
            self._starts = self.heard.starts
            self._entered = self.tick
        if self._turn["agent_at"] is None and self.heard.starts > self._starts:
            self._turn["agent_at"] = round(self.heard.started * 0.02, 3)
        spoke = self._turn["agent_at"] is not None
        if not (spoke and step.get("until_agent")) and (self.tick - self._entered) * 0.02 < step["seconds"]:
            return False
        if step.get("until_agent") and not spoke:
            return False
        self.silences.append(self._turn)
        if spoke:
            self._mark = self.heard.started
        self._turn = None
        return True

    def _do_transfer(self, step, waited) -> bool:
        """Waits until a transfer asked for by REFER was answered or refused by its target."""
        if not self.transfers or self.transfers[-1]["status"] is None:
            return False
        self._mark = self.tick
        return True

    def _do_hang_up(self, step, waited) -> bool:
        return waited * 1000 >= step.get("gap_ms", 0)

    def _do_await_hang_up(self, step, waited) -> bool:
        return self.hung_up
