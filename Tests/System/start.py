#!/usr/bin/env python3
"""What must stop a start, and how: broken YAML, a taken port, a missing pack, a wrong key, a folder nobody may read.

    start.py --server "repartee serve"

Before that, what `repartee check` and `repartee test` make of good and broken folders: 0, 1 or 2, as they promise.
Judged by exit status, by what is printed, and by what is left on the disk and in the list of ports.
"""

import os
import pathlib
import re
import shutil
import socket
import subprocess

import stage

SHOP = stage.ROOT / "Examples" / "shop"

# Forty levels of aliases: a few lines that are a billion values to whoever follows them.
BOMB = "b0: &b0 [x, x]\n" + "".join(f"b{n}: &b{n} [*b{n - 1}, *b{n - 1}]\n" for n in range(1, 40))

# Name, file, text to replace, its replacement, and what the message must name: file, line and key.
BROKEN = [
    ("an unknown key", "assistant.yml", "language: en-US", "langauge: en-US", r"assistant\.yml:\d+.*langauge"),
    ("a value of the wrong kind", "assistant.yml", "rate: 100", "rate: fast", r"assistant\.yml:\d+.*rate"),
    ("a tab in the indentation", "flows/order_status.yml", "    steps:", "\tsteps:", r"order_status\.yml:\d+"),
    ("a step that leads nowhere", "flows/order_status.yml", "then: tell", "then: tall", r"order_status\.yml:\d+.*tall"),
    ("a slot that is not there", "flows/order_status.yml", "collect: order_number", "collect: order_nunber", r"order_status\.yml:\d+.*order_nunber"),
    ("an open quote", "domain.yml", '- text: "How can I help you?"', '- text: "How can I help you?', r"domain\.yml:\d+"),
    ("an alias bomb", "domain.yml", "slots:", BOMB + "slots:", r"domain\.yml:\d+"),
]


def broken_assistants(at: stage.Stage):
    for number, (name, file, old, new, wanted) in enumerate(BROKEN):
        folder = at.folder / f"assistant-{number}"
        shutil.copytree(SHOP, folder, ignore=shutil.ignore_patterns("backend", "__pycache__"))
        text = (folder / file).read_text()
        assert old in text, f"{file} has no '{old}' any more"
        (folder / file).write_text(text.replace(old, new, 1))
        done = subprocess.run([at.program, "check", folder], capture_output=True, text=True, timeout=600, stdin=subprocess.DEVNULL)
        said = done.stdout + done.stderr
        at.check(f"check: {name}", done.returncode in (1, 2) and re.search(wanted, said), status=done.returncode, said=said.replace(str(folder), "")[:160])
    done = subprocess.run([at.program, "check", SHOP], capture_output=True, text=True, timeout=600, stdin=subprocess.DEVNULL)
    at.check("check: the example itself is good", done.returncode == 0, said=done.stdout[-100:])


# The cases of a new assistant: a file with a text and its replacement, arguments, the exit status, and what is printed.
TESTED = [
    ("all pass", None, [], 0, r"\d+ passed, 0 failed"),
    ("those that are named pass", None, ["a person"], 0, r"1 passed, 0 failed"),
    ("one fails", ("tests/conversations.yml", "value: accepted", "value: busy"), [], 1, r"\d+ passed, 1 failed"),
    ("one fails, as JSON", ("tests/conversations.yml", "value: accepted", "value: busy"), ["--json"], 1, r'"failed"'),
    ("a case cannot be read", ("tests/conversations.yml", "test_case: a person", "test_caze: a person"), [], 2, r"conversations\.yml:\d+.*test_caze"),
    ("the assistant cannot be read", ("assistant.yml", "name: ", "nmae: "), [], 2, r"assistant\.yml:\d+.*nmae"),
    ("a file of commands is missing", None, ["--commands", "nobody.yml"], 2, r"nobody\.yml"),
    ("a report cannot be written", None, ["--junit", "nowhere/junit.xml"], 2, r"nowhere/junit\.xml"),
]


