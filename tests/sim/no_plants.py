#!/usr/bin/env python3
"""no_plants.py PLANT_HPP PROGRAM...: fails where a program holds the name of a bug that can be planted
(proto/plant.hpp), or a symbol of the question whether it is.
What is there for a debugger alone, and the names of functions, do not count.

With --all-held the other way round: each program is to hold all of them. So the look is known to see them.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

arguments = sys.argv[1:]
all_held = arguments[0] == "--all-held"
header, *programs = arguments[1:] if all_held else arguments
with open(header, encoding="utf-8") as file:
    names = re.findall(r"^    (\w+),$", file.read(), re.MULTILINE)
names.remove("none")
assert len(names) >= 12, names

for program in programs:
    with tempfile.TemporaryDirectory() as folder:
        stripped = pathlib.Path(folder, "program")
        subprocess.run(["objcopy", "--strip-all", program, stripped], check=True)
        content = stripped.read_bytes()
    # A stripped program has no symbols; then there is nothing in its table to find.
    symbols = subprocess.run(["nm", "-C", program], capture_output=True, text=True, check=False).stdout
    held = [name for name in names if name.encode() in content]
    if re.search(r"antrean::\w*plant", symbols):
        held.append("the question")
    if all_held and len(held) <= len(names):
        sys.exit(f"{program}: only {held} are found, so this look proves nothing")
    if not all_held and held:
        sys.exit(f"{program} holds planted bugs: {', '.join(held)}")
