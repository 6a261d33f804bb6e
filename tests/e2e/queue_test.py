"""The real controller, spoken to by a client that was written from proto/PROTOCOL.md alone: tickets,
papers and calls, and what outlasts a restart."""

import os
import unittest

from client import Message, Store
from processes import wait_until
from protocol_bench import ProtocolTest


class Tickets(ProtocolTest):
    def test_numbers_are_dense_in_each_series(self):
        """Shows R1, R9."""
        kiosk, other = self.kiosk(), self.kiosk("kiosk-2")
        tickets = [kiosk.issue("ktp-el"), kiosk.issue("npwp"), other.issue("ktp-el"),
                   kiosk.issue("kartu-keluarga"), kiosk.issue("npwp")]
        self.assertEqual([(t.label, t.ahead) for t in tickets],
                         [("A-001", 0), ("B-001", 0), ("A-002", 1), ("A-003", 2), ("B-002", 1)])
        ids = [t.ticket for t in tickets]
        self.assertEqual(ids, sorted(set(ids)))
        self.assertEqual([t.service for t in tickets[:2]], ["ktp-el", "npwp"])
        self.assertEqual(tickets[0].utc_offset_min, 420)
        self.assertGreaterEqual(tickets[0].issued_ms, kiosk.welcome.now_ms - 1000)

    def test_the_same_request_gets_the_same_answer_on_every_connection(self):
        """Shows R5, F15."""
        kiosk = self.kiosk()
        kiosk.start("Issue", service="ktp-el")
        request = kiosk.store.in_flight
        kiosk.close()
        answers = []
        for _ in range(3):
            kiosk = self.kiosk(store=kiosk.store)
            kiosk.store.in_flight = request
            answers.append(kiosk.ask_again())
            kiosk.store.in_flight = request
            answers.append(kiosk.ask_again())
        self.assertEqual(answers, [answers[0]] * 6)
        self.assertEqual((answers[0].kind, answers[0].label), ("Ticket", "A-001"))
        kiosk.store.in_flight = None
        self.assertEqual(kiosk.issue().label, "A-002")

    def test_an_older_id_is_stale_and_changes_nothing(self):
        """Shows R5, F12."""
        kiosk = self.kiosk()
        for _ in range(3):
            kiosk.issue()
        kiosk.store.in_flight = Message("Issue", request=2, service="ktp-el")
        self.assertRefused(kiosk.ask_again(), "STALE_REQUEST")
        self.assertEqual(kiosk.issue().label, "A-004")

    def test_an_id_with_other_content_is_refused_and_changes_nothing(self):
        """Shows R5."""
        kiosk = self.kiosk()
        ticket = kiosk.issue()
        for other in (Message("Issue", request=1, service="npwp"),
                      Message("PrintReport", request=1, ticket=ticket.ticket, outcome="PRINTED")):
            kiosk.store.in_flight = other
            self.assertRefused(kiosk.ask_again(), "REQUEST_REUSED")
        kiosk.store.in_flight = Message("Issue", request=1, service="ktp-el")
        self.assertEqual(kiosk.ask_again(), ticket)
        self.assertEqual(kiosk.issue("npwp").label, "B-001")

    def test_ids_need_not_be_dense(self):
        kiosk = self.kiosk(store=Store(last_request=2**63))
        self.assertEqual(kiosk.issue().request, 2**63 + 1)
        self.assertEqual(self.kiosk().welcome.last_request, 2**63 + 1)

    def test_a_service_of_another_kiosk_or_of_nobody_is_unknown(self):
        """Shows R15."""
        kiosk = self.kiosk("kiosk-2")
        self.assertRefused(kiosk.issue("npwp"), "UNKNOWN_SERVICE")
        self.assertRefused(kiosk.issue("paspor"), "UNKNOWN_SERVICE")
        self.assertEqual(kiosk.issue("ktp-el").label, "A-001")

    def test_a_refusal_is_remembered_like_any_answer(self):
        """Shows R5."""
        kiosk, callpad = self.kiosk(), self.callpad()
        self.assertRefused(callpad.call_next(), "NOBODY_WAITS")
        kiosk.give()
        callpad.store.in_flight = Message("CallNext", request=1)
        self.assertRefused(callpad.ask_again(), "NOBODY_WAITS")
        self.assertEqual(callpad.call_next().label, "A-001")


