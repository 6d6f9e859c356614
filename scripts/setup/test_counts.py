import unittest

from counts import counts

SWIFT = "✘ Test `a` failed after 0.1 seconds with 1 issue.\n✘ Suite X failed after 0.2 seconds with 1 issue.\n"


class CountsTests(unittest.TestCase):
    def test_swift(self):
        self.assertEqual(counts("✔ Test run with 812 tests in 100 suites passed after 9.1 seconds.\n", 0), (812, 0))
        self.assertEqual(counts(SWIFT + "✘ Test run with 50 tests in 13 suites failed after 9.6 seconds with 1 issue.\n", 1), (49, 1))

    def test_a_run_of_no_test_fails(self):
        self.assertEqual(counts("✔ Test run with 0 tests in 0 suites passed after 0.0 seconds.\n", 0)[1], 1)

    def test_a_run_that_was_cut_short_fails(self):
        self.assertEqual(counts("◇ Test run started.\n", 137), (0, 1))
        self.assertEqual(counts("✔ Test run with 8 tests passed after 1 seconds.\n", 139), (8, 1))

    def test_unittest(self):
        self.assertEqual(counts("Ran 12 tests in 0.1s\n\nOK\n" * 2, 0), (24, 0))
        self.assertEqual(counts("Ran 12 tests in 0.1s\n\nFAILED (failures=1, errors=2)\n", 1), (9, 3))
        self.assertEqual(counts("Ran 3 tests in 0.1s\n\nOK (skipped=1)\n", 0), (3, 0))

    def test_our_own(self):
        self.assertEqual(counts("shop@3b: 45 cases, 45 passed, 0 failed\nbank@1: 5 cases, 4 passed, 1 failed\n", 1), (49, 1))

    def test_the_sum_of_a_runner_counts_once(self):
        log = "3 passed, 0 failed\n4 passed, 1 failed\n\ntest          passed  failed   seconds\n7 passed, 1 failed\n"
        self.assertEqual(counts(log, 1), (7, 1))

    def test_without_counts_the_status_is_one_check(self):
        self.assertEqual(counts("", 0), (1, 0))
        self.assertEqual(counts("", 2), (0, 1))


if __name__ == "__main__":
    unittest.main()
