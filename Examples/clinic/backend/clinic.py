#!/usr/bin/env python3
"""The clinic's back end: a JSON service over HTTP with its own SQLite file. Standard library only.

    python3 clinic.py --database FILE --port N [--seed] [--today YYYY-MM-DD] [--faults]

Prints one line of JSON when it is ready to answer. SIGTERM and SIGINT end it after the transaction under way.
"""

import pathlib
import sys

sys.path.insert(1, str(pathlib.Path(__file__).resolve().parents[2]))

from backend.routes import Routes, text, whole
from backend.server import command_line, serve

import seed
from appointments import Clinic
from store import Store


class ClinicRoutes(Routes):
    name = "clinic"

    def __init__(self, store: Store):
        super().__init__(store)
        self.clinic = clinic = Clinic(store)
        session = r"/sessions/(\w+)"
        self.reads |= {
            ("GET", r"/hours"): lambda m, b, q: (200, clinic.hours(q.get("day"))),
            ("GET", r"/times"): lambda m, b, q: (
                200, clinic.find_time(text(q, "day", r".{1,10}"), text(q, "part", r".{1,10}"), self._after(q))
            ),
            ("GET", session + r"/appointments"): lambda m, b, q: (200, clinic.next_appointment(m[1], self._after(q))),
            ("POST", r"/sessions"): lambda m, b, q: clinic.open_session(
                text(b, "patient_number", r".{1,6}"),
                text(b, "date_of_birth", r".{1,10}", required=False),
                text(b, "birth_digits", r".{1,8}", required=False),
            ),
            ("PUT", r"/alerts"): lambda m, b, q: clinic.raise_alert(
                text(b, "patient_number", r".{1,6}", required=False), text(b, "reason", r".{1,200}")
            ),
        }
        self.changes |= {
            ("POST", session + r"/appointments"): self._book,
            ("POST", session + r"/appointments/(\d+)/move"): self._move,
            ("POST", session + r"/appointments/(\d+)/cancel"): lambda m, b: lambda key: clinic.cancel(key, m[1], int(m[2])),
            ("POST", session + r"/intakes"): self._intake,
            ("POST", r"/messages"): self._message,
        }

    def _after(self, query: dict) -> int | None:
        return whole(query["after"], "after") if "after" in query else None

    def _book(self, match, body):
        number, kind = whole(body.get("time"), "time"), text(body, "kind", "checkup|vaccination|problem")
        return lambda key: self.clinic.book(key, match[1], number, kind)

    def _move(self, match, body):
        number = whole(body.get("time"), "time")
        return lambda key: self.clinic.move(key, match[1], int(match[2]), number)

    def _intake(self, match, body):
        intake = {name: text(body, name, r".{1,1000}") for name in ("symptom", "since", "medicines")}
        intake |= {"severity": whole(body.get("severity"), "severity", 0, 10), "consent": body.get("consent")}
        return lambda key: self.clinic.save_intake(key, match[1], intake)

    def _message(self, match, body):
        callback, summary = text(body, "callback", r".{1,15}"), text(body, "summary", r".{1,500}")
        return lambda key: self.clinic.write_message(key, callback, summary)


def main():
    parser = command_line("clinic", "patients and times")
    parser.add_argument("--verbose", action="store_true", help="log each request to standard error")
    options = parser.parse_args()
    store = Store(options.database, options.today)
    if options.seed:
        seed.fill(store)
    serve(ClinicRoutes(store), options, options.verbose)


if __name__ == "__main__":
    main()
