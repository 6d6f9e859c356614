"""What every system test stands on: the shop, the server, free ports, the judges' readings, and a tally.

    with stage.Stage("peers") as at:
        at.shop(faults=True)
        server = at.server()            # started, ready; at.program is the binary under test
        at.check("what was looked at", good, figure=1)

A test file's `main` is `stage.main(NAME, run)`: arguments, table, `N passed, N failed`, exit status. The server is always a
child of the test, started with a configuration written for it, on ports that were free a moment ago, and ended by its id.
"""

import argparse
import contextlib
import json
import os
import pathlib
import re
import shlex
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
INTEROP = ROOT / "Tests" / "Interop"
PYTHON = ROOT / ".venv" / "bin" / "python"
PACK = pathlib.Path(os.environ.get("REPARTEE_PACK") or ROOT / ".pack")
# The tests choose the server's settings; the caller's environment has no say.
for name in [name for name in os.environ if name.startswith("REPARTEE_")]:
    del os.environ[name]
sys.path[:0] = [str(INTEROP)]

from ports import are_free, free_port, free_range  # noqa: E402
from processes import NotReady, Process  # noqa: E402

__all__ = ["NotReady", "Process", "Server", "Shop", "Stage", "main", "are_free", "free_port", "free_range", "wait_until", "query"]


def wait_until(condition, seconds: float, every: float = 0.05):
    """The condition's first true value; its last value when time is up."""
    end = time.monotonic() + seconds
    while not (found := condition()) and time.monotonic() < end:
        time.sleep(every)
    return found


def query(database, statement: str, *values) -> list[dict]:
    """Rows of a SQLite file that another process owns, read only."""
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=60)) as file:
        file.row_factory = sqlite3.Row
        return [dict(row) for row in file.execute(statement, values)]


# What nobody says, so that no call ends by a word that was misheard.
UNSAID = [f"{verb} the ninth {thing}" for verb in ("unplug", "varnish") for thing in ("lantern", "accordion", "parsnip", "gearbox", "umbrella")]


EXAMPLE = ROOT / "Examples/shop"


class Shop:
    """The example's back end, with its own database."""

    def __init__(self, folder: pathlib.Path, faults: bool):
        self.database, self.log = folder / "shop.sqlite", folder / "shop.log"
        command = [sys.executable, ROOT / "Examples/shop/backend/shop.py", "--database", self.database, "--port", 0, "--seed", "--verbose"]
        self.process = Process("shop", command + (["--faults"] if faults else []), self.log)
        self.url = self.process.wait_for("ready", 120)["url"]

    def fault(self, **what):
        request = urllib.request.Request(self.url + "/faults", json.dumps(what).encode(), {"Content-Type": "application/json"})
        urllib.request.urlopen(request, timeout=10).read()

    def changes(self) -> list[dict]:
        return query(self.database, "SELECT * FROM changes ORDER BY id")


