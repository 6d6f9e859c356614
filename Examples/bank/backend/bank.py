#!/usr/bin/env python3
"""The bank's back end: a JSON service over HTTP with its own SQLite file. Standard library only.

    python3 bank.py --database FILE --port N [--seed] [--today YYYY-MM-DD] [--faults]
                    [--one-time-code CODE] [--approvals ask|grant|refuse] [--approval-wait SECONDS]

Prints one line of JSON when it is ready to answer. SIGTERM and SIGINT end it after the transaction under way.
"""

import argparse
import datetime
import decimal
import hmac
import http.server
import json
import os
import re
import signal
import sys
import threading
import time
import urllib.parse

import seed
from accounts import Accounts
from cards import Cards
from faults import Drop, Faults
from identity import Identity
from store import Refusal, Store, cents

LONGEST_BODY = 64 * 1024
REASONS = {"not_made", "wrong_amount", "not_received"}


def text(body: dict, name: str, pattern: str, required: bool = True) -> str | None:
    value = body.get(name)
    if value is None and not required:
        return None
    if not isinstance(value, str) or not re.fullmatch(pattern, value.strip(), re.DOTALL):
        raise Refusal(422, "field_invalid", field=name)
    return value.strip()


def whole(value, name: str) -> int:
    if isinstance(value, str) and re.fullmatch(r"\d{1,15}", value):
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    raise Refusal(422, "field_invalid", field=name)


