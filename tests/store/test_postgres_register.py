"""The engine on a server: what it may not do, how it fails, how soon, and that it heals by itself."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from store import postgres_register
from store.postgres_register import PostgresRegister
from store.postgres_session import Session
from store.records import BranchPlan, Copy, LogEntry, OfficerSession, Organisation
from store.register import DamagedRegister, NestedTransaction, RegisterUnavailable
from tests import postgres
from tests.postgres import DURABLE, Server
from tests.store.contract.samples import GROUND, act_of, copy, log_entry, plan
from tests.store.contract.test_records import write

ANSWERED_WITHIN_S = 2.0
FORKS = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")  # newer Pythons warn beside threads


@pytest.fixture
def dsn() -> str:
    return postgres.fresh_dsn()


@pytest.fixture
def register(dsn: str) -> Iterator[PostgresRegister]:
    with closing(PostgresRegister(dsn)) as register:
        write(register, *GROUND)
        yield register


@pytest.fixture
def own_server() -> Iterator[Server]:
    """Start a server of the test's own, which may be stopped, and which keeps what it acknowledged."""
    server = Server(DURABLE)
    yield server
    server.close()


CHANGES = [
    "UPDATE gangpai.log_entry SET reason = 'x'",
    "DELETE FROM gangpai.log_entry",
    "TRUNCATE gangpai.log_entry",
    "UPDATE gangpai.applied_migration SET version = 7",
    "DROP TABLE gangpai.log_entry CASCADE",
]


PLANNED = "SELECT sum(generic_plans + custom_plans) FROM pg_prepared_statements WHERE statement LIKE %s"


def test_a_statement_is_prepared_once_for_all_readings(register: PostgresRegister) -> None:
    def planned() -> int:
        with register._lent() as connection:  # noqa: SLF001 - the engine's own
            [(times,)] = connection.session.execute(PLANNED, ["%officer_session%"]).fetchall()
            return int(times or 0)

    for times in (1, 2, 3):
        with register.snapshot() as reader:
            assert reader.get(OfficerSession, "none") is None
        assert planned() == times


