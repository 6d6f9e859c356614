"""A back end as a process: its command line, its HTTP, its end."""

import argparse
import datetime
import http.server
import json
import signal
import sys
import threading
import time
import urllib.parse

from .database import Refusal
from .faults import Drop, Faults
from .routes import Routes

LONGEST_BODY = 64 * 1024


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    timeout = 60
    server: "Server"

    def version_string(self):
        return self.server.routes.name

    def do_GET(self):
        self._answer()

    def do_POST(self):
        self._answer()

    def do_PUT(self):
        self._answer()

    def _answer(self):
        url = urllib.parse.urlsplit(self.path)
        path, query = urllib.parse.unquote(url.path), dict(urllib.parse.parse_qsl(url.query))
        faults = self.server.faults
        try:
            raw, body = self._body()
            fault = {} if path == "/faults" else faults.take(self.command, path, self.headers.get("X-Fault"))
            time.sleep(fault.get("delay_ms", 0) / 1000)
            if fault.get("drop_before_commit"):
                raise Drop
            if "status" in fault:
                raise Refusal(fault["status"], fault.get("code", "fault"))
            if faults.enabled and (self.command, path) == ("POST", "/faults"):
                faults.set(body)
                status, answer, replayed = 200, {"faults": body}, False
            else:
                status, answer, replayed = self.server.routes.answer(self.command, path, query, raw, body, self.headers)
            if fault.get("drop_after_commit"):
                raise Drop
        except Drop:
            self.close_connection = True
            return
        except Refusal as refusal:
            status, answer, replayed = refusal.status, refusal.body, False
        data = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        if replayed:
            self.send_header("Idempotent-Replayed", "true")
        self.end_headers()
        self.wfile.write(data)

    def _body(self) -> tuple[bytes, dict]:
        """The body as it came and what it says; none is an empty object."""
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > LONGEST_BODY:
            self.close_connection = True
            raise Refusal(413, "body_too_large")
        raw = self.rfile.read(int(length))
        if len(raw) < int(length):
            # Who asked is gone in the middle: that is no request, and nobody waits for an answer.
            raise Drop
        raw = raw or b"{}"
        try:
            body = json.loads(raw, parse_float=self.server.routes.parse_float)
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

    def __init__(self, port: int, routes: Routes, faults: Faults, verbose: bool):
        self.routes, self.faults, self.verbose = routes, faults, verbose
        super().__init__(("127.0.0.1", port), Handler)

    def handle_error(self, request, client_address):
        if not isinstance(sys.exception(), (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)


def command_line(name: str, samples: str) -> argparse.ArgumentParser:
    """The options every back end has."""
    parser = argparse.ArgumentParser(description=f"The example {name}'s back end.")
    parser.add_argument("--database", required=True, help="SQLite file, made when it is not there")
    parser.add_argument("--port", type=int, required=True, help="TCP port on 127.0.0.1; 0 picks a free one")
    parser.add_argument("--seed", action="store_true", help=f"insert the sample {samples} that are missing")
    parser.add_argument("--today", type=datetime.date.fromisoformat, help=f"the day the {name} believes it is")
    parser.add_argument("--faults", action="store_true", help="let tests order failures (POST /faults, X-Fault)")
    return parser


def serve(routes: Routes, options: argparse.Namespace, verbose: bool = False):
    """Answers until SIGTERM or SIGINT, and ends after the transaction under way."""
    server = Server(options.port, routes, Faults(options.faults), verbose)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    print(json.dumps({"event": "ready", "url": f"http://127.0.0.1:{server.server_port}"}), flush=True)
    server.serve_forever(poll_interval=0.1)
    server.server_close()
    routes.store.close()
