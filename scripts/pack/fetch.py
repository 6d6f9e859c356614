#!/usr/bin/env python3
"""Fetches the speech and language engines named in Engines/manifest.json into a pack folder.

Every wheel is pinned by version and SHA-256 and every installed file by SHA-256. An engine appears in the pack whole or
not at all: it is put together in a temporary folder and renamed. A second run compares the pack with the manifest and
does nothing, without network.

Usage: fetch.py [--pack FOLDER] [--with ID]... [--all] [--list] [--verify]
Exit status: 0 done, 1 something is wrong (one line on standard error says what and what to do), 2 wrong arguments.
"""

import argparse
import fcntl
import hashlib
import json
import os
import pathlib
import platform
import shutil
import signal
import subprocess
import sys
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRIPTS = pathlib.Path(__file__).resolve().parent


class Trouble(Exception):
    """What went wrong and what to do, in one line."""


def say(line: str) -> None:
    print(f"pack: {line}", flush=True)


def megabytes(count: int) -> str:
    return f"{max(count / 1e6, 0.1):.1f} MB" if count < 1e7 else f"{count / 1e6:.0f} MB"


def digest(path: pathlib.Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def download_size(engine: dict) -> int:
    return sum(source["bytes"] for source in engine["sources"]) + engine.get("step", {}).get("tool_bytes", 0)


def installed_size(engine: dict) -> int:
    return sum(file["bytes"] for file in engine["files"])


def is_installed(engine: dict, pack: pathlib.Path) -> bool:
    """True when the pack holds exactly this entry of the manifest, judged by its record and the sizes of its files."""
    folder = pack / engine["id"]
    try:
        if json.loads((folder / "engine.json").read_text(encoding="utf-8")) != engine:
            return False
        return all((folder / file["path"]).stat().st_size == file["bytes"] for file in engine["files"])
    except (OSError, ValueError):
        return False


def run(command: list, failure: str) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    except OSError as error:
        raise Trouble(f"{failure}: {error}") from None
    if done.returncode == 0:
        return
    lines = [line.strip() for line in (done.stderr + "\n" + done.stdout).splitlines() if line.strip()]
    errors = [line for line in lines if line.upper().startswith("ERROR")] or lines[-1:] or ["no message"]
    text = "\n".join(lines)
    if "No module named pip" in text or "No module named venv" in text or "ensurepip" in text:
        raise Trouble(f"{failure}: pip or venv is missing; run: apt-get install python3-pip python3-venv")
    if "No space left" in text:
        raise Trouble(f"{failure}: the disk is full")
    raise Trouble(f"{failure}: {errors[0]} (is the network up? run this again)")


def download(source: dict, folder: pathlib.Path) -> pathlib.Path:
    name, version = source["package"], source["version"]
    say(f"  downloading {name} {version} ({megabytes(source['bytes'])})")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-cache-dir", "--retries", "2"]
    command += ["--disable-pip-version-check", "--only-binary", ":all:", "--dest", str(folder), f"{name}=={version}"]
    run(command, f"could not download {name} {version}")
    wheel = folder / source["wheel"]
    if not wheel.is_file():
        found = ", ".join(sorted(file.name for file in folder.iterdir())) or "nothing"
        raise Trouble(f"{name} {version} gave {found} where the manifest expects {source['wheel']}")
    if digest(wheel) != source["sha256"]:
        raise Trouble(f"{source['wheel']} has the wrong SHA-256; the download is broken or was replaced: not installed")
    return wheel


def unpack(files: list, wheels: list, folder: pathlib.Path) -> None:
    for file in files:
        if "from" not in file:
            continue
        for wheel in wheels:
            with zipfile.ZipFile(wheel) as archive:
                if file["from"] not in archive.namelist():
                    continue
                with archive.open(file["from"]) as source, open(folder / file["path"], "wb") as target:
                    shutil.copyfileobj(source, target, 1 << 20)
                break
        else:
            raise Trouble(f"{file['from']} is in none of the wheels of its entry: the manifest is wrong")


def check(files: list, folder: pathlib.Path) -> None:
    for file in files:
        path = folder / file["path"]
        if not path.is_file():
            raise Trouble(f"{file['path']} was not made: not installed")
        if digest(path) != file["sha256"]:
            raise Trouble(f"{file['path']} has the wrong SHA-256: not installed")


def perform(step: dict, wheels: list, work: pathlib.Path, folder: pathlib.Path) -> None:
    """Runs the entry's post-processing script, in a throw-away environment when it needs tools."""
    inputs = work / "inputs"
    inputs.mkdir()
    unpack(step["inputs"], wheels, inputs)
    check(step["inputs"], inputs)
    python = sys.executable
    if step["tools"]:
        say(f"  setting up the tools for {step['script']} ({megabytes(step['tool_bytes'])}, removed afterwards)")
        environment = work / "environment"
        run([sys.executable, "-m", "venv", str(environment)], "could not make an environment for the tools")
        python = str(environment / "bin" / "python")
        command = [python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-cache-dir", "--retries", "2"]
        command += ["--disable-pip-version-check", "--only-binary", ":all:", *step["tools"]]
        run(command, "could not install the tools")
    say(f"  running {step['script']}")
    arguments = [str(inputs / file["path"]) for file in step["inputs"]]
    run([python, str(SCRIPTS / step["script"]), *arguments, str(folder)], f"{step['script']} failed")


def install(engine: dict, pack: pathlib.Path, work: pathlib.Path) -> None:
    shutil.rmtree(work, ignore_errors=True)
    (work / "wheels").mkdir(parents=True)
    fresh = work / engine["id"]
    fresh.mkdir()
    wheels = [download(source, work / "wheels") for source in engine["sources"]]
    unpack(engine["files"], wheels, fresh)
    if "step" in engine:
        perform(engine["step"], wheels, work, fresh)
    check(engine["files"], fresh)
    (fresh / "engine.json").write_text(json.dumps(engine, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    final = pack / engine["id"]
    if final.exists():
        final.rename(work / "replaced")
    fresh.rename(final)


def choose(manifest: dict, pack: pathlib.Path, extra: list, everything: bool) -> list:
    known = {engine["id"] for engine in manifest["engines"]}
    for name in extra:
        if name not in known:
            raise Trouble(f"there is no engine {name}; the manifest has {', '.join(sorted(known))}")
    return [
        engine
        for engine in manifest["engines"]
        if everything or engine["default"] or engine["id"] in extra or (pack / engine["id"] / "engine.json").exists()
    ]


def show(engines: list, pack: pathlib.Path) -> None:
    for engine in engines:
        state = "installed" if is_installed(engine, pack) else f"download {megabytes(download_size(engine))}"
        say(f"{engine['id']}: {engine['title']}; {engine['licence']}; {state}")


def fetch(engines: list, pack: pathlib.Path) -> None:
    missing = [engine for engine in engines if not is_installed(engine, pack)]
    if not missing:
        say(f"complete, nothing to do ({len(engines)} engines in {pack})")
        return
    if platform.system() != "Linux" or platform.machine() != "x86_64":
        raise Trouble(f"the engines are built for Linux on x86_64, not {platform.system()} on {platform.machine()}")
    total = sum(map(download_size, missing))
    say(f"{len(missing)} engines to download, {megabytes(total)} in all, into {pack}")
    for engine in missing:
        sizes = f"download {megabytes(download_size(engine))}, installed {megabytes(installed_size(engine))}"
        say(f"- {engine['title']}: {sizes}; {engine['licence']}")
        if engine.get("notice"):
            say(f"  NOTICE: {engine['notice']}")
    pack.mkdir(parents=True, exist_ok=True)
    # An entry needs its wheel, its files and, in a repack, several times as much beside them.
    needed = sum(map(installed_size, missing)) + max(3 * download_size(e) + 3 * installed_size(e) for e in missing)
    if shutil.disk_usage(pack).free < needed:
        raise Trouble(f"{pack} needs {megabytes(needed)} of free disk space")
    with open(pack / ".lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say("another run is filling this pack: waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        work = pack / ".work"
        try:
            for number, engine in enumerate(missing, 1):
                if is_installed(engine, pack):
                    continue
                say(f"[{number}/{len(missing)}] {engine['id']}")
                install(engine, pack, work)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    say(f"ready: {len(engines)} engines in {pack}")


def verify(engines: list, pack: pathlib.Path) -> None:
    for engine in engines:
        if not is_installed(engine, pack):
            raise Trouble(f"{engine['id']} is not installed as the manifest says; run: make pack")
        try:
            check(engine["files"], pack / engine["id"])
        except Trouble as trouble:
            raise Trouble(f"{engine['id']}: {trouble}; remove {pack / engine['id']} and run: make pack") from None
        say(f"{engine['id']}: every file has its SHA-256")


def main() -> int:
    parser = argparse.ArgumentParser(description="Fetches the engines of Engines/manifest.json.")
    parser.add_argument("--pack", type=pathlib.Path, default=None, help="folder to fill; else $REPARTEE_PACK, else .pack")
    parser.add_argument("--manifest", type=pathlib.Path, default=ROOT / "Engines" / "manifest.json")
    parser.add_argument("--with", dest="extra", action="append", default=[], metavar="ID", help="also this engine")
    parser.add_argument("--all", action="store_true", help="every engine of the manifest")
    parser.add_argument("--list", action="store_true", help="say what there is and what would be downloaded")
    parser.add_argument("--verify", action="store_true", help="hash every installed file")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    pack = (options.pack or pathlib.Path(os.environ.get("REPARTEE_PACK") or ROOT / ".pack")).resolve()
    try:
        manifest = json.loads(options.manifest.read_text(encoding="utf-8"))
        if options.list:
            show(manifest["engines"], pack)
            return 0
        engines = choose(manifest, pack, options.extra, options.all)
        verify(engines, pack) if options.verify else fetch(engines, pack)
        return 0
    except Trouble as trouble:
        print(f"pack: {trouble}", file=sys.stderr)
    except KeyboardInterrupt:
        print("pack: stopped; what was finished stays, run this again for the rest", file=sys.stderr)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        print(f"pack: {type(error).__name__}: {error}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