class TestAppendOnly:
    @pytest.mark.parametrize("change", CHANGES)
    def test_f29_the_engine_itself_may_not_change_the_log(
        self, register: PostgresRegister, change: str
    ) -> None:
        assert not_permitted(register, change)

    @pytest.mark.parametrize("change", CHANGES[:3])
    def test_f29_not_even_the_owner_changes_the_log_by_mistake(
        self, register: PostgresRegister, dsn: str, change: str
    ) -> None:
        write(register, log_entry(1))
        with closing(psycopg.connect(dsn)) as owner, pytest.raises(psycopg.Error, match="only ever added to"):
            owner.execute(change.encode())
        assert register.find(LogEntry) == [log_entry(1)]

    def test_a_grant_too_many_is_noticed(self, register: PostgresRegister, dsn: str) -> None:
        with closing(psycopg.connect(dsn, autocommit=True)) as owner:
            owner.execute("GRANT UPDATE, DELETE ON gangpai.log_entry TO gangpai_register")
            owner.execute("DROP TRIGGER never_changed ON gangpai.log_entry")
        assert not not_permitted(register, CHANGES[0])

    def test_a_session_outside_the_role_is_noticed(self, dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("store.postgres_schema._SET_ROLE", b"SELECT 1")
        with closing(PostgresRegister(dsn)) as register:
            assert not not_permitted(register, "UPDATE gangpai.applied_migration SET name = name")

    def test_the_count_of_commits_goes_forward_only(self, register: PostgresRegister) -> None:
        with pytest.raises(RegisterUnavailable), register._lent() as connection:  # noqa: SLF001 - the engine's own
            connection.session.run(b"UPDATE commit_count SET n = n - 1")

    def test_numbers_have_no_gaps_whoever_writes(self, dsn: str) -> None:
        row = "(doc_id, id, name, kind) VALUES (99, 'o', '', 'committee')"
        with closing(psycopg.connect(dsn)) as owner, pytest.raises(psycopg.Error, match="without gaps"):
            owner.execute(f"INSERT INTO gangpai.organisation {row}".encode())


def not_permitted(register: PostgresRegister, statement: str) -> bool:
    """Whether the engine's own session is refused a statement for want of a right."""
    with register._lent() as connection:  # noqa: SLF001 - the engine's own
        try:
            connection.session.execute(statement.encode())
        except psycopg.errors.InsufficientPrivilege:
            return True
        except psycopg.Error:
            return False
    return False


class TestDamage:
    def test_a_damaged_record_is_named_and_nothing_is_read_from_it(
        self, register: PostgresRegister, dsn: str
    ) -> None:
        write(register, *(copy(number) for number in (1, 2, 3)))
        with closing(psycopg.connect(dsn, autocommit=True)) as owner:
            owner.execute("ALTER TABLE gangpai.copy DISABLE TRIGGER never_changed")
            owner.execute("ALTER TABLE gangpai.copy DROP CONSTRAINT copy_stage_check")
            owner.execute("UPDATE gangpai.copy SET stage = 'unheard of' WHERE doc_id = 2")
        with pytest.raises(DamagedRegister, match="Copy 2 of the register is damaged"):
            register.find(Copy)
        with pytest.raises(DamagedRegister, match="Copy 2 of the register is damaged"):
            register.related(Copy, "code", [copy(2).code], ())
        assert register.get(Copy, copy(3).id) == copy(3)


def answered(ask: Callable[[], object]) -> bool:
    """Ask, and say whether there was an answer; none may take longer than two seconds."""
    began = time.monotonic()
    try:
        ask()
    except RegisterUnavailable:
        return False
    finally:
        assert time.monotonic() - began < ANSWERED_WITHIN_S + 0.5
    return True


class TestServer:
    def test_a_server_that_is_gone_is_said_to_be_at_once_and_found_again(self, own_server: Server) -> None:
        with closing(PostgresRegister(own_server.fresh_dsn())) as register:
            write(register, *GROUND, plan(1))
            for mode in ("immediate", "fast"):
                own_server.stop(mode)
                assert not answered(lambda: register.find(BranchPlan))
                assert not answered(register.version)
                assert not answered(lambda: write(register, plan(9)))
                own_server.start()
                assert register.find(BranchPlan) == [plan(1)]
            write(register, plan(2))
            assert register.count(BranchPlan) == 2

    def test_what_was_acknowledged_outlives_a_crash(self, own_server: Server) -> None:
        with closing(PostgresRegister(own_server.fresh_dsn())) as register:
            write(register, *GROUND)
            for number in range(5):
                write(register, *act_of(number))
                own_server.stop("immediate")
                own_server.start()
                assert register.count(LogEntry) == number + 1

    def test_a_crash_in_the_middle_of_an_act_leaves_nothing_of_it(self, own_server: Server) -> None:
        def crash_half_way(register: PostgresRegister) -> None:
            with register.transaction() as transaction:
                transaction.append(plan(1))
                own_server.stop("immediate")

        with closing(PostgresRegister(own_server.fresh_dsn())) as register:
            write(register, *GROUND)
            with pytest.raises(RegisterUnavailable):
                crash_half_way(register)
            own_server.start()
            assert register.find(BranchPlan) == []
            write(register, plan(1))

    def test_a_server_that_stands_still_is_given_up_within_two_seconds(self, own_server: Server) -> None:
        with closing(PostgresRegister(own_server.fresh_dsn())) as register:
            write(register, *GROUND)
            own_server.freeze()
            try:
                assert not answered(lambda: register.find(BranchPlan))
            finally:
                own_server.thaw()
            assert register.find(BranchPlan) == []

    def test_a_password_is_in_no_failure(self) -> None:
        for address in ("postgresql://office:hunter2@127.0.0.1:1/x", "postgresql://a:hunter2@h:hunter2/x"):
            with pytest.raises(RegisterUnavailable) as failed:
                PostgresRegister(address)
            chain = (failed.value, failed.value.__cause__)
            assert "hunter2" not in "".join(f"{each!r}{each}" for each in chain)


class TestSharing:
    def test_nesting_has_its_own_error(self, register: PostgresRegister) -> None:
        with register.transaction(), pytest.raises(NestedTransaction), register.transaction():
            pass

    def test_a_writer_that_waits_too_long_is_told(
        self, register: PostgresRegister, dsn: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(
            postgres_register,
            "_BEGIN_WRITING",
            b"BEGIN; SET LOCAL lock_timeout = '50ms'; SELECT pg_advisory_xact_lock(1735420265)",
        )
        with closing(PostgresRegister(dsn)) as other, other.transaction() as transaction:
            transaction.append(plan(1))
            with pytest.raises(RegisterUnavailable):
                write(register, plan(2))
        write(register, plan(2))
        assert register.find(BranchPlan) == [plan(1), plan(2)]

    def test_sessions_are_kept_and_bounded(
        self, register: PostgresRegister, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        opened: list[str] = []
        sign_in = Session.signed_in

        def counted(dsn: str) -> Session:
            opened.append(dsn)
            return sign_in(dsn)

        monkeypatch.setattr(Session, "signed_in", counted)
        register.close()
        for number in range(20):
            write(register, plan(number))
            register.find(BranchPlan, year=2026)
        assert len(opened) == 1

    @FORKS
    def test_a_forked_process_uses_sessions_of_its_own(self, register: PostgresRegister) -> None:
        write(register, plan(1))
        pid = os.fork()
        if not pid:
            os._exit(_read_and_write_in_a_fork(register))
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
        assert register.find(BranchPlan) == [plan(1), plan(2)]
        write(register, plan(3))

    def test_a_refusal_passed_over_keeps_nothing(self, register: PostgresRegister) -> None:
        before = register.version()

        def pass_over() -> None:
            with register.transaction() as transaction:
                transaction.append(plan(1))
                with pytest.raises(Exception, match="branch_plan"):
                    transaction.append(replace(plan(2), branch_id="nowhere"))

        with pytest.raises(RegisterUnavailable):
            pass_over()
        assert register.version() == before
        assert register.count(Organisation) == 1


def _read_and_write_in_a_fork(register: PostgresRegister) -> int:
    read = register.find(BranchPlan)
    write(register, plan(2))
    return 0 if read == [plan(1)] else 1


def test_a_server_starts_though_its_user_cannot_reach_the_installed_binaries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = postgres._binaries()  # noqa: SLF001 - where the test dependency keeps them
    site = tmp_path / "closed"
    site.mkdir(mode=0o700)
    package = installed.parent
    for each in (package, package.with_name(f"{package.name}.libs")):
        (site / each.name).symlink_to(each)
    monkeypatch.setattr(postgres, "_binaries", lambda: site / package.name / installed.name)
    started = Server()
    try:
        with closing(PostgresRegister(started.fresh_dsn())) as register:
            assert register.count(LogEntry) == 0
    finally:
        started.close()
