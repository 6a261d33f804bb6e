"""The technicians' console of a real kiosk through a pseudo-terminal: every command, as text and as
JSON."""

import re
import sqlite3
import unittest

from console_line import CODE, PROMPT, Console, Technician
from path_programs import Hall
from processes import wait_until


CONFIG = {"config show", "config set", "config check", "config save", "config rollback"}


class KioskConsole(Technician, unittest.TestCase):
    def setUp(self):
        self.hall = Hall()
        self.addCleanup(self.hall.close)
        self.controller = self.hall.start_controller()
        self.printer = self.hall.start_printer("--speed", "0")
        self.console = Console(self.hall.folder)
        self.addCleanup(self.console.close)
        self.kiosk = self.start()
        self.cable = self.console.cable
        self.cable.login()

    def start(self, *arguments):
        kiosk = self.hall.start_kiosk(arguments=(*self.console.arguments, *arguments))
        kiosk.wait_until_ready()
        return kiosk

    def test_help_lists_every_command_and_tells_of_each(self):
        shown = self.ask("help")["commands"]
        names = {row["command"].split(" [")[0].split(" LABEL")[0].split(" KEY")[0]
                 for row in shown}
        self.assertEqual(names, {
            "help", "status", "network", "clock", "log tail", "log level", "counters", "restart",
            "factory-reset", "logout", "buttons", "printer state", "printer test", "printer probe",
            "printer profile", "printer clear", "self-test", "journal", "lamps", "leases", "reprint", *CONFIG})
        for row in shown:
            self.assertTrue(row["does"], row)
        for name in names:
            more = self.ask("help " + name)
            self.assertTrue(more["usage"].startswith(name), more)
            self.assertTrue(any(line["text"].startswith("Example: ") for line in more["more"]), more)
        self.assertEqual(len(self.ask("help printer")["commands"]), 5)
        self.refuse("help nothing", "unknown")

    def test_what_is_no_command_is_told_with_a_remedy(self):
        self.assertIn("status", self.refuse("statsu", "unknown")["remedy"])
        self.assertIn("printer state", self.refuse("printer", "incomplete")["remedy"])
        self.refuse("clock now", "usage")
        self.refuse('log level "debug', "quote")
        self.refuse("printer state 2", "argument")
        self.refuse("journal 0", "argument")
        self.refuse("log tail many", "argument")
        self.refuse("buttons 9999", "argument")
        self.assertIn("--lamp", self.refuse("lamps", "no_lamps")["remedy"])
        self.assertIn("Not done:", self.cable.ask("reprint"))

    def test_status_clock_and_network(self):
        status = self.ask("status")
        self.assertEqual((status["device"], status["connected"], status["has_menu"]),
                         ("kiosk-1", True, True))
        self.assertEqual([one["state"] for one in status["printers"]], ["ready"])
        self.assertEqual(status["stuck_buttons"], [])
        self.assertIn("kiosk-1", self.cable.ask("status"))
        clock = self.ask("clock")
        self.assertRegex(clock["utc"], r"^20\d\d-\d\d-\d\dT")
        self.assertLess(abs(clock["controller_ahead_ms"]), 5000)
        network = self.ask("network")
        self.assertTrue(network["reachable"])
        self.assertGreater(network["latency_ms"], 0)
        self.assertIn("127.0.0.1/8", [row["address"] for row in network["addresses"]])
        self.controller.kill()
        wait_until(lambda: not self.ask("status")["connected"], "the connection to be lost")
        self.assertFalse(self.ask("network")["reachable"])

    def test_the_printer(self):
        state = self.ask("printer state")
        self.assertEqual((state["state"], state["printer"]), ("ready", 1))
        self.assertEqual(self.ask("printer profile")["name"], "generic-80")
        answer = self.ask("printer test")
        self.assertEqual(answer["outcome"], "printed")
        papers = wait_until(self.printer.papers, "the test paper")
        self.assertIn("BUKAN TIKET", papers[0].text)
        self.assertIn("kiosk-1", papers[0].text)
        self.assertIsNone(papers[0].label)
        probed = self.ask("printer probe")
        self.assertEqual((probed["status"], probed["in_use"]), ("answered", "generic-80"))
        self.ask("printer clear")
        wait_until(lambda: self.ask("printer state")["state"] == "ready", "the printer again")
        self.kiosk.give("1", "A-001")
        self.printer.hand("paper out")
        wait_until(lambda: self.ask("printer state")["state"] == "paper out", "no paper")
        self.assertTrue(self.refuse("printer test", "printer")["remedy"])

    def test_a_ticket_waits_for_a_technicians_paper(self):
        slow = self.hall.start_printer("--speed", "40", name="slow")
        self.kiosk.terminate()
        self.cable.mark()
        self.kiosk = self.hall.start_kiosk(printer=slow.address, arguments=self.console.arguments)
        self.kiosk.wait_until_ready()
        self.cable.login()
        self.cable.mark()
        self.cable.send("printer test --json\r")
        self.cable.wait("\r\n")  # it has begun
        self.kiosk.give("1", "A-001")
        self.assertIn('"outcome":"printed"', self.cable.wait(PROMPT))
        papers = wait_until(lambda: len(slow.papers()) == 2 and slow.papers(), "both papers")
        self.assertEqual([(paper.label, paper.copy) for paper in papers],
                         [(None, False), ("A-001", False)])
        self.cable.mark()
        self.cable.send("printer test\r")
        self.cable.wait("\r\n")
        self.console.plug_in()  # who goes leaves the paper to end by itself
        self.cable = self.console.cable
        self.cable.login()
        self.refuse("restart", "printing")
        self.refuse("printer test", "printing")
        self.refuse("printer probe", "printing")
        self.refuse("printer clear", "printing")
        wait_until(lambda: len(slow.papers()) == 3, "the paper")

    def test_each_of_two_printers(self):
        second = self.hall.start_printer("--speed", "0", name="second")
        self.kiosk.terminate()
        self.cable.mark()
        self.kiosk = self.hall.start_kiosk(
            printer=self.printer.address,
            arguments=(*self.console.arguments, "--printer", second.address))
        self.kiosk.wait_until_ready()
        self.cable.login()
        wait_until(lambda: self.ask("printer state 2")["state"] == "ready", "the second")
        self.assertEqual(len(self.ask("status")["printers"]), 2)
        self.assertEqual(self.ask("printer test 2")["printer"], 2)
        wait_until(second.papers, "the paper of the second")
        self.kiosk.give("1", "A-001")
        self.assertEqual(self.ask("reprint A-001 2")["outcome"], "printed")
        wait_until(lambda: second.papers()[-1].label == "A-001", "the copy")
        self.assertTrue(second.papers()[-1].copy)
        self.assertEqual(self.ask("counters")["printer_2_papers"], 2)
        self.refuse("printer state 3", "argument")
        self.refuse("reprint A-001 0", "argument")

    def test_the_leases_are_told(self):
        wait_until(lambda: self.ask("leases")["leases"], "leases")
        for lease in self.ask("leases")["leases"]:
            self.assertRegex(lease.pop("label"), r"^[AB]-[A-Z]{2}$")
            self.assertIn(lease.pop("series"), ("dukcapil", "pajak"))
            self.assertEqual(lease, {"given": 0, "size": 200, "not_told": 0, "retired": False})

    def test_the_journal_a_reprint_and_the_counters(self):
        self.kiosk.give("1", "A-001")
        self.kiosk.give("3", "B-001")
        wait_until(lambda: len(self.ask("journal")["papers"]) == 2, "two papers")
        rows = self.ask("journal 1")["papers"]
        self.assertEqual([(row["kind"], row["label"], row["outcome"]) for row in rows],
                         [("ticket", "B-001", "printed")])
        answer = self.ask("reprint a-001")
        self.assertEqual((answer["label"], answer["outcome"]), ("A-001", "printed"))
        copy = wait_until(lambda: [p for p in self.printer.papers() if p.copy], "a copy")
        self.assertEqual([paper.label for paper in copy], ["A-001"])
        self.assertIn("KTP-el", copy[0].text)
        self.assertEqual(self.ask("journal 1")["papers"][0]["kind"], "reprint")
        self.refuse("reprint Z-999", "unknown")
        counters = self.ask("counters")
        self.assertEqual(counters["printer_1_papers"], 3)
        self.assertGreaterEqual(counters["printer_1_cuts"], 3)
        moved_m = sum(int(mm) for mm in re.findall(r"\((\d+) mm", self.printer.output)) / 1000
        self.assertAlmostEqual(counters["printer_1_paper_m"], moved_m, delta=moved_m / 10)
        self.assertGreater(counters["store_writes"], 3)
        self.kiosk.terminate()
        self.cable.mark()
        self.kiosk = self.start()
        self.cable.login()
        self.assertEqual(len(self.ask("journal")["papers"]), 3)
        self.assertGreaterEqual(self.ask("counters")["store_writes"], counters["store_writes"])
        self.assertEqual(self.ask("reprint B-001")["outcome"], "printed")

    def test_a_number_that_is_void_is_not_printed_again(self):
        self.kiosk.give("1", "A-001")
        self.kiosk.terminate()
        with sqlite3.connect(self.hall.path("kiosk-1.store.console")) as store:
            store.execute("UPDATE papers SET outcome = 'not printed', reason = 'gone'")
        store.close()
        self.cable.mark()
        self.kiosk = self.start()
        self.cable.login()
        self.refuse("reprint A-001", "void")

    def test_without_a_printer_nothing_waits_for_one(self):
        self.printer.kill()
        self.kiosk.wait_for_line("printer: gone")
        self.refuse("printer test", "printer")
        self.assertTrue(self.refuse("self-test", "printer")["checks"])

    def test_buttons_are_shown_and_give_no_numbers_meanwhile(self):
        self.cable.mark()
        self.cable.send("buttons 60 --json\r")
        self.cable.wait('"press":"now')
        self.kiosk.press("3")
        self.cable.wait('{"key":"3","button":3,"service":"NPWP"}')
        self.kiosk.press("9")
        self.cable.wait('"button":9')
        self.cable.send("\x03")
        self.cable.wait("^C\r\n" + PROMPT)
        self.kiosk.give("3", "B-001")
        self.assertEqual(self.ask("buttons 1")["presses"], 0)

    def test_the_log(self):
        self.assertIn("logged in", str(self.ask("log tail")["lines"]))
        self.assertEqual(len(self.ask("log tail 1")["lines"]), 1)
        self.assertEqual(self.ask("log level")["level"], "info")
        self.assertEqual(self.ask("log level warning")["level"], "warning")
        self.refuse("log level loud", "argument")
        self.assertEqual(self.ask("log level info")["level"], "info")

    def test_the_self_test_prints_its_report(self):
        answer = self.ask("self-test")
        self.assertTrue(answer["good"], answer)
        self.assertEqual(answer["outcome"], "printed")
        checks = {row["check"] for row in answer["checks"]}
        self.assertLessEqual({"disk", "store", "clock", "connection", "network", "buttons",
                              "stuck buttons", "printer 1"}, checks)
        self.assertNotIn("lamps", checks)  # it has none
        text = wait_until(self.printer.papers, "the report")[0].text
        for name in checks:
            self.assertIn(f"[OK] {name}:", text)
        self.printer.hand("cover open")
        wait_until(lambda: self.ask("printer state")["state"] == "cover open", "an open cover")
        answer = self.refuse("self-test", "printer")
        self.assertFalse(answer["good"])

    def test_a_restart_is_a_new_login_and_goes_on(self):
        self.kiosk.give("1", "A-001")
        mark = self.kiosk.mark()
        self.cable.mark()
        self.cable.send("restart\r")
        self.cable.wait("Logged off.")
        self.kiosk.wait_after(mark, "> Silakan tekan tombol")
        self.cable.mark()
        self.cable.send("\r")
        self.cable.login()
        self.assertLess(self.ask("status")["running_s"], 30)
        self.kiosk.give("1", "A-002")

    def test_a_reset_wants_to_be_confirmed_and_keeps_the_code(self):
        self.kiosk.give("1", "A-001")
        wait_until(lambda: self.ask("status")["papers_not_told"] == 0
                   and not self.ask("status")["asks_controller"], "all to be told")
        for word in ("", "yes", "kiosk-2"):
            self.cable.mark()
            self.cable.send("factory-reset\r")
            self.cable.wait("sure? ")
            self.cable.send(word + "\r")
            self.cable.wait("nothing was changed")
            self.cable.wait(PROMPT)
        self.assertEqual(len(self.ask("journal")["papers"]), 1)
        self.cable.mark()
        self.cable.send("factory-reset\r")
        self.cable.wait("sure? ")
        mark = self.kiosk.mark()
        self.cable.send("kiosk-1\r")
        self.cable.wait("Logged off.")
        self.kiosk.wait_after(mark, "> Silakan tekan tombol")
        self.cable.mark()
        self.cable.send("\r")
        self.cable.login()
        self.assertEqual(self.ask("journal")["papers"], [])
        self.assertEqual(self.ask("counters")["printer_1_papers"], 1)
        self.kiosk.give("1", "A-002")

    def test_tab_completes_and_arrows_bring_back(self):
        self.cable.mark()
        self.cable.send("pri\tst\t")
        self.cable.wait("printer state ")
        self.cable.send("\r")
        self.cable.wait("profile")
        self.cable.wait(lambda: self.cable.text.endswith(PROMPT), "a prompt")
        self.cable.mark()
        self.cable.send("\x1b[A")
        self.cable.wait("printer state ")
        self.cable.send("\x15clock\x01\x05\r")
        self.cable.wait("kept by ntp")

    def test_logging_off_needs_the_code_again(self):
        for how in ("logout\r", "\x04"):
            self.cable.mark()
            self.cable.send(how)
            self.cable.wait("Logged off.")
            self.cable.wait("code: ")
            self.cable.mark()
            self.cable.send("status\r")
            self.cable.wait("Wrong code.")
            self.assertNotIn("controller", self.cable.text)
            self.cable.wait("code: ")
            self.cable.send(CODE + "\r")
            self.cable.wait(PROMPT)


