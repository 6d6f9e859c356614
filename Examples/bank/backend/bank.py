#!/usr/bin/env python3
"""The bank's back end: a JSON service over HTTP with its own SQLite file. Standard library only.

    python3 bank.py --database FILE --port N [--seed] [--today YYYY-MM-DD] [--faults]
                    [--one-time-code CODE] [--approvals ask|grant|refuse] [--approval-wait SECONDS]

Prints one line of JSON when it is ready to answer. SIGTERM and SIGINT end it after the transaction under way.
"""

import decimal
import hmac
import os
import pathlib
import sys

sys.path.insert(1, str(pathlib.Path(__file__).resolve().parents[2]))

from backend.database import Refusal
from backend.routes import Routes, match, text, whole
from backend.server import command_line, serve

import seed
from accounts import Accounts
from cards import Cards
from identity import Identity
from store import Store, cents

REASONS = {"not_made", "wrong_amount", "not_received"}


class BankRoutes(Routes):
    """A third table, `supervisor`, is read like `reads`, by who shows the supervisor's token."""

    name = "bank"
    parse_float = decimal.Decimal

    def __init__(self, identity: Identity, accounts: Accounts, cards: Cards, supervisor_token: str | None):
        super().__init__(identity.store)
        self.accounts, self.cards, self.supervisor_token = accounts, cards, supervisor_token
        session = r"/sessions/(\d{16})"
        self.reads |= {
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
        self.changes |= {
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

    def answer(self, method, path, query, raw, body, headers):
        if found := match(self.supervisor, method, path):
            self._must_be_supervisor(headers)
            route, groups = found
            return *route(groups, body, query), False
        return super().answer(method, path, query, raw, body, headers)

    def _must_be_supervisor(self, headers):
        token, given = self.supervisor_token, headers.get("Authorization", "")
        if not token or not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
            raise Refusal(401, "not_supervisor")

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


def main():
    parser = command_line("bank", "customers")
    parser.add_argument("--one-time-code", help="every one-time code is this one, for demonstrations")
    parser.add_argument("--approvals", choices=["ask", "grant", "refuse"], default="ask", help="who decides: a supervisor, or at once")
    parser.add_argument("--approval-wait", type=float, default=25, help="seconds a supervisor may take")
    options = parser.parse_args()
    store = Store(options.database, options.today)
    if options.seed:
        store.seed(seed.customers(store.today))
    identity = Identity(store, options.one_time_code)
    accounts = Accounts(store, identity, options.approvals, options.approval_wait)
    routes = BankRoutes(identity, accounts, Cards(store, identity), os.environ.get("BANK_SUPERVISOR_TOKEN"))
    serve(routes, options)  # not verbose: paths hold session numbers


if __name__ == "__main__":
    main()
