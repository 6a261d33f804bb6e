"""The matrix is read from what tests say of themselves, and a gap in it is an error."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

import matrix

SCRIPT = pathlib.Path(__file__).with_name("matrix.py")


class MatrixTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.names = [*matrix.PROMISES, *matrix.FAULTS]
        self.write_cases(name for name in self.names if name not in matrix.OPEN)

    def write_cases(self, names):
        tags = "".join(f"[{name}]" for name in names)
        (self.root / "all_test.cpp").write_text(f'TEST_CASE("all of it", "[part]{tags}") {{}}\n')

    def run_it(self, *options):
        return subprocess.run([sys.executable, str(SCRIPT), "--tests", str(self.root), *options],
                              capture_output=True, text=True, check=False)

    def test_a_page_that_is_up_to_date_passes(self):
        self.assertEqual(self.run_it().returncode, 0)
        self.assertEqual(self.run_it("--check").returncode, 0)

    def test_a_promise_without_a_test_is_an_error(self):
        self.write_cases(name for name in self.names if name not in matrix.OPEN and name != "R3")
        for options in ((), ("--check",)):
            done = self.run_it(*options)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn("no test says that it shows R3:", done.stderr)

    def test_what_is_open_is_told_and_needs_no_test(self):
        self.run_it()
        page = (self.root / "PROOF.md").read_text(encoding="utf-8")
        for name, why in matrix.OPEN.items():
            self.assertIn(f"### {name}. ", page)
            self.assertIn(f"**Open**: {why}.", page)

    def test_a_page_that_is_old_or_missing_is_an_error(self):
        self.assertIn("run python3", self.run_it("--check").stderr)
        self.run_it()
        (self.root / "more_test.py").write_text('def test_more():\n    """Shows R1, F2."""\n')
        done = self.run_it("--check")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("run python3", done.stderr)

    def test_a_name_that_there_is_not_is_an_error(self):
        self.write_cases([*self.names, "R99"])
        self.assertIn("R99", self.run_it().stderr)

    def test_each_kind_of_test_is_read(self):
        (self.root / "some").mkdir()
        (self.root / "some" / "a_test.cpp").write_text(
            'TEST_CASE("a name in "\n          "two parts, with a \\"quote\\"",\n          "[some][R1][F33]") {\n')
        (self.root / "some" / "b_test.py").write_text(
            'class OneTest:\n    """One. Shows\n    R2, F3."""\n    def test_a(self):\n        """Shows R4."""\n')
        (self.root / "some" / "CMakeLists.txt").write_text(
            '# Something.\n# Shows R5,\n# F6.\nadd_test(NAME "some: seeds" COMMAND x)\nadd_test(NAME other COMMAND y)\n')
        (self.root / "all_test.cpp").unlink()
        found = {name: {file: tests for file, tests in files.items()} for name, files in matrix.gather(self.root).items()}
        self.assertEqual(found, {
            "R1": {"some/a_test.cpp": ['a name in two parts, with a "quote"']},
            "F33": {"some/a_test.cpp": ['a name in two parts, with a "quote"']},
            "R2": {"some/b_test.py": ["OneTest"]}, "F3": {"some/b_test.py": ["OneTest"]},
            "R4": {"some/b_test.py": ["OneTest.test_a"]},
            "R5": {"some/CMakeLists.txt": ["some: seeds"]}, "F6": {"some/CMakeLists.txt": ["some: seeds"]},
        })


if __name__ == "__main__":
    unittest.main()
