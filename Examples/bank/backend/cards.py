"""Cards, what was paid with them, disputes about payments, and calls the bank owes."""

import datetime

from backend.database import Refusal

from identity import Identity
from store import Store, dollars

DISPUTE_DAYS = 120
REPLACEMENT_DAYS = 5


class Cards:
    def __init__(self, store: Store, identity: Identity):
        self.store, self.identity = store, identity

    def card(self, session: str, kind: str) -> dict:
        with self.store.lock:
            row = self._card(self.identity.find(session)["customer"], kind)
            return {"card": {"kind": kind, "last_four": row["last_four"], "state": row["state"]}}

    def block(self, key: str, session: str, kind: str) -> tuple[int, dict]:
        customer = self.identity.find(session)["customer"]
        row = self._card(customer, kind)
        if row["state"] == "blocked":
            raise Refusal(409, "already_blocked")
        self.store.db.execute("UPDATE cards SET state = 'blocked' WHERE customer = ? AND kind = ?", (customer, kind))
        self.store.audit("card_blocked", kind, key, customer, "active", "blocked")
        return 200, {"card": {"kind": kind, "last_four": row["last_four"], "state": "blocked"}}

    def replace(self, key: str, session: str, kind: str) -> tuple[int, dict]:
        """Orders a new card for a blocked one, once."""
        customer = self.identity.find(session)["customer"]
        row = self._card(customer, kind)
        if row["state"] != "blocked":
            raise Refusal(409, "card_not_blocked")
        if row["replacement"] is not None:
            raise Refusal(409, "replacement_under_way")
        arrives = (self.store.today + datetime.timedelta(days=REPLACEMENT_DAYS)).isoformat()
        self.store.db.execute(
            "UPDATE cards SET replacement = ? WHERE customer = ? AND kind = ?", (arrives, customer, kind)
        )
        self.store.audit("card_ordered", kind, key, customer, None, arrives)
        return 201, {"replacement": {"arrives": arrives}}

    def payment(self, session: str, cents: int, before: int | None) -> dict:
        """The newest payment of that amount; with `before`, the newest that is older than that payment.

        An amount without cents finds every payment of that many dollars and some cents: who types, or remembers roughly,
        has no more to say.
        """
        highest = cents + 99 if cents % 100 == 0 else cents
        with self.store.lock:
            customer = self.identity.find(session)["customer"]
            rows = self.store.db.execute(
                "SELECT * FROM payments WHERE customer = ? AND cents BETWEEN ? AND ? ORDER BY day DESC, number DESC",
                (customer, cents, highest),
            ).fetchall()
        numbers = [row["number"] for row in rows]
        found = rows[numbers.index(before) + 1:] if before in numbers else rows if before is None else []
        if not found:
            raise Refusal(404, "payment_unknown")
        row = found[0]
        return {
            "payment": {
                "number": row["number"], "merchant": row["merchant"], "amount": dollars(row["cents"]), "day": row["day"]
            }
        }

    def dispute(self, key: str, session: str, payment: int, reason: str) -> tuple[int, dict]:
        customer = self.identity.find(session)["customer"]
        row = self.store.row("SELECT * FROM payments WHERE number = ? AND customer = ?", payment, customer)
        if row is None:
            raise Refusal(404, "payment_unknown")
        if datetime.date.fromisoformat(row["day"]) < self.store.today - datetime.timedelta(days=DISPUTE_DAYS):
            raise Refusal(409, "payment_too_old")
        if self.store.row("SELECT 1 FROM disputes WHERE payment = ?", payment) is not None:
            raise Refusal(409, "already_disputed")
        number = self.store.db.execute(
            "INSERT INTO disputes (payment, reason) VALUES (?, ?)", (payment, reason)
        ).lastrowid
        self.store.audit("dispute_opened", number, key, customer, None, f"{payment}: {reason}")
        return 201, {"dispute": {"number": str(number)}}

    def callback(self, key: str, phone: str, summary: str) -> tuple[int, dict]:
        number = self.store.db.execute(
            "INSERT INTO callbacks (phone, summary) VALUES (?, ?)", (phone, summary)
        ).lastrowid
        self.store.audit("callback_opened", number, key)
        return 201, {"callback": {"number": str(number)}}

    def _card(self, customer: str, kind: str):
        row = self.store.row("SELECT * FROM cards WHERE customer = ? AND kind = ?", customer, kind)
        if row is None:
            raise Refusal(404, "card_unknown")
        return row