class Server:
    """The server under test. `start` again after it ended gives a new process over the same data and ports."""

    def __init__(self, stage: "Stage", name: str, *, shop_url: str, person: str, numbers: str | None = None, more: str = "", assistant: pathlib.Path | None = None,
                 sip_more: str = "", env: dict | None = None, wrap: list | None = None):
        self.stage, self.name, self.wrap = stage, name, wrap or []
        self.folder = stage.folder / name
        self.folder.mkdir(parents=True, exist_ok=True)
        self.data = self.folder / "data"
        self.port, self.http, self.media = free_port(), free_port(), free_range(120)
        self.config = self.folder / "server.yml"
        self.config.write_text(
            f"tenant: shop\ndata: {self.data}\npack: {PACK}\n"
            f"sip:\n  address: 127.0.0.1\n  port: {self.port}\n  rtp_ports: {self.media}-{self.media + 119}\n"
            f"  trusted: [127.0.0.0/8]\n{sip_more}"
            f"http: {{address: 127.0.0.1, port: {self.http}}}\n"
            "addresses:\n  - {name: SHOP_URL, assistant: shop}\n  - {name: SUPPORT_URI, assistant: shop}\n"
            + (f"engines: {{voice: {stage.voice}}}\n" if stage.voice else "")
            + f"numbers:\n{numbers or ''}  \"*\": {{assistant: {assistant or stage.assistant}}}\n{more}"
        )
        self.env = {"SHOP_URL": shop_url, "SUPPORT_URI": person, **(env or {})}
        self.process: Process | None = None
        self.starts = 0

    @property
    def database(self) -> pathlib.Path:
        return self.data / "repartee.sqlite"

    @property
    def target(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def uri(self) -> str:
        return f"sip:shop@{self.target}"

    @property
    def log(self) -> pathlib.Path:
        return self.folder / f"server-{self.starts}.log"

    def logs(self) -> list[dict]:
        """The lines of JSON on standard error, of the newest start."""
        out = []
        for line in self.log.read_text(errors="replace").splitlines():
            with contextlib.suppress(ValueError):
                out.append(json.loads(line))
        return out

    def start(self, seconds: float = 600, *words) -> dict:
        self.starts += 1
        if not self.data.exists():
            self.data.mkdir(mode=0o700)
            (self.data / "embeddings").symlink_to(self.stage.vectors)
        self.process = Process(
            self.name, [*self.wrap, self.stage.program, "serve", "--config", self.config, *words], self.log, self.env)
        self.stage.processes.append(self.process)
        return self.process.wait_for("ready", seconds)

    @property
    def pid(self) -> int:
        return self.process.child.pid

    def kill(self, number: int = signal.SIGKILL) -> int:
        """Ends it as a crash does. Answers the exit status."""
        os.kill(self.pid, number)
        return self.process.wait(120)

    def stop(self, seconds: float = 120) -> int:
        return self.process.stop(seconds)

    def tell(self, *words, seconds: float = 600, text: str | None = None) -> subprocess.CompletedProcess:
        """A command of the same program over the same data: replay, calls, chat, erase."""
        return subprocess.run(
            [str(word) for word in (self.stage.program, *words, "--config", self.config)], env={**os.environ, **self.env},
            capture_output=True, text=True, timeout=seconds, input=text if text is not None else "", cwd=ROOT)

    def health(self, path: str = "healthz") -> tuple[int, dict]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.http}/{path}", timeout=60) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())

    def calls(self) -> list[dict]:
        """The journal's calls, oldest first, read from the file itself."""
        return query(self.database, "SELECT * FROM calls ORDER BY started_at_ms, id") if self.database.exists() else []

    def asked(self, call: str | None = None) -> bool:
        """Whether the agent has asked a question in the call (without: the newest), by the journal's own rows."""
        name = call or (self.calls() or [{"call": ""}])[-1]["call"]
        return bool(query(
            self.database, "SELECT 1 FROM journal JOIN calls ON calls.id = journal.call"
            " WHERE calls.call = ? AND kind = 'effect.note' AND CAST(payload AS TEXT) LIKE '%\"question_asked\"%'", name))

    def replay(self, call: str) -> str:
        """The result that a new process gives; with its exit status when that does not fit."""
        done = self.tell("replay", call, "--json")
        try:
            result = json.loads(done.stdout)["result"]
        except ValueError:
            return f"status {done.returncode}: {(done.stderr or done.stdout).strip()[-200:]}"
        fits = (done.returncode == 0) == result.startswith("identical")
        return result if fits else f"{result}, but status {done.returncode}"

    def story(self, call: str) -> str:
        done = self.tell("calls", call, "--reveal")
        return done.stdout if done.returncode == 0 else f"status {done.returncode}: {done.stderr}"

    def lives(self) -> bool:
        return self.process.running

    def cpu_seconds(self) -> float:
        """What the process has used so far, all threads, from the kernel."""
        fields = pathlib.Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


