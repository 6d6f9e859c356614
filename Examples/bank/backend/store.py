"""The bank's file: one SQLite database, one connection, one lock.

A request is one transaction, so a change, its audit row and the stored answer become durable together or not at all.
Money is whole cents everywhere in here.
"""

import datetime
import decimal
import hashlib
import json
import sqlite3
import threading
import time

SCHEMA = """
CREATE TABLE IF NOT EXISTS customers (
  number TEXT PRIMARY KEY CHECK (length(number) = 8),
  name TEXT NOT NULL,
  phone TEXT NOT NULL,
  salt BLOB NOT NULL,
  passcode_hash BLOB NOT NULL,
  wrong_passcodes INTEGER NOT NULL DEFAULT 0,
  last_wrong_hash BLOB,
  last_wrong_at REAL NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE IF NOT EXISTS accounts (
  customer TEXT NOT NULL REFERENCES customers (number),
  kind TEXT NOT NULL CHECK (kind IN ('checking', 'savings')),
  cents INTEGER NOT NULL CHECK (cents >= 0),
  PRIMARY KEY (customer, kind)
) STRICT;
CREATE TABLE IF NOT EXISTS sessions (
  number TEXT PRIMARY KEY,
  customer TEXT NOT NULL REFERENCES customers (number),
  level INTEGER NOT NULL,
  opened_at REAL NOT NULL,
  code_hash BLOB,
  code_until REAL,
  codes_sent INTEGER NOT NULL DEFAULT 0,
  wrong_codes INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE IF NOT EXISTS outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  phone TEXT NOT NULL,
  text TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS approvals (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  customer TEXT NOT NULL,
  payee TEXT NOT NULL,
  cents INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('asked', 'granted', 'refused', 'lapsed', 'used')),
  asked_at REAL NOT NULL,
  decided_by TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS transfers (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  customer TEXT NOT NULL,
  payee TEXT NOT NULL,
  payee_kind TEXT NOT NULL,
  cents INTEGER NOT NULL CHECK (cents > 0),
  state TEXT NOT NULL CHECK (state IN ('done', 'reversed')),
  day TEXT NOT NULL,
  at REAL NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS cards (
  customer TEXT NOT NULL REFERENCES customers (number),
  kind TEXT NOT NULL CHECK (kind IN ('debit', 'credit')),
  last_four TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('active', 'blocked')),
  replacement TEXT,
  PRIMARY KEY (customer, kind)
) STRICT;
CREATE TABLE IF NOT EXISTS payments (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  customer TEXT NOT NULL REFERENCES customers (number),
  merchant TEXT NOT NULL,
  cents INTEGER NOT NULL,
  day TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS disputes (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  payment INTEGER NOT NULL UNIQUE REFERENCES payments (number),
  reason TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS callbacks (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  phone TEXT NOT NULL,
  summary TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS requests (
  key TEXT PRIMARY KEY,
  method TEXT NOT NULL,
  path TEXT NOT NULL,
  body_hash TEXT NOT NULL,
  status INTEGER NOT NULL,
  response TEXT NOT NULL,
  answered_at TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS audit (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL,
  key TEXT,
  customer TEXT,
  what TEXT NOT NULL,
  subject TEXT NOT NULL,
  before TEXT,
  after TEXT
) STRICT;
"""

FIRST_NUMBERS = {"approvals": 3001, "transfers": 50001, "payments": 900001, "disputes": 8001, "callbacks": 6001}


class Refusal(Exception):
    """A request the bank answers with a coded error. The code is for machines, the status for HTTP."""

    def __init__(self, status: int, code: str, **details):
        super().__init__(code)
        self.status = status
        self.body = {"error": {"code": code, **details}}


def cents(amount) -> int:
    """Whole cents of an amount in dollars, a `Decimal` or an integer; more than two places is no amount."""
    if isinstance(amount, bool) or not isinstance(amount, (int, decimal.Decimal)):
        raise Refusal(422, "amount_invalid")
    value = decimal.Decimal(amount)
    if not value.is_finite() or not 0 < value <= 10_000_000 or value.normalize().as_tuple().exponent < -2:
        raise Refusal(422, "amount_invalid")
    return int(value.scaleb(2))


def dollars(cents: int) -> float | int:
    """The amount as a JSON number of dollars."""
    return cents // 100 if cents % 100 == 0 else cents / 100


def digest(text: str, salt: bytes) -> bytes:
    return hashlib.scrypt(text.encode(), salt=salt, n=2**12, r=8, p=1)


