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

    def __init__(self, at: stage.Stage, name: str, wanted: str, *, replace=(), env=None, prepare=None, user=None, one_line=True):
        self.at, self.wanted, self.name, self.one_line = at, wanted, name, one_line
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
            good = good and 1 <= len(told) <= 2
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
        Refused(at, "SIP port taken over UDP", r"port \d+ .*in use", prepare=sip_port(udp.getsockname()[1])),
        Refused(at, "SIP port taken over TCP", r"port \d+ .*in use", prepare=sip_port(tcp.getsockname()[1])),
        Refused(at, "HTTP port taken", r"cannot listen for HTTP on .*http\.port|port", prepare=web_port),
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
        Refused(at, "secret not set", r"ALICE_PASSWORD", replace=("  trusted:", '  users: {a: {password: "${ALICE_PASSWORD}"}}\n  trusted:')),
        Refused(at, "broken YAML", r"server\.yml:\d+", replace=("trusted: [", "trusted: [[")),
        Refused(at, "address of another machine", r"listen|address", replace=("address: 127.0.0.1\n", "address: 192.0.2.1\n")),
        Refused(at, "environment that is no port", r"REPARTEE_SIP_PORT", env={"REPARTEE_SIP_PORT": "many"}),
    ]
    if os.geteuid() == 0 and reachable(at):
        cases.append(Refused(at, "folder nobody may read", r"data|folder|key|open|storage", prepare=locked_folder, user=65534))
    for case in cases:
        case.run()
    for one in (tcp, udp, web):
        one.close()


def reachable(at: stage.Stage) -> bool:
    """Whether another user can run the program where it lies."""
    done = subprocess.run([at.program, "--help"], capture_output=True, user=65534, stdin=subprocess.DEVNULL)
    return done.returncode == 0


def run(at: stage.Stage):
    broken_assistants(at)
    tested_assistants(at)
    refused_starts(at)


if __name__ == "__main__":
    stage.main("start", run, 1800)