# What a library's own fault ends a process with.
CRASHES = {signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGILL, signal.SIGFPE}


class Stage:
    """A test's folder, children and checks. Everything it started is gone when it ends."""

    def __init__(self, name: str, command: str, out: pathlib.Path | None = None, seed: int = 1, share: int = 100, voice: str | None = None):
        self.name, self.seed, self.share, self.voice = name, seed, share, voice
        words = shlex.split(command)
        self.program = str((ROOT / words[0]).resolve()) if "/" in words[0] else shutil.which(words[0]) or words[0]
        self.folder = out / name if out else pathlib.Path(tempfile.mkdtemp(prefix=f"repartee-{name}-"))
        self.keep = out is not None
        if out and self.folder.exists():
            shutil.rmtree(self.folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        # The vectors of the example's own sentences, five seconds of processor, are computed once for all servers whose folder `start`
        # makes (in run.py, of all tests).
        self.vectors = pathlib.Path(os.environ.get("STAGE_VECTORS") or self.folder / "vectors")
        self.vectors.mkdir(exist_ok=True)
        self.processes: list[Process] = []
        self.children: list[subprocess.Popen] = []
        self.results: list[tuple[str, bool, dict]] = []
        self.back_end: Shop | None = None
        # Whom callers talk to: the example as it lies there, or with the voice that was asked for.
        self.assistant = self.copy(self.folder / "assistant") if voice else EXAMPLE

    def __enter__(self):
        return self

    def __exit__(self, kind, error, _):
        if error is not None:
            self.check("the test itself", False, error=f"{kind.__name__}: {error}")
        self._end_children()
        if not self.keep and all(good for _, good, _ in self.results):
            shutil.rmtree(self.folder, ignore_errors=True)
        return error is not None and isinstance(error, Exception)

    def whole(self, run):
        """Runs a test; once more from its beginning when the library of a PJSIP caller crashed in it, which says nothing about the server."""
        folder, error = self.folder, None
        for attempt in (1, 2):
            try:
                run(self)
            except Exception as raised:  # noqa: BLE001
                error = raised
            dead = [one for one in self.processes if one.child.poll() is not None and -one.child.returncode in CRASHES and one.is_caller]
            if not dead or attempt == 2:
                break
            for one in dead:
                print(f"note  {self.name}: {one.name} died of signal {-one.child.returncode}, see {one.log}; the test begins again", flush=True)
            self._end_children()
            self.results, self.processes, self.children, error = [], [], [], None
            self.folder = folder / "again"
            self.folder.mkdir()
        self.folder = folder
        if error:
            raise error

    def _end_children(self):
        for child in self.children:
            if child.poll() is None:
                child.kill()
                child.wait()
        for process in reversed(self.processes):
            process.stop(60)

    def check(self, what: str, good, **figures) -> bool:
        self.results.append((what, bool(good), figures))
        print(f"{'good' if good else 'BAD '}  {self.name}: {what}" + (f"  {json.dumps(figures, default=str)}" if figures else ""), flush=True)
        return bool(good)

    def copy(self, folder: pathlib.Path) -> pathlib.Path:
        """A copy of Examples/shop, with the test's voice."""
        shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("__pycache__"))
        if self.voice:
            text, count = re.subn(r"(?m)^  voice: \S+$", f"  voice: {self.voice}", (folder / "assistant.yml").read_text())
            assert count == 1, "assistant.yml names no voice any more"
            (folder / "assistant.yml").write_text(text)
        return folder

    def keyed_copy(self, folder: pathlib.Path) -> pathlib.Path:
        """A copy that says goodbye and hangs up at key 9, so that a whole call needs no recognised word."""
        self.copy(folder)
        (folder / "flows/end_by_key.yml").write_text(
            "flows:\n  end_by_key:\n    name: the end\n    description: The caller ends the call by a key\n"
            '    voice: {menu_key: "9"}\n    steps:\n      - action: utter_goodbye\n      - action: action_hangup\n')
        with open(folder / "examples/en-US.yml", "a") as file:
            file.write("  end_by_key:\n" + "".join(f"    - {text}\n" for text in UNSAID))
        return folder

    def shop(self, faults: bool = False) -> Shop:
        self.back_end = Shop(self.folder, faults)
        self.processes.append(self.back_end.process)
        return self.back_end

    def server(self, name: str = "server", start: bool = True, **more) -> Server:
        found = Server(
            self, name, shop_url=self.back_end.url if self.back_end else "http://127.0.0.1:9",
            person=more.pop("person", "sip:person@127.0.0.1:9"), **more)
        if start:
            found.start()
        return found

    def process(self, name: str, command: list, env: dict | None = None) -> Process:
        made = Process(name, command, self.folder / f"{name}.log", env)
        self.processes.append(made)
        return made

    def caller(self, name: str, uri: str, scenario, *more, script: bool = True) -> tuple[Process, pathlib.Path]:
        """A PJSIP call under way, by its own process. `scenario` is a file or steps. Its folder gets the report."""
        folder = self.folder / name
        folder.mkdir(parents=True, exist_ok=True)
        if not isinstance(scenario, (str, pathlib.Path)):
            steps = [{"id": f"step {number}", **step} for number, step in enumerate(scenario)]
            scenario = folder / "scenario.json"
            scenario.write_text(json.dumps({"name": name, "about": name, "steps": steps, "expect": {}}))
        command = [
            PYTHON, "-X", "faulthandler", INTEROP / "caller/main.py", "--uri", uri, "--scenario", scenario, "--out", folder, "--port", free_port(),
            "--media-port", free_range(50), "--longest", 400, "--patience", 120, *more]
        process = self.process(f"{name}-caller", command)
        process.is_caller = True
        return process, folder

    def call(self, name: str, uri: str, scenario, *more, seconds: float = 500) -> tuple[dict, pathlib.Path]:
        """A whole PJSIP call; its report."""
        for attempt in ("", "-again"):
            process, folder = self.caller(name + attempt, uri, scenario, *more)
            if process.wait(seconds) >= 0:
                break
            # The caller's own library crashed, which says nothing about the server: its trace stands in its log.
            print(f"note  {self.name}: the PJSIP caller died of signal {-process.child.returncode}, see {process.log}", flush=True)
            # Called again here: the test need not be.
            process.is_caller = attempt != ""
        return report(folder), folder