class Papers(ProtocolTest):
    def test_a_ticket_is_callable_once_its_paper_is_reported(self):
        kiosk, callpad = self.kiosk(), self.callpad()
        ticket = kiosk.issue()
        callpad.read_until(lambda view: view.waiting == 1, "a ticket that waits")
        self.assertRefused(callpad.call_next(), "NOBODY_WAITS")
        self.assertEqual(kiosk.report(ticket.ticket).kind, "Done")
        self.assertEqual(callpad.call_next().ticket, ticket.ticket)
        view = callpad.read_until(lambda view: view.ticket, "the call")
        self.assertEqual(view.paper, "PAPER_PRINTED")

    def test_an_unconfirmed_paper_is_told_to_the_callpad(self):
        """Shows F21."""
        kiosk, callpad = self.kiosk(), self.callpad()
        ticket = kiosk.issue()
        kiosk.report(ticket.ticket, "UNCONFIRMED", "NO_ANSWER", copy=True)
        self.assertEqual(callpad.call_next().label, "A-001")
        view = callpad.read_until(lambda view: view.ticket, "the call")
        self.assertEqual(view.paper, "PAPER_UNCONFIRMED")

    def test_a_ticket_that_was_not_printed_is_void_and_its_number_is_gone(self):
        """Shows R1, R2."""
        kiosk, callpad = self.kiosk(), self.callpad()
        void = kiosk.issue()
        self.assertEqual(kiosk.report(void.ticket, "NOT_PRINTED", "PAPER_OUT").kind, "Done")
        self.assertRefused(callpad.call_next(), "NOBODY_WAITS")
        self.assertEqual(kiosk.give().label, "A-002")
        self.assertEqual(callpad.call_next().label, "A-002")
        self.assertEqual(self.callpad("callpad-2").view.waiting, 0)

    def test_a_paper_is_reported_once_and_by_its_own_kiosk(self):
        kiosk, other = self.kiosk(), self.kiosk("kiosk-2")
        ticket = kiosk.issue()
        self.assertRefused(other.report(ticket.ticket), "UNKNOWN_TICKET")
        self.assertEqual(kiosk.report(ticket.ticket).kind, "Done")
        self.assertRefused(kiosk.report(ticket.ticket), "UNKNOWN_TICKET")
        self.assertRefused(kiosk.report(999_999), "UNKNOWN_TICKET")

    def doubted(self):
        """A kiosk with a new store, a callpad that called the old store's ticket, that ticket."""
        kiosk, callpad = self.kiosk(), self.callpad()
        ticket = kiosk.issue()
        kiosk.close()
        kiosk = self.kiosk()  # with a new store
        self.assertEqual(kiosk.store.last_request, 1)
        self.assertEqual(callpad.call_next().ticket, ticket.ticket)
        view = callpad.read_until(lambda view: view.ticket, "the call")
        self.assertEqual(view.paper, "PAPER_UNCONFIRMED")
        return kiosk, callpad, ticket

    def test_a_kiosk_with_a_new_store_leaves_its_papers_unconfirmed(self):
        _, callpad, ticket = self.doubted()
        self.assertEqual(callpad.finish(ticket.ticket).kind, "Done")

    def test_the_report_is_taken_after_the_doubt(self):
        kiosk, callpad, ticket = self.doubted()
        self.assertEqual(kiosk.report(ticket.ticket, "PRINTED").kind, "Done")
        callpad.read_until(lambda view: view.paper == "PAPER_PRINTED", "the report")
        self.assertEqual(callpad.finish(ticket.ticket).kind, "Done")

    def test_a_ticket_that_becomes_void_while_called_frees_its_counter(self):
        kiosk, callpad, ticket = self.doubted()
        kiosk.report(ticket.ticket, "NOT_PRINTED", "PAPER_OUT")
        view = callpad.read_until(lambda view: view.paper == "PAPER_VOID", "the report")
        self.assertEqual(view.label, "A-001")
        for ask in (callpad.recall, callpad.finish, callpad.no_show):
            self.assertRefused(ask(ticket.ticket), "NOT_CALLED")
        kiosk.give()
        self.assertEqual(callpad.call_next().label, "A-002")
        view = callpad.read_until(lambda view: view.label == "A-002", "the next call")
        self.assertEqual((view.paper, view.times_called), ("PAPER_PRINTED", 1))