def tested_assistants(at: stage.Stage):
    for number, (name, edit, arguments, status, wanted) in enumerate(TESTED):
        base = at.folder / f"tested-{number}"
        base.mkdir()
        subprocess.run([at.program, "new", "desk"], cwd=base, check=True, capture_output=True, timeout=600, stdin=subprocess.DEVNULL)
        if edit:
            file, old, new = base / "desk" / edit[0], *edit[1:]
            assert old in file.read_text(), f"{edit[0]} has no '{old}' any more"
            file.write_text(file.read_text().replace(old, new, 1))
        done = subprocess.run([at.program, "test", "desk", *arguments], cwd=base, capture_output=True, text=True, timeout=600, stdin=subprocess.DEVNULL)
        said = done.stdout + done.stderr
        at.check(f"test: {name}", done.returncode == status and re.search(wanted, said), status=done.returncode, said=said[-160:])
    done = subprocess.run([at.program, "test", at.folder / "nobody"], capture_output=True, text=True, timeout=600, stdin=subprocess.DEVNULL)
    at.check("test: a folder that is not there", done.returncode == 2, status=done.returncode, said=done.stderr[-160:])


class Refused:
    """A start that must fail: `edit` changes configuration text, environment or disk before it."""

    def __init__(self, at: stage.Stage, name: str, wanted: str, *, replace=(), env=None, prepare=None, user=None, one_line=True, early=False):
        self.at, self.wanted, self.name, self.one_line, self.early = at, wanted, name, one_line, early
        self.server = at.server("refused-" + re.sub(r"\W+", "-", name), start=False, env=env)
        if replace:
            text = self.server.config.read_text()
            assert replace[0] in text, replace
            self.server.config.write_text(text.replace(*replace))
        if prepare:
            prepare(self.server)
        self.user = user

    def run(self):
        server = self.server
        before = {path.name for path in server.data.iterdir()} if server.data.is_dir() and not self.user else set()
        done = subprocess.run(
            [self.at.program, "serve", "--config", server.config], env={**os.environ, **server.env}, capture_output=True, text=True,
            timeout=600, stdin=subprocess.DEVNULL, user=self.user, cwd=stage.ROOT)
        # Lines of the log are JSON; what a person reads is not.
        told = [line for line in done.stderr.splitlines() if line and not line.startswith("{") and "made a new vault key" not in line]
        good = done.returncode not in (0, None) and done.returncode > 0 and re.search(self.wanted, "\n".join(told), re.IGNORECASE)
        if self.one_line:
            good = good and 1 <= len(told) <= (1 if self.early else 2)
        # What needs no engine to be seen is told before any is loaded.
        good = good and not (self.early and ("engines loaded" in done.stderr or server.data.exists()))
        ports = stage.are_free([server.http])
        self.at.check(
            f"start: {self.name}", good and '"ready"' not in done.stdout and ports, status=done.returncode, said=" / ".join(told)[:220],
            http_left_open=not ports, new_files=sorted({p.name for p in server.data.iterdir()} - before) if server.data.is_dir() and not self.user else [])


