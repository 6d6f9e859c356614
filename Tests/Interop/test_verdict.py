"""The driver's checks go red when a call did not do what it should: database, transfer, keywords, words, transcript."""

import importlib.util
import pathlib
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
EXAMPLES = HERE.parents[1] / "Examples"
BACKEND = EXAMPLES / "shop" / "backend"
sys.path[:0] = [str(HERE), str(BACKEND), str(EXAMPLES)]

import server  # noqa: E402
import verdict  # noqa: E402


def turn(name, begin, end, said, kind="speech", to="agent"):
    return {"id": name, "speech": [begin, end], "said": said, "kind": kind, "to": to}


def line(at, speaker, text, kind="speech"):
    return {"call": "c", "at": at, "speaker": speaker, "text": text, "kind": kind}


REPORT = {
    "events": [{"at": 1.0, "event": "answered"}],
    "turns": [turn("a", 5.0, 6.0, "where is my order"), turn("b", 10.0, 12.0, "1234#", "dtmf"), turn("p", 20.0, 21.0, "hello Anna", to="person")],
    "transfers": [{"status": 200}],
}
LINES = [
    line(0.1, "agent", "Welcome."), line(5.6, "caller", "where is the order"), line(5.8, "agent", "Your order number?"),
    line(11.5, "caller", "1234", "dtmf"), line(11.6, "agent", "Order 1 2 3 4 is shipped."),
]


class WordsOfACallTest(unittest.TestCase):
    def test_each_answer_is_sought_between_its_turn_and_the_next(self):
        steps = [{"id": "a", "answer": ["order number"]}, {"id": "b", "answer": ["delivered|shipped"]}, {"id": "p"}]
        self.assertEqual([], verdict.keywords(steps, REPORT, LINES))
        steps[0]["answer"] = ["shipped"]
        self.assertEqual(1, len(verdict.keywords(steps, REPORT, LINES)))

    def test_a_word_that_must_not_be_said_is_found(self):
        steps = [{"id": "a"}, {"id": "b", "not_answer": ["shipped"]}, {"id": "p"}]
        self.assertEqual(1, len(verdict.keywords(steps, REPORT, LINES)))

    def test_word_errors_count_spoken_turns_to_the_agent_only(self):
        self.assertEqual((1, 4), verdict.word_errors(REPORT, LINES))

    def test_typed_digits_must_arrive_whole(self):
        self.assertEqual([], verdict.typed(REPORT, LINES))
        self.assertEqual(1, len(verdict.typed(REPORT, [line(11.5, "caller", "124", "dtmf")])))

    def test_a_transfer_must_end_as_expected_on_both_sides(self):
        answered = [{"event": "answered"}, {"event": "heard"}]
        self.assertEqual([], verdict.transfer({"transfer": 200}, REPORT, answered))
        self.assertEqual(1, len(verdict.transfer({"transfer": 200}, REPORT, answered[:1])))
        self.assertEqual(2, len(verdict.transfer({"transfer": 603}, REPORT, answered)))
        self.assertEqual(1, len(verdict.transfer({}, REPORT, [])))

    def test_a_call_is_found_by_its_sip_call_id(self):
        lines = [{"call": "x", "sip_call_id": "1"}, {"call": "y", "sip_call_id": "2"}, {"call": "y", "at": 1, "event": "ended", "outcome": "o"}]
        name, found = server.of_call(lines, "2")
        self.assertEqual(("y", 2, "o"), (name, len(found), server.outcome(found)))
        self.assertEqual((None, []), server.of_call(lines, "3"))


class DatabaseTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name) / "shop.sqlite"
        loaded = {}
        for name in ("store", "seed"):
            spec = importlib.util.spec_from_file_location(name, BACKEND / f"{name}.py")
            loaded[name] = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(loaded[name])
        self.store = loaded["store"].Store(str(self.path))
        self.addCleanup(self.store.close)
        self.store.seed(loaded["seed"].orders(self.store.today))
        self.shop = verdict.Shop(self.path)
        self.expect = {"changes": [{"what": "address_changed", "subject": "20581637", "after_words": "5 New Street Bristol"}]}

    def change(self, key, address, number="20581637"):
        body = b'{"address": "x"}'
        self.store.once(key, "POST", "/", body, lambda key: self.store.change_address(key, number, address))

    def test_the_expected_change_once_is_good(self):
        self.change("k", "five New Street, Bristol")
        self.assertEqual([], self.shop.check(self.expect, 0))

    def test_no_change_a_second_change_another_order_and_other_words_are_not(self):
        self.assertEqual(1, len(self.shop.check(self.expect, 0)))
        self.change("k1", "five New Street, Bristol", "64925071")
        self.assertEqual(1, len(self.shop.check(self.expect, 0)))
        self.change("k2", "nine Old Road, Leeds")
        self.assertEqual(1, len(self.shop.check(self.expect, 1)))
        self.change("k3", "five New Street, Bristol")
        self.assertTrue(self.shop.check(self.expect, 1))
        self.assertEqual([], self.shop.check(self.expect, 2))

    def test_a_change_where_none_is_expected_is_not(self):
        self.change("k", "five New Street, Bristol")
        self.assertEqual(1, len(self.shop.check({"changes": []}, 0)))

    def test_the_call_back_number_of_the_case_counts(self):
        self.store.once("c", "POST", "/cases", b"{}", lambda key: self.store.open_case(key, None, "call back", "020 7946 0123"))
        expect = {"changes": [{"what": "case_opened"}], "callback": "02079460123"}
        self.assertEqual([], self.shop.check(expect, 0))
        self.assertEqual(1, len(self.shop.check({**expect, "callback": "1"}, 0)))


if __name__ == "__main__":
    unittest.main()
