"""Run: python3 -m unittest discover -s Examples/bank/backend"""

import concurrent.futures
import http.client
import pathlib
import sys
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(1, str(HERE.parents[1]))

from backend.trial import BackEndTest

ADA, ADAS_PASSCODE, CODE = "40117263", "482913", "246810"
CARLA, CARLAS_PASSCODE = "40339485", "619004"
MARSH = "40662718"


class BankTest(BackEndTest):
    program = HERE / "bank.py"
    options = ["--faults", "--one-time-code", CODE, "--approval-wait", "0.4"]
    environment = {"BANK_SUPERVISOR_TOKEN": "chief"}

    def session(self, number=ADA, passcode=ADAS_PASSCODE, level=1) -> str:
        status, body = self.call("POST", "/sessions", {"account_number": number, "passcode": passcode})
        self.assertEqual((201, 1), (status, body["session"]["level"]))
        session = body["session"]["number"]
        if level == 2:
            self.assertEqual(201, self.call("POST", f"/sessions/{session}/codes", {})[0])
            status, body = self.call("POST", f"/sessions/{session}/verification", {"code": CODE})
            self.assertEqual((200, 2), (status, body["session"]["level"]))
        return session

    def transfer(self, session, amount, target="savings", payee=None, key=None):
        body = {"target": target, "amount": amount, **({"payee": payee} if payee else {})}
        return self.call("POST", f"/sessions/{session}/transfers", body, key=key)

    def money(self, customer=ADA, kind="checking"):
        return self.rows("SELECT cents FROM accounts WHERE customer = ? AND kind = ?", customer, kind)[0][0]


class IdentityTest(BankTest):
    def test_number_and_passcode_open_a_session_that_reads_a_balance(self):
        session = self.session()
        status, body = self.call("GET", f"/sessions/{session}/accounts/checking")
        self.assertEqual((200, {"kind": "checking", "balance": 2350.4}), (status, body["account"]))

    def test_wrong_number_and_wrong_passcode_look_alike(self):
        for number, passcode in [(ADA, "000000"), ("99999999", ADAS_PASSCODE)]:
            answer = self.call("POST", "/sessions", {"account_number": number, "passcode": passcode})
            self.assertEqual((401, "not_recognized"), self.code(answer))

    def test_the_third_wrong_passcode_locks_and_the_right_one_does_not_open(self):
        answers = [
            self.code(self.call("POST", "/sessions", {"account_number": ADA, "passcode": passcode}))
            for passcode in ("111111", "222222", "333333", ADAS_PASSCODE)
        ]
        self.assertEqual([(401, "not_recognized")] * 2 + [(423, "locked")] * 2, answers)
        self.assertEqual([(1,)], self.rows("SELECT count(*) FROM audit WHERE what = 'session_refused_locked'"))

    def test_the_same_wrong_entry_at_once_counts_once(self):
        for _ in range(4):
            answer = self.call("POST", "/sessions", {"account_number": ADA, "passcode": "111111"})
            self.assertEqual((401, "not_recognized"), self.code(answer))
        self.assertEqual([(1,)], self.rows("SELECT wrong_passcodes FROM customers WHERE number = ?", ADA))

    def test_a_right_passcode_clears_the_count(self):
        for passcode in ("111111", "222222", ADAS_PASSCODE, "333333"):
            last = self.call("POST", "/sessions", {"account_number": ADA, "passcode": passcode})
        self.assertEqual((401, "not_recognized"), self.code(last))

    def test_no_secret_is_stored_in_clear(self):
        self.session(level=2)
        self.stop()
        data = self.database.read_bytes()
        self.assertNotIn(ADAS_PASSCODE.encode(), data)
        self.assertEqual(1, data.count(CODE.encode()), "in the text message only")
        self.start()

    def test_level_one_moves_no_money(self):
        session = self.session()
        self.assertEqual((403, "identity_too_low"), self.code(self.transfer(session, 10)))
        self.assertEqual((403, "identity_too_low"), self.code(self.call("GET", f"/sessions/{session}/payees/{MARSH}")))
        self.assertEqual(235_040, self.money())

    def test_three_wrong_codes_end_it_and_a_new_code_begins_anew(self):
        session = self.session()
        self.call("POST", f"/sessions/{session}/codes", {})
        answers = [self.code(self.call("POST", f"/sessions/{session}/verification", {"code": "000000"})) for _ in range(3)]
        self.assertEqual([(401, "wrong_code")] * 2 + [(429, "too_many_attempts")], answers)
        right = self.call("POST", f"/sessions/{session}/verification", {"code": CODE})
        self.assertEqual((429, "too_many_attempts"), self.code(right))
        self.call("POST", f"/sessions/{session}/codes", {})
        self.assertEqual(200, self.call("POST", f"/sessions/{session}/verification", {"code": CODE})[0])

    def test_codes_are_sent_thrice_at_most_and_only_when_sent_they_count(self):
        session = self.session()
        self.assertEqual(
            (409, "no_code_sent"), self.code(self.call("POST", f"/sessions/{session}/verification", {"code": CODE}))
        )
        statuses = [self.call("POST", f"/sessions/{session}/codes", {})[0] for _ in range(4)]
        self.assertEqual([201, 201, 201, 429], statuses)
        self.assertEqual([("2025550121", f"Your code is {CODE}.")] * 3, self.rows("SELECT phone, text FROM outbox"))

    def test_a_session_nobody_opened_is_refused(self):
        self.assertEqual((401, "session_unknown"), self.code(self.call("GET", "/sessions/" + "1" * 16 + "/accounts/checking")))


