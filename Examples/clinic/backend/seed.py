"""Patients, two doctors' times for ten weeks, some of them taken. Days count from the day given, so the data never grows old."""

import datetime

from appointments import HOURS
from store import Store

DOCTORS = ("Lee", "Okafor")
PATIENTS = [
    ("204816", "Ada Winter", "1980-05-03"),
    ("317259", "Ben Archer", "1954-11-21"),
    ("428360", "Carla Stone", "2001-02-09"),
    ("539471", "Dev Patel", "1990-07-30"),
    ("640582", "Ella Moore", "1967-12-12"),
    ("751693", "Finn Gray", "2015-08-04"),
    ("900001", "Walk In", "1900-01-01"),
]
STEP = datetime.timedelta(minutes=30)


def times(day: datetime.date):
    opens, closes = (datetime.datetime.combine(day, datetime.time.fromisoformat(hour)) for hour in HOURS[day.weekday()])
    while opens < closes:
        yield opens.strftime("%H:%M")
        opens += STEP


def fill(store: Store):
    """Inserts what is not there yet; existing rows keep what happened to them."""
    today = store.today
    days = [today + datetime.timedelta(days=count) for count in range(71)]
    holiday = store.row("SELECT day FROM closed_days")
    closed = datetime.date.fromisoformat(holiday["day"]) if holiday else next(day for day in days[9:] if day.weekday() == 2)
    open_days = [day for day in days if day.weekday() in HOURS and day != closed]
    with store.transaction() as db:
        db.executemany("INSERT OR IGNORE INTO patients (number, name, date_of_birth) VALUES (?, ?, ?)", PATIENTS)
        db.execute("INSERT OR IGNORE INTO closed_days VALUES (?)", (closed.isoformat(),))
        rows = [(day.isoformat(), time, doctor) for day in open_days for time in times(day) for doctor in DOCTORS]
        db.executemany("INSERT OR IGNORE INTO times (day, time, doctor) VALUES (?, ?, ?)", rows)
        if db.execute("SELECT 1 FROM appointments LIMIT 1").fetchone() is None:
            weekdays = [day for day in open_days if day > today and day.weekday() < 5]
            # Every third time is somebody else's, and so is the whole morning of the fourth working day.
            for number, (day, time, doctor) in enumerate(rows):
                if day > today.isoformat() and (number % 3 == 0 or day == weekdays[3].isoformat() and time < "12:00"):
                    book(db, "900001", day, time, doctor, "checkup")
            book(db, "204816", weekdays[2].isoformat(), None, None, "checkup")
            book(db, "317259", weekdays[1].isoformat(), None, None, "vaccination")
            book(db, "317259", weekdays[6].isoformat(), None, None, "checkup")
            if today.isoformat() in {day for day, _, _ in rows}:
                book(db, "539471", today.isoformat(), None, None, "problem")


def book(db, patient: str, day: str, time: str | None, doctor: str | None, kind: str):
    """A named time, or the last free one of a day."""
    found = db.execute(
        "SELECT number FROM times WHERE day = ? AND (? IS NULL OR time = ?) AND (? IS NULL OR doctor = ?)"
        " AND number NOT IN (SELECT time FROM appointments) ORDER BY time DESC, doctor LIMIT 1",
        (day, time, time, doctor, doctor),
    ).fetchone()
    db.execute("INSERT INTO appointments (patient, time, kind) VALUES (?, ?, ?)", (patient, found["number"], kind))
