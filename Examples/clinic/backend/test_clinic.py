"""Run: python3 -m unittest discover -s Examples/clinic/backend"""

import concurrent.futures
import http.client
import pathlib
import sqlite3
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(1, str(HERE.parents[1]))

from backend.trial import BackEndTest

TODAY = "2030-05-14"  # a Tuesday
ADA, ADA_BORN = "204816", "1980-05-03"
BEN, BEN_BORN = "317259", "1954-11-21"
CARLA, CARLA_BORN = "428360", "2001-02-09"
DEV, DEV_BORN = "539471", "1990-07-30"
INTAKE = {"symptom": "a stomach ache", "since": "three days", "severity": 5, "medicines": "none", "consent": True}


class ClinicTest(BackEndTest):
    program = HERE / "clinic.py"

    def session(self, number=ADA, born=ADA_BORN) -> str:
        status, body = self.call("POST", "/sessions", {"patient_number": number, "date_of_birth": born})
        self.assertEqual(201, status)
        return body["session"]["number"]

    def time(self, day="earliest", part="anytime", after=None):
        query = f"/times?day={day}&part={part}" + (f"&after={after}" if after else "")
        status, body = self.call("GET", query)
        self.assertEqual(200, status, body)
        return body["time"]

    def book(self, session, time, key=None):
        return self.call("POST", f"/sessions/{session}/appointments", {"time": time, "kind": "checkup"}, key=key)

    # Who calls

    def test_number_and_date_of_birth_open_a_session_in_both_forms(self):
        for form in ({"date_of_birth": ADA_BORN}, {"date_of_birth": "keys", "birth_digits": "05031980"}):
            status, body = self.call("POST", "/sessions", {"patient_number": ADA, **form})
            self.assertEqual((201, 1), (status, body["session"]["level"]))
            self.assertRegex(body["session"]["number"], r"^\d{16}$")
            self.assertEqual(ADA, body["session"]["patient"])

    def test_what_does_not_belong_together_is_refused_alike(self):
        for body in (
            {"patient_number": ADA, "date_of_birth": BEN_BORN},
            {"patient_number": "999999", "date_of_birth": ADA_BORN},
            {"patient_number": ADA},
        ):
            self.assertEqual((403, "not_recognized"), self.code(self.call("POST", "/sessions", body)))

    def test_three_misses_lock_the_number_even_for_the_right_date(self):
        for _ in range(3):
            self.call("POST", "/sessions", {"patient_number": ADA, "date_of_birth": BEN_BORN})
        answer = self.call("POST", "/sessions", {"patient_number": ADA, "date_of_birth": ADA_BORN})
        self.assertEqual((423, "locked"), self.code(answer))
        self.session(BEN, BEN_BORN)

    def test_a_right_date_forgets_the_misses(self):
        for _ in range(2):
            for _ in range(2):
                self.call("POST", "/sessions", {"patient_number": ADA, "date_of_birth": BEN_BORN})
            self.session()

    def test_nothing_is_read_or_changed_without_a_session(self):
        number = self.time()["number"]
        for answer in (
            self.call("GET", "/sessions/0000000000000000/appointments"),
            self.book("0000000000000000", number),
            self.call("POST", "/sessions/0000000000000000/intakes", INTAKE),
        ):
            self.assertEqual((403, "session_unknown"), self.code(answer))
        self.assertEqual([], self.rows("SELECT * FROM audit"))

    def test_another_patients_appointment_is_unknown(self):
        _, body = self.call("GET", f"/sessions/{self.session()}/appointments")
        other = self.session(BEN, BEN_BORN)
        answer = self.call("POST", f"/sessions/{other}/appointments/{body['appointment']['number']}/cancel", {})
        self.assertEqual((404, "appointment_unknown"), self.code(answer))

    # Times

    def test_the_first_free_time_is_tomorrow_or_later_and_free(self):
        time = self.time()
        self.assertGreater(time["day"], TODAY)
        self.assertEqual(
            [], self.rows("SELECT 1 FROM appointments WHERE time = ? AND state = 'booked'", time["number"])
        )

    def test_parts_of_the_day_and_hours_are_kept(self):
        self.assertLess(self.time("2030-05-20", "morning")["time"], "12:00")
        self.assertGreaterEqual(self.time("2030-05-20", "afternoon")["time"], "12:00")
        self.assertGreaterEqual(self.time("2030-05-20", "h10")["time"], "10:00")
        self.assertEqual((422, "field_invalid"), self.code(self.call("GET", "/times?day=earliest&part=never")))

    def test_times_behind_one_another_grow_until_none_is_left(self):
        seen, time = [], self.time("2030-05-20", "morning")
        for _ in range(20):
            seen.append((time["day"], time["time"]))
            time = self.time("2030-05-20", "morning", time["number"])
        self.assertEqual(sorted(set(seen)), seen)
        last = self.rows("SELECT number FROM times ORDER BY day DESC, time DESC LIMIT 1")[0][0]
        answer = self.call("GET", f"/times?day=earliest&part=anytime&after={last}")
        self.assertEqual((404, "no_free_time"), self.code(answer))

    def test_a_closed_day_gives_the_next_open_one_and_says_so(self):
        time = self.time("2030-05-19")
        self.assertEqual(("2030-05-20", False), (time["day"], time["on_wanted_day"]))
        self.assertTrue(self.time("2030-05-20")["on_wanted_day"])

    def test_days_that_cannot_be_are_coded(self):
        table = [("2030-05-13", "day_in_past"), (TODAY, "same_day"), ("2030-08-01", "day_too_far"), ("2030-02-30", "day_invalid")]
        for day, code in table:
            with self.subTest(day=day):
                self.assertEqual((422, code), self.code(self.call("GET", f"/times?day={day}&part=anytime")))

    def test_opening_hours_of_days(self):
        table = [
            ("", {"day": TODAY, "open": True, "opens": "08:00", "closes": "18:00"}),
            ("?day=2030-05-18", {"day": "2030-05-18", "open": True, "opens": "09:00", "closes": "12:00"}),
            ("?day=2030-05-19", {"day": "2030-05-19", "open": False}),
        ]
        for query, hours in table:
            self.assertEqual((200, {"hours": hours}), self.call("GET", "/hours" + query))
        closed = self.rows("SELECT day FROM closed_days")[0][0]
        self.assertFalse(self.call("GET", f"/hours?day={closed}")[1]["hours"]["open"])
        self.assertEqual([], self.rows("SELECT * FROM times WHERE day = ?", closed))

    # Booking

    def test_a_booking_is_there_and_audited(self):
        session, time = self.session(CARLA, CARLA_BORN), self.time()
        status, body = self.book(session, time["number"], key="k")
        self.assertEqual((201, time["day"], time["time"]), (status, body["appointment"]["day"], body["appointment"]["time"]))
        self.assertEqual(body["appointment"], self.call("GET", f"/sessions/{session}/appointments")[1]["appointment"])
        self.assertEqual([("k", "appointment_booked", CARLA)], self.rows("SELECT key, what, patient FROM audit"))

    def test_of_many_who_want_one_time_one_gets_it(self):
        sessions = [self.session(ADA, ADA_BORN), self.session(BEN, BEN_BORN), self.session(CARLA, CARLA_BORN)]
        number = self.time()["number"]
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            work = [pool.submit(self.book, session, number, f"{session}-{turn}") for turn in range(2) for session in sessions]
            statuses = [future.result()[0] for future in work]
        self.assertEqual(1, statuses.count(201))
        self.assertEqual([(1,)], self.rows("SELECT count(*) FROM appointments WHERE time = ? AND state = 'booked'", number))
        self.assertEqual([(1,)], self.rows("SELECT count(*) FROM audit"))

    def test_the_database_itself_refuses_a_second_booking_of_a_time(self):
        taken = self.rows("SELECT time FROM appointments WHERE state = 'booked' LIMIT 1")[0][0]
        self.stop()
        with sqlite3.connect(self.database) as database, self.assertRaises(sqlite3.IntegrityError):
            database.execute("INSERT INTO appointments (patient, time, kind) VALUES (?, ?, 'checkup')", (ADA, taken))
        self.start()

    def test_a_taken_time_is_refused_and_free_again_when_cancelled(self):
        ada, ben = self.session(), self.session(BEN, BEN_BORN)
        time = self.time()["number"]
        number = self.book(ada, time)[1]["appointment"]["number"]
        self.assertEqual((409, "time_taken"), self.code(self.book(ben, time)))
        self.call("POST", f"/sessions/{ada}/appointments/{number}/cancel", {})
        self.assertEqual(201, self.book(ben, time)[0])

    def test_a_patient_is_not_in_two_places_at_once(self):
        session = self.session(CARLA, CARLA_BORN)
        time = self.time("2030-05-20")
        twins = self.rows("SELECT number FROM times WHERE day = ? AND time = ?", time["day"], time["time"])
        self.book(session, time["number"])
        for (number,) in twins:
            self.assertEqual((409, "patient_busy"), self.code(self.book(session, number)))

    def test_nobody_is_booked_into_the_past_or_nowhere(self):
        session = self.session()
        today = self.rows("SELECT number FROM times WHERE day = ? LIMIT 1", TODAY)[0][0]
        self.assertEqual((422, "day_in_past"), self.code(self.book(session, today)))
        self.assertEqual((404, "time_unknown"), self.code(self.book(session, 999999)))

    # Moving and cancelling

    def test_an_appointment_is_moved_and_its_time_is_free_again(self):
        session = self.session()
        before = self.call("GET", f"/sessions/{session}/appointments")[1]["appointment"]
        time = self.time("2030-06-03")
        status, body = self.call("POST", f"/sessions/{session}/appointments/{before['number']}/move", {"time": time["number"]}, key="k")
        self.assertEqual((200, time["day"]), (status, body["appointment"]["day"]))
        self.assertEqual(
            [("appointment_moved", f"{before['day']} {before['time']} {before['doctor']}")],
            self.rows("SELECT what, before FROM audit WHERE key = 'k'"),
        )
        freed = self.rows(
            "SELECT times.number FROM times WHERE day = ? AND time = ? AND doctor = ?",
            before["day"], before["time"], before["doctor"],
        )[0][0]
        self.assertEqual(201, self.book(self.session(CARLA, CARLA_BORN), freed)[0])

    def test_a_move_to_a_taken_time_leaves_everything_as_it_was(self):
        session = self.session()
        before = self.call("GET", f"/sessions/{session}/appointments")[1]["appointment"]
        taken = self.rows(
            "SELECT appointments.time FROM appointments JOIN times ON times.number = appointments.time"
            " WHERE patient = '900001' AND day > ? LIMIT 1", before["day"],
        )[0][0]
        answer = self.call("POST", f"/sessions/{session}/appointments/{before['number']}/move", {"time": taken})
        self.assertEqual((409, "time_taken"), self.code(answer))
        self.assertEqual(before, self.call("GET", f"/sessions/{session}/appointments")[1]["appointment"])
        self.assertEqual([], self.rows("SELECT * FROM audit"))

    def test_a_patients_appointments_come_one_behind_the_other(self):
        session = self.session(BEN, BEN_BORN)
        first = self.call("GET", f"/sessions/{session}/appointments")[1]["appointment"]
        second = self.call("GET", f"/sessions/{session}/appointments?after={first['number']}")[1]["appointment"]
        self.assertLess(first["day"], second["day"])
        last = self.call("GET", f"/sessions/{session}/appointments?after={second['number']}")
        self.assertEqual((404, "no_appointment"), self.code(last))

    def test_todays_appointment_is_not_changed_any_more(self):
        session = self.session(DEV, DEV_BORN)
        number = self.call("GET", f"/sessions/{session}/appointments")[1]["appointment"]["number"]
        for change, body in (("cancel", {}), ("move", {"time": self.time()["number"]})):
            answer = self.call("POST", f"/sessions/{session}/appointments/{number}/{change}", body)
            self.assertEqual((409, "too_late"), self.code(answer))

    def test_what_is_cancelled_is_gone_and_not_cancelled_twice(self):
        session = self.session()
        number = self.call("GET", f"/sessions/{session}/appointments")[1]["appointment"]["number"]
        path = f"/sessions/{session}/appointments/{number}/cancel"
        self.assertEqual(200, self.call("POST", path, {})[0])
        self.assertEqual((409, "already_cancelled"), self.code(self.call("POST", path, {})))
        self.assertEqual((404, "no_appointment"), self.code(self.call("GET", f"/sessions/{session}/appointments")))

    # Health

    def test_answers_are_kept_with_consent_only_and_never_audited(self):
        session = self.session(CARLA, CARLA_BORN)
        path = f"/sessions/{session}/intakes"
        for consent in (False, None, "true", 1):
            answer = self.call("POST", path, {**INTAKE, "consent": consent})
            self.assertEqual((403, "consent_missing"), self.code(answer))
        self.assertEqual([], self.rows("SELECT * FROM intakes"))
        self.assertEqual((201, 6001), (lambda s, b: (s, b["intake"]["number"]))(*self.call("POST", path, INTAKE)))
        self.assertEqual([("a stomach ache", 5)], self.rows("SELECT symptom, severity FROM intakes"))
        self.assertNotIn("stomach", str(self.rows("SELECT * FROM audit")))

    def test_a_strength_out_of_bounds_is_refused(self):
        path = f"/sessions/{self.session()}/intakes"
        for severity in (-1, 11, 4.5, "much", None, True):
            answer = self.call("POST", path, {**INTAKE, "severity": severity})
            self.assertEqual((422, "field_invalid"), self.code(answer))

    def test_an_alert_raised_again_is_one_alert(self):
        alert = {"reason": "possible emergency", "patient_number": ADA}
        self.assertEqual((201, {"alert": {"number": 8001}}), self.call("PUT", "/alerts", alert))
        self.assertEqual((200, {"alert": {"number": 8001}}), self.call("PUT", "/alerts", alert))
        self.assertEqual(201, self.call("PUT", "/alerts", {"reason": "possible emergency"})[0])
        self.assertEqual([("alert_raised", ADA), ("alert_raised", None)], self.rows("SELECT what, patient FROM audit"))

    # Requests

    def test_a_repeated_key_answers_the_stored_response_and_books_once(self):
        session, time = self.session(), self.time()["number"]
        answers = [self.book(session, time, key="k") for _ in range(3)]
        self.assertEqual([answers[0]] * 3, answers)
        self.assertEqual([(1,)], self.rows("SELECT count(*) FROM audit"))

    def test_the_same_key_with_another_body_is_422(self):
        session, time = self.session(), self.time()
        self.book(session, time["number"], key="k")
        other = self.book(session, self.time(after=time["number"])["number"], key="k")
        self.assertEqual((422, "idempotency_key_reused"), self.code(other))

    def test_a_change_without_a_key_is_refused(self):
        answer = self.call("POST", "/messages", {"callback": "5551234567", "summary": "please call"}, key=" ")
        self.assertEqual((400, "idempotency_key_required"), self.code(answer))

    def test_a_refusal_is_stored_as_an_outcome(self):
        session = self.session()
        self.book(session, 999999, key="k")
        status, body = self.call("GET", "/requests/k")
        self.assertEqual((200, 404, "time_unknown"), (status, body["status"], body["response"]["error"]["code"]))

    def test_dropped_after_commit_the_probe_tells_the_outcome(self):
        session, time = self.session(), self.time()["number"]
        self.call("POST", "/faults", {"drop_after_commit": True, "times": 1, "path": "/appointments"})
        with self.assertRaises(http.client.RemoteDisconnected):
            self.book(session, time, key="lost")
        self.assertEqual(201, self.call("GET", "/requests/lost")[1]["status"])
        self.assertEqual(201, self.book(session, time, key="lost")[0])
        self.assertEqual([(1,)], self.rows("SELECT count(*) FROM audit"))

    def test_dropped_before_commit_the_probe_knows_nothing(self):
        session, time = self.session(), self.time()["number"]
        with self.assertRaises(http.client.RemoteDisconnected):
            self.call("POST", f"/sessions/{session}/appointments", {"time": time, "kind": "checkup"}, key="lost",
                      **{"X-Fault": '{"drop_before_commit": true}'})
        self.assertEqual((404, "request_unknown"), self.code(self.call("GET", "/requests/lost")))
        self.assertEqual([], self.rows("SELECT * FROM audit"))

    def test_a_fault_may_answer_an_error(self):
        self.call("POST", "/faults", {"status": 503, "method": "GET"})
        self.assertEqual((503, "fault"), self.code(self.call("GET", "/hours")))
        self.call("POST", "/faults", {})
        self.assertEqual(200, self.call("GET", "/hours")[0])

    def test_bad_requests_are_coded(self):
        self.assertEqual((400, "body_not_object"), self.code(self.call("POST", "/messages", [1])))
        self.assertEqual((422, "field_invalid"), self.code(self.call("POST", "/messages", {"callback": "1"})))
        self.assertEqual((422, "field_invalid"), self.code(self.call("GET", "/times")))
        self.assertEqual((404, "not_found"), self.code(self.call("GET", "/nowhere")))
        self.assertEqual((404, "not_found"), self.code(self.call("PUT", "/nowhere", {})))

    def test_sigterm_ends_cleanly_and_the_data_outlives_it(self):
        session, time = self.session(CARLA, CARLA_BORN), self.time()["number"]
        number = self.book(session, time)[1]["appointment"]["number"]
        self.assertEqual(0, self.stop())
        self.start("2030-05-15")
        found = self.rows("SELECT number FROM appointments WHERE patient = ? AND state = 'booked'", CARLA)
        self.assertEqual([(number,)], found)

    def test_the_seed_reaches_ten_weeks_ahead_whenever_it_runs(self):
        self.stop()
        self.start("2030-07-15")
        self.assertEqual("2030-09-12", self.time("2030-09-12")["day"])


class WithoutFaultsTest(ClinicTest):
    options = []

    def test_faults_cannot_be_set(self):
        self.assertEqual((404, "not_found"), self.code(self.call("POST", "/faults", {"status": 503})))
        self.assertEqual(200, self.call("GET", "/hours", **{"X-Fault": '{"status": 503}'})[0])


def load_tests(loader, standard, pattern):
    suite = loader.loadTestsFromTestCase(ClinicTest)
    suite.addTest(WithoutFaultsTest("test_faults_cannot_be_set"))
    return suite


if __name__ == "__main__":
    unittest.main()
