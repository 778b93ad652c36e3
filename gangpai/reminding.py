"""Reminding branches of overdue plates: beside the web service in each of its workers, or once by command.

Workers share the register and nothing else: each reminder is entered before it is sent, and whoever enters
it sends it. Leaves out when one is due (store/reminders.py), its words (store/reminder_texts.py), whom it
reaches (addresses.py), and how it travels (mail.py, outbound.py).
"""

import asyncio
import logging
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from gangpai.addresses import AddressBook
from gangpai.mail import MailServer, send_letter
from gangpai.outbound import Reach, post_to_robot, reach_of
from gangpai.settings import Settings
from store.calendar import office_day
from store.records import RecallReminder, ReminderWay
from store.register import Register
from store.reminder_texts import letter, robot_body, subject
from store.reminders import Overdue, Told, begin, finish, may_be_sent, next_attempt, overdue_by_branch

_log = logging.getLogger(__name__)

LOOKS_EVERY_S = 300.0
_JSON = {"Content-Type": "application/json; charset=utf-8"}


@dataclass(frozen=True, kw_only=True)
class Channels:
    """How reminders leave: the mail server if there is one, the addresses, and how far robots may be."""

    server: MailServer | None
    book: AddressBook
    reach: Reach
    trust: ssl.SSLContext
    base_url: str

    def ways_to(self, *branch_names: str) -> list[ReminderWay]:
        """Return the ways by which a branch is reached, by its name or else by one it had before."""
        by_mail = [ReminderWay.MAIL] if self.server and self.book.mail_of(*branch_names) else []
        return [*by_mail, *([ReminderWay.ROBOT] if self.book.robot_of(*branch_names) else [])]


def channels_of(settings: Settings) -> Channels:
    """Return how the reminders of a deployment leave."""
    return Channels(
        server=settings.mail_server,
        book=settings.address_book,
        reach=reach_of(demo=settings.demo),
        trust=ssl.create_default_context(),
        base_url=settings.base_url,
    )


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A branch with overdue plates, the ways it is reached at all, and those that are due now."""

    overdue: Overdue
    ways: tuple[ReminderWay, ...]
    due: tuple[ReminderWay, ...]


class Reminding:
    """Sends the reminders that are due, each once."""

    def __init__(self, register: Register, channels: Channels, clock: Callable[[], datetime]) -> None:
        self._register = register
        self._channels = channels
        self._clock = clock

    async def run(self) -> None:
        """Remind from the morning on, again and again, until cancelled; what fails is tried later."""
        while True:
            try:
                if may_be_sent(self._clock()):
                    await self.remind_due()
            except Exception as error:  # noqa: BLE001 - whatever fails here, the pages are served
                _log.warning("reminders could not be seen to", exc_info=error)
            await asyncio.sleep(LOOKS_EVERY_S)

    def waiting(self) -> list[Waiting]:
        """Return the branches that have overdue plates, and what is due to them now.

        Raises:
            RegisterUnavailable: the register cannot be read.

        """
        now = self._clock()
        with self._register.snapshot() as reader:
            found = overdue_by_branch(reader, office_day(now))
            ways = {each.branch.id: self._channels.ways_to(*each.branch_names) for each in found}
            return [
                Waiting(
                    overdue=each,
                    ways=tuple(ways[each.branch.id]),
                    due=tuple(
                        way for way in ways[each.branch.id] if next_attempt(reader, each.branch.id, way, now)
                    ),
                )
                for each in found
            ]

    async def remind_due(self) -> list[Told]:
        """Send what is due now, one after the other, and return how each went.

        Raises:
            RegisterUnavailable: what is due cannot be read, or a reminder not be entered.

        """
        waiting = await asyncio.to_thread(self.waiting)
        found = [await self._remind(each.overdue, way) for each in waiting for way in each.due]
        return [told for told in found if told]

    async def _remind(self, overdue: Overdue, way: ReminderWay) -> Told | None:
        begun = await asyncio.to_thread(begin, self._register, overdue, way, self._clock())
        if begun is None:
            return None
        problem = await (self._write if way is ReminderWay.MAIL else self._call)(begun, overdue)
        return await asyncio.to_thread(finish, self._register, begun, problem, self._clock())

    async def _write(self, reminder: RecallReminder, overdue: Overdue) -> str:
        channels = self._channels
        if channels.server is None:
            return "no_mail_server"
        message = EmailMessage()
        message["From"] = channels.server.sender
        message["To"] = ", ".join(channels.book.mail_of(*overdue.branch_names))
        message["Subject"] = subject(overdue)
        message["Date"] = format_datetime(reminder.begun_at)
        message["Message-ID"] = f"<{reminder.id}@{channels.server.sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834
        message.set_content(letter(overdue, channels.base_url))
        return await asyncio.to_thread(send_letter, channels.server, message, channels.trust)

    async def _call(self, _: RecallReminder, overdue: Overdue) -> str:
        address = self._channels.book.robot_of(*overdue.branch_names)
        body = robot_body(overdue, self._channels.base_url)
        answer = await post_to_robot(address, _JSON, body, self._channels.reach)
        return "" if answer.is_taken else answer.problem or f"status_{answer.status}"