def refused_starts(at: stage.Stage):
    tcp = socket.socket()
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    web = socket.socket()
    for one in (tcp, web):
        one.bind(("127.0.0.1", 0))
        one.listen()
    udp.bind(("127.0.0.1", 0))

    def sip_port(port):
        return lambda server: server.config.write_text(server.config.read_text().replace(f"  port: {server.port}", f"  port: {port}"))

    def web_port(server):
        server.config.write_text(server.config.read_text().replace(f"port: {server.http}}}", f"port: {web.getsockname()[1]}}}"))

    def other_key(server):
        first = server.tell("chat", SHOP, text="goodbye\n")
        assert first.returncode == 0, first.stderr
        (server.data / "vault.key").write_text("ab" * 32 + "\n")

    def no_key(server):
        first = server.tell("chat", SHOP, text="goodbye\n")
        assert first.returncode == 0, first.stderr
        (server.data / "vault.key").unlink()

    def torn_key(server):
        server.data.mkdir()
        (server.data / "vault.key").write_text("not a key\n")

    def locked_folder(server):
        server.data.mkdir(mode=0o700)
        # A user that may reach the configuration, but not the data.
        for folder in (at.folder, server.folder):
            folder.chmod(0o755)
        server.config.chmod(0o644)

    def no_database(server):
        other_key(server)
        (server.data / "repartee.sqlite").write_bytes(b"this is no database, whatever its name says\n" * 40)

    def folder_is_file(server):
        server.data.write_text("not a folder")

    pack = str(stage.PACK)
    cases = [
        Refused(at, "SIP port taken over UDP", r"sip\.port: UDP port \d+ .*in use by python", prepare=sip_port(udp.getsockname()[1]), early=True),
        Refused(at, "SIP port taken over TCP", r"sip\.port: TCP port \d+ .*in use by python", prepare=sip_port(tcp.getsockname()[1]), early=True),
        Refused(at, "HTTP port taken", r"http\.port: TCP port \d+ .*in use by python", prepare=web_port, early=True),
        Refused(at, "no pack", r"pack|engine|runtime", replace=(pack, str(at.folder / "no-pack"))),
        Refused(at, "another vault key", r"another master key", prepare=other_key),
        Refused(at, "vault key lost", r"another master key|key", prepare=no_key),
        Refused(at, "vault key torn", r"64 hexadecimal", prepare=torn_key),
        Refused(at, "no database", r"storage\.\w+|database", prepare=no_database),
        Refused(at, "data is a file", r"data|folder", prepare=folder_is_file),
        Refused(at, "no such assistant", r"assistant", replace=(f"assistant: {at.assistant}", f"assistant: {at.folder / 'nobody'}")),
        Refused(at, "unknown key in the configuration", r"server\.yml:\d+.*tennant", replace=("tenant:", "tennant:")),
        Refused(at, "limit out of bounds", r"server\.yml:\d+.*calls", replace=("http:", "limits: {calls: 0}\nhttp:")),
        Refused(at, "password in clear", r"server\.yml:\d+.*password", replace=("  trusted:", "  users: {a: {password: geheim}}\n  trusted:")),
        Refused(at, "secret not set", r"server\.yml:\d+.*sip\.users\.a\.password.*ALICE_PASSWORD", replace=("  trusted:", '  users: {a: {password: "${ALICE_PASSWORD}"}}\n  trusted:'), early=True),
        Refused(at, "broken YAML", r"server\.yml:\d+", replace=("trusted: [", "trusted: [[")),
        Refused(at, "address of another machine", r"server\.yml:\d+.*sip\.address: nobody can listen on", replace=("address: 127.0.0.1\n", "address: 192.0.2.1\n"), early=True),
        Refused(at, "environment that is no port", r"REPARTEE_SIP_PORT", env={"REPARTEE_SIP_PORT": "many"}),
    ]
    if os.geteuid() == 0 and reachable(at):
        cases.append(Refused(at, "folder nobody may read", r"data|folder|key|open|storage", prepare=locked_folder, user=65534))
    for case in cases:
        case.run()
    for one in (tcp, udp, web):
        one.close()


# What `check --config`, `doctor` and `serve` say in the same words: text of the configuration, its replacement, and the line.
JUDGED = [
    ("a data folder in /proc", r"^data: .*", "data: /proc/repartee", r"server\.yml:\d+:\d+: error: data: /proc/repartee cannot be written"),
    ("an address of another machine", r"address: 127\.0\.0\.1$", "address: 192.0.2.1", r"server\.yml:\d+:\d+: error: sip\.address: nobody can listen on 192\.0\.2\.1"),
    ("a secret that is not set", r"^  trusted:", '  users: {a: {password: "${ALICE_PASSWORD}"}}\n  trusted:', r"server\.yml:\d+:\d+: error: sip\.users\.a\.password: the secret ALICE_PASSWORD is not set"),
    ("a pack that is none", r"^pack: .*", f"pack: {stage.ROOT / 'Docs'}", r"server\.yml:\d+:\d+: error: pack: the engine onnxruntime is not in"),
    ("an assistant that is not there", r'"\*": \{assistant: [^}]+', '"*": {assistant: /nobody', r"server\.yml:\d+:\d+: error: numbers\.\*\.assistant: there is no folder /nobody"),
]


