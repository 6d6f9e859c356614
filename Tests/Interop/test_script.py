"""The caller's machine on a simulated line, without SIP and in no time."""

import sys
import pathlib
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE / "caller")]

import numpy as np  # noqa: E402

from script import Script  # noqa: E402

RATE, FRAME = 8000, 160
LOUD = (3000 * np.sin(np.arange(FRAME) * 0.3)).astype(np.int16)
QUIET = np.zeros(FRAME, dtype=np.int16)


def say(seconds=1.0, **more):
    count = int(seconds * RATE)
    sound = np.full(count, 1000, dtype=np.int16)
    return {"do": "say", "id": "say", "sound": sound, "clip": {"said": "words", "pauses": [], "samples": count}, **more}


def run(script, agent, seconds, before=None):
    """`agent` is a list of [start, end] in seconds in which the agent is loud. Returns what was sent."""
    script.on_connected()
    sent = []
    for tick in range(int(seconds * 50)):
        at = tick * 0.02
        if before:
            before(at, script)
        sent.append(script.step(LOUD if any(a <= at < b for a, b in agent) else QUIET))
    return np.concatenate(sent)


class ScriptTest(unittest.TestCase):
    def test_a_turn_waits_for_the_agent_to_have_spoken_and_fallen_silent(self):
        script = Script([say()], RATE, quiet_ms=700)
        sent = run(script, [(0.5, 2.0)], 5)
        begin = np.flatnonzero(sent)[0] / RATE
        self.assertAlmostEqual(2.7, begin, delta=0.03)
        self.assertAlmostEqual(begin, script.turns[0]["speech"][0], delta=0.001)
        self.assertAlmostEqual(begin + 1, script.turns[0]["speech"][1], delta=0.001)
        self.assertEqual([("hang_up",)], list(script.actions))
        self.assertIsNone(script.error)

    def test_a_pause_of_the_agent_shorter_than_the_hangover_is_not_its_end(self):
        script = Script([say()], RATE, quiet_ms=700)
        sent = run(script, [(0.5, 1.0), (1.6, 2.0)], 5)
        self.assertAlmostEqual(2.7, np.flatnonzero(sent)[0] / RATE, delta=0.03)

    def test_a_barge_in_begins_so_long_after_the_agents_onset(self):
        script = Script([say(), say(barge_in_ms=400)], RATE)
        run(script, [(0.5, 1.0), (3.5, 9.0)], 8)
        self.assertAlmostEqual(3.9, script.turns[1]["speech"][0], delta=0.03)
        self.assertAlmostEqual(3.5, script.turns[1]["barge_in"]["agent_started"], delta=0.03)

    def test_an_agent_that_never_speaks_fails_the_call_after_the_patience(self):
        script = Script([say()], RATE, patience_s=3)
        run(script, [], 5)
        self.assertIn("waited too long at step 0", script.error)
        self.assertEqual([("hang_up",)], list(script.actions))

    def test_an_optional_step_is_left_when_nothing_comes(self):
        script = Script([say(optional=True), {"do": "hang_up", "id": "h"}], RATE, patience_s=3)
        run(script, [], 5)
        self.assertIsNone(script.error)
        self.assertEqual([], script.turns)

    def test_digits_are_pressed_one_by_one(self):
        script = Script([{"do": "dtmf", "id": "d", "digits": "12#", "gap_ms": 300}], RATE)
        pressed = []

        def take(at, script):
            while script.actions:
                pressed.append((round(at, 2), *script.actions.popleft()))

        run(script, [(0.2, 1.0)], 5, take)
        self.assertEqual(["1", "2", "#"], [one[2] for one in pressed if one[1] == "digit"])
        self.assertAlmostEqual(0.3, pressed[1][0] - pressed[0][0], delta=0.03)
        self.assertEqual("12#", script.turns[0]["said"])

    def test_silence_lasts_until_the_agent_speaks_again_and_the_next_turn_waits_for_its_end(self):
        script = Script([{"do": "silence", "id": "s", "seconds": 9, "until_agent": True}, say()], RATE)
        run(script, [(0.2, 1.0), (6.0, 7.0)], 12)
        self.assertAlmostEqual(1.0, script.silences[0]["from"], delta=0.05)
        self.assertAlmostEqual(6.0, script.silences[0]["agent_at"], delta=0.05)
        self.assertAlmostEqual(7.7, script.turns[0]["speech"][0], delta=0.05)

    def test_silence_for_a_time_only(self):
        script = Script([{"do": "silence", "id": "s", "seconds": 2}, {"do": "hang_up", "id": "h"}], RATE)
        run(script, [(0.2, 1.0)], 6)
        self.assertIsNone(script.error)
        self.assertIsNone(script.silences[0]["agent_at"])

    def test_a_transfer_step_waits_for_the_targets_answer_or_refusal(self):
        for told, expected in [({"answered": True}, 200), ({"status": 603, "ended": True}, 603)]:
            with self.subTest(expected=expected):
                script = Script([{"do": "transfer", "id": "t"}, say()], RATE)

                def before(at, script):
                    if round(at, 2) == 1.0:
                        script.on_transfer("sip:person@here")
                    if round(at, 2) == 2.0:
                        script.on_transfer_state(**told)

                run(script, [(0.2, 0.6), (2.5, 3.0)], 6, before)
                self.assertEqual(expected, script.transfers[0]["status"])
                self.assertAlmostEqual(3.7, script.turns[0]["speech"][0], delta=0.05)

    def test_a_hang_up_by_the_agent_ends_well_only_where_it_is_awaited(self):
        for steps, good in [([say(), {"do": "await_hang_up", "id": "w"}], True), ([say(), say()], False)]:
            with self.subTest(good=good):
                script = Script(steps, RATE)
                run(script, [(0.2, 0.6)], 6, lambda at, script: script.on_hung_up("far end") if round(at, 2) == 5.0 else None)
                self.assertEqual(good, script.error is None)
                self.assertTrue(script.over)

    def test_nothing_is_sent_before_the_call_is_answered(self):
        script = Script([say()], RATE)
        sent = [script.step(LOUD) for _ in range(200)]
        self.assertFalse(np.any(np.concatenate(sent)))
        self.assertEqual(0, script.index)


if __name__ == "__main__":
    unittest.main()
