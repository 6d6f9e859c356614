"""The shop's data: orders, cases, and a log of every change."""

import datetime
import json

from backend.database import Database, Refusal, now

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

FARTHEST_DELIVERY = datetime.timedelta(days=60)


class Store(Database):
    schema = SCHEMA
    first_numbers = {"cases": 7001}

    def seed(self, orders):
        """Inserts the orders that are not there yet; existing rows keep what happened to them."""
        with self.transaction() as db:
            db.executemany(
                "INSERT OR IGNORE INTO orders VALUES "
                "(:number, :customer, :status, :carrier, :delivery_date, :address, :items)",
                [{**order, "items": json.dumps(order["items"])} for order in orders],
            )

    def order(self, number: str) -> dict:
        row = self.row("SELECT * FROM orders WHERE number = ?", number)
        if row is None:
            raise Refusal(404, "order_not_found")
        return {**dict(row), "items": json.loads(row["items"])}

    # Changing; inside a transaction

    def change_address(self, key: str, number: str, address: str) -> tuple[int, dict]:
        order = self._open_order(number)
        if order["status"] == "out_for_delivery":
            raise Refusal(409, "order_out_for_delivery")
        if order["address"] != address:
            self.db.execute("UPDATE orders SET address = ? WHERE number = ?", (address, number))
            self._log(key, "address_changed", number, order["address"], address)
        return 200, {"order": self.order(number)}

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
            self.db.execute("UPDATE orders SET delivery_date = ? WHERE number = ?", (date, number))
            self._log(key, "delivery_moved", number, order["delivery_date"], date)
        return 200, {"order": self.order(number)}

    def open_case(self, key: str, order_number: str | None, summary: str, callback: str | None) -> tuple[int, dict]:
        if order_number is not None:
            self.order(order_number)
        number = self.db.execute(
            "INSERT INTO cases (order_number, summary, callback, opened_at) VALUES (?, ?, ?, ?)",
            (order_number, summary, callback, now()),
        ).lastrowid
        self._log(key, "case_opened", str(number), None, summary)
        case = {"number": number, "order_number": order_number, "summary": summary, "callback": callback}
        return 201, {"case": {**case, "status": "open"}}

    def _open_order(self, number: str) -> dict:
        order = self.order(number)
        if order["status"] == "delivered":
            raise Refusal(409, "order_delivered")
        if order["status"] == "cancelled":
            raise Refusal(409, "order_cancelled")
        return order

    def _log(self, key: str, what: str, subject: str, before: str | None, after: str):
        self.db.execute(
            "INSERT INTO changes (at, key, what, subject, before, after) VALUES (?, ?, ?, ?, ?, ?)",
            (now(), key, what, subject, before, after),
        )