class Calls(ProtocolTest):
    def test_call_recall_finish_and_no_show(self):
        kiosk, callpad = self.kiosk(), self.callpad()
        first, second = kiosk.give("ktp-el"), kiosk.give("kartu-keluarga")
        callpad.read_until(lambda view: view.waiting == 2, "two who wait")

        called = callpad.call_next()
        self.assertEqual((called.kind, called.ticket, called.label),
                         ("Called", first.ticket, "A-001"))
        view = callpad.read_until(lambda view: view.ticket, "the call")
        self.assertEqual(
            (view.label, view.service_name, view.paper, view.times_called, view.waiting),
            ("A-001", "KTP-el", "PAPER_PRINTED", 1, 1))

        self.assertEqual(callpad.recall(first.ticket).kind, "Done")
        callpad.read_until(lambda view: view.times_called == 2, "the recall")
        self.assertEqual(callpad.finish(first.ticket).kind, "Done")
        callpad.read_until(lambda view: not view.ticket, "a free counter")
        self.assertRefused(callpad.finish(first.ticket), "NOT_CALLED")

        self.assertEqual(callpad.call_next().label, "A-002")
        self.assertRefused(callpad.no_show(first.ticket), "NOT_CALLED")
        self.assertEqual(callpad.no_show(second.ticket).kind, "Done")
        callpad.read_until(lambda view: not view.ticket and not view.waiting, "an empty queue")
        self.assertRefused(callpad.call_next(), "NOBODY_WAITS")

    def test_the_next_call_finishes_the_one_before(self):
        kiosk, callpad = self.kiosk(), self.callpad()
        first = kiosk.give()
        kiosk.give()
        callpad.call_next()
        self.assertEqual(callpad.call_next().label, "A-002")
        self.assertRefused(callpad.recall(first.ticket), "NOT_CALLED")
        callpad.read_until(lambda view: view.label == "A-002", "the second call")

    def test_who_stands_called_stays_called_when_nobody_waits(self):
        kiosk, callpad = self.kiosk(), self.callpad()
        ticket = kiosk.give()
        callpad.call_next()
        self.assertRefused(callpad.call_next(), "NOBODY_WAITS")
        self.assertEqual(callpad.recall(ticket.ticket).kind, "Done")

    def test_counters_that_share_a_series_call_each_ticket_once_in_order_of_arrival(self):
        """Shows R7, R8, F15."""
        kiosk = self.kiosk()
        one, two = self.callpad("callpad-1"), self.callpad("callpad-2")
        for service in ("npwp", "ktp-el", "npwp", "ktp-el"):
            kiosk.give(service)
        # Counter 2 serves both agencies, counter 1 only the first.
        labels = [pad.call_next().label for pad in (two, one, two, two)]
        self.assertEqual(labels, ["B-001", "A-001", "B-002", "A-002"])
        self.assertRefused(one.call_next(), "NOBODY_WAITS")

    def test_a_ticket_belongs_to_the_counter_that_called_it(self):
        """Shows R7."""
        kiosk = self.kiosk()
        one, two = self.callpad("callpad-1"), self.callpad("callpad-2")
        ticket = kiosk.give()
        one.call_next()
        for ask in (two.recall, two.finish, two.no_show):
            self.assertRefused(ask(ticket.ticket), "NOT_CALLED")
        self.assertEqual(one.finish(ticket.ticket).kind, "Done")

    def test_a_callpad_sees_its_counter_as_it_is_when_it_comes_back(self):
        """Shows R7."""
        kiosk, callpad = self.kiosk(), self.callpad()
        ticket = kiosk.give()
        callpad.call_next()
        callpad.recall(ticket.ticket)
        callpad.close()
        view = self.callpad(store=callpad.store).view
        self.assertEqual((view.ticket, view.times_called), (ticket.ticket, 2))


