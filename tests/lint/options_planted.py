#!/usr/bin/env python3
"""options.py finds what it is for: each planted mistake is reported, and tables without one pass."""
import sys
import unittest

sys.dont_write_bytecode = True
import options

CLEAN = [
    ("", "j", "jobs", "N", "number", "", "", "FACECTL_JOBS", "core.jobs"),
    ("set", "", "", "", "command", "", "link photos", "", ""),
    ("set", "s", "space", "SPACE", "text", "", "", "", ""),
    ("set", "", "", "PHOTO", "operand", "", "", "", ""),
    ("set", "", "allow-empty", "", "flag", "", "", "", ""),
]


class Planted(unittest.TestCase):
    def problems(self, *extra):
        return options.check("\n".join("\t".join(row) for row in [*CLEAN, *extra]))

    def assert_reported(self, row, words):
        problems = self.problems(row)
        self.assertTrue(any(words in problem for problem in problems), problems)

    def test_clean_tables(self):
        self.assertEqual(self.problems(), [])

    def test_flag_and_value(self):
        self.assert_reported(("eval", "", "allow-empty", "N", "number", "", "", "", ""), "is a value")

    def test_option_without_its_letter(self):
        self.assert_reported(("eval", "", "space", "SPACE", "text", "", "", "", ""), "expected -s")

    def test_letter_of_another_option(self):
        self.assert_reported(("eval", "j", "curve", "FILE", "path", "", "", "", ""), "expected none")

    def test_letter_that_stays_unused(self):
        self.assert_reported(("eval", "f", "force", "", "flag", "", "", "", ""), "has the letter 'f'")

    def test_key_of_another_name(self):
        self.assert_reported(("", "", "color", "WHEN", "choice", "", "", "", "core.colour"), "has the key")

    def test_variable_of_another_name(self):
        self.assert_reported(("", "", "color", "WHEN", "choice", "", "", "FACECTL_COLOUR", "core.color"), "has the variable")


if __name__ == "__main__":
    unittest.main()
