"""Money: balances, transfers, their reversal, and a supervisor's approval of large ones."""

import time

from backend.database import Refusal

from identity import Identity
from store import Store, dollars

APPROVAL_ABOVE = 100_000  # cents
DAY_LIMIT = 500_000
REVERSAL_SECONDS = 10 * 60
APPROVAL_SECONDS = 10 * 60


class Accounts:
    def __init__(self, store: Store, identity: Identity, approvals: str = "ask", approval_wait: float = 25):
        """`approvals` is `ask` (a supervisor decides), `grant` or `refuse` (decided at once, for demonstrations)."""
        self.store, self.identity, self.approvals, self.approval_wait = store, identity, approvals, approval_wait

    def balance(self, session: str, kind: str) -> dict:
        with self.store.lock:
            customer = self.identity.find(session)["customer"]
            return {"account": {"kind": kind, "balance": dollars(self._cents(customer, kind))}}

    def payee(self, session: str, number: str) -> dict:
        with self.store.lock:
            customer = self.identity.find(session, 2)["customer"]
            return {"payee": {"name": self._payee(customer, number)["name"]}}

    # Approval

    def ask_approval(self, session: str, payee: str, cents: int) -> tuple[int, dict]:
        """Waits for a supervisor's word. Without it in time the answer is a no, and a later yes changes nothing.

        The same question again is the same approval, so it may be asked twice when an answer was lost.
        """
        store, deadline = self.store, time.monotonic() + self.approval_wait
        with store.transaction() as db:
            customer = self.identity.find(session, 2)["customer"]
            self._payee(customer, payee)
            row = self._open_approval(customer, payee, cents, ("asked", "granted"))
            if row is None:
                state = {"grant": "granted", "refuse": "refused"}.get(self.approvals, "asked")
                number = db.execute(
                    "INSERT INTO approvals (customer, payee, cents, state, asked_at) VALUES (?, ?, ?, ?, ?)",
                    (customer, payee, cents, state, store.clock()),
                ).lastrowid
                store.audit("approval_asked", number, customer=customer, after=state)
            else:
                number = row["number"]
        with store.changed:
            while True:
                state = store.row("SELECT state FROM approvals WHERE number = ?", number)["state"]
                left = deadline - time.monotonic()
                if state != "asked" or left <= 0:
                    break
                store.changed.wait(left)
            if state == "asked":
                with store.transaction() as db:
                    db.execute("UPDATE approvals SET state = 'lapsed' WHERE number = ?", (number,))
                    store.audit("approval_lapsed", number, customer=customer, before="asked", after="lapsed")
                raise Refusal(409, "approval_timeout")
            if state == "lapsed":
                raise Refusal(409, "approval_timeout")
            if state == "granted":
                return 200, {"approval": {"number": number, "state": state}}
            raise Refusal(409, "approval_refused")

    def pending_approvals(self) -> dict:
        with self.store.lock:
            rows = self.store.db.execute("SELECT * FROM approvals WHERE state = 'asked' ORDER BY number").fetchall()
            return {
                "approvals": [
                    {"number": row["number"], "payee": row["payee"], "amount": dollars(row["cents"])} for row in rows
                ]
            }

    def decide(self, number: int, granted: bool, by: str) -> tuple[int, dict]:
        """A supervisor's word. Only while the question is open."""
        store = self.store
        with store.transaction() as db:
            row = store.row("SELECT * FROM approvals WHERE number = ?", number)
            if row is None:
                raise Refusal(404, "approval_unknown")
            if row["state"] != "asked":
                raise Refusal(409, "approval_closed")
            state = "granted" if granted else "refused"
            db.execute("UPDATE approvals SET state = ?, decided_by = ? WHERE number = ?", (state, by, number))
            store.audit("approval_decided", number, customer=row["customer"], before="asked", after=f"{state} by {by}")
        with store.changed:
            store.changed.notify_all()
        return 200, {"approval": {"number": number, "state": state}}

    # Transfers

    def transfer(self, key: str, session: str, target: str, payee: str | None, cents: int) -> tuple[int, dict]:
        """Moves money out of the checking account: to the own savings, or to another customer's checking account."""
        store = self.store
        customer = self.identity.find(session, 2)["customer"]
        if target == "savings":
            to, kind = customer, "savings"
        else:
            to, kind = self._payee(customer, payee or "")["number"], "checking"
            if self._sent_today(customer) + cents > DAY_LIMIT:
                raise Refusal(409, "daily_limit")
        before = self._cents(customer, "checking")
        if before < cents:
            raise Refusal(409, "insufficient_funds")
        if target != "savings" and cents > APPROVAL_ABOVE:
            approval = self._open_approval(customer, to, cents, ("granted",))
            if approval is None:
                raise Refusal(403, "approval_required")
            store.db.execute("UPDATE approvals SET state = 'used' WHERE number = ?", (approval["number"],))
        self._move(customer, "checking", -cents)
        self._move(to, kind, cents)
        number = store.db.execute(
            "INSERT INTO transfers (customer, payee, payee_kind, cents, state, day, at)"
            " VALUES (?, ?, ?, ?, 'done', ?, ?)",
            (customer, to, kind, cents, store.today.isoformat(), store.clock()),
        ).lastrowid
        store.audit("transfer_made", number, key, customer, before, before - cents)
        return 201, {"transfer": {"number": number, "amount": dollars(cents), "balance": dollars(before - cents)}}

    def reverse(self, key: str, session: str, number: int) -> tuple[int, dict]:
        """Takes a transfer back: within ten minutes, once, and only while the money is still there."""
        store = self.store
        customer = self.identity.find(session, 2)["customer"]
        row = store.row("SELECT * FROM transfers WHERE number = ? AND customer = ?", number, customer)
        if row is None:
            raise Refusal(404, "transfer_unknown")
        if row["state"] == "reversed":
            raise Refusal(409, "already_reversed")
        if store.clock() - row["at"] > REVERSAL_SECONDS or self._cents(row["payee"], row["payee_kind"]) < row["cents"]:
            raise Refusal(409, "too_late_to_reverse")
        before = self._cents(customer, "checking")
        self._move(row["payee"], row["payee_kind"], -row["cents"])
        self._move(customer, "checking", row["cents"])
        store.db.execute("UPDATE transfers SET state = 'reversed' WHERE number = ?", (number,))
        store.audit("transfer_reversed", number, key, customer, before, before + row["cents"])
        return 200, {"transfer": {"number": number, "amount": dollars(row["cents"]), "balance": dollars(before + row["cents"])}}

    # Inside a transaction or under the lock

    def _cents(self, customer: str, kind: str) -> int:
        row = self.store.row("SELECT cents FROM accounts WHERE customer = ? AND kind = ?", customer, kind)
        if row is None:
            raise Refusal(404, "account_unknown")
        return row["cents"]

    def _move(self, customer: str, kind: str, cents: int):
        self.store.db.execute(
            "UPDATE accounts SET cents = cents + ? WHERE customer = ? AND kind = ?", (cents, customer, kind)
        )

    def _payee(self, customer: str, number: str):
        if number == customer:
            raise Refusal(409, "payee_is_own")
        row = self.store.row("SELECT number, name FROM customers WHERE number = ?", number)
        if row is None:
            raise Refusal(404, "payee_unknown")
        return row

    def _sent_today(self, customer: str) -> int:
        return self.store.row(
            "SELECT coalesce(sum(cents), 0) AS cents FROM transfers"
            " WHERE customer = ? AND payee != customer AND state = 'done' AND day = ?",
            customer, self.store.today.isoformat(),
        )["cents"]

    def _open_approval(self, customer: str, payee: str, cents: int, states: tuple):
        marks = ", ".join("?" for _ in states)
        return self.store.row(
            f"SELECT * FROM approvals WHERE customer = ? AND payee = ? AND cents = ? AND state IN ({marks})"
            " AND asked_at > ? ORDER BY number DESC",
            customer, payee, cents, *states, self.store.clock() - APPROVAL_SECONDS,
        )
