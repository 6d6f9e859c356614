"""A back end that misbehaves, one way for each path. Raw sockets, one thread for each connection; ends with its standard input."""

import gzip
import json
import os
import socket
import sys
import threading
import time
import urllib.parse
import zlib

counts: dict[str, int] = {}
barriers: dict[str, threading.Barrier] = {}
lock = threading.Lock()


def answer(status: int, body: bytes, media: str = "application/json", more: str = "") -> bytes:
    # An answer without content has no length (RFC 9110 section 8.6).
    length = "" if status == 204 else f"Content-Length: {len(body)}\r\n"
    return f"HTTP/1.1 {status} X\r\nContent-Type: {media}\r\n{more}{length}\r\n".encode() + body


def read_request(stream) -> tuple[str, str, dict, bytes] | None:
    first = stream.readline().decode().split(" ")
    if len(first) != 3:
        return None
    headers = {}
    while (line := stream.readline().decode().strip()) != "":
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    return first[0], first[1], headers, stream.read(int(headers.get("content-length", "0")))


def serve(connection: socket.socket):
    with connection, connection.makefile("rb") as stream:
        while (request := read_request(stream)) is not None:
            method, target, headers, body = request
            path, _, query = target.partition("?")
            with lock:
                counts[path] = counts.get(path, 0) + 1
                count = counts[path]
            if not behave(connection, method, target, path, query, headers, body, count):
                return


def behave(connection, method, target, path, query, headers, body, count) -> bool:
    kind = path.split("/")[1]
    wanted = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
    if kind == "answer":
        media = wanted.get("type", "application/json")
        connection.sendall(answer(int(path.split("/")[2]), wanted.get("body", "{}").encode(), media))
    elif kind == "coded":
        coding = path.split("/")[2]
        body = (gzip if coding == "gzip" else zlib).compress(b'{"value": "here"}' + b" " * int(wanted.get("more", "0")))
        connection.sendall(answer(200, body, more=f"Content-Encoding: {coding}\r\n"))
    elif kind == "headers":
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        for number in range(100_000):
            connection.sendall(b"X-Header-%d: " % number + b"x" * 1000 + b"\r\n")
    elif kind == "parts":
        body = b'--b\r\nContent-Type: application/json\r\n\r\n{"value": "here"}\r\n--b--\r\n'
        connection.sendall(answer(200, body, "multipart/mixed; boundary=b"))
    elif kind == "echo":
        seen = {"method": method, "target": target, "headers": headers, "body": body.decode()}
        connection.sendall(answer(200, json.dumps(seen).encode()))
    elif kind == "count":
        connection.sendall(answer(200, json.dumps({"count": counts.get(wanted["of"], 0)}).encode()))
    elif kind == "huge":
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n" + b"x" * 100_000)
    elif kind == "endless":
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(100_000):
            connection.sendall(b"400\r\n" + b"x" * 1024 + b"\r\n")
    elif kind == "slow":
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(1000):
            connection.sendall(b" ")
            time.sleep(0.02)
    elif kind == "silent":
        time.sleep(20)
    elif kind == "cut":
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{")
        return False
    elif kind == "close":
        return False
    elif kind == "garbage":
        connection.sendall(b"what do you want?\r\n\r\n")
        return False
    elif kind == "redirect":
        connection.sendall(b"HTTP/1.1 307 X\r\nLocation: /answer/200\r\nContent-Length: 0\r\n\r\n")
    elif kind == "flaky":
        if count % 2 == 1:
            return False
        connection.sendall(answer(200, b'{"value": "here"}'))
    elif kind == "slowly":
        time.sleep(int(wanted["ms"]) / 1000)
        connection.sendall(answer(200, b'{"value": "here"}'))
    elif kind == "together":
        # Nobody is answered before all have asked.
        with lock:
            everybody = barriers.setdefault(path, threading.Barrier(int(wanted["of"])))
        try:
            everybody.wait(20)
        except threading.BrokenBarrierError:
            return False
        connection.sendall(answer(200, b'{"value": "here"}'))
    elif kind == "later":
        found = count > int(wanted["after"])
        connection.sendall(answer(200, b'{"status": 200, "response": {"value": "done"}}') if found else answer(404, b"{}"))
    elif kind == "stumbling":
        connection.sendall(answer(200, b'{"value": "done"}') if count > int(wanted["after"]) else answer(500, b"{}"))
    return True


def main():
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    print(json.dumps({"url": f"http://127.0.0.1:{listener.getsockname()[1]}"}), flush=True)
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    while True:
        connection, _ = listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=quietly, args=(connection,), daemon=True).start()


def quietly(connection):
    try:
        serve(connection)
    except OSError:
        pass


main()
