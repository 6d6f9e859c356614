"""The judge on recordings whose truth is known, and the comparison of words."""

import pathlib
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE / "caller")]

import numpy as np  # noqa: E402

import audio  # noqa: E402
import measure  # noqa: E402
import scenario  # noqa: E402
import words  # noqa: E402

RATE = 8000


class Call:
    """Draws a recording: caller's clips and agent's speech at known seconds."""

    def __init__(self, folder):
        self.folder, self.random = pathlib.Path(folder), np.random.default_rng(7)
        self.sound = np.zeros((RATE * 30, 2), dtype=np.int16)
        self.turns = []

    def caller(self, at, seconds, pauses=(), **more):
        clip = (self.random.standard_normal(int(seconds * RATE)) * 3000).astype(np.int16)
        for a, b in pauses:
            clip[int(a * RATE) : int(b * RATE)] = 0
        path = self.folder / f"{len(self.turns)}.wav"
        audio.write(path, clip, RATE)
        self.sound[int(at * RATE) : int(at * RATE) + len(clip), 0] = clip
        spans = [[int(a * RATE), int(b * RATE)] for a, b in pauses]
        self.turns.append({"id": f"t{len(self.turns)}", "file": str(path), "samples": len(clip), "pauses": spans, **more})

    def agent(self, begin, end):
        count = int(end * RATE) - int(begin * RATE)
        self.sound[int(begin * RATE) : int(begin * RATE) + count, 1] = (self.random.standard_normal(count) * 2000).astype(np.int16)

    def judge(self):
        return measure.judge(self.sound, RATE, self.turns)


class MeasureTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.call = Call(folder.name)

    def test_from_the_callers_last_to_the_agents_first_sample(self):
        self.call.agent(0.2, 2.0)
        self.call.caller(3.0, 1.5)
        self.call.agent(5.1, 7.0)
        self.call.caller(8.0, 1.0)
        self.call.agent(9.7, 12.0)
        made = self.call.judge()
        self.assertEqual([3.0, 4.5], made["turns"][0]["speech"])
        self.assertAlmostEqual(600, made["turns"][0]["v2v_ms"], delta=5)
        self.assertAlmostEqual(700, made["turns"][1]["v2v_ms"], delta=5)
        self.assertEqual(0, made["cut_offs"])
        self.assertAlmostEqual(600, made["v2v_p50_ms"], delta=5)
        self.assertAlmostEqual(700, made["v2v_p95_ms"], delta=5)

    def test_a_turn_without_an_answer_is_unmeasured_not_zero(self):
        self.call.caller(3.0, 1.0)
        self.call.caller(8.0, 1.0)
        self.call.agent(9.5, 11.0)
        made = self.call.judge()
        self.assertIsNone(made["turns"][0]["v2v_ms"])
        self.assertEqual(["t0"], made["unmeasured"])

    def test_an_agent_that_begins_in_an_inner_pause_has_cut_the_caller_off(self):
        self.call.caller(3.0, 3.0, pauses=[(1.0, 1.7), (2.2, 2.7)])
        self.call.agent(5.4, 8.0)
        made = self.call.judge()
        self.assertEqual(1, made["turns"][0]["cut_off"])
        self.assertIsNone(made["turns"][0]["v2v_ms"])
        self.assertEqual(2, made["inner_pauses"])

    def test_an_agent_that_begins_over_the_callers_words_too(self):
        self.call.caller(3.0, 3.0)
        self.call.agent(4.0, 4.5)
        self.call.agent(6.5, 8.0)
        made = self.call.judge()
        self.assertEqual("speech", made["turns"][0]["cut_off"])
        self.assertAlmostEqual(500, made["turns"][0]["v2v_ms"], delta=5)

    def test_barge_in_counts_from_the_callers_first_to_the_agents_last_sample(self):
        self.call.agent(1.0, 3.28)
        self.call.caller(3.0, 2.0, barge_in=True)
        self.call.agent(5.5, 7.0)
        made = self.call.judge()
        self.assertAlmostEqual(280, made["barge_in_ms"], delta=6)
        self.assertAlmostEqual(500, made["turns"][0]["v2v_ms"], delta=6)
        self.assertEqual(0, made["cut_offs"])

    def test_a_word_gap_of_the_agent_is_not_its_stop(self):
        self.call.agent(1.0, 3.1)
        self.call.agent(3.3, 3.9)
        self.call.caller(3.0, 2.0, barge_in=True)
        self.assertAlmostEqual(900, self.call.judge()["barge_in_ms"], delta=6)

    def test_a_barge_in_on_a_silent_agent_gives_no_figure(self):
        self.call.agent(1.0, 2.0)
        self.call.caller(3.0, 2.0, barge_in=True)
        self.assertIsNone(self.call.judge()["barge_in_ms"])

    def test_a_clip_that_is_not_in_the_recording_is_not_found(self):
        self.call.caller(3.0, 1.0)
        self.call.sound[:, 0] = 0
        self.assertFalse(self.call.judge()["turns"][0]["found"])

    def test_turns_to_a_person_are_not_pooled(self):
        self.call.caller(3.0, 1.0, to="person")
        self.call.agent(5.0, 6.0)
        self.assertEqual([], self.call.judge()["v2v_ms"])

    def test_faint_noise_is_not_audible(self):
        self.call.caller(3.0, 1.0)
        self.call.sound[:, 1] = (self.call.random.standard_normal(len(self.call.sound)) * 40).astype(np.int16)
        self.call.agent(5.0, 6.0)
        self.assertAlmostEqual(1000, self.call.judge()["turns"][0]["v2v_ms"], delta=5)


class WordsTest(unittest.TestCase):
    def test_numbers_count_the_same_however_they_are_written(self):
        for left, right in [
            ("forty two", "42"), ("four two", "42"), ("the twenty-first of May", "the 21st of may"), ("oh seven", "07"),
            ("It's nineteen.", "it is 19"), ("sixtieth", "60th"), ("1 0 4 7", "1047"), ("ninth", "9th"), ("1,234", "1234"),
        ]:
            with self.subTest(left=left):
                self.assertEqual(words.normalise(left), words.normalise(right))

    def test_errors_count_substituted_missing_and_added_words(self):
        self.assertEqual((1, 3), words.errors("where is it", "where was it"))
        self.assertEqual((1, 3), words.errors("where is it", "where it"))
        self.assertEqual((1, 3), words.errors("where is it", "where is it now"))
        self.assertEqual((3, 3), words.errors("where is it", ""))

    def test_contains_asks_for_the_words_in_a_row(self):
        self.assertTrue(words.contains("Order 1 0 4 7, it is shipped.", "order 1047"))
        self.assertFalse(words.contains("order shipped", "order is shipped"))


class ScenarioTest(unittest.TestCase):
    def test_every_scenario_is_concrete_in_every_variant(self):
        files = sorted((HERE / "scenarios").glob("*.json"))
        self.assertGreaterEqual(len(files), 10)
        for file in files:
            for variant in range(4):
                with self.subTest(file=file.name, variant=variant):
                    made = scenario.concrete(scenario.load(file), variant)
                    self.assertNotIn("{", str([step.get("parts") for step in made["steps"]]).replace("{'", ""))
                    for step in scenario.spoken_turns(made["steps"]):
                        self.assertTrue(step["parts"])

    def test_an_unknown_variable_or_key_is_refused(self):
        with self.assertRaises(scenario.ScenarioError):
            scenario.fill("{nobody}", {})


if __name__ == "__main__":
    unittest.main()
