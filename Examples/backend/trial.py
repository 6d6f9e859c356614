"""Tests of a back end run it as what it is: a process with a database of its own."""

import http.client
import json
import os
import pathlib
import sqlite3
import subprocess
import sys
import tempfile
import unittest

TODAY = "2030-05-14"  # a Tuesday


class BackEndTest(unittest.TestCase):
    program: pathlib.Path
    options = ["--faults"]
    environment: dict[str, str] = {}

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.database = pathlib.Path(self.folder.name) / self.program.with_suffix(".sqlite").name
        self.keys = 0
        self.start()
        self.addCleanup(lambda: self.stop())

    def start(self, today=TODAY):
        command = [sys.executable, self.program, "--database", self.database, "--port", "0", "--seed", "--today", today]
        self.process = subprocess.Popen(
            [*map(str, command), *self.options], stdout=subprocess.PIPE, text=True, env={**os.environ, **self.environment}
        )
        self.port = int(json.loads(self.process.stdout.readline())["url"].rsplit(":", 1)[1])

    def stop(self) -> int:
        self.process.terminate()
        code = self.process.wait(timeout=5)
        self.process.stdout.close()
        return code

    def call(self, method, path, body=None, key=None, **headers):
        """Status and answer. A POST has a key of its own when none is given."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            if key is None and method == "POST":
                self.keys += 1
                key = f"key-{self.keys}"
            if key:
                headers["Idempotency-Key"] = key
            connection.request(method, path, json.dumps(body) if body is not None else None, headers)
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        finally:
            connection.close()

    def rows(self, query, *values):
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True) as database:
            return database.execute(query, values).fetchall()

    def code(self, answer):
        return answer[0], answer[1].get("error", {}).get("code")
