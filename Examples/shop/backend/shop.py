#!/usr/bin/env python3
"""The online shop's back end: a JSON service over HTTP with its own SQLite file. Standard library only.

    python3 shop.py --database FILE --port N [--seed] [--today YYYY-MM-DD] [--faults]

Prints one line of JSON when it is ready to answer. SIGTERM and SIGINT end it after the transaction under way.
"""

import argparse
import datetime
import http.server
import json
import re
import signal
import sys
import threading
import time
import urllib.parse

import seed
from store import Refusal, Store

LONGEST_BODY = 64 * 1024
FAULTS = {"delay_ms": int, "drop_before_commit": bool, "drop_after_commit": bool, "status": int, "times": int, "method": str}


class Drop(Exception):
    """The connection is closed without an answer."""


class Faults:
    """Failures that a test asks for. Without `--faults` none can be set."""

    def __init__(self, enabled: bool):
        self.enabled = enabled
        self._lock = threading.Lock()
        self._set: dict = {}

    def set(self, wanted: dict):
        for name, value in wanted.items():
            if name not in FAULTS or not isinstance(value, FAULTS[name]):
                raise Refusal(422, "fault_invalid", field=name)
        with self._lock:
            self._set = dict(wanted)

    def take(self, method: str, header: str | None) -> dict:
        """The faults of one request: its own header's, else the standing ones, which `times` may wear out."""
        if not self.enabled:
            return {}
        if header:
            return json.loads(header)
        with self._lock:
            found = self._set
            if not found or found.get("method", method) != method:
                return {}
            if "times" in found:
                self._set = {**found, "times": found["times"] - 1} if found["times"] > 1 else {}
            return found


def text(body: dict, name: str, longest: int, required: bool = True) -> str | None:
    value = body.get(name)
    if value is None and not required:
        return None
    if not isinstance(value, str) or not value.strip() or len(value) > longest:
        raise Refusal(422, "field_invalid", field=name)
    return value.strip()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "shop"
    sys_version = ""
    wbufsize = -1
    disable_nagle_algorithm = True
    timeout = 60
    server: "Server"

    def do_GET(self):
        self._answer(self._get)

    def do_POST(self):
        self._answer(self._post)

    def _answer(self, route):
        path = urllib.parse.unquote(urllib.parse.urlsplit(self.path).path)
        try:
            fault = {} if path == "/faults" else self.server.faults.take(self.command, self.headers.get("X-Fault"))
            time.sleep(fault.get("delay_ms", 0) / 1000)
            if fault.get("drop_before_commit"):
                raise Drop
            if "status" in fault:
                raise Refusal(fault["status"], "fault")
            status, body, replayed = route(path)
            if fault.get("drop_after_commit"):
                raise Drop
        except Drop:
            self.close_connection = True
            return
        except Refusal as refusal:
            status, body, replayed = refusal.status, refusal.body, False
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        if replayed:
            self.send_header("Idempotent-Replayed", "true")
        self.end_headers()
        self.wfile.write(data)

    def _get(self, path: str):
        store = self.server.store
        if path == "/healthz":
            return 200, {"status": "ok", "today": store.today.isoformat()}, False
        if found := re.fullmatch(r"/orders/(\w+)", path):
            return 200, {"order": store.order(found[1])}, False
        if found := re.fullmatch(r"/requests/([^/]+)", path):
            return 200, store.request(found[1]), False
        raise Refusal(404, "not_found")

    def _post(self, path: str):
        raw, body = self._body()
        store = self.server.store
        if path == "/faults" and self.server.faults.enabled:
            self.server.faults.set(body)
            return 200, {"faults": body}, False
        if found := re.fullmatch(r"/orders/(\w+)/address", path):
            address = text(body, "address", 200)
            change = lambda key: store.change_address(key, found[1], address)
        elif found := re.fullmatch(r"/orders/(\w+)/delivery", path):
            date = text(body, "date", 10)
            change = lambda key: store.move_delivery(key, found[1], date)
        elif path == "/cases":
            number = text(body, "order_number", 8, required=False)
            summary, callback = text(body, "summary", 2000), text(body, "callback", 100, required=False)
            change = lambda key: store.open_case(key, number, summary, callback)
        else:
            raise Refusal(404, "not_found")
        key = self.headers.get("Idempotency-Key", "").strip()
        if not 1 <= len(key) <= 200:
            raise Refusal(400, "idempotency_key_required")
        return store.once(key, "POST", path, raw, change)

    def _body(self) -> tuple[bytes, dict]:
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > LONGEST_BODY:
            self.close_connection = True
            raise Refusal(413, "body_too_large")
        raw = self.rfile.read(int(length))
        try:
            body = json.loads(raw)
        except ValueError:
            raise Refusal(400, "body_not_json") from None
        if not isinstance(body, dict):
            raise Refusal(400, "body_not_object")
        return raw, body

    def log_message(self, format, *arguments):
        if self.server.verbose:
            super().log_message(format, *arguments)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port: int, store: Store, faults: Faults, verbose: bool):
        self.store, self.faults, self.verbose = store, faults, verbose
        super().__init__(("127.0.0.1", port), Handler)

    def handle_error(self, request, client_address):
        if not isinstance(sys.exception(), (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)


def main():
    parser = argparse.ArgumentParser(description="The online shop's back end.")
    parser.add_argument("--database", required=True, help="SQLite file, made when it is not there")
    parser.add_argument("--port", type=int, required=True, help="TCP port on 127.0.0.1; 0 picks a free one")
    parser.add_argument("--seed", action="store_true", help="insert the sample orders that are missing")
    parser.add_argument("--today", type=datetime.date.fromisoformat, help="the day the shop believes it is")
    parser.add_argument("--faults", action="store_true", help="let tests order failures (POST /faults, X-Fault)")
    parser.add_argument("--verbose", action="store_true", help="log each request to standard error")
    options = parser.parse_args()
    store = Store(options.database, options.today)
    if options.seed:
        store.seed(seed.orders(store.today))
    server = Server(options.port, store, Faults(options.faults), options.verbose)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    print(json.dumps({"event": "ready", "url": f"http://127.0.0.1:{server.server_port}"}), flush=True)
    server.serve_forever(poll_interval=0.1)
    server.server_close()
    store.close()


if __name__ == "__main__":
    main()
