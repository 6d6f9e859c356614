"""Run: python3 -m unittest discover -s Examples/shop/backend"""

import concurrent.futures
import http.client
import pathlib
import socket
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(1, str(HERE.parents[1]))

from backend.trial import BackEndTest

ADDRESS = "5 New Street, Bristol"


class ShopTest(BackEndTest):
    program = HERE / "shop.py"

    def test_an_order_is_read_by_its_number(self):
        status, body = self.call("GET", "/orders/10473829")
        self.assertEqual(200, status)
        self.assertEqual("shipped", body["order"]["status"])
        self.assertEqual("2030-05-16", body["order"]["delivery_date"])
        self.assertEqual([{"name": "kettle", "quantity": 1}], body["order"]["items"])

    def test_an_unknown_order_is_a_coded_404(self):
        self.assertEqual((404, "order_not_found"), self.code(self.call("GET", "/orders/99999999")))

    def test_a_dozen_orders_have_distinct_eight_digit_numbers(self):
        numbers = [row[0] for row in self.rows("SELECT number FROM orders")]
        self.assertEqual(12, len(set(numbers)))
        self.assertTrue(all(len(number) == 8 and number.isdigit() for number in numbers))

    def test_a_repeated_key_answers_the_stored_response_and_changes_once(self):
        answers = [self.call("POST", "/orders/10473829/address", {"address": ADDRESS}, key="k1") for _ in range(3)]
        self.assertEqual(200, answers[0][0])
        self.assertEqual(answers[0], answers[1])
        self.assertEqual(answers[0], answers[2])
        self.assertEqual([("k1", "address_changed", ADDRESS)], self.rows("SELECT key, what, after FROM changes"))
        self.assertEqual([(ADDRESS,)], self.rows("SELECT address FROM orders WHERE number = '10473829'"))

    def test_many_at_once_with_one_key_open_one_case(self):
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: self.call("POST", "/cases", {"summary": "broken"}, key="k"), range(8)))
        self.assertEqual({(201, 7001)}, {(status, body["case"]["number"]) for status, body in answers})
        self.assertEqual([(1,)], self.rows("SELECT count(*) FROM cases"))

    def test_the_same_key_with_another_body_or_path_is_422(self):
        self.call("POST", "/orders/10473829/address", {"address": ADDRESS}, key="k")
        other_body = self.call("POST", "/orders/10473829/address", {"address": "elsewhere"}, key="k")
        other_path = self.call("POST", "/orders/20581637/address", {"address": ADDRESS}, key="k")
        self.assertEqual((422, "idempotency_key_reused"), self.code(other_body))
        self.assertEqual((422, "idempotency_key_reused"), self.code(other_path))
        self.assertEqual([(1,)], self.rows("SELECT count(*) FROM changes"))

    def test_a_request_whose_body_was_cut_off_is_none(self):
        for part in (b"", b'{"summ'):
            with socket.create_connection(("127.0.0.1", self.port)) as line:
                line.sendall(b"POST /cases HTTP/1.1\r\nHost: shop\r\nIdempotency-Key: k\r\nContent-Length: 21\r\n\r\n" + part)
                line.shutdown(socket.SHUT_WR)
                self.assertEqual(b"", line.recv(1000))
        status, body = self.call("POST", "/cases", {"summary": "broken"}, key="k")
        self.assertEqual((201, 7001), (status, body["case"]["number"]))

    def test_key_order_in_the_body_does_not_matter(self):
        first = self.call("POST", "/cases", {"summary": "broken", "callback": "020 1234"}, key="k")
        second = self.call("POST", "/cases", {"callback": "020 1234", "summary": "broken"}, key="k")
        self.assertEqual(first, second)

    def test_a_change_without_a_key_is_refused(self):
        answer = self.call("POST", "/orders/10473829/address", {"address": ADDRESS}, key="")
        self.assertEqual((400, "idempotency_key_required"), self.code(answer))

    def test_deliveries_move_only_to_days_that_can_be(self):
        table = [
            ("10473829", "2030-05-13", (422, "date_in_past")),
            ("10473829", "2030-05-14", (422, "date_too_soon")),
            ("10473829", "2030-09-01", (422, "date_too_far")),
            ("10473829", "2030-02-30", (422, "date_invalid")),
            ("42703859", "2030-05-20", (409, "order_delivered")),
            ("18369415", "2030-05-20", (409, "order_cancelled")),
            ("99999999", "2030-05-20", (404, "order_not_found")),
        ]
        for index, (number, date, expected) in enumerate(table):
            with self.subTest(number=number, date=date):
                answer = self.call("POST", f"/orders/{number}/delivery", {"date": date}, key=f"k{index}")
                self.assertEqual(expected, self.code(answer))
        self.assertEqual([], self.rows("SELECT * FROM changes"))
        status, body = self.call("POST", "/orders/10473829/delivery", {"date": "2030-05-20"}, key="good")
        self.assertEqual((200, "2030-05-20"), (status, body["order"]["delivery_date"]))

    def test_an_order_on_the_van_keeps_its_address(self):
        answer = self.call("POST", "/orders/31692748/address", {"address": ADDRESS}, key="k")
        self.assertEqual((409, "order_out_for_delivery"), self.code(answer))

    def test_a_refusal_is_stored_as_an_outcome(self):
        self.call("POST", "/orders/42703859/address", {"address": ADDRESS}, key="k")
        status, body = self.call("GET", "/requests/k")
        self.assertEqual((200, 409), (status, body["status"]))
        self.assertEqual("order_delivered", body["response"]["error"]["code"])

    def test_a_case_may_name_an_order_that_exists(self):
        self.assertEqual(201, self.call("POST", "/cases", {"summary": "a", "order_number": "10473829"}, key="a")[0])
        unknown = self.call("POST", "/cases", {"summary": "a", "order_number": "99999999"}, key="b")
        self.assertEqual((404, "order_not_found"), self.code(unknown))

    def test_bad_requests_are_coded(self):
        for body, code in [([1], "body_not_object"), ({}, "field_invalid"), ({"summary": " "}, "field_invalid")]:
            with self.subTest(body=body):
                self.assertEqual(code, self.code(self.call("POST", "/cases", body, key="k"))[1])
        self.assertEqual((404, "not_found"), self.code(self.call("GET", "/nowhere")))

    def test_dropped_after_commit_the_probe_tells_the_outcome(self):
        self.call("POST", "/faults", {"drop_after_commit": True, "times": 1})
        with self.assertRaises(http.client.RemoteDisconnected):
            self.call("POST", "/orders/10473829/address", {"address": ADDRESS}, key="lost")
        status, body = self.call("GET", "/requests/lost")
        self.assertEqual((200, 200), (status, body["status"]))
        self.assertEqual(200, self.call("POST", "/orders/10473829/address", {"address": ADDRESS}, key="lost")[0])
        self.assertEqual([(1,)], self.rows("SELECT count(*) FROM changes"))

    def test_dropped_before_commit_the_probe_knows_nothing(self):
        with self.assertRaises(http.client.RemoteDisconnected):
            self.call("POST", "/cases", {"summary": "a"}, key="lost", **{"X-Fault": '{"drop_before_commit": true}'})
        self.assertEqual((404, "request_unknown"), self.code(self.call("GET", "/requests/lost")))
        self.assertEqual([], self.rows("SELECT * FROM cases"))

    def test_a_fault_may_answer_an_error_to_one_method(self):
        self.call("POST", "/faults", {"status": 503, "method": "GET"})
        self.assertEqual((503, "fault"), self.code(self.call("GET", "/orders/10473829")))
        self.assertEqual(201, self.call("POST", "/cases", {"summary": "a"}, key="k")[0])
        self.call("POST", "/faults", {})
        self.assertEqual(200, self.call("GET", "/orders/10473829")[0])

    def test_sigterm_ends_cleanly_and_the_data_outlives_it(self):
        self.call("POST", "/orders/10473829/address", {"address": ADDRESS}, key="k")
        self.assertEqual(0, self.stop())
        self.start()
        self.assertEqual(ADDRESS, self.call("GET", "/orders/10473829")[1]["order"]["address"])
        self.call("POST", "/orders/10473829/address", {"address": ADDRESS}, key="k")
        self.assertEqual([(1,)], self.rows("SELECT count(*) FROM changes"))


class WithoutFaultsTest(ShopTest):
    options = []

    def test_faults_cannot_be_set(self):
        self.assertEqual((404, "not_found"), self.code(self.call("POST", "/faults", {"status": 503})))
        self.assertEqual(200, self.call("GET", "/orders/10473829", **{"X-Fault": '{"status": 503}'})[0])


def load_tests(loader, standard, pattern):
    suite = loader.loadTestsFromTestCase(ShopTest)
    suite.addTest(WithoutFaultsTest("test_faults_cannot_be_set"))
    return suite


if __name__ == "__main__":
    unittest.main()
