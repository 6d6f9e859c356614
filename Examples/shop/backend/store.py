"""The shop's data: orders, cases, the requests already answered, and a log of every change.

One SQLite file, one connection, one lock: a request is one transaction, so a change, its log row and the stored
response become durable together or not at all.
"""

import datetime
import hashlib
import json
import sqlite3
import threading

SCHEMA = """
CREATE TABLE IF NOT EXISTS orders (
  number TEXT PRIMARY KEY CHECK (length(number) = 8),
  customer TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('processing', 'shipped', 'out_for_delivery', 'delivered', 'cancelled')),
  carrier TEXT NOT NULL,
  delivery_date TEXT NOT NULL,
  address TEXT NOT NULL,
  items TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS cases (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  order_number TEXT REFERENCES orders (number),
  summary TEXT NOT NULL,
  callback TEXT,
  status TEXT NOT NULL DEFAULT 'open',
  opened_at TEXT NOT NULL
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
CREATE TABLE IF NOT EXISTS changes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL,
  key TEXT NOT NULL,
  what TEXT NOT NULL,
  subject TEXT NOT NULL,
  before TEXT,
  after TEXT NOT NULL
) STRICT;
"""

FIRST_CASE = 7001
FARTHEST_DELIVERY = datetime.timedelta(days=60)


class Refusal(Exception):
    """A request the shop answers with a coded error. The code is for machines, the status for HTTP."""

    def __init__(self, status: int, code: str, **details):
        super().__init__(code)
        self.status = status
        self.body = {"error": {"code": code, **details}}


def body_hash(body: bytes) -> str:
    """Digest of a JSON body by meaning: key order and white space do not count."""
    canonical = json.dumps(json.loads(body), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def now() -> str:
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds")


class Store:
    def __init__(self, path: str, today: datetime.date | None = None):
        self._today = today
        self._lock = threading.Lock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute("PRAGMA foreign_keys = ON")
        self._db.executescript(SCHEMA)

    @property
    def today(self) -> datetime.date:
        return self._today or datetime.date.today()

    def close(self):
        with self._lock:
            self._db.close()

    def seed(self, orders):
        """Inserts the orders that are not there yet; existing rows keep what happened to them."""
        with self._lock, self._db:
            self._db.executemany(
                "INSERT OR IGNORE INTO orders VALUES "
                "(:number, :customer, :status, :carrier, :delivery_date, :address, :items)",
                [{**order, "items": json.dumps(order["items"])} for order in orders],
            )

    # Reading

    def order(self, number: str) -> dict:
        with self._lock:
            return self._order(number)

    def request(self, key: str) -> dict:
        """The stored outcome of a state-changing request: what a caller asks who never saw the answer."""
        with self._lock:
            row = self._db.execute("SELECT * FROM requests WHERE key = ?", (key,)).fetchone()
        if row is None:
            raise Refusal(404, "request_unknown")
        return {
            "key": row["key"],
            "method": row["method"],
            "path": row["path"],
            "status": row["status"],
            "response": json.loads(row["response"]),
            "answered_at": row["answered_at"],
        }

    # Changing

    def once(self, key: str, method: str, path: str, body: bytes, change) -> tuple[int, dict, bool]:
        """Runs `change(key)` at most once per key. Answers status, response, and whether it is a stored one.

        A refusal is an outcome too: it is stored, so that the same key is refused the same way for ever.
        """
        digest = body_hash(body)
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                row = self._db.execute("SELECT * FROM requests WHERE key = ?", (key,)).fetchone()
                if row is not None:
                    self._db.execute("ROLLBACK")
                    if (row["method"], row["path"], row["body_hash"]) != (method, path, digest):
                        return 422, Refusal(422, "idempotency_key_reused").body, True
                    return row["status"], json.loads(row["response"]), True
                self._db.execute("SAVEPOINT change")
                try:
                    status, response = change(key)
                except Refusal as refusal:
                    self._db.execute("ROLLBACK TO change")
                    status, response = refusal.status, refusal.body
                self._db.execute(
                    "INSERT INTO requests VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (key, method, path, digest, status, json.dumps(response), now()),
                )
                self._db.execute("COMMIT")
                return status, response, False
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def change_address(self, key: str, number: str, address: str) -> tuple[int, dict]:
        order = self._open_order(number)
        if order["status"] == "out_for_delivery":
            raise Refusal(409, "order_out_for_delivery")
        if order["address"] != address:
            self._db.execute("UPDATE orders SET address = ? WHERE number = ?", (address, number))
            self._log(key, "address_changed", number, order["address"], address)
        return 200, {"order": self._order(number)}

    def move_delivery(self, key: str, number: str, date: str) -> tuple[int, dict]:
        order = self._open_order(number)
        try:
            wanted = datetime.date.fromisoformat(date)
        except ValueError:
            raise Refusal(422, "date_invalid") from None
        if wanted < self.today:
            raise Refusal(422, "date_in_past", today=self.today.isoformat())
        if wanted == self.today:
            raise Refusal(422, "date_too_soon", today=self.today.isoformat())
        if wanted > self.today + FARTHEST_DELIVERY:
            raise Refusal(422, "date_too_far", latest=(self.today + FARTHEST_DELIVERY).isoformat())
        if order["delivery_date"] != date:
            self._db.execute("UPDATE orders SET delivery_date = ? WHERE number = ?", (date, number))
            self._log(key, "delivery_moved", number, order["delivery_date"], date)
        return 200, {"order": self._order(number)}

    def open_case(self, key: str, order_number: str | None, summary: str, callback: str | None) -> tuple[int, dict]:
        if order_number is not None:
            self._order(order_number)
        if self._db.execute("SELECT 1 FROM cases LIMIT 1").fetchone() is None:
            self._db.execute("DELETE FROM sqlite_sequence WHERE name = 'cases'")
            self._db.execute("INSERT INTO sqlite_sequence VALUES ('cases', ?)", (FIRST_CASE - 1,))
        number = self._db.execute(
            "INSERT INTO cases (order_number, summary, callback, opened_at) VALUES (?, ?, ?, ?)",
            (order_number, summary, callback, now()),
        ).lastrowid
        self._log(key, "case_opened", str(number), None, summary)
        case = {"number": number, "order_number": order_number, "summary": summary, "callback": callback}
        return 201, {"case": {**case, "status": "open"}}

    # Inside a transaction or under the lock

    def _order(self, number: str) -> dict:
        row = self._db.execute("SELECT * FROM orders WHERE number = ?", (number,)).fetchone()
        if row is None:
            raise Refusal(404, "order_not_found")
        return {**dict(row), "items": json.loads(row["items"])}

    def _open_order(self, number: str) -> dict:
        order = self._order(number)
        if order["status"] == "delivered":
            raise Refusal(409, "order_delivered")
        if order["status"] == "cancelled":
            raise Refusal(409, "order_cancelled")
        return order

    def _log(self, key: str, what: str, subject: str, before: str | None, after: str):
        self._db.execute(
            "INSERT INTO changes (at, key, what, subject, before, after) VALUES (?, ?, ?, ?, ?, ?)",
            (now(), key, what, subject, before, after),
        )