class AtRest(ProtocolTest):
    def test_the_log_is_carried_into_the_journal_while_nobody_waits(self):
        def file_bytes():
            return os.path.getsize(self.site.journal)
        kiosk, empty = self.kiosk(), file_bytes()
        for _ in range(120):
            kiosk.give()
        wait_until(lambda: file_bytes() > empty, "the journal's file to grow")
        self.restart()
        self.assertEqual(self.kiosk(store=kiosk.store).issue().label, "A-121")


class Restarts(ProtocolTest):
    def test_a_killed_controller_knows_everything_that_it_answered(self):
        """Shows R4, R5, F1."""
        kiosk, callpad = self.kiosk(), self.callpad()
        for _ in range(3):
            kiosk.give()
        pending = kiosk.issue()
        issue = Message("Issue", request=pending.request, service="ktp-el")
        called = callpad.call_next()
        self.restart()

        kiosk = self.kiosk(store=kiosk.store)
        callpad = self.callpad(store=callpad.store)
        self.assertEqual(kiosk.welcome.last_request, pending.request)
        self.assertEqual(
            (callpad.view.ticket, callpad.view.label, callpad.view.times_called,
             callpad.view.waiting),
            (called.ticket, "A-001", 1, 3))
        kiosk.store.in_flight = issue
        self.assertEqual(kiosk.ask_again(), pending)
        callpad.store.in_flight = Message("CallNext", request=1)
        self.assertEqual(callpad.ask_again(), called)

        self.assertEqual(callpad.recall(called.ticket).kind, "Done")
        callpad.read_until(lambda view: view.times_called == 2, "the recall")
        self.assertEqual(kiosk.report(pending.ticket).kind, "Done")
        self.assertEqual([callpad.call_next().label for _ in range(3)],
                         ["A-002", "A-003", "A-004"])
        self.assertEqual(kiosk.issue().label, "A-005")

    def test_a_journal_that_was_put_back_gives_no_number_again(self):
        """Shows R1, R9, F7."""
        kiosk = self.kiosk()
        first = kiosk.issue()
        kiosk = self.kiosk(store=kiosk.store)
        self.assertGreaterEqual(kiosk.welcome.journal_seq, first.ticket)
        kiosk.close()
        # As told by a journal that went on for long after this copy of it.
        kiosk.store.journal_seq += 1000
        kiosk.store.seen = {"A": "A-030"}
        kiosk = self.kiosk(store=kiosk.store)
        again = kiosk.issue()
        self.assertGreater(int(again.label.removeprefix("A-")), 30)
        self.assertGreater(again.ticket, first.ticket + 2**40 - 1000)

    def test_a_request_that_a_crash_left_open_is_done_once(self):
        """Shows R5, F1."""
        store = Store()
        labels = []
        for _ in range(5):
            kiosk = self.kiosk(store=store)
            kiosk.start("Issue", service="ktp-el")
            self.restart()  # before, while or after it was made durable
            kiosk.close()
            labels.append(self.kiosk(store=store).ask_again().label)
        self.assertEqual(labels, [f"A-{n:03}" for n in range(1, 6)])

    def test_refusals_outlast_a_restart(self):
        """Shows R5, F1."""
        kiosk = self.kiosk()
        kiosk.issue()
        self.assertRefused(kiosk.issue("paspor"), "UNKNOWN_SERVICE")
        self.restart()
        kiosk = self.kiosk(store=kiosk.store)
        kiosk.store.in_flight = Message("Issue", request=2, service="paspor")
        self.assertRefused(kiosk.ask_again(), "UNKNOWN_SERVICE")
        kiosk.store.in_flight = Message("Issue", request=1, service="ktp-el")
        self.assertRefused(kiosk.ask_again(), "STALE_REQUEST")


if __name__ == "__main__":
    unittest.main()
