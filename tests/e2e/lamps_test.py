"""The lamps in a real kiosk's buttons, as LEDs in a folder that has the files of the kernel's."""

import os
import unittest

from console_line import PROMPT, Console
from path_programs import Hall
from processes import wait_until


class LampsTest(unittest.TestCase):
    def setUp(self):
        self.hall = Hall()
        self.addCleanup(self.hall.close)
        self.hall.start_controller()
        self.printer = self.hall.start_printer("--speed", "0")
        self.leds = self.hall.path("leds")
        os.mkdir(self.leds)
        for name in ("one", "two", "nine"):
            self.add_led(name)
        self.console = Console(self.hall.folder)
        self.addCleanup(self.console.close)
        self.cable = self.console.cable

    def add_led(self, name):
        # The folder appears as a whole, as the kernel's does.
        folder = os.path.join(self.leds, "new")
        os.mkdir(folder)
        for file, text in (("brightness", "0"), ("max_brightness", "3"), ("trigger", "[timer]")):
            with open(os.path.join(folder, file), "w", encoding="ascii") as led:
                led.write(text + "\n")
        os.rename(folder, os.path.join(self.leds, name))

    def start(self, *lamps):
        arguments = [*self.console.arguments, "--leds", self.leds]
        for lamp in lamps:
            arguments += ["--lamp", lamp]
        self.kiosk = self.hall.start_kiosk(arguments=arguments)
        return self.kiosk

    def read(self, led, file="brightness"):
        with open(os.path.join(self.leds, led, file), encoding="ascii") as text:
            return text.read().strip()

    def wait_for(self, wanted):
        """Until the LEDs one, two and nine shine as WANTED says, such as "303"."""
        wait_until(lambda: "".join(map(self.read, ("one", "two", "nine"))) == wanted,
                   f"LEDs as {wanted}")

    def test_lamps_show_which_buttons_give_a_number(self):
        self.start("1=one,2=two", "9=nine").wait_until_ready()
        self.wait_for("330")
        self.assertEqual(self.read("one", "trigger"), "none")
        self.printer.hand("paper out")
        self.wait_for("000")
        self.printer.hand("paper load")
        self.wait_for("330")
        self.kiosk.terminate()
        self.wait_for("000")

    def test_a_lamp_blinks_while_its_paper_is_on_its_way(self):
        slow = self.hall.start_printer("--speed", "40", name="slow")
        self.start("1=one,2=two").wait_until_ready()
        self.wait_for("330")
        self.kiosk.press("1")
        for shine in ("030", "330", "030"):
            self.wait_for(shine)
        slow.wait_for_paper("A-001")
        self.kiosk.wait_for_line("> Nomor Anda A-001")
        self.wait_for("330")

    def test_a_led_that_is_missing_is_told_and_stops_nothing(self):
        self.start("1=one", "2=lost").wait_until_ready()
        warning = self.kiosk.wait_for_line(r"lamp of button 2: (.*)")[1]
        self.assertIn(f"no LED 'lost' in {self.leds}", warning)
        self.assertIn("--lamp 2=lost", warning)
        self.wait_for("300")
        self.kiosk.press("2")
        self.kiosk.wait_for_line("> Nomor Anda A-001")
        self.add_led("lost")
        self.kiosk.wait_for_line("lamp of button 2: it can be lit again")
        self.assertEqual(self.read("lost"), "3")

    def test_a_self_test_fails_where_a_lamp_cannot_be_lit(self):
        self.start("1=one", "2=lost").wait_until_ready()
        self.kiosk.wait_for_line("lamp of button 2: ")
        self.cable.login()
        answer = self.cable.ask_json("self-test")
        self.assertFalse(answer["good"])
        self.assertEqual([row["check"] for row in answer["checks"] if not row["good"]], ["lamps"])
        self.assertIn("[BAD] lamps: button 2:", self.printer.papers()[0].text)

    def test_a_self_test_tells_that_the_lamps_can_be_lit(self):
        self.start("1=one,2=two").wait_until_ready()
        self.wait_for("330")
        self.cable.login()
        self.assertTrue(self.cable.ask_json("self-test")["good"])
        self.assertIn("[OK] lamps: 2 can be lit", self.printer.papers()[0].text)

    def test_the_console_tells_and_tries_them(self):
        self.start("1=one", "2=lost", "9=nine").wait_until_ready()
        self.kiosk.wait_for_line("lamp of button 2: ")
        self.cable.login()
        answer = self.cable.ask_json("lamps")
        self.assertTrue(answer["ok"])
        self.assertEqual([(row["button"], row["led"], row["lamp"], bool(row["trouble"]))
                          for row in answer["lamps"]],
                         [(1, "one", "lit", False), (2, "lost", "lit", True),
                          (9, "nine", "dark", False)])
        self.cable.mark()
        self.cable.send("lamps test --json\r")
        self.cable.wait('{"button":1,"led":"one"}')
        self.wait_for("300")
        self.cable.wait('{"button":2,"led":"lost"}')
        self.wait_for("000")
        self.cable.wait('{"button":9,"led":"nine"}')
        self.wait_for("003")
        self.cable.wait('"ok":true')
        self.wait_for("300")
        self.cable.mark()
        self.cable.send("lamps test\r")
        self.cable.wait("lost")
        self.wait_for("000")
        self.cable.send("\x03")
        self.cable.wait("^C\r\n" + PROMPT)
        self.wait_for("300")
        self.assertEqual(self.cable.ask_json("lamps try")["error"], "argument")
        self.assertIn("nine", self.cable.ask("lamps"))


if __name__ == "__main__":
    unittest.main()
