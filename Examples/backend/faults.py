"""Failures that a test asks for. Without `--faults` none can be set."""

import json
import threading

from .database import Refusal

FAULTS = {
    "delay_ms": int,
    "drop_before_commit": bool,
    "drop_after_commit": bool,
    "status": int,
    "code": str,
    "times": int,
    "method": str,
    "path": str,
}


class Drop(Exception):
    """The connection is closed without an answer."""


class Faults:
    def __init__(self, enabled: bool):
        self.enabled = enabled
        self._lock = threading.Lock()
        self._set: dict = {}

    def set(self, wanted: dict):
        for name, value in wanted.items():
            if name not in FAULTS or not isinstance(value, FAULTS[name]):
                raise Refusal(422, "fault_invalid", field=name)
        with self._lock:
            self._set = dict(wanted)

    def take(self, method: str, path: str, header: str | None) -> dict:
        """The faults of one request: its own header's, else the standing ones, which `times` may wear out."""
        if not self.enabled:
            return {}
        if header:
            return json.loads(header)
        with self._lock:
            found = self._set
            if not found or found.get("method", method) != method or not path.endswith(found.get("path", "")):
                return {}
            if "times" in found:
                self._set = {**found, "times": found["times"] - 1} if found["times"] > 1 else {}
            return found
