"""A backup taken while others write: one state, whole, and a past of the register it was taken of (F29)."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest

from gangpai.local_server import server_environment
from gangpai.office import Office, clock
from gangpai.practice import hang_plates
from store import ledger
from store.acts.authority import Authority
from store.acts.voice import Message, give_feedback
from store.records import Copy, Feedback, Grade, LogEntry, Record, Role, Topic
from store.register import Reader
from store.tinydb_register import TinyDbRegister
from store.transfer import EXPORTED, LedgerDisagrees, export_json, import_json

WRITERS = 3
BACKUPS = 3
PATIENCE_S = 30


def gangpai(office: Office, *arguments: str) -> str:
    """Run a command as the operator does, in a process of its own."""
    command = [sys.executable, "-m", "gangpai", *arguments]
    environment = server_environment(office.settings, port=0)
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    return done.stdout


@contextmanager
def writing(office: Office, copies: list[Copy]) -> Iterator[set[str]]:
    """Let several threads enter messages until the end of the block; yields the receipts so far."""
    ended, acknowledged = Event(), set[str]()

    def write(writer: int) -> None:
        number = 0
        while not ended.is_set():
            receipt = f"W{writer}N{number}"
            give_feedback(office.register, public(office), message(copies[number % len(copies)], receipt))
            acknowledged.add(receipt)
            number += 1

    threads = [Thread(target=write, args=[writer]) for writer in range(WRITERS)]
    for thread in threads:
        thread.start()
    try:
        yield acknowledged
    finally:
        ended.set()
        for thread in threads:
            thread.join(PATIENCE_S)


def public(office: Office) -> Authority:
    actor = office.authority(Role.PUBLIC).actor
    return Authority(actor=actor, now=clock(), policy=office.policy)


def message(copy: Copy, receipt: str) -> Message:
    return Message(
        receipt=receipt, copy_id=copy.id, topic=Topic.RATING, grade=Grade.SATISFIED, comment="", voter=receipt
    )


def restored(data: bytes, path: Path) -> TinyDbRegister:
    register = TinyDbRegister(path)
    import_json(register, data)
    return register


def is_beginning_of(earlier: Reader, later: Reader) -> bool:
    """Whether every class of records begins in one register as it is in the other."""
    return all(_begins(earlier.find(kind), later.find(kind)) for kind in EXPORTED)


def _begins(earlier: list[Record], later: list[Record]) -> bool:
    return earlier == later[: len(earlier)]


def test_f29_a_backup_taken_while_others_write_is_a_whole_past_of_the_register(
    office: Office, tmp_path: Path
) -> None:
    copies = hang_plates(office, 4)
    kept: list[tuple[set[str], Path]] = []
    with writing(office, copies) as acknowledged:
        for number in range(BACKUPS):
            before, file = set(acknowledged), tmp_path / f"backup-{number}.json"
            gangpai(office, "backup", str(file))
            kept.append((before, file))
    for before, file in kept:
        with closing(restored(file.read_bytes(), file.with_suffix(".db"))) as register:
            assert before <= {each.id for each in register.find(Feedback)} <= acknowledged
            assert is_beginning_of(register, office.register)
            with register.snapshot() as then, office.register.snapshot() as now:
                assert ledger.verify(then).faults == ()
                assert ledger.verify(now, ledger.checkpoint(then)).faults == ()
            with register.snapshot() as then:
                assert export_json(then) == file.read_bytes()


def test_an_export_that_reads_without_a_snapshot_is_caught(office: Office, tmp_path: Path) -> None:
    copies = hang_plates(office, 1)

    class Interrupted:
        """Lets a message come in between the messages and the log that binds them."""

        def find(self, kind: type[Record]) -> list[Record]:
            if kind is LogEntry:
                give_feedback(office.register, public(office), message(copies[0], "between"))
            return office.register.find(kind)

        def iterate(self, kind: type[Record]) -> Iterator[Record]:
            return iter(self.find(kind))

    data = export_json(Interrupted())  # type: ignore[arg-type] # the mutation
    with pytest.raises(LedgerDisagrees):
        restored(data, tmp_path / "torn.db").close()
