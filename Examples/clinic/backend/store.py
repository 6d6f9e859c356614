"""The clinic's file: one SQLite database, one connection, one lock.

A request is one transaction, so a change, its audit row and the stored answer become durable together or not at all.
That nobody is booked into a taken time is an index of the database, not a habit of this program.
"""

import datetime
import hashlib
import json
import sqlite3
import threading

SCHEMA = """
CREATE TABLE IF NOT EXISTS patients (
  number TEXT PRIMARY KEY CHECK (length(number) = 6),
  name TEXT NOT NULL,
  date_of_birth TEXT NOT NULL,
  misses INTEGER NOT NULL DEFAULT 0,
  last_miss REAL NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE IF NOT EXISTS sessions (
  number TEXT PRIMARY KEY,
  patient TEXT NOT NULL REFERENCES patients (number),
  opened_at REAL NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS closed_days (
  day TEXT PRIMARY KEY
) STRICT;
CREATE TABLE IF NOT EXISTS times (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  day TEXT NOT NULL,
  time TEXT NOT NULL,
  doctor TEXT NOT NULL,
  UNIQUE (day, time, doctor)
) STRICT;
CREATE TABLE IF NOT EXISTS appointments (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  patient TEXT NOT NULL REFERENCES patients (number),
  time INTEGER NOT NULL REFERENCES times (number),
  kind TEXT NOT NULL CHECK (kind IN ('checkup', 'vaccination', 'problem')),
  state TEXT NOT NULL DEFAULT 'booked' CHECK (state IN ('booked', 'cancelled'))
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS one_appointment_a_time ON appointments (time) WHERE state = 'booked';
CREATE TABLE IF NOT EXISTS intakes (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  patient TEXT NOT NULL REFERENCES patients (number),
  symptom TEXT NOT NULL,
  since TEXT NOT NULL,
  severity INTEGER NOT NULL CHECK (severity BETWEEN 0 AND 10),
  medicines TEXT NOT NULL,
  consented INTEGER NOT NULL CHECK (consented = 1),
  recorded_at TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS alerts (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  patient TEXT,
  reason TEXT NOT NULL,
  raised_at TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS messages (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  callback TEXT NOT NULL,
  summary TEXT NOT NULL,
  written_at TEXT NOT NULL
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
  key TEXT NOT NULL,
  what TEXT NOT NULL,
  patient TEXT,
  subject TEXT NOT NULL,
  before TEXT,
  after TEXT NOT NULL
) STRICT;
"""

FIRST_NUMBERS = {"appointments": 4001, "intakes": 6001, "alerts": 8001, "messages": 9001}


class Refusal(Exception):
    """A request the clinic answers with a coded error. The code is for machines, the status for HTTP."""

    def __init__(self, status: int, code: str, **details):
        super().__init__(code)
        self.status = status
        self.body = {"error": {"code": code, **details}}


def body_hash(body: bytes) -> str:
    """Digest of a JSON body by meaning: key order and white space do not count."""
    canonical = json.dumps(json.loads(body), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def now(seconds: float = 0) -> str:
    moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
    return moment.isoformat(timespec="milliseconds")


class Store:
    def __init__(self, path: str, today: datetime.date | None = None):
        self._today = today
        self.lock = threading.RLock()
        self.db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self.db.row_factory = sqlite3.Row
        self.db.execute("PRAGMA journal_mode = WAL")
        self.db.execute("PRAGMA synchronous = FULL")
        self.db.execute("PRAGMA foreign_keys = ON")
        self.db.executescript(SCHEMA)
        for table, first in FIRST_NUMBERS.items():
            if not self.row("SELECT 1 FROM sqlite_sequence WHERE name = ?", table):
                self.db.execute("INSERT INTO sqlite_sequence VALUES (?, ?)", (table, first - 1))

    @property
    def today(self) -> datetime.date:
        return self._today or datetime.date.today()

    def close(self):
        with self.lock:
            self.db.close()

    def row(self, query: str, *values) -> sqlite3.Row | None:
        with self.lock:
            return self.db.execute(query, values).fetchone()

    def rows(self, query: str, *values) -> list[sqlite3.Row]:
        with self.lock:
            return self.db.execute(query, values).fetchall()

    def request(self, key: str) -> dict:
        """The stored outcome of a state-changing request: what a caller asks who never saw the answer."""
        row = self.row("SELECT * FROM requests WHERE key = ?", key)
        if row is None:
            raise Refusal(404, "request_unknown")
        return {**{name: row[name] for name in ("key", "method", "path", "status", "answered_at")},
                "response": json.loads(row["response"])}

    def once(self, key: str, method: str, path: str, body: bytes, change) -> tuple[int, dict, bool]:
        """Runs `change(key)` at most once per key. Answers status, response, and whether it is a stored one.

        A refusal is an outcome too: it is stored, so that the same key is refused the same way for ever.
        """
        digest = body_hash(body)
        with self.lock:
            self.db.execute("BEGIN IMMEDIATE")
            try:
                row = self.row("SELECT * FROM requests WHERE key = ?", key)
                if row is not None:
                    self.db.execute("ROLLBACK")
                    if (row["method"], row["path"], row["body_hash"]) != (method, path, digest):
                        return 422, Refusal(422, "idempotency_key_reused").body, True
                    return row["status"], json.loads(row["response"]), True
                self.db.execute("SAVEPOINT change")
                try:
                    status, response = change(key)
                except Refusal as refusal:
                    self.db.execute("ROLLBACK TO change")
                    status, response = refusal.status, refusal.body
                self.db.execute(
                    "INSERT INTO requests VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (key, method, path, digest, status, json.dumps(response), now()),
                )
                self.db.execute("COMMIT")
                return status, response, False
            except BaseException:
                if self.db.in_transaction:
                    self.db.execute("ROLLBACK")
                raise

    def log(self, key: str, what: str, patient: str | None, subject, before: str | None, after: str):
        """A row of the audit. What a patient said about their health never stands in it."""
        self.db.execute(
            "INSERT INTO audit (at, key, what, patient, subject, before, after) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (now(), key, what, patient, str(subject), before, after),
        )
