#!/usr/bin/env python3
"""Mutants of a room: does a test see it when the room decides wrongly?

All mutants of a table, such as engine.mutants, are put into a copy of the sources at once, each behind a number that the environment turns on, so
that few builds serve them all and every mutant is one start of the test process. See README.md.
"""
import argparse, concurrent.futures, contextlib, os, pathlib, random, re, shlex, shutil, signal, subprocess, sys, threading, time

HERE = pathlib.Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
SWITCH = """import Glibc

/// Which mutant is on: the number in REPARTEE_MUTANT. Usable from what is inlinable.
@usableFromInline enum Mutant {
  private static let active = getenv("REPARTEE_MUTANT").flatMap { Int(String(cString: $0)) } ?? 0
  @usableFromInline static func on(_ number: Int) -> Bool { active == number }
}
"""


class Table:
    """A table of mutants: whose sources they stand in, which rooms are built, and what is tried until a mutant is caught."""

    def __init__(self, room, rooms, stages):
        self.room, self.rooms, self.stages = room, rooms, stages
        self.sources = f"Sources/{room}/"


TABLES = {
    "engine": Table("Dialogue", "Assistant", [
        ("behaviour", "AssistantTests.BehaviourTests"),
        ("engine", "DialogueTests.(?!WalkTests)|AssistantTests.ShopTalkTests|ExampleTests.*talks"),
        ("walks", "DialogueTests.WalkTests|AssistantTests.ExampleWalkTests"),
    ]),
    "signalling": Table("Signalling", "Signalling", [("signalling", "SignallingTests")]),
    "media": Table("Audio", "Audio", [("audio", "AudioTests.(?!JitterTraceTests)"), ("traces", "JitterTraceTests")]),
    "turns": Table("Turns", "Turns", [("turns", "TurnsTests")]),
    "core": Table("Core", "Core", [("core", "CoreTests")]),
    "conversation": Table("Conversation", "Conversation", [("conversation", "ConversationTests")]),
    "calls": Table("Calls", "Calls", [("calls", "CallsTests")]),
    "storage": Table("Storage", "Storage", [("storage", "StorageTests")]),
    "actions": Table("Actions", "Actions", [
        ("values", "ActionsTests.(?!RealBackEnds)"), ("back-ends", "ActionsTests.RealBackEnds"),
    ]),
    "telephony": Table("Telephony", "Telephony", [("telephony", "TelephonyTests.(?!Peers)")]),
}


# Mutants tried in one go before the machine is given back.
BATCH = 60
# Seconds of processor a stage may take, ten times what it needs, so that a busy machine kills no mutant; and of the clock.
LIMIT, PATIENCE = 60, 1200


class Mutant:
    def __init__(self, number, name, file, line):
        self.number, self.name, self.file, self.line = number, name, file, line
        self.old = self.new = ""
        self.span = None
        self.layer = None

    def code(self, old):
        on = f"Mutant.on({self.number})"
        if "$M" in self.new:
            return self.new.replace("$M", on)
        if not self.new:
            return f"if !{on} {{ {old} }}"
        return f"({on} ? ({self.new}) : ({old}))"


def read_table(path):
    mutants, file, field = [], None, None
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if line.startswith("#"):
            continue
        if not line.strip():
            field = None
        elif line.startswith("file "):
            file = line[5:].strip()
        elif line.startswith("old ") and mutants:
            mutants[-1].old, field = line[4:], "old"
        elif line == "new" or line.startswith("new "):
            mutants[-1].new, field = line[4:], "new"
        elif field:
            setattr(mutants[-1], field, getattr(mutants[-1], field) + "\n" + line)
        else:
            mutants.append(Mutant(len(mutants) + 1, line.strip(), file, number))
    names = [mutant.name for mutant in mutants]
    for name in {name for name in names if names.count(name) > 1}:
        sys.exit(f"two mutants are called {name}")
    return mutants