def judged_configurations(at: stage.Stage):
    for number, (name, old, new, wanted) in enumerate(JUDGED):
        server = at.server(f"judged-{number}", start=False)
        text, count = re.subn(old, lambda _: new, server.config.read_text(), count=1, flags=re.MULTILINE)
        assert count, f"{old} is in the configuration no more"
        server.config.write_text(text)
        done = {words[0]: server.tell(*words) for words in (("check", SHOP), ("doctor",), ("serve",))}
        said = {command: [line.strip().removeprefix("repartee: ") for line in (one.stdout + one.stderr).splitlines() if re.search(wanted, line)] for command, one in done.items()}
        lines = {re.sub(r" \[server\.configuration\]$", "", line) for found in said.values() for line in found}
        at.check(f"check --config, doctor and serve: {name}", all(said.values()) and len(lines) == 1, said=said)
        at.check(f"they end with 2, 1 and 1: {name}", [one.returncode for one in done.values()] == [2, 1, 1], status=[one.returncode for one in done.values()])
    server = at.server("judged-whole", start=False)
    good = [server.tell("check", at.assistant), server.tell("doctor")]
    at.check("check --config and doctor: a whole configuration is good", [one.returncode for one in good] == [0, 0], said=[(one.stdout + one.stderr)[-160:] for one in good])
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", server.port))
        taken.listen()
        good = [server.tell("check", at.assistant), server.tell("doctor")]
    at.check("doctor: a port in use, with who has it; check leaves it alone", [one.returncode for one in good] == [0, 1] and f"TCP port {server.port} of 127.0.0.1 is in use by python" in good[1].stdout, said=good[1].stdout[-300:])
    server.start()
    beside = server.tell("doctor")
    at.check("doctor: beside the server it is for, its ports are its own", beside.returncode == 0, said=beside.stdout[-300:])
    server.stop()
    server.config.unlink()
    os.mkfifo(server.config)
    piped = [server.tell("check", SHOP), server.tell("doctor"), server.tell("serve")]
    at.check("a pipe instead of the configuration: told, not waited for", [one.returncode for one in piped] == [2, 2, 1] and all("it is a pipe" in one.stderr for one in piped), said=[one.stderr[-120:] for one in piped])


def told_options(at: stage.Stage):
    """What commands say of numbers out of range, of nothing to look at, and of nobody."""
    server = at.server("options", start=False)
    assert server.tell("chat", SHOP, text="goodbye\n").returncode == 0
    for words in (("calls", "--limit", "-1"), ("calls", "--limit", "0"), ("calls", "--limit", "many"), ("latency", "--limit", "-1")):
        done = server.tell(*words)
        at.check(" ".join(words), done.returncode == 64 and "a whole number, at least 1" in done.stderr, said=done.stderr[:160])
    done = server.tell("effects", text="\n")
    at.check("effects: nothing to look at is one line", done.returncode == 0 and done.stdout == "nothing to look at: the outcome of every change is known\n" and not done.stderr, said=done.stdout + done.stderr)
    for text in ("", "\n", " \n\n"):
        done = server.tell("erase", "--person", text=text)
        at.check(f"erase --person: {text!r} names nobody", done.returncode == 1 and "nobody is named" in done.stderr, said=done.stderr[:160])


def reachable(at: stage.Stage) -> bool:
    """Whether another user can run the program where it lies."""
    done = subprocess.run([at.program, "--help"], capture_output=True, user=65534, stdin=subprocess.DEVNULL)
    return done.returncode == 0


def run(at: stage.Stage):
    broken_assistants(at)
    tested_assistants(at)
    judged_configurations(at)
    told_options(at)
    refused_starts(at)


if __name__ == "__main__":
    stage.main("start", run, 1800)
