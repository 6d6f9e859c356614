"""Tests of fetch.py with a wheel made here: no network, a second at most. Run: python3 -m unittest -b test_fetch.py"""

import hashlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
import zipfile

FETCH = pathlib.Path(__file__).resolve().parent / "fetch.py"
WHEEL = "tiny_engine-1.0.0-py3-none-any.whl"


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class FetchTests(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.root = pathlib.Path(self.temporary.name)
        self.pack = self.root / "pack"
        self.wheels = self.root / "wheels"
        self.wheels.mkdir()
        with zipfile.ZipFile(self.wheels / WHEEL, "w") as wheel:
            wheel.writestr("tiny_engine/model.bin", b"weights")
            wheel.writestr("tiny_engine-1.0.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny-engine\nVersion: 1.0.0\n")
            wheel.writestr("tiny_engine-1.0.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
            wheel.writestr("tiny_engine-1.0.0.dist-info/RECORD", "")
        content = (self.wheels / WHEEL).read_bytes()
        source = {"package": "tiny-engine", "version": "1.0.0", "wheel": WHEEL}
        source |= {"sha256": sha256(content), "bytes": len(content)}
        file = {"role": "model", "path": "model.bin", "from": "tiny_engine/model.bin"}
        file |= {"sha256": sha256(b"weights"), "bytes": 7}
        self.engine = {"id": "tiny", "title": "Tiny", "licence": "MIT", "default": True}
        self.engine |= {"sources": [source], "files": [file]}

    def run_fetch(self, *arguments: str, links: pathlib.Path | None = None):
        manifest = self.root / "manifest.json"
        manifest.write_text(json.dumps({"schema": 1, "engines": [self.engine]}))
        environment = os.environ | {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(links or self.wheels)}
        command = [sys.executable, str(FETCH), "--manifest", str(manifest), "--pack", str(self.pack), *arguments]
        return subprocess.run(command, capture_output=True, text=True, env=environment)

    def test_installs_once_and_then_has_nothing_to_do(self):
        first = self.run_fetch()
        self.assertEqual(first.returncode, 0, first.stderr)
        self.assertEqual((self.pack / "tiny" / "model.bin").read_bytes(), b"weights")
        second = self.run_fetch(links=self.root / "nowhere")
        self.assertEqual(second.returncode, 0, second.stderr)
        self.assertIn("nothing to do", second.stdout)
        self.assertFalse((self.pack / ".work").exists())

    def test_a_download_that_cannot_be_had_is_one_line_and_leaves_nothing(self):
        done = self.run_fetch(links=self.root)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)
        self.assertIn("could not download tiny-engine 1.0.0", done.stderr)
        self.assertFalse((self.pack / "tiny").exists())

    def test_a_wheel_with_another_hash_is_refused(self):
        self.engine["sources"][0]["sha256"] = "0" * 64
        done = self.run_fetch()
        self.assertEqual(done.returncode, 1)
        self.assertIn("wrong SHA-256", done.stderr)
        self.assertFalse((self.pack / "tiny").exists())

    def test_a_file_with_another_hash_is_refused(self):
        self.engine["files"][0]["sha256"] = "0" * 64
        done = self.run_fetch()
        self.assertEqual(done.returncode, 1)
        self.assertIn("model.bin has the wrong SHA-256", done.stderr)
        self.assertFalse((self.pack / "tiny").exists())

    def test_verify_finds_a_changed_file(self):
        self.assertEqual(self.run_fetch().returncode, 0)
        (self.pack / "tiny" / "model.bin").write_bytes(b"weightz")
        done = self.run_fetch("--verify")
        self.assertEqual(done.returncode, 1)
        self.assertIn("wrong SHA-256", done.stderr)

    def test_a_changed_entry_is_installed_anew(self):
        self.assertEqual(self.run_fetch().returncode, 0)
        self.engine["title"] = "Tiny again"
        self.assertIn("1 engines to download", self.run_fetch().stdout)
        self.assertEqual(json.loads((self.pack / "tiny" / "engine.json").read_text())["title"], "Tiny again")

    def test_an_unknown_engine_is_named(self):
        done = self.run_fetch("--with", "huge")
        self.assertEqual(done.returncode, 1)
        self.assertIn("no engine huge", done.stderr)


if __name__ == "__main__":
    unittest.main()
