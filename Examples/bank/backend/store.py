"""The bank's data. Money is whole cents everywhere in here."""

import datetime
import decimal
import hashlib
import threading
import time

from backend.database import Database, Refusal, now

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


class Store(Database):
    schema = SCHEMA
    first_numbers = {"approvals": 3001, "transfers": 50001, "payments": 900001, "disputes": 8001, "callbacks": 6001}

    def __init__(self, path: str, today: datetime.date | None = None, clock=time.time):
        super().__init__(path, today)
        self.clock = clock
        self.changed = threading.Condition(self.lock)

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

    def audit(self, what: str, subject, key=None, customer=None, before=None, after=None):
        texts = (None if value is None else str(value) for value in (before, after))
        self.db.execute(
            "INSERT INTO audit (at, key, customer, what, subject, before, after) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (now(), key, customer, what, str(subject), *texts),
        )


def counted(refusal: Refusal) -> Refusal:
    """A refusal whose rows stay: a wrong passcode is counted."""
    refusal.rows_stay = True
    return refusal
