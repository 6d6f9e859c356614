#!/usr/bin/env python3
"""Kamailio as the PBX in front: registrar with digest, Record-Route, dispatcher.

    kamailio/registrar.py --port 5090 [--password secret] [--node sip:127.0.0.1:5070 ...]

Runs until SIGTERM. Prints {"event": "ready", "registrar": "127.0.0.1:PORT"} when sipsak got its answer. Any user may
register with the password; `sip:USER@127.0.0.1:PORT` then reaches it, `sip:pool@...` reaches the nodes in turn.
As a module: `with Kamailio(port, folder) as pbx: pbx.contacts()`.
"""

import argparse
import json
import os
import pathlib
import signal
import string
import subprocess
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent


class Kamailio:
    def __init__(self, port: int, folder: pathlib.Path, password: str = "secret", nodes: list[str] = ()):
        self.port, self.folder = port, folder
        template = string.Template((HERE / "kamailio.cfg.template").read_text())
        self.config = folder / "kamailio.cfg"
        self.config.write_text(template.substitute(PORT=port, FOLDER=folder, PASSWORD=password))
        (folder / "dispatcher.list").write_text("".join(f"1 {node}\n" for node in nodes))
        check = subprocess.run(["kamailio", "-c", "-f", self.config], capture_output=True, text=True)
        if check.returncode != 0:
            raise RuntimeError(f"kamailio refuses its configuration: {check.stderr[-800:]}")
        self._log = open(folder / "kamailio.log", "wb")
        # In a process group of its own: Kamailio forks, and its main process ends the others when it is told to end.
        self.child = subprocess.Popen(
            ["kamailio", "-f", self.config, "-DD", "-E", "-m", "64", "-M", "8", "-Y", folder, "-P", folder / "kamailio.pid"],
            stdout=self._log, stderr=self._log, stdin=subprocess.DEVNULL, start_new_session=True,
        )

    def ready(self, seconds: float = 15):
        """Waits until OPTIONS is answered, whatever with: sipsak cuts ports to four digits in what it asks for."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.child.poll() is not None:
                break
            done = subprocess.run(["sipsak", "-vv", "-s", f"sip:127.0.0.1:{self.port}", "-D", "1"], capture_output=True)
            if b"final received" in done.stdout:
                return self
        raise RuntimeError(f"kamailio is not ready: {(self.folder / 'kamailio.log').read_text()[-800:]}")

    def command(self, *words: str) -> str:
        return subprocess.run(
            ["kamcmd", "-s", f"unix:{self.folder}/kamailio_ctl", *words], capture_output=True, text=True, timeout=10
        ).stdout

    def contacts(self) -> str:
        """Who is registered."""
        return self.command("ul.dump")

    def wait_registered(self, user: str, seconds: float = 15):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if f"AoR: {user}" in self.contacts():
                return
            time.sleep(0.05)
        raise RuntimeError(f"{user} did not register")

    def stop(self):
        if self.child.poll() is None:
            os.kill(self.child.pid, signal.SIGTERM)
        try:
            self.child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(self.child.pid, signal.SIGKILL)
            self.child.wait()
        self._log.close()

    def __enter__(self):
        try:
            return self.ready()
        except RuntimeError:
            self.stop()
            raise

    def __exit__(self, *_):
        self.stop()


def main():
    parser = argparse.ArgumentParser(description="Kamailio as a registrar for tests.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--password", default="secret")
    parser.add_argument("--node", action="append", default=[])
    options = parser.parse_args()
    going = True

    def stop(*_):
        nonlocal going
        going = False

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    with tempfile.TemporaryDirectory() as name, Kamailio(options.port, pathlib.Path(name), options.password, options.node):
        print(json.dumps({"event": "ready", "registrar": f"127.0.0.1:{options.port}"}), flush=True)
        while going:
            time.sleep(0.1)


if __name__ == "__main__":
    main()
