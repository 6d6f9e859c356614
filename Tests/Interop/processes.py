"""Processes of a test: started with explicit ports, awaited by their own ready line, ended by their id."""

import json
import os
import queue
import subprocess
import threading
import time


class NotReady(RuntimeError):
    pass


class Process:
    """A child whose standard output is lines of JSON (others are kept, not parsed); standard error goes to `log`."""

    def __init__(self, name: str, command: list, log, env: dict | None = None):
        self.name, self.log = name, log
        # Whether it is a PJSIP caller, whose library may crash.
        self.is_caller = False
        self._log = open(log, "wb")
        self.child = subprocess.Popen(
            [str(word) for word in command], stdout=subprocess.PIPE, stderr=self._log, stdin=subprocess.DEVNULL,
            env={**os.environ, **(env or {})}, text=True,
        )
        self.events: list[dict] = []
        self._queue: queue.Queue = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.child.stdout:
            try:
                event = json.loads(line)
            except ValueError:
                continue
            if isinstance(event, dict):
                self.events.append(event)
                self._queue.put(event)
        self._queue.put(None)

    def wait_for(self, event: str, seconds: float) -> dict:
        """The next event of that name. Raises `NotReady` when time is up or the process ends first."""
        end = time.monotonic() + seconds
        while True:
            try:
                found = self._queue.get(timeout=max(0.01, end - time.monotonic()))
            except queue.Empty:
                raise NotReady(f"{self.name}: no '{event}' within {seconds:g} s, see {self.log}") from None
            if found is None:
                raise NotReady(f"{self.name} ended with status {self.child.wait()}, see {self.log}")
            if found.get("event") == event:
                return found

    @property
    def running(self) -> bool:
        return self.child.poll() is None

    def wait(self, seconds: float) -> int:
        code = self.child.wait(timeout=seconds)
        self._finish()
        return code

    def stop(self, seconds: float = 10) -> int:
        """SIGTERM to this process id, SIGKILL to the same when it does not end. Answers the exit status."""
        if self.running:
            self.child.terminate()
        try:
            code = self.child.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            self.child.kill()
            code = self.child.wait()
        self._finish()
        return code

    def _finish(self):
        self._reader.join(timeout=2)
        if not self._log.closed:
            self._log.close()
        # Whoever inherited the other end (a crash reporter) may hold it open; closing would wait for the reader then.
        if not self._reader.is_alive():
            self.child.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
