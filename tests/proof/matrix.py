#!/usr/bin/env python3
"""Writes tests/PROOF.md: each promise and each fault by the tests that show it.

  python3 tests/proof/matrix.py            writes it
  python3 tests/proof/matrix.py --check    fails if it is not as the tests say, or if a promise or a
                                           fault has no test and is not told as open

A test says what it shows where it stands: a Catch2 case in its tags ("[R5][F15]"), a Python test or
its class at the end of the docstring ("Shows R5, F15."), a command of CTest in the comment right
above its add_test() ("# Shows R5, F15.").
"""

import argparse
import ast
import collections
import pathlib
import re
import sys

PROMISES = {
    "R1": "Never twice: one ticket per series, business day and number; no two papers with one label, copies aside",
    "R2": "Never lost: each number is waiting, called, serving, held, done, no-show or void with a reason; totals balance",
    "R3": "A paper implies a record: ticket or lease are durable before the printer gets a byte",
    "R4": "A reply implies that it is durable",
    "R5": "One request id, one effect, one answer",
    "R6": "A timeout or an I/O error means *unknown*, never *failed*",
    "R7": "A ticket goes to one counter at most; no call vanishes; screens agree again after a break",
    "R8": "Calls follow the order of arrival in a class; each exception has its reason on record",
    "R9": "Numbers only rise within a day, across crash and restore",
    "R10": "One business day per ticket, chosen with its number",
    "R11": "No safety rule reads a clock",
    "R12": "A broken invariant or a storage fault stops the program; it never guesses",
    "R13": "Everything is bounded; too much is refused aloud",
    "R14": "When the faults are over, all converge without hands",
    "R15": "Denied by default; a device asks for what its role may",
    "R16": "Text from outside stays text everywhere",
    "R17": "The chained journal rebuilds all tables, and is verified",
    "R18": "An update, or its taking back, breaks none of these",
}

FAULTS = {
    "F1": "kill -9 at any point",
    "F2": "power cut",
    "F3": "disk full",
    "F4": "a flush that fails",
    "F5": "torn log, rotten bits",
    "F6": "an SQLite that can corrupt its log",
    "F7": "an old backup is put back",
    "F8": "the clock jumps",
    "F9": "midnight in the middle of a transaction",
    "F10": "time zones, summer time",
    "F11": "loss, delay, a cut in the middle of a frame",
    "F12": "what was sent arrives after what follows it",
    "F13": "a half-open connection",
    "F14": "the network parts",
    "F15": "a request twice, two clerks at once",
    "F16": "who sends by drops, who never reads",
    "F17": "ten thousand connections",
    "F18": "a kiosk restarts while it prints",
    "F19": "a printer unplugged or without power",
    "F20": "paper runs out within a ticket",
    "F21": "a number is given and no paper comes",
    "F22": "bounce, mashing, a key that is stuck",
    "F23": "frames that are wrong, hostile or too long",
    "F24": "credentials that are wrong or replayed",
    "F25": "an access file that is empty or half written",
    "F26": "an expired certificate, a clock in 1970",
    "F27": "SQL in a name",
    "F28": "script in a name on a screen",
    "F29": "printer commands in a name",
    "F30": "terminal escapes in a name",
    "F31": "a path out of its folder",
    "F32": "requests that another site forged",
    "F33": "a kiosk's disk is copied",
}

# What is not proved yet, or not all of it, and what it waits for.
OPEN = {
    "R15": "devices are known by name and role; keys of their own and persons with rights come with TLS",
    "R18": "versions of protocol and files are checked; the update of a device is not built yet",
    "F24": "waits for the devices' keys (TLS)",
    "F25": "waits for the devices' keys (TLS): there is no access file yet",
    "F26": "waits for the devices' keys (TLS); that a kiosk in 1970 works is shown",
    "F32": "waits for pages that change something: those of today only show",
}

