"""What is to be true of a hall in the evening: its papers and its journal tell the same."""

import collections
import re

from client import Callpad, Store
from kill_journal import read_events
from processes import wait_until

LABEL = re.compile(r"^ *(SALINAN )?([AB]-(?:\d{3,}|[A-Z]{2}\d{2,}))\s*$", re.MULTILINE)


def call_everybody(hall):
    """Until nobody waits: then every paper has been told of."""
    store = Store()

    def nobody_waits():
        with Callpad(hall.controller.port, "callpad-2", store) as callpad:
            return callpad.call_everybody()
    wait_until(nobody_waits, "every paper told of, and its number called", 60)


def papers_of(printer):
    """(label, whether it is a copy) of each paper of PRINTER; its last one is cut off by then."""
    printer.hand("status")
    printer.wait_for_line(r"^online; .* hanging out, 0 bytes waiting")
    found = []
    for paper in printer.papers():
        labels = LABEL.findall(paper.text)
        assert len(labels) <= 1, f"{paper} has two numbers"
        found += [(label, bool(copy)) for copy, label in labels]
    return found


def check_evening(test, hall, printers):
    """Stops the controller of HALL, whose devices have stopped. Every paper is known, none is there twice
    without a mark, and each number has a paper or is void; a request has one effect; a ticket is called
    at one counter. Returns the events."""
    papers = [paper for printer in printers for paper in papers_of(printer)]
    test.assertEqual(hall.controller.terminate(), 0, hall.controller.output)
    events = read_events(test, hall.journal)
    unmarked = collections.Counter(label for label, copy in papers if not copy)
    test.assertEqual([label for label, count in unmarked.items() if count > 1], [])
    issued, voided, called, asked = set(), {}, {}, set()
    for row in events:
        if row["request"]:
            test.assertNotIn((row["device"], row["request"], row["kind"], row["ticket"]), asked)
            asked.add((row["device"], row["request"], row["kind"], row["ticket"]))
        if row["kind"] in ("issued", "issued_offline"):
            test.assertNotIn(row["label"], issued, "a label is given once")
            issued.add(row["label"])
        elif row["kind"] == "voided":
            voided[row["label"]] = row["reason"]
        elif row["kind"] == "called":
            test.assertNotIn(row["ticket"], called, "nobody is called at two counters")
            called[row["ticket"]] = row["counter"]
    on_paper = {label for label, _ in papers}
    test.assertEqual(on_paper - issued, set(), "papers that the journal does not know")
    test.assertEqual({label: voided.get(label) for label in issued - on_paper},
                     {label: "abandoned" for label in issued - on_paper})
    test.assertEqual(on_paper & set(voided), set(), "papers whose numbers are void")
    return events