def report(folder: pathlib.Path) -> dict:
    file = folder / "report.json"
    return json.loads(file.read_text()) if file.exists() else {"error": "the caller made no report", "turns": [], "events": [], "status": 0}


def main(name: str, run, seconds: int):
    """The command line of a test file."""
    parser = argparse.ArgumentParser(description=sys.modules["__main__"].__doc__)
    parser.add_argument("--server", required=True, help="command of the server, such as: repartee serve")
    parser.add_argument("--out", type=pathlib.Path, help="keep everything here")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--share", type=int, default=100, help="percent of the repetitions, for tests that repeat")
    parser.add_argument("--voice", help="who speaks instead of the example's own voice, such as flite-kal, which is linked in and quick")
    options = parser.parse_args()
    signal.signal(signal.SIGALRM, lambda *_: (_ for _ in ()).throw(TimeoutError(f"not over after {seconds} s")))
    signal.alarm(seconds)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("told to stop"))  # so that every child is ended
    stage = Stage(name, options.server, options.out.resolve() if options.out else None, options.seed, options.share, options.voice)
    with stage:
        stage.whole(run)
    good = sum(one[1] for one in stage.results)
    bad = len(stage.results) - good
    if bad and not stage.keep:
        print(f"kept: {stage.folder}")
    print(f"{good} passed, {bad} failed")
    sys.exit(1 if bad or not good else 0)
