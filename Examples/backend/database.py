"""One SQLite database, one connection, one lock.

A request is one transaction, so a change, its log row and the stored answer become durable together or not at all.
"""

import datetime
import hashlib
import json
import sqlite3
import threading

REQUESTS = """
CREATE TABLE IF NOT EXISTS requests (
  key TEXT PRIMARY KEY,
  method TEXT NOT NULL,
  path TEXT NOT NULL,
  body_hash TEXT NOT NULL,
  status INTEGER NOT NULL,
  response TEXT NOT NULL,
  answered_at TEXT NOT NULL
) STRICT;
"""


class Refusal(Exception):
    """A request answered with a coded error. The code is for machines, the status for HTTP."""

    rows_stay = False
    """Whether the transaction it leaves is committed all the same: a wrong passcode is counted."""

    def __init__(self, status: int, code: str, **details):
        super().__init__(code)
        self.status = status
        self.body = {"error": {"code": code, **details}}


def now(seconds: float = 0) -> str:
    """The moment so many seconds from now, as it stands in the database."""
    moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
    return moment.isoformat(timespec="milliseconds")


def body_hash(body: bytes) -> str:
    """Digest of a JSON body by meaning: key order and white space do not count."""
    canonical = json.dumps(json.loads(body), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


class Database:
    """A store inherits this and brings its tables in `schema`, and in `first_numbers` where their numbers begin."""

    schema = ""
    first_numbers: dict[str, int] = {}

    def __init__(self, path: str, today: datetime.date | None = None):
        self._today = today
        self.lock = threading.RLock()
        self.db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self.db.row_factory = sqlite3.Row
        self.db.execute("PRAGMA journal_mode = WAL")
        self.db.execute("PRAGMA synchronous = FULL")
        self.db.execute("PRAGMA foreign_keys = ON")
        self.db.executescript(self.schema + REQUESTS)
        for table, first in self.first_numbers.items():
            if self.row("SELECT 1 FROM sqlite_sequence WHERE name = ?", table) is None:
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

    def transaction(self) -> "Transaction":
        return Transaction(self)

    def request(self, key: str) -> dict:
        """The stored outcome of a state-changing request: what a caller asks who never saw the answer."""
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
            self.db.execute(
                "INSERT INTO requests VALUES (?, ?, ?, ?, ?, ?, ?)",
                (key, method, path, hashed, status, json.dumps(response), now()),
            )
            return status, response, False


class Transaction:
    """Holds the lock; commits when the block ends well or with a `Refusal` whose rows stay, else rolls back."""

    def __init__(self, database: Database):
        self.database = database

    def __enter__(self) -> sqlite3.Connection:
        self.database.lock.acquire()
        try:
            self.database.db.execute("BEGIN IMMEDIATE")
        except BaseException:
            self.database.lock.release()
            raise
        return self.database.db

    def __exit__(self, kind, error, trace):
        try:
            kept = error is None or isinstance(error, Refusal) and error.rows_stay
            self.database.db.execute("COMMIT" if kept else "ROLLBACK")
        finally:
            self.database.lock.release()