CASE = re.compile(r'TEST_CASE(?:_METHOD)?\(\s*(?:\w+,\s*)?((?:"(?:[^"\\]|\\.)*"\s*)+),\s*"((?:\[[^\]"]*\])+)"')
SHOWS = re.compile(r"Shows ((?:[RF]\d+(?:,\s*)?)+)\.")
COMMAND = re.compile(r"((?:^[ \t]*#.*\n)+)^[ \t]*add_test\(\s*NAME\s+(?:\"([^\"]+)\"|(\S+))", re.M)
NAME = re.compile(r"[RF]\d+")


def shows(text):
    return SHOWS.search(" ".join(text.split()))


def cases_of_cpp(text):
    for words, tags in CASE.findall(text):
        name = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', words)).replace('\\"', '"')
        yield name, NAME.findall(
            " ".join(tag for tag in re.findall(r"\[([^\]]*)\]", tags) if NAME.fullmatch(tag)))


def cases_of_python(text):
    for outer in ast.parse(text).body:
        if not isinstance(outer, (ast.ClassDef, ast.FunctionDef)):
            continue
        inner = [node for node in getattr(outer, "body", []) if isinstance(node, ast.FunctionDef)]
        for node in [outer, *inner]:
            shown = shows(ast.get_docstring(node) or "")
            if shown:
                name = node.name if node is outer else f"{outer.name}.{node.name}"
                yield name, NAME.findall(shown.group(1))


def cases_of_cmake(text):
    for comment, quoted, plain in COMMAND.findall(text):
        shown = shows(re.sub(r"^[ \t]*#", "", comment, flags=re.M))
        if shown:
            yield quoted or plain, NAME.findall(shown.group(1))


def gather(root):
    """By promise or fault: file, then the tests in it."""
    found = collections.defaultdict(lambda: collections.defaultdict(list))
    readers = {"*.cpp": cases_of_cpp, "*.py": cases_of_python, "CMakeLists.txt": cases_of_cmake}
    for pattern, read in readers.items():
        for file in sorted(root.rglob(pattern)):
            for test, names in read(file.read_text(encoding="utf-8")):
                for name in names:
                    if name not in PROMISES and name not in FAULTS:
                        sys.exit(f"{file}: '{test}' says that it shows {name}, which there is not; "
                                 f"see tests/proof/matrix.py")
                    found[name][file.relative_to(root).as_posix()].append(test)
    return found


def page(found):
    lines = [
        "# What is proved, and by which tests", "",
        "Written by `python3 tests/proof/matrix.py` from what each test says that it shows; the build fails where this",
        "page is not up to date, or where a promise or a fault has no test and is not told as open. Simulated seeds and",
        "tests of options (`tools/test --help`) are among them.", "",
    ]
    for title, texts in (("Promises", PROMISES), ("Faults", FAULTS)):
        lines += [f"## {title}", ""]
        for name, text in texts.items():
            files = found.get(name, {})
            tests = sum(len(each) for each in files.values())
            lines += [f"### {name}. {text}", ""]
            if name in OPEN:
                lines += [f"**Open**: {OPEN[name]}.", ""]
            if tests:
                lines += [f"<details><summary>{tests} {'test' if tests == 1 else 'tests'}</summary>", ""]
                lines += [f"- `{file}`: {'; '.join(sorted(each))}" for file, each in sorted(files.items())]
                lines += ["", "</details>", ""]
    return "\n".join(lines).rstrip() + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing, and fail where it is not as it should be")
    parser.add_argument("--tests", type=pathlib.Path, default=pathlib.Path(__file__).parents[1],
                        help="the folder of the tests")
    options = parser.parse_args()
    found = gather(options.tests)
    missing = [name for name in {**PROMISES, **FAULTS} if name not in found and name not in OPEN]
    if missing:
        sys.exit(f"no test says that it shows {', '.join(missing)}: write one and tag it, or tell in "
                 f"{pathlib.Path(__file__).name} what it waits for")
    file = options.tests / "PROOF.md"
    text = page(found)
    if not options.check:
        file.write_text(text, encoding="utf-8")
    elif not file.exists() or file.read_text(encoding="utf-8") != text:
        sys.exit(f"{file} is not what the tests say: run python3 tests/proof/matrix.py, and look at what changed")


if __name__ == "__main__":
    main()
