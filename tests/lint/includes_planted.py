#!/usr/bin/env python3
"""includes.py finds what it is for: each planted mistake is reported, and a tree without one passes."""
import os
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
import includes

CLEAN = {
    "lib/base/text.h": "",
    "lib/base/text.c": '#include "base/text.h"\n',
    "lib/gallery/gallery.h": '#include "base/text.h"\n',
    "lib/service/service.h": '#include "gallery/gallery.h"\n',
    "cmd/main.c": '#include "service/service.h"\n#include <stdio.h>\n',
}


class Planted(unittest.TestCase):
    def problems(self, extra):
        with tempfile.TemporaryDirectory() as root:
            for path, text in {**CLEAN, **extra}.items():
                os.makedirs(os.path.dirname(os.path.join(root, path)), exist_ok=True)
                with open(os.path.join(root, path), "w", encoding="utf-8") as file:
                    file.write(text)
            return includes.check(root)[1]

    def assert_reported(self, extra, words):
        problems = self.problems(extra)
        self.assertTrue(any(words in problem for problem in problems), problems)

    def test_clean_tree(self):
        self.assertEqual(self.problems({}), [])

    def test_cycle_of_headers(self):
        self.assert_reported(
            {"lib/base/a.h": '#include "base/b.h"\n', "lib/base/b.h": '#include "base/a.h"\n'}, "cycle:")

    def test_cycle_through_a_source_file(self):
        self.assert_reported(
            {"lib/base/a.c": '#include "base/b.h"\n', "lib/base/a.h": "", "lib/base/b.h": '#include "base/a.h"\n'},
            "lib/base/a -> lib/base/b")

    def test_upward_arrow(self):
        self.assert_reported({"lib/base/up.c": '#include "gallery/gallery.h"\n'}, "base must not know gallery")

    def test_neighbour(self):
        self.assert_reported({"lib/net/side.c": '#include "gallery/gallery.h"\n'}, "net must not know gallery")

    def test_lib_does_not_reach_into_cmd(self):
        self.assert_reported({"cmd/exit.h": "", "lib/base/a.c": '#include "exit.h"\n'}, "no header 'exit.h'")

    def test_private_header(self):
        self.assert_reported(
            {"lib/gallery/store/store.h": "", "lib/service/a.c": '#include "gallery/store/store.h"\n'}, "is private to")

    def test_library_outside_of_its_place(self):
        self.assert_reported({"lib/service/a.c": "#include <lmdb.h>\n"}, "only lib/gallery/store/ may include <lmdb.h>")


if __name__ == "__main__":
    unittest.main()