class MoneyTest(BankTest):
    def test_a_transfer_moves_cents_once_and_says_so(self):
        session = self.session(level=2)
        answers = [self.transfer(session, 49.99, key="k") for _ in range(3)]
        self.assertEqual((201, 2300.41), (answers[0][0], answers[0][1]["transfer"]["balance"]))
        self.assertEqual([answers[0]] * 3, answers)
        self.assertEqual((230_041, 1_204_999), (self.money(), self.money(kind="savings")))
        audit = self.rows("SELECT key, customer, before, after FROM audit WHERE what = 'transfer_made'")
        self.assertEqual([("k", ADA, "235040", "230041")], audit)

    def test_many_at_once_with_one_key_move_it_once(self):
        session = self.session(level=2)
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: self.transfer(session, 100, key="k"), range(8)))
        self.assertEqual({201}, {status for status, _ in answers})
        self.assertEqual(225_040, self.money())

    def test_many_at_once_with_their_own_keys_never_overdraw(self):
        session = self.session(level=2)
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda n: self.code(self.transfer(session, 900, key=f"k{n}")), range(8)))
        self.assertEqual(2, sum(status == 201 for status, _ in answers))
        self.assertEqual(6, answers.count((409, "insufficient_funds")))
        self.assertEqual((55_040, 1_380_000), (self.money(), self.money(kind="savings")))

    def test_amounts_that_are_none(self):
        session = self.session(level=2)
        for amount in (0, -5, 1.005, "10", None, True, 1e12):
            with self.subTest(amount=amount):
                self.assertEqual((422, "amount_invalid"), self.code(self.transfer(session, amount)))
        self.assertEqual(235_040, self.money())

    def test_money_to_another_customer(self):
        session = self.session(level=2)
        self.assertEqual("Marsh Properties", self.call("GET", f"/sessions/{session}/payees/{MARSH}")[1]["payee"]["name"])
        self.assertEqual(201, self.transfer(session, 1000, "other", MARSH)[0])
        self.assertEqual((135_040, 3_004_400), (self.money(), self.money(MARSH)))

    def test_payees_that_are_none(self):
        session = self.session(level=2)
        self.assertEqual((404, "payee_unknown"), self.code(self.transfer(session, 5, "other", "99999999")))
        self.assertEqual((409, "payee_is_own"), self.code(self.transfer(session, 5, "other", ADA)))
        self.assertEqual((422, "field_invalid"), self.code(self.transfer(session, 5, "other")))

    def test_above_the_limit_nothing_moves_without_approval(self):
        session = self.session(level=2)
        self.assertEqual((403, "approval_required"), self.code(self.transfer(session, 1000.01, "other", MARSH)))
        self.assertEqual(235_040, self.money())
        self.assertEqual(201, self.transfer(session, 1500)[0], "to the own savings no approval is needed")

    def ask(self, session, amount, payee=MARSH):
        return self.call("POST", f"/sessions/{session}/approvals", {"payee": payee, "amount": amount})

    def decide(self, granted, token="chief"):
        for _ in range(50):
            status, body = self.call("GET", "/approvals", Authorization=f"Bearer {token}")
            if status != 200 or body["approvals"]:
                break
            time.sleep(0.01)
        number = body["approvals"][0]["number"] if status == 200 else 3001
        return self.call(
            "POST", f"/approvals/{number}/decision", {"granted": granted, "by": "M. Field"},
            Authorization=f"Bearer {token}",
        )

    def test_a_granted_approval_is_good_for_one_transfer_of_that_amount(self):
        session = self.session(level=2)
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            asked = pool.submit(self.ask, session, 1200)
            self.assertEqual(200, self.decide(True)[0])
            self.assertEqual((200, "granted"), (asked.result()[0], asked.result()[1]["approval"]["state"]))
        self.assertEqual((403, "approval_required"), self.code(self.transfer(session, 1201, "other", MARSH)))
        self.assertEqual((403, "approval_required"), self.code(self.transfer(session, 1200, "other", CARLA)))
        self.assertEqual(201, self.transfer(session, 1200, "other", MARSH)[0])
        self.assertEqual((409, "insufficient_funds"), self.code(self.transfer(session, 1200, "other", MARSH)))
        self.transfer(self.session(CARLA, CARLAS_PASSCODE, 2), 900, "other", ADA)
        self.assertEqual((403, "approval_required"), self.code(self.transfer(session, 1200, "other", MARSH)))

    def test_a_refused_approval_is_a_no(self):
        session = self.session(level=2)
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            asked = pool.submit(self.ask, session, 1200)
            self.decide(False)
            self.assertEqual((409, "approval_refused"), self.code(asked.result()))
        self.assertEqual((403, "approval_required"), self.code(self.transfer(session, 1200, "other", MARSH)))
        self.assertEqual([("refused by M. Field",)], self.rows("SELECT after FROM audit WHERE what = 'approval_decided'"))

    def test_no_word_in_time_is_a_no_and_a_later_yes_changes_nothing(self):
        session = self.session(level=2)
        self.assertEqual((409, "approval_timeout"), self.code(self.ask(session, 1200)))
        late = self.call(
            "POST", "/approvals/3001/decision", {"granted": True, "by": "M. Field"}, Authorization="Bearer chief"
        )
        self.assertEqual((409, "approval_closed"), self.code(late))
        self.assertEqual((403, "approval_required"), self.code(self.transfer(session, 1200, "other", MARSH)))

    def test_only_a_supervisor_decides(self):
        session = self.session(level=2)
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            asked = pool.submit(self.ask, session, 1200)
            self.assertEqual((401, "not_supervisor"), self.code(self.decide(True, "someone")))
            self.assertEqual((409, "approval_timeout"), self.code(asked.result()))

    def test_the_day_has_a_limit(self):
        session = self.session(CARLA, CARLAS_PASSCODE, 2)
        statuses = [self.transfer(session, 1000, "other", MARSH)[0] for _ in range(5)]
        self.assertEqual([201] * 5, statuses)
        self.assertEqual((409, "daily_limit"), self.code(self.transfer(session, 0.01, "other", MARSH)))
        self.assertEqual(201, self.transfer(session, 3000)[0])

    def test_a_transfer_is_taken_back_once_by_its_owner(self):
        session = self.session(level=2)
        number = self.transfer(session, 250, "other", MARSH)[1]["transfer"]["number"]
        other = self.session(CARLA, CARLAS_PASSCODE, 2)
        path = f"/sessions/%s/transfers/{number}/reversal"
        self.assertEqual((404, "transfer_unknown"), self.code(self.call("POST", path % other, {})))
        self.assertEqual((200, 2350.4), (lambda a: (a[0], a[1]["transfer"]["balance"]))(self.call("POST", path % session, {}, key="r")))
        self.assertEqual(200, self.call("POST", path % session, {}, key="r")[0])
        self.assertEqual((409, "already_reversed"), self.code(self.call("POST", path % session, {})))
        self.assertEqual((235_040, 2_904_400), (self.money(), self.money(MARSH)))

    def test_dropped_after_commit_the_probe_tells_and_the_money_moved_once(self):
        session = self.session(level=2)
        self.call("POST", "/faults", {"drop_after_commit": True, "times": 1, "path": "/transfers"})
        with self.assertRaises(http.client.RemoteDisconnected):
            self.transfer(session, 100, key="lost")
        self.assertEqual(201, self.call("GET", "/requests/lost")[1]["status"])
        self.assertEqual(201, self.transfer(session, 100, key="lost")[0])
        self.assertEqual(225_040, self.money())

    def test_dropped_before_commit_the_probe_knows_nothing(self):
        session = self.session(level=2)
        with self.assertRaises(http.client.RemoteDisconnected):
            self.call("POST", f"/sessions/{session}/transfers", {"target": "savings", "amount": 1}, key="lost",
                      **{"X-Fault": '{"drop_before_commit": true}'})
        self.assertEqual((404, "request_unknown"), self.code(self.call("GET", "/requests/lost")))
        self.assertEqual(235_040, self.money())

    def test_the_same_key_with_another_amount_is_422(self):
        session = self.session(level=2)
        self.transfer(session, 100, key="k")
        self.assertEqual((422, "idempotency_key_reused"), self.code(self.transfer(session, 200, key="k")))
        self.assertEqual((400, "idempotency_key_required"), self.code(self.transfer(session, 200, key=" ")))


