"""Who calls: account number and passcode make level 1, a one-time code makes level 2. The bank checks the level of
every request itself and does not take the assistant's word for it."""

import hmac
import secrets

from backend.database import Refusal

from store import Store, counted, digest

WRONG_PASSCODES = 3
WRONG_CODES = 3
CODES = 3
SESSION_SECONDS = 30 * 60
CODE_SECONDS = 5 * 60
SAME_ENTRY_SECONDS = 2


class Identity:
    def __init__(self, store: Store, fixed_code: str | None = None):
        self.store, self.fixed_code = store, fixed_code

    def open(self, number: str, passcode: str) -> tuple[int, dict]:
        """A session of level 1. Whether the number or the passcode is wrong is not said.

        The same wrong entry again within two seconds counts once: its answer may have been lost.
        """
        store, now = self.store, self.store.clock()
        with store.transaction() as db:
            row = store.row("SELECT * FROM customers WHERE number = ?", number)
            if row is None:
                digest(passcode, b"nobody")  # takes as long as for somebody
                store.audit("number_unknown", "session")
                raise counted(Refusal(401, "not_recognized"))
            if row["wrong_passcodes"] >= WRONG_PASSCODES:
                store.audit("session_refused_locked", "session", customer=number)
                raise counted(Refusal(423, "locked"))
            hashed = digest(passcode, row["salt"])
            if not hmac.compare_digest(hashed, row["passcode_hash"]):
                again = row["last_wrong_hash"] == hashed and now - row["last_wrong_at"] < SAME_ENTRY_SECONDS
                wrong = row["wrong_passcodes"] + (0 if again else 1)
                db.execute(
                    "UPDATE customers SET wrong_passcodes = ?, last_wrong_hash = ?, last_wrong_at = ? WHERE number = ?",
                    (wrong, hashed, now, number),
                )
                store.audit("passcode_wrong", "session", customer=number, after=wrong)
                locked = wrong >= WRONG_PASSCODES
                raise counted(Refusal(423, "locked") if locked else Refusal(401, "not_recognized"))
            db.execute("UPDATE customers SET wrong_passcodes = 0, last_wrong_hash = NULL WHERE number = ?", (number,))
            session = str(secrets.randbelow(9 * 10**15) + 10**15)
            db.execute(
                "INSERT INTO sessions (number, customer, level, opened_at) VALUES (?, ?, 1, ?)", (session, number, now)
            )
            store.audit("session_opened", "session", customer=number, after=1)
            return 201, {"session": {"number": session, "level": 1}}

    def find(self, session: str, level: int = 1):
        """The session's row when it is open and of that level. Under the lock or inside a transaction."""
        row = self.store.row("SELECT * FROM sessions WHERE number = ?", session)
        if row is None or self.store.clock() - row["opened_at"] > SESSION_SECONDS:
            raise Refusal(401, "session_unknown")
        if row["level"] < level:
            raise Refusal(403, "identity_too_low")
        return row

    def send_code(self, key: str, session: str) -> tuple[int, dict]:
        """Puts a text message with a one-time code into `outbox`. Inside `once`."""
        row = self.find(session)
        if row["codes_sent"] >= CODES:
            raise Refusal(429, "too_many_codes")
        store = self.store
        code = self.fixed_code or f"{secrets.randbelow(10**6):06}"
        phone = store.row("SELECT phone FROM customers WHERE number = ?", row["customer"])["phone"]
        store.db.execute(
            "UPDATE sessions SET code_hash = ?, code_until = ?, codes_sent = codes_sent + 1, wrong_codes = 0"
            " WHERE number = ?",
            (digest(code, session.encode()), store.clock() + CODE_SECONDS, session),
        )
        store.db.execute("INSERT INTO outbox (phone, text) VALUES (?, ?)", (phone, f"Your code is {code}."))
        store.audit("code_sent", "session", key, row["customer"])
        return 201, {"code": {"sent_to": phone[-2:]}}

    def check_code(self, session: str, code: str) -> tuple[int, dict]:
        """Level 2 for the right code. The right code again in the same session is right again."""
        store = self.store
        with store.transaction() as db:
            row = self.find(session)
            if row["code_hash"] is None:
                raise Refusal(409, "no_code_sent")
            if store.clock() > row["code_until"]:
                raise Refusal(410, "code_expired")
            if row["wrong_codes"] >= WRONG_CODES:
                raise Refusal(429, "too_many_attempts")
            if not hmac.compare_digest(digest(code, session.encode()), row["code_hash"]):
                wrong = row["wrong_codes"] + 1
                db.execute("UPDATE sessions SET wrong_codes = ? WHERE number = ?", (wrong, session))
                store.audit("code_wrong", "session", customer=row["customer"], after=wrong)
                raise counted(Refusal(429, "too_many_attempts") if wrong >= WRONG_CODES else Refusal(401, "wrong_code"))
            db.execute("UPDATE sessions SET level = 2 WHERE number = ?", (session,))
            store.audit("level_reached", "session", customer=row["customer"], before=row["level"], after=2)
            return 200, {"session": {"number": session, "level": 2}}