class CallpadConsole(Technician, unittest.TestCase):
    def setUp(self):
        self.hall = Hall()
        self.addCleanup(self.hall.close)
        self.hall.start_controller()
        self.console = Console(self.hall.folder)
        self.addCleanup(self.console.close)
        self.callpad = self.hall.start_callpad(arguments=self.console.arguments)
        self.callpad.wait_for_line("> Loket 1")
        self.cable = self.console.cable
        self.cable.login()

    def test_it_has_the_commands_of_all_devices_and_no_printer(self):
        names = {row["command"].split(" [")[0].split(" KEY")[0] for row in self.ask("help")["commands"]}
        self.assertEqual(names, {
            "help", "status", "network", "clock", "log tail", "log level", "counters", "restart",
            "factory-reset", "logout", "buttons", "self-test", *CONFIG})
        status = self.ask("status")
        self.assertEqual((status["device"], status["connected"]), ("callpad-1", True))
        self.assertIn("Loket 1", status["display"])
        self.assertTrue(self.ask("network")["reachable"])
        self.assertTrue(self.ask("self-test")["good"])
        self.assertGreater(self.ask("counters")["store_writes"], 0)
        self.assertIn("logged in", str(self.ask("log tail")["lines"]))

    def test_its_keys_are_shown_and_do_nothing_else(self):
        self.cable.mark()
        self.cable.send("buttons 60 --json\r")
        self.cable.wait('"press":"now')
        mark = self.callpad.mark()
        self.callpad.press("n")
        self.cable.wait('{"key":"n","means":"next"}')
        self.callpad.press("~")
        self.cable.wait('{"key":"~","means":""}')
        self.cable.send("\x03")
        self.cable.wait("^C\r\n" + PROMPT)
        self.callpad.press("n")
        self.callpad.wait_after(mark, "tidak ada yang menunggu")
        self.assertEqual(sum(line.endswith("| ...") for line in self.callpad.lines_after(mark)), 1)

    def test_a_restart_and_a_reset(self):
        for command, more in (("restart\r", ""), ("factory-reset\r", "callpad-1\r")):
            mark = self.callpad.mark()
            self.cable.mark()
            self.cable.send(command)
            if more:
                self.cable.wait("sure? ")
                self.cable.send(more)
            self.cable.wait("Logged off.")
            self.callpad.wait_after(mark, "connected to the controller")
            self.cable.mark()
            self.cable.send("\r")
            self.cable.login()
            self.assertTrue(self.ask("status")["connected"])


if __name__ == "__main__":
    unittest.main()
