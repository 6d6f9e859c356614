"""Who calls, which times are free, and what happens to appointments."""

import datetime
import secrets
import sqlite3
import time

from backend.database import Refusal, now

from store import Store

SESSION_LASTS = 30 * 60
MOST_MISSES = 3
LOCKED_FOR = 15 * 60
ALERT_STANDS_FOR = 10 * 60
FARTHEST = datetime.timedelta(days=60)
# Monday is 0. Opening and closing; nobody is there on Sunday.
HOURS = {**{day: ("08:00", "18:00") for day in range(5)}, 5: ("09:00", "12:00")}


class Clinic:
    def __init__(self, store: Store):
        self.store = store

    # Who calls

    def open_session(self, number: str, date_of_birth: str | None, digits: str | None) -> tuple[int, dict]:
        """A session for a patient whose number and date of birth belong together. Three misses close the door for a while."""
        with self.store.lock:
            patient = self.store.row("SELECT * FROM patients WHERE number = ?", number)
            if patient is None:
                raise Refusal(403, "not_recognized")
            if patient["misses"] >= MOST_MISSES and time.time() < patient["last_miss"] + LOCKED_FOR:
                raise Refusal(423, "locked")
            if digits and len(digits) == 8:
                date_of_birth = f"{digits[4:]}-{digits[:2]}-{digits[2:4]}"
            if not secrets.compare_digest(patient["date_of_birth"], date_of_birth or ""):
                self.store.db.execute(
                    "UPDATE patients SET misses = CASE WHEN last_miss < ? THEN 1 ELSE misses + 1 END, last_miss = ? WHERE number = ?",
                    (time.time() - LOCKED_FOR, time.time(), number),
                )
                raise Refusal(403, "not_recognized")
            self.store.db.execute("UPDATE patients SET misses = 0 WHERE number = ?", (number,))
            session = f"{secrets.randbelow(10**16):016d}"
            self.store.db.execute("INSERT INTO sessions VALUES (?, ?, ?)", (session, number, time.time()))
        return 201, {"session": {"number": session, "level": 1, "patient": number}}

    def patient(self, session: str) -> str:
        row = self.store.row("SELECT * FROM sessions WHERE number = ?", session)
        if row is None or time.time() > row["opened_at"] + SESSION_LASTS:
            raise Refusal(403, "session_unknown")
        return row["patient"]

    # Reading

    def hours(self, day: str | None) -> dict:
        wanted = self._day(day or self.store.today.isoformat())
        hours = self._hours(wanted)
        answer = {"day": wanted.isoformat(), "open": hours is not None}
        return {"hours": answer | ({"opens": hours[0], "closes": hours[1]} if hours else {})}

    def find_time(self, day: str, part: str, after: int | None) -> dict:
        """The first free time from a day on, in a part of the day; behind a time already offered, when one is given."""
        tomorrow = self.store.today + datetime.timedelta(days=1)
        wanted = tomorrow if day == "earliest" else self._day(day)
        if wanted < self.store.today:
            raise Refusal(422, "day_in_past")
        if wanted == self.store.today:
            raise Refusal(422, "same_day")
        if wanted > self.store.today + FARTHEST:
            raise Refusal(422, "day_too_far")
        first, last = self._part(part)
        before = self._time(after) if after is not None else None
        found = self.store.row(
            "SELECT * FROM times WHERE day >= ? AND time >= ? AND time < ?"
            " AND number NOT IN (SELECT time FROM appointments WHERE state = 'booked')"
            " AND (day || time > ?) ORDER BY day, time, doctor",
            wanted.isoformat(), first, last, before["day"] + before["time"] if before else "",
        )
        if found is None:
            raise Refusal(404, "no_free_time")
        return {"time": {**dict(found), "on_wanted_day": day == "earliest" or found["day"] == wanted.isoformat()}}

    def next_appointment(self, session: str, after: int | None) -> dict:
        """The patient's next appointment, or the one behind an appointment already read."""
        with self.store.lock:
            patient = self.patient(session)
            before = self._appointment(patient, after) if after is not None else None
            found = self.store.row(
                "SELECT appointments.number FROM appointments JOIN times ON times.number = appointments.time"
                " WHERE patient = ? AND state = 'booked' AND day >= ? AND (day || times.time > ?) ORDER BY day, times.time",
                patient, self.store.today.isoformat(), before["day"] + before["time"] if before else "",
            )
            if found is None:
                raise Refusal(404, "no_appointment")
            return {"appointment": self._appointment(patient, found["number"])}

    # Changing; inside a transaction

    def book(self, key: str, session: str, time_number: int, kind: str) -> tuple[int, dict]:
        patient = self.patient(session)
        when = self._open_time(patient, time_number)
        try:
            number = self.store.db.execute(
                "INSERT INTO appointments (patient, time, kind) VALUES (?, ?, ?)", (patient, time_number, kind)
            ).lastrowid
        except sqlite3.IntegrityError:
            raise Refusal(409, "time_taken") from None
        self.store.log(key, "appointment_booked", patient, number, None, when)
        return 201, {"appointment": self._appointment(patient, number)}

    def move(self, key: str, session: str, number: int, time_number: int) -> tuple[int, dict]:
        patient = self.patient(session)
        before = self._changeable(patient, number)
        when = self._open_time(patient, time_number)
        try:
            self.store.db.execute("UPDATE appointments SET time = ? WHERE number = ?", (time_number, number))
        except sqlite3.IntegrityError:
            raise Refusal(409, "time_taken") from None
        self.store.log(key, "appointment_moved", patient, number, before, when)
        return 200, {"appointment": self._appointment(patient, number)}

    def cancel(self, key: str, session: str, number: int) -> tuple[int, dict]:
        patient = self.patient(session)
        before = self._changeable(patient, number)
        self.store.db.execute("UPDATE appointments SET state = 'cancelled' WHERE number = ?", (number,))
        self.store.log(key, "appointment_cancelled", patient, number, before, "cancelled")
        return 200, {"appointment": {"number": number, "state": "cancelled"}}

    def save_intake(self, key: str, session: str, intake: dict) -> tuple[int, dict]:
        patient = self.patient(session)
        if intake["consent"] is not True:
            raise Refusal(403, "consent_missing")
        number = self.store.db.execute(
            "INSERT INTO intakes (patient, symptom, since, severity, medicines, consented, recorded_at) VALUES (?, ?, ?, ?, ?, 1, ?)",
            (patient, intake["symptom"], intake["since"], intake["severity"], intake["medicines"], now()),
        ).lastrowid
        self.store.log(key, "intake_saved", patient, number, None, "saved")
        return 201, {"intake": {"number": number}}

    def raise_alert(self, patient: str | None, reason: str) -> tuple[int, dict]:
        """The same alert again, within ten minutes, is the one that is there: it may be repeated without care."""
        with self.store.transaction() as db:
            found = self.store.row(
                "SELECT number FROM alerts WHERE patient IS ? AND reason = ? AND raised_at > ?",
                patient, reason, now(-ALERT_STANDS_FOR),
            )
            if found:
                return 200, {"alert": {"number": found["number"]}}
            number = db.execute(
                "INSERT INTO alerts (patient, reason, raised_at) VALUES (?, ?, ?)", (patient, reason, now())
            ).lastrowid
            self.store.log("", "alert_raised", patient, number, None, "raised")
        return 201, {"alert": {"number": number}}

    def write_message(self, key: str, callback: str, summary: str) -> tuple[int, dict]:
        number = self.store.db.execute(
            "INSERT INTO messages (callback, summary, written_at) VALUES (?, ?, ?)", (callback, summary, now())
        ).lastrowid
        self.store.log(key, "message_written", None, number, None, "written")
        return 201, {"message": {"number": number}}

    # Inside a transaction or under the lock

    def _day(self, text: str) -> datetime.date:
        try:
            return datetime.date.fromisoformat(text)
        except ValueError:
            raise Refusal(422, "day_invalid") from None

    def _hours(self, day: datetime.date) -> tuple[str, str] | None:
        closed = self.store.row("SELECT 1 FROM closed_days WHERE day = ?", day.isoformat())
        return None if closed else HOURS.get(day.weekday())

    def _part(self, part: str) -> tuple[str, str]:
        if part.startswith("h") and part[1:].isdigit():
            return f"{part[1:]}:00", "24:00"
        parts = {"morning": ("00:00", "12:00"), "afternoon": ("12:00", "24:00"), "anytime": ("00:00", "24:00")}
        if part not in parts:
            raise Refusal(422, "field_invalid", field="part")
        return parts[part]

    def _time(self, number: int) -> sqlite3.Row:
        found = self.store.row("SELECT * FROM times WHERE number = ?", number)
        if found is None:
            raise Refusal(404, "time_unknown")
        return found

    def _open_time(self, patient: str, number: int) -> str:
        """A time that may be booked: still to come, and the patient is nowhere else then."""
        found = self._time(number)
        if found["day"] <= self.store.today.isoformat():
            raise Refusal(422, "day_in_past")
        busy = self.store.row(
            "SELECT 1 FROM appointments JOIN times ON times.number = appointments.time"
            " WHERE patient = ? AND state = 'booked' AND day = ? AND times.time = ?",
            patient, found["day"], found["time"],
        )
        if busy:
            raise Refusal(409, "patient_busy")
        return f"{found['day']} {found['time']} {found['doctor']}"

    def _appointment(self, patient: str, number: int) -> dict:
        found = self.store.row(
            "SELECT appointments.number, kind, state, day, times.time, doctor FROM appointments"
            " JOIN times ON times.number = appointments.time WHERE appointments.number = ? AND patient = ?",
            number, patient,
        )
        if found is None:
            raise Refusal(404, "appointment_unknown")
        return dict(found)

    def _changeable(self, patient: str, number: int) -> str:
        found = self._appointment(patient, number)
        if found["state"] == "cancelled":
            raise Refusal(409, "already_cancelled")
        if found["day"] <= self.store.today.isoformat():
            raise Refusal(409, "too_late")
        return f"{found['day']} {found['time']} {found['doctor']}"
