"""The clinic's data. That nobody is booked into a taken time is an index of the database, not a habit of this program."""

from backend.database import Database, now

SCHEMA = """
CREATE TABLE IF NOT EXISTS patients (
  number TEXT PRIMARY KEY CHECK (length(number) = 6),
  name TEXT NOT NULL,
  date_of_birth TEXT NOT NULL,
  misses INTEGER NOT NULL DEFAULT 0,
  last_miss REAL NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE IF NOT EXISTS sessions (
  number TEXT PRIMARY KEY,
  patient TEXT NOT NULL REFERENCES patients (number),
  opened_at REAL NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS closed_days (
  day TEXT PRIMARY KEY
) STRICT;
CREATE TABLE IF NOT EXISTS times (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  day TEXT NOT NULL,
  time TEXT NOT NULL,
  doctor TEXT NOT NULL,
  UNIQUE (day, time, doctor)
) STRICT;
CREATE TABLE IF NOT EXISTS appointments (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  patient TEXT NOT NULL REFERENCES patients (number),
  time INTEGER NOT NULL REFERENCES times (number),
  kind TEXT NOT NULL CHECK (kind IN ('checkup', 'vaccination', 'problem')),
  state TEXT NOT NULL DEFAULT 'booked' CHECK (state IN ('booked', 'cancelled'))
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS one_appointment_a_time ON appointments (time) WHERE state = 'booked';
CREATE TABLE IF NOT EXISTS intakes (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  patient TEXT NOT NULL REFERENCES patients (number),
  symptom TEXT NOT NULL,
  since TEXT NOT NULL,
  severity INTEGER NOT NULL CHECK (severity BETWEEN 0 AND 10),
  medicines TEXT NOT NULL,
  consented INTEGER NOT NULL CHECK (consented = 1),
  recorded_at TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS alerts (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  patient TEXT,
  reason TEXT NOT NULL,
  raised_at TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS messages (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  callback TEXT NOT NULL,
  summary TEXT NOT NULL,
  written_at TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS audit (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL,
  key TEXT NOT NULL,
  what TEXT NOT NULL,
  patient TEXT,
  subject TEXT NOT NULL,
  before TEXT,
  after TEXT NOT NULL
) STRICT;
"""


class Store(Database):
    schema = SCHEMA
    first_numbers = {"appointments": 4001, "intakes": 6001, "alerts": 8001, "messages": 9001}

    def log(self, key: str, what: str, patient: str | None, subject, before: str | None, after: str):
        """A row of the audit. What a patient said about their health never stands in it."""
        self.db.execute(
            "INSERT INTO audit (at, key, what, patient, subject, before, after) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (now(), key, what, patient, str(subject), before, after),
        )