def body_hash(body: bytes) -> str:
    """Digest of a JSON body by meaning: key order and white space do not count."""
    canonical = json.dumps(json.loads(body), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


class Store:
    def __init__(self, path: str, today: datetime.date | None = None, clock=time.time):
        self._today, self.clock = today, clock
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self.db.row_factory = sqlite3.Row
        self.db.execute("PRAGMA journal_mode = WAL")
        self.db.execute("PRAGMA synchronous = FULL")
        self.db.execute("PRAGMA foreign_keys = ON")
        self.db.executescript(SCHEMA)
        for table, first in FIRST_NUMBERS.items():
            if self.row("SELECT 1 FROM sqlite_sequence WHERE name = ?", table) is None:
                self.db.execute("INSERT INTO sqlite_sequence VALUES (?, ?)", (table, first - 1))

    @property
    def today(self) -> datetime.date:
        return self._today or datetime.date.today()

    def close(self):
        with self.lock:
            self.db.close()

    def seed(self, customers):
        """Inserts the customers that are not there yet; existing ones keep what happened to them."""
        with self.transaction():
            for one in customers:
                number = one["number"]
                if self.row("SELECT 1 FROM customers WHERE number = ?", number) is not None:
                    continue
                salt = hashlib.sha256(number.encode()).digest()
                self.db.execute(
                    "INSERT INTO customers (number, name, phone, salt, passcode_hash) VALUES (?, ?, ?, ?, ?)",
                    (number, one["name"], one["phone"], salt, digest(one["passcode"], salt)),
                )
                for kind in ("checking", "savings"):
                    self.db.execute("INSERT INTO accounts VALUES (?, ?, ?)", (number, kind, one[kind]))
                for kind, last_four in one["cards"].items():
                    self.db.execute("INSERT INTO cards VALUES (?, ?, ?, 'active', NULL)", (number, kind, last_four))
                for merchant, amount, day in one["payments"]:
                    self.db.execute(
                        "INSERT INTO payments (customer, merchant, cents, day) VALUES (?, ?, ?, ?)",
                        (number, merchant, amount, day),
                    )

    def row(self, query: str, *values):
        return self.db.execute(query, values).fetchone()

    def transaction(self):
        return Transaction(self)

    def audit(self, what: str, subject, key=None, customer=None, before=None, after=None):
        at = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds")
        texts = (None if value is None else str(value) for value in (before, after))
        self.db.execute(
            "INSERT INTO audit (at, key, customer, what, subject, before, after) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (at, key, customer, what, str(subject), *texts),
        )

    def request(self, key: str) -> dict:
        """The stored outcome of a request: what a caller asks who never saw the answer."""
        with self.lock:
            row = self.row("SELECT * FROM requests WHERE key = ?", key)
        if row is None:
            raise Refusal(404, "request_unknown")
        stored = {name: row[name] for name in ("key", "method", "path", "status", "answered_at")}
        return {**stored, "response": json.loads(row["response"])}

    def once(self, key: str, method: str, path: str, body: bytes, change) -> tuple[int, dict, bool]:
        """Runs `change(key)` at most once per key. Answers status, response, and whether it is a stored one.

        A refusal is an outcome too: it is stored, so that the same key is refused the same way for ever.
        """
        hashed = body_hash(body)
        with self.transaction():
            row = self.row("SELECT * FROM requests WHERE key = ?", key)
            if row is not None:
                if (row["method"], row["path"], row["body_hash"]) != (method, path, hashed):
                    return 422, Refusal(422, "idempotency_key_reused").body, True
                return row["status"], json.loads(row["response"]), True
            self.db.execute("SAVEPOINT change")
            try:
                status, response = change(key)
            except Refusal as refusal:
                self.db.execute("ROLLBACK TO change")
                status, response = refusal.status, refusal.body
            at = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds")
            self.db.execute(
                "INSERT INTO requests VALUES (?, ?, ?, ?, ?, ?, ?)",
                (key, method, path, hashed, status, json.dumps(response), at),
            )
            return status, response, False


class Transaction:
    """Holds the lock; commits when the block ends well, else rolls back. A `Refusal` raised with `commit` keeps its rows."""

    def __init__(self, store: Store):
        self.store = store

    def __enter__(self):
        self.store.lock.acquire()
        self.store.db.execute("BEGIN IMMEDIATE")
        return self.store.db

    def __exit__(self, kind, error, trace):
        try:
            kept = error is None or getattr(error, "commit", False)
            self.store.db.execute("COMMIT" if kept else "ROLLBACK")
        finally:
            self.store.lock.release()


def counted(refusal: Refusal) -> Refusal:
    """A refusal whose rows stay: a wrong passcode is counted."""
    refusal.commit = True
    return refusal
