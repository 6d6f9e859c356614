"""Ports of 127.0.0.1 for one test process: no other test process on this machine is given the same ones.

A process claims a thousand ports by locking a file, which the kernel lets go when the process ends, however it ends: in the one
folder that all have, whatever TMPDIR says. They lie
below the ports that the kernel chooses for connections, so that none of those takes one between its choice and its use.
"""

import contextlib
import fcntl
import os
import pathlib
import socket

FIRST, COUNT, CHUNKS = 10000, 1000, 10


def are_free(ports) -> bool:
    """Whether all can be bound now, for UDP and TCP."""
    with contextlib.ExitStack() as held:
        for port in ports:
            for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
                one = held.enter_context(socket.socket(socket.AF_INET, kind))
                if kind == socket.SOCK_STREAM:
                    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    one.bind(("127.0.0.1", port))
                except OSError:
                    return False
    return True


class Ports:
    """The claim of this process, made at first use. Ports are handed out one after the other, then from the beginning again."""

    def __init__(self):
        self._lock = None
        self._first = self._next = 0

    def _claim(self):
        folder = pathlib.Path("/tmp") / f"repartee-ports-{os.getuid()}"
        folder.mkdir(exist_ok=True)
        for chunk in range(CHUNKS):
            lock = open(folder / str(chunk), "w")
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.close()
                continue
            self._lock, self._first = lock, FIRST + COUNT * chunk
            self._next = self._first
            return
        raise RuntimeError(f"all ports for tests are claimed by other test processes, see {folder}")

    def take(self, count: int) -> int:
        """The even first port of a block of so many that are free."""
        if self._lock is None:
            self._claim()
        for _ in range(COUNT):
            first, end = self._next, self._first + COUNT
            self._next += count + count % 2
            if first + count > end:
                self._next = self._first
            elif are_free(range(first, first + count)):
                return first
        raise RuntimeError(f"no {count} free ports among {self._first} to {self._first + COUNT - 1}")


taken = Ports()


def free_port() -> int:
    """A port free for UDP and TCP, with the next one free as well."""
    return taken.take(2)


def free_range(count: int) -> int:
    """The even first port of a block that is free."""
    return taken.take(count)