class Bank:
    """What the paths mean. A route takes the match, the body and the query; those that change something also take the key."""

    def __init__(self, store: Store, identity: Identity, accounts: Accounts, cards: Cards):
        self.store, self.identity, self.accounts, self.cards = store, identity, accounts, cards
        session = r"/sessions/(\d{16})"
        self.reads = {
            ("GET", r"/healthz"): lambda m, b, q: (200, {"status": "ok", "today": store.today.isoformat()}),
            ("GET", r"/requests/([^/]+)"): lambda m, b, q: (200, store.request(m[1])),
            ("GET", session + r"/accounts/(checking|savings)"): lambda m, b, q: (200, accounts.balance(m[1], m[2])),
            ("GET", session + r"/payees/(\d{8})"): lambda m, b, q: (200, accounts.payee(m[1], m[2])),
            ("GET", session + r"/cards/(debit|credit)"): lambda m, b, q: (200, cards.card(m[1], m[2])),
            ("GET", session + r"/payments"): lambda m, b, q: (200, self._payment(m[1], q)),
            ("POST", r"/sessions"): lambda m, b, q: identity.open(
                text(b, "account_number", r"\d{8}"), text(b, "passcode", r"\d{4,8}")
            ),
            ("POST", session + r"/verification"): lambda m, b, q: identity.check_code(m[1], text(b, "code", r"\d{6}")),
            ("POST", session + r"/approvals"): lambda m, b, q: accounts.ask_approval(
                m[1], text(b, "payee", r"\d{8}"), cents(b.get("amount"))
            ),
        }
        self.changes = {
            ("POST", session + r"/codes"): lambda m, b: lambda key: identity.send_code(key, m[1]),
            ("POST", session + r"/transfers"): self._transfer,
            ("POST", session + r"/transfers/(\d{1,15})/reversal"): lambda m, b: lambda key: accounts.reverse(
                key, m[1], int(m[2])
            ),
            ("POST", session + r"/cards/(debit|credit)/block"): lambda m, b: lambda key: cards.block(key, m[1], m[2]),
            ("POST", session + r"/cards/(debit|credit)/replacement"): lambda m, b: lambda key: cards.replace(
                key, m[1], m[2]
            ),
            ("POST", session + r"/disputes"): self._dispute,
            ("POST", r"/callbacks"): self._callback,
        }
        self.supervisor = {
            ("GET", r"/approvals"): lambda m, b, q: (200, accounts.pending_approvals()),
            ("POST", r"/approvals/(\d{1,15})/decision"): self._decide,
        }

    def _payment(self, session: str, query: dict) -> dict:
        try:
            amount = decimal.Decimal(query.get("amount", ""))
        except decimal.InvalidOperation:
            raise Refusal(422, "amount_invalid") from None
        before = query.get("before")
        return self.cards.payment(session, cents(amount), None if before is None else whole(before, "before"))

    def _transfer(self, match, body):
        target = text(body, "target", "savings|other")
        payee = text(body, "payee", r"\d{8}") if target == "other" else None
        amount = cents(body.get("amount"))
        return lambda key: self.accounts.transfer(key, match[1], target, payee, amount)

    def _dispute(self, match, body):
        payment, reason = whole(body.get("payment"), "payment"), text(body, "reason", "|".join(REASONS))
        return lambda key: self.cards.dispute(key, match[1], payment, reason)

    def _callback(self, match, body):
        phone, summary = text(body, "callback", r"\d{7,15}"), text(body, "summary", r".{1,2000}")
        return lambda key: self.cards.callback(key, phone, summary)

    def _decide(self, match, body, query):
        if not isinstance(body.get("granted"), bool):
            raise Refusal(422, "field_invalid", field="granted")
        return self.accounts.decide(int(match[1]), body["granted"], text(body, "by", r"[\w .-]{1,60}"))


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "bank"
    sys_version = ""
    wbufsize = -1
    disable_nagle_algorithm = True
    timeout = 60
    server: "Server"

    def do_GET(self):
        self._answer()

    def do_POST(self):
        self._answer()

    def _answer(self):
        url = urllib.parse.urlsplit(self.path)
        path = urllib.parse.unquote(url.path)
        try:
            raw, body = self._body() if self.command == "POST" else (b"{}", {})
            fault = {} if path == "/faults" else self.server.faults.take(self.command, path, self.headers.get("X-Fault"))
            time.sleep(fault.get("delay_ms", 0) / 1000)
            if fault.get("drop_before_commit"):
                raise Drop
            if "status" in fault:
                raise Refusal(fault["status"], fault.get("code", "fault"))
            status, answer, replayed = self._route(path, dict(urllib.parse.parse_qsl(url.query)), raw, body)
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

    def _route(self, path: str, query: dict, raw: bytes, body: dict) -> tuple[int, dict, bool]:
        bank = self.server.bank
        if path == "/faults" and self.command == "POST" and self.server.faults.enabled:
            self.server.faults.set(body)
            return 200, {"faults": body}, False
        if found := self._match(bank.reads, path):
            return *found[0](found[1], body, query), False
        if found := self._match(bank.supervisor, path):
            self._must_be_supervisor()
            return *found[0](found[1], body, query), False
        if found := self._match(bank.changes, path):
            change = found[0](found[1], body)
            key = self.headers.get("Idempotency-Key", "").strip()
            if not 1 <= len(key) <= 200:
                raise Refusal(400, "idempotency_key_required")
            return bank.store.once(key, "POST", path, raw, change)
        raise Refusal(404, "not_found")

    def _match(self, routes: dict, path: str):
        for (method, pattern), route in routes.items():
            if method == self.command and (found := re.fullmatch(pattern, path)):
                return route, found
        return None

    def _must_be_supervisor(self):
        token, given = self.server.supervisor_token, self.headers.get("Authorization", "")
        if not token or not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
            raise Refusal(401, "not_supervisor")

    def _body(self) -> tuple[bytes, dict]:
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > LONGEST_BODY:
            self.close_connection = True
            raise Refusal(413, "body_too_large")
        raw = self.rfile.read(int(length)) or b"{}"
        try:
            body = json.loads(raw, parse_float=decimal.Decimal)
        except ValueError:
            raise Refusal(400, "body_not_json") from None
        if not isinstance(body, dict):
            raise Refusal(400, "body_not_object")
        return raw, body

    def log_message(self, format, *arguments):
        """Nothing is logged: paths hold session numbers."""


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port: int, bank: Bank, faults: Faults, supervisor_token: str | None):
        self.bank, self.faults, self.supervisor_token = bank, faults, supervisor_token
        super().__init__(("127.0.0.1", port), Handler)

    def handle_error(self, request, client_address):
        if not isinstance(sys.exception(), (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)


def main():
    parser = argparse.ArgumentParser(description="The example bank's back end.")
    parser.add_argument("--database", required=True, help="SQLite file, made when it is not there")
    parser.add_argument("--port", type=int, required=True, help="TCP port on 127.0.0.1; 0 picks a free one")
    parser.add_argument("--seed", action="store_true", help="insert the sample customers that are missing")
    parser.add_argument("--today", type=datetime.date.fromisoformat, help="the day the bank believes it is")
    parser.add_argument("--faults", action="store_true", help="let tests order failures (POST /faults, X-Fault)")
    parser.add_argument("--one-time-code", help="every one-time code is this one, for demonstrations")
    parser.add_argument("--approvals", choices=["ask", "grant", "refuse"], default="ask", help="who decides: a supervisor, or at once")
    parser.add_argument("--approval-wait", type=float, default=25, help="seconds a supervisor may take")
    options = parser.parse_args()
    store = Store(options.database, options.today)
    if options.seed:
        store.seed(seed.customers(store.today))
    identity = Identity(store, options.one_time_code)
    bank = Bank(store, identity, Accounts(store, identity, options.approvals, options.approval_wait), Cards(store, identity))
    server = Server(options.port, bank, Faults(options.faults), os.environ.get("BANK_SUPERVISOR_TOKEN"))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    print(json.dumps({"event": "ready", "url": f"http://127.0.0.1:{server.server_port}"}), flush=True)
    server.serve_forever(poll_interval=0.1)
    server.server_close()
    store.close()


if __name__ == "__main__":
    main()