class CardsTest(BankTest):
    def test_a_card_is_blocked_once_and_replaced_once(self):
        path = f"/sessions/{self.session()}/cards/debit"
        self.assertEqual({"kind": "debit", "last_four": "4417", "state": "active"}, self.call("GET", path)[1]["card"])
        self.assertEqual((409, "card_not_blocked"), self.code(self.call("POST", path + "/replacement", {})))
        self.assertEqual((200, "blocked"), (lambda a: (a[0], a[1]["card"]["state"]))(self.call("POST", path + "/block", {})))
        self.assertEqual((409, "already_blocked"), self.code(self.call("POST", path + "/block", {})))
        self.assertEqual("2030-05-19", self.call("POST", path + "/replacement", {})[1]["replacement"]["arrives"])
        self.assertEqual((409, "replacement_under_way"), self.code(self.call("POST", path + "/replacement", {})))
        whats = self.rows("SELECT what FROM audit WHERE subject = 'debit' ORDER BY id")
        self.assertEqual([("card_blocked",), ("card_ordered",)], whats)

    def test_a_card_the_customer_has_not(self):
        session = self.session("40228374", "730255")
        self.assertEqual((404, "card_unknown"), self.code(self.call("GET", f"/sessions/{session}/cards/credit")))

    def payment(self, session, amount, before=None):
        query = f"?amount={amount}" + (f"&before={before}" if before else "")
        return self.call("GET", f"/sessions/{session}/payments{query}")

    def test_payments_are_found_by_amount_newest_first(self):
        session = self.session()
        first = self.payment(session, "4.5")[1]["payment"]
        second = self.payment(session, "4.5", first["number"])[1]["payment"]
        self.assertEqual(("2030-05-12", "2030-05-05"), (first["day"], second["day"]))
        self.assertEqual((404, "payment_unknown"), self.code(self.payment(session, "4.5", second["number"])))
        self.assertEqual((404, "payment_unknown"), self.code(self.payment(session, "4.51")))
        self.assertEqual((422, "amount_invalid"), self.code(self.payment(session, "much")))

    def test_an_amount_without_cents_finds_payments_with_cents(self):
        session = self.session()
        self.assertEqual(89.99, self.payment(session, "89")[1]["payment"]["amount"])
        self.assertEqual(4.5, self.payment(session, "4")[1]["payment"]["amount"])
        self.assertEqual((404, "payment_unknown"), self.code(self.payment(session, "90")))
        self.assertEqual((404, "payment_unknown"), self.code(self.payment(session, "89.50")))

    def test_a_payment_is_disputed_once_and_only_by_its_owner(self):
        session = self.session()
        number = self.payment(session, "89.99")[1]["payment"]["number"]
        body = {"payment": number, "reason": "not_made"}
        other = self.session(CARLA, CARLAS_PASSCODE)
        self.assertEqual((404, "payment_unknown"), self.code(self.call("POST", f"/sessions/{other}/disputes", body)))
        self.assertEqual("8001", self.call("POST", f"/sessions/{session}/disputes", body)[1]["dispute"]["number"])
        self.assertEqual((409, "already_disputed"), self.code(self.call("POST", f"/sessions/{session}/disputes", body)))

    def test_old_payments_and_odd_reasons_are_refused(self):
        session = self.session()
        old = self.payment(session, 215)[1]["payment"]["number"]
        path = f"/sessions/{session}/disputes"
        self.assertEqual((409, "payment_too_old"), self.code(self.call("POST", path, {"payment": old, "reason": "not_made"})))
        self.assertEqual((422, "field_invalid"), self.code(self.call("POST", path, {"payment": old, "reason": "greed"})))

    def test_a_call_back_is_written_down(self):
        answer = self.call("POST", "/callbacks", {"callback": "2025550121", "summary": "Nobody was free."}, key="c")
        self.assertEqual("6001", answer[1]["callback"]["number"])
        self.assertEqual([("c", "callback_opened")], self.rows("SELECT key, what FROM audit"))

    def test_the_data_outlives_the_process(self):
        path = f"/sessions/{self.session()}/cards/debit"
        self.call("POST", path + "/block", {}, key="k")
        self.assertEqual(0, self.stop())
        self.start()
        self.assertEqual("blocked", self.call("GET", path)[1]["card"]["state"])
        self.call("POST", path + "/block", {}, key="k")
        self.assertEqual([(1,)], self.rows("SELECT count(*) FROM audit WHERE what = 'card_blocked'"))


class WithoutFaultsTest(BankTest):
    options = []

    def test_faults_cannot_be_set(self):
        self.assertEqual((404, "not_found"), self.code(self.call("POST", "/faults", {"status": 503})))
        self.assertEqual(200, self.call("GET", "/healthz", **{"X-Fault": '{"status": 503}'})[0])


if __name__ == "__main__":
    unittest.main()