def locate(mutants, sources):
    """Finds every mutant's place; those that overlap go into different builds."""
    stale = 0
    for mutant in mutants:
        pattern = r"\s+".join(re.escape(word) for word in mutant.old.split())
        found = list(re.finditer(pattern, sources[mutant.file]))
        if len(found) != 1:
            print(f"stale: {mutant.name} (line {mutant.line}) is found {len(found)} times in {mutant.file}")
            stale += 1
            continue
        mutant.span = found[0].span()
        used = {
            other.layer for other in mutants
            if other.layer is not None and other.file == mutant.file
            and other.span[0] < mutant.span[1] and mutant.span[0] < other.span[1]
        }
        mutant.layer = next(layer for layer in range(99) if layer not in used)
    return stale


def write(path, text):
    if not path.exists() or path.read_text() != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def copy(tree, mutated_part):
    """The repository's files, those that changed since the last run only."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=REPOSITORY, check=True, capture_output=True
    ).stdout.decode().split("\0")
    wanted = {name for name in listed if name and (REPOSITORY / name).is_file()}
    for name in wanted:
        source, target = REPOSITORY / name, tree / name
        if name.startswith(mutated_part):
            continue
        if not target.exists() or source.read_bytes() != target.read_bytes():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
    for path in list(tree.rglob("*")):
        if path.is_file() and str(path.relative_to(tree)) not in wanted and path.name != "Mutant.swift":
            path.unlink()
    return {
        name.removeprefix(mutated_part): (REPOSITORY / name).read_text()
        for name in wanted if name.startswith(mutated_part)
    }


def end(pid):
    """Ends a process and what it started, such as back ends of tests."""
    for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(path.read_text().rpartition(")")[2].split()[1]) == pid:
                end(int(path.parent.name))
    with contextlib.suppress(OSError):
        os.kill(pid, signal.SIGKILL)


def mutated(text, mutants):
    for mutant in sorted(mutants, key=lambda mutant: -mutant.span[0]):
        start, end = mutant.span
        text = text[:start] + mutant.code(text[start:end]) + text[end:]
    return text


class Runner:
    def __init__(self, arguments):
        self.table = TABLES[arguments.table]
        self.name = arguments.table
        self.work = pathlib.Path(arguments.work or f"/tmp/repartee-mutants-{arguments.table}")
        self.tree, self.build_path = self.work / "tree", self.work / "build"
        self.through = shlex.split(arguments.through)
        self.jobs = arguments.jobs

    def build(self):
        command = ["swift", "build", "--build-tests", "--scratch-path", str(self.build_path)]
        environment = dict(os.environ, REPARTEE_ROOMS=self.table.rooms)
        done = subprocess.run(
            self.through + command, cwd=self.tree, env=environment, capture_output=True, text=True)
        if done.returncode:
            errors = {line for line in done.stdout.splitlines() if ": error:" in line and not line.startswith(" ")}
            sys.exit("the mutants do not compile:\n" + "\n".join(sorted(errors) or [done.stdout[-3000:]]))

    def judge(self, numbers):
        """Number, stage and how, for each; stage is None for a survivor."""
        command = [sys.executable, __file__, "--table", self.name, "--work", str(self.work), "--jobs", str(self.jobs), "--worker",
                   ",".join(str(number) for number in numbers)]
        done = subprocess.run(self.through + command, stdout=subprocess.PIPE, text=True, check=True)
        lines = [line.split() for line in done.stdout.splitlines()]
        return [(int(number), None if stage == "-" else stage, how) for number, stage, how in lines]

    def caught(self, number, pattern):
        """How a stage sees a mutant: a word, or None when all tests are green."""
        binary = self.build_path / "debug" / "reparteePackageTests.xctest"
        command = ["bash", "-c", f'ulimit -t {LIMIT}; exec "$@"', "bash",
                   str(binary), "--testing-library", "swift-testing", "--filter", pattern]
        environment = dict(os.environ, REPARTEE_MUTANT=str(number), REPARTEE_SEED="1")
        tests = subprocess.Popen(
            command, cwd=self.tree, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, errors="replace")
        clock = threading.Timer(PATIENCE, tests.kill)
        clock.start()
        try:
            # One red test is enough; the others may wait minutes for what a mutant never does.
            for line in tests.stdout:
                if "recorded an issue" in line:
                    end(tests.pid)
                    return "test"
            code = tests.wait()
        finally:
            clock.cancel()
            tests.stdout.close()
            tests.wait()
        if code in (-signal.SIGXCPU, -signal.SIGKILL):
            return "time"
        if code < 0 or code > 128:
            return "crash"
        return "test" if code else None


def work(runner, numbers, jobs):
    """Tries mutants of the build that is there; prints number, stage and how."""
    def judge(number):
        for name, pattern in runner.table.stages:
            how = runner.caught(number, pattern)
            if how:
                return number, name, how
        return number, "-", "-"

    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for result in pool.map(judge, numbers):
            print(*result, flush=True)
    return 0


def check(name):
    """How many mutants of a table no longer fit the sources."""
    mutants = read_table(HERE / f"{name}.mutants")
    root = REPOSITORY / TABLES[name].sources
    stale = locate(mutants, {str(path.relative_to(root)): path.read_text() for path in root.rglob("*.swift")})
    print(f"{name}: {len(mutants)} mutants, {stale} stale")
    return stale


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--table", default="engine", choices=TABLES, help="which mutants")
    parser.add_argument("--work", help="where the copy and its build live")
    parser.add_argument("--only", help="names that contain one of these, separated by commas")
    parser.add_argument("--start", help="go on at the mutant of this name")
    parser.add_argument("--sample", type=int, help="so many, drawn by --seed")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--through", default="", help="a command that all work runs under, such as `nice`")
    parser.add_argument("--jobs", type=int, default=2, help="test processes at once")
    parser.add_argument("--check", action="store_true", help="only say which mutants no longer fit the sources")
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    arguments = parser.parse_args()

    if arguments.worker:
        return work(Runner(arguments), [int(number) for number in arguments.worker.split(",")], arguments.jobs)
    if arguments.check:
        return 1 if sum(check(name) for name in TABLES) else 0
    mutants = read_table(HERE / f"{arguments.table}.mutants")
    runner = Runner(arguments)
    sources = copy(runner.tree, runner.table.sources)
    stale = locate(mutants, sources)
    names = arguments.only.split(",") if arguments.only else []

    def wanted(mutant):
        return not names or any(name in mutant.name for name in names)

    chosen = [mutant for mutant in mutants if mutant.span and wanted(mutant)]
    if arguments.start:
        first = next(mutant.number for mutant in mutants if mutant.name == arguments.start)
        chosen = [mutant for mutant in chosen if mutant.number >= first]
    if arguments.sample:
        print(f"seed {arguments.seed}")
        chosen = random.Random(arguments.seed).sample(chosen, min(arguments.sample, len(chosen)))
    survivors, kills = [], {}
    began = time.time()
    for layer in sorted({mutant.layer for mutant in chosen}):
        members = [mutant for mutant in mutants if mutant.span and mutant.layer == layer]
        for file, text in sources.items():
            write(runner.tree / runner.table.sources / file, mutated(text, [m for m in members if m.file == file]))
        write(runner.tree / runner.table.sources / "Mutant.swift", SWITCH)
        start = time.time()
        runner.build()
        print(f"build {layer + 1}: {len(members)} mutants in {time.time() - start:.0f} s", flush=True)
        for _, stage, how in runner.judge([0]):
            if stage:
                sys.exit(f"the tests are red without any mutant: {stage} ({how})")
        here = [mutant for mutant in chosen if mutant.layer == layer]
        for first in range(0, len(here), BATCH):
            batch = {mutant.number: mutant for mutant in here[first:first + BATCH]}
            for number, stage, how in runner.judge(batch):
                if stage:
                    kills[stage] = kills.get(stage, 0) + 1
                else:
                    survivors.append(batch[number])
                told = f"caught by {stage} ({how})" if stage else "SURVIVES"
                print(f"{told:28} {batch[number].name}", flush=True)
    total = len(chosen)
    print(f"\n{total} mutants, {total - len(survivors)} caught ({100 * (total - len(survivors)) / max(1, total):.1f} %), "
          f"{stale} stale, in {time.time() - began:.0f} s; " + ", ".join(f"{n} by {s}" for s, n in sorted(kills.items())))
    for mutant in survivors:
        print(f"survives: {mutant.name} in {mutant.file}")
    return 1 if stale or 10 * len(survivors) > total else 0


if __name__ == "__main__":
    sys.exit(main())
