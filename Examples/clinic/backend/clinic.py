#!/usr/bin/env python3
"""The clinic's back end: a JSON service over HTTP with its own SQLite file. Standard library only.

    python3 clinic.py --database FILE --port N [--seed] [--today YYYY-MM-DD] [--faults]

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
from appointments import Clinic
from faults import Drop, Faults
from store import Refusal, Store

LONGEST_BODY = 64 * 1024


def text(body: dict, name: str, longest: int, required: bool = True) -> str | None:
    value = body.get(name)
    if value is None and not required:
        return None
    if not isinstance(value, str) or not value.strip() or len(value) > longest:
        raise Refusal(422, "field_invalid", field=name)
    return value.strip()


def whole(value, name: str, lowest: int = 0, highest: int = 10**9) -> int:
    if isinstance(value, str) and value.isdigit():
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not lowest <= value <= highest:
        raise Refusal(422, "field_invalid", field=name)
    return value


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "clinic"
    sys_version = ""
    wbufsize = -1
    disable_nagle_algorithm = True
    timeout = 60
    server: "Server"

    def do_GET(self):
        self._answer(self._get)

    def do_POST(self):
        self._answer(self._post)

    def do_PUT(self):
        self._answer(self._put)

    def _answer(self, route):
        address = urllib.parse.urlsplit(self.path)
        path, query = urllib.parse.unquote(address.path), dict(urllib.parse.parse_qsl(address.query))
        try:
            fault = {} if path == "/faults" else self.server.faults.take(self.command, path, self.headers.get("X-Fault"))
            time.sleep(fault.get("delay_ms", 0) / 1000)
            if fault.get("drop_before_commit"):
                raise Drop
            if "status" in fault:
                raise Refusal(fault["status"], fault.get("code", "fault"))
            status, body, replayed = route(path, query)
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

    def _get(self, path: str, query: dict):
        clinic, store = self.server.clinic, self.server.store
        after = whole(query["after"], "after") if "after" in query else None
        if path == "/healthz":
            return 200, {"status": "ok", "today": store.today.isoformat()}, False
        if path == "/hours":
            return 200, clinic.hours(query.get("day")), False
        if path == "/times":
            return 200, clinic.find_time(text(query, "day", 10), text(query, "part", 10), after), False
        if found := re.fullmatch(r"/sessions/(\w+)/appointments", path):
            return 200, clinic.next_appointment(found[1], after), False
        if found := re.fullmatch(r"/requests/([^/]+)", path):
            return 200, store.request(found[1]), False
        raise Refusal(404, "not_found")

    def _post(self, path: str, query: dict):
        raw, body = self._body()
        clinic = self.server.clinic
        if path == "/faults" and self.server.faults.enabled:
            self.server.faults.set(body)
            return 200, {"faults": body}, False
        if path == "/sessions":
            number = text(body, "patient_number", 6)
            born, digits = text(body, "date_of_birth", 10, required=False), text(body, "birth_digits", 8, required=False)
            return *clinic.open_session(number, born, digits), False
        if found := re.fullmatch(r"/sessions/(\w+)/appointments", path):
            number, kind = whole(body.get("time"), "time"), text(body, "kind", 20)
            if kind not in ("checkup", "vaccination", "problem"):
                raise Refusal(422, "field_invalid", field="kind")
            change = lambda key: clinic.book(key, found[1], number, kind)
        elif found := re.fullmatch(r"/sessions/(\w+)/appointments/(\d+)/move", path):
            number = whole(body.get("time"), "time")
            change = lambda key: clinic.move(key, found[1], int(found[2]), number)
        elif found := re.fullmatch(r"/sessions/(\w+)/appointments/(\d+)/cancel", path):
            change = lambda key: clinic.cancel(key, found[1], int(found[2]))
        elif found := re.fullmatch(r"/sessions/(\w+)/intakes", path):
            intake = {name: text(body, name, 1000) for name in ("symptom", "since", "medicines")}
            intake |= {"severity": whole(body.get("severity"), "severity", 0, 10), "consent": body.get("consent")}
            change = lambda key: clinic.save_intake(key, found[1], intake)
        elif path == "/messages":
            callback, summary = text(body, "callback", 15), text(body, "summary", 500)
            change = lambda key: clinic.write_message(key, callback, summary)
        else:
            raise Refusal(404, "not_found")
        key = self.headers.get("Idempotency-Key", "").strip()
        if not 1 <= len(key) <= 200:
            raise Refusal(400, "idempotency_key_required")
        return self.server.store.once(key, "POST", path, raw, change)

    def _put(self, path: str, query: dict):
        if path != "/alerts":
            raise Refusal(404, "not_found")
        _, body = self._body()
        patient, reason = text(body, "patient_number", 6, required=False), text(body, "reason", 200)
        return *self.server.clinic.raise_alert(patient, reason), False

    def _body(self) -> tuple[bytes, dict]:
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > LONGEST_BODY:
            self.close_connection = True
            raise Refusal(413, "body_too_large")
        raw = self.rfile.read(int(length))
        try:
            body = json.loads(raw or b"{}")
        except ValueError:
            raise Refusal(400, "body_not_json") from None
        if not isinstance(body, dict):
            raise Refusal(400, "body_not_object")
        return raw or b"{}", body

    def log_message(self, format, *arguments):
        if self.server.verbose:
            super().log_message(format, *arguments)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port: int, store: Store, faults: Faults, verbose: bool):
        self.store, self.clinic, self.faults, self.verbose = store, Clinic(store), faults, verbose
        super().__init__(("127.0.0.1", port), Handler)

    def handle_error(self, request, client_address):
        if not isinstance(sys.exception(), (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)


def main():
    parser = argparse.ArgumentParser(description="The clinic's back end.")
    parser.add_argument("--database", required=True, help="SQLite file, made when it is not there")
    parser.add_argument("--port", type=int, required=True, help="TCP port on 127.0.0.1; 0 picks a free one")
    parser.add_argument("--seed", action="store_true", help="insert the sample patients and times that are missing")
    parser.add_argument("--today", type=datetime.date.fromisoformat, help="the day the clinic believes it is")
    parser.add_argument("--faults", action="store_true", help="let tests order failures (POST /faults, X-Fault)")
    parser.add_argument("--verbose", action="store_true", help="log each request to standard error")
    options = parser.parse_args()
    store = Store(options.database, options.today)
    if options.seed:
        seed.fill(store)
    server = Server(options.port, store, Faults(options.faults), options.verbose)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    print(json.dumps({"event": "ready", "url": f"http://127.0.0.1:{server.server_port}"}), flush=True)
    server.serve_forever(poll_interval=0.1)
    server.server_close()
    store.close()


if __name__ == "__main__":
    main()
