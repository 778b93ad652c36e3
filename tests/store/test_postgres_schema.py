"""The tables of a PostgreSQL register say what records.py says, and grow into it from any earlier format."""

import json
import re
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import psycopg
import pytest

from store import postgres_schema
from store.columns import NUMBER, columns_of, table_of
from store.documents import from_document, kind_named
from store.postgres_register import PostgresRegister
from store.postgres_schema import AlteredMigration, MigrationNeeded, known_format, migrations
from store.records import INDEXED, KINDS, MAY_BE_EMPTY, REFERENCES, UNIQUE, CallBack, Organisation, Record
from store.register import NewerRegister, RegisterUnavailable
from tests import postgres
from tests.store import first_release
from tests.store.contract.referents import simplest
from tests.store.contract.test_processes import await_all, start
from tests.store.contract.test_records import write

COLUMNS = """SELECT column_name, data_type, udt_name, is_nullable = 'YES' FROM information_schema.columns
    WHERE table_schema = 'gangpai' AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position"""
CONSTRAINTS = """SELECT contype, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE conrelid = ('gangpai.' || quote_ident(%s))::regclass"""
INDEXES = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'gangpai' AND tablename = %s"
TRIGGERS = """SELECT tgname FROM pg_trigger
    WHERE NOT tgisinternal AND tgrelid = ('gangpai.' || quote_ident(%s))::regclass"""
PRIVILEGES = """SELECT privilege_type FROM information_schema.role_table_grants
    WHERE table_schema = 'gangpai' AND grantee = 'gangpai_register' AND table_name = %s"""
ARRAYS = {"_text": "text[]", "_int8": "bigint[]", "_bool": "boolean[]"}


@pytest.fixture(scope="module")
def catalogue() -> Iterator[psycopg.Connection[Any]]:
    with closing(psycopg.connect(postgres.fresh_dsn())) as connection:
        connection.execute("SET search_path = gangpai")
        yield connection


def asked(catalogue: psycopg.Connection[Any], question: str, kind: type[Record]) -> list[Any]:
    return catalogue.execute(question.encode(), [table_of(kind)]).fetchall()


@pytest.mark.parametrize("kind", KINDS)
class TestTables:
    def test_columns_are_the_fields(self, catalogue: psycopg.Connection[Any], kind: type[Record]) -> None:
        found = {
            name: (_type(data, udt), nullable)
            for name, data, udt, nullable in asked(catalogue, COLUMNS, kind)
        }
        assert found.pop(NUMBER) == ("bigint", False)
        assert found == {column.name: (column.type, column.nullable) for column in columns_of(kind)}

    def test_checks_let_in_the_choices_of_each_enumeration(
        self, catalogue: psycopg.Connection[Any], kind: type[Record]
    ) -> None:
        checks = [text for sort, text in asked(catalogue, CONSTRAINTS, kind) if sort == "c"]
        found = dict(filter(None, map(_choices, checks)))
        assert found == {
            column.name: {str(each) for each in column.choices}
            for column in columns_of(kind)
            if column.choices
        }

    def test_keys_are_the_id_the_number_and_the_unique_fields(
        self, catalogue: psycopg.Connection[Any], kind: type[Record]
    ) -> None:
        found = {text for sort, text in asked(catalogue, CONSTRAINTS, kind) if sort in "pu"}
        unique = {f"UNIQUE ({name})" for name in (NUMBER, *UNIQUE.get(kind, ()))}
        assert found == {"PRIMARY KEY (id)", *unique}

    def test_foreign_keys_are_the_references(
        self, catalogue: psycopg.Connection[Any], kind: type[Record]
    ) -> None:
        found = {text for sort, text in asked(catalogue, CONSTRAINTS, kind) if sort == "f"}
        assert found == {
            f"FOREIGN KEY ({_column_that_names(kind, name)}) REFERENCES {table_of(target)}(id)"
            for name, target in REFERENCES.get(kind, {}).items()
        }

    def test_indexes_are_the_fields_records_are_found_by(
        self, catalogue: psycopg.Connection[Any], kind: type[Record]
    ) -> None:
        definitions = [text for (text,) in asked(catalogue, INDEXES, kind) if "UNIQUE" not in text]
        found = {re.search(r"\((\w+), doc_id\)$", text)[1] for text in definitions}  # type: ignore[index] # or fails
        assert found == set(INDEXED.get(kind, ())) - set(UNIQUE.get(kind, ()))

    def test_rows_are_only_added(self, catalogue: psycopg.Connection[Any], kind: type[Record]) -> None:
        assert {name for (name,) in asked(catalogue, TRIGGERS, kind)} == {"never_changed", "without_gap"}
        assert {name for (name,) in asked(catalogue, PRIVILEGES, kind)} == {"SELECT", "INSERT"}


def _type(data: str, udt: str) -> str:
    return ARRAYS[udt] if data == "ARRAY" else data.replace("timestamp with time zone", "timestamptz")


def _choices(check: str) -> tuple[str, set[str]] | None:
    found = re.match(r"CHECK \(\((\w+) = ANY \(ARRAY\[(.*)\]\)\)\)$", check)
    return (found[1], set(re.findall(r"[\w.]+(?='::text)|\b\d+\b", found[2]))) if found else None


def _column_that_names(kind: type[Record], name: str) -> str:
    return f"{name}_named" if (kind, name) in MAY_BE_EMPTY else name


def made_by(steps: int) -> str:
    """Return the address of a database that the first steps made."""
    dsn = postgres.empty_dsn()
    with closing(psycopg.connect(dsn)) as owner:
        for step in migrations()[:steps]:
            owner.execute(step.script)
            note = "INSERT INTO gangpai.applied_migration (version, name, sha256) VALUES (%s, %s, %s)"
            owner.execute(note, [step.version, step.name, step.sha256])
        owner.commit()
    return dsn


def with_documents(dsn: str) -> str:
    """Put into a database of the first format what the first release might have written."""
    with closing(psycopg.connect(dsn)) as owner:
        owner.execute("SET search_path = gangpai")
        for name, documents in first_release.DOCUMENTS.items():
            for number, document in enumerate(documents, start=1):
                _insert(owner, table_of(kind_named(name)), {NUMBER: number} | dict(_flat(document)))
        owner.commit()
    return dsn


def _flat(document: dict[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in document.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}_")
        else:
            is_parts = isinstance(value, list) and value and isinstance(value[0], dict)
            yield f"{before}{name}", json.dumps(value) if is_parts else value


def _insert(owner: psycopg.Connection[Any], table: str, row: dict[str, Any]) -> None:
    names = ", ".join(f'"{name}"' for name in row)
    places = ", ".join(["%s"] * len(row))
    statement = f'INSERT INTO "{table}" ({names}) VALUES ({places})'  # noqa: S608 - names from above
    owner.execute(statement.encode(), list(row.values()))


class TestMigrations:
    def test_they_are_numbered_from_one(self) -> None:
        assert [step.version for step in migrations()] == list(range(1, known_format() + 1))

    @pytest.mark.parametrize("steps", range(1, known_format() + 1))
    def test_a_database_of_any_earlier_format_keeps_what_it_holds(self, steps: int) -> None:
        with closing(PostgresRegister(with_documents(made_by(steps)))) as register:
            for name, documents in first_release.DOCUMENTS.items():
                kind = kind_named(name)
                assert register.find(kind) == [from_document(kind, each) for each in documents]
            message = simplest(CallBack, "c")
            write(register, CallBack(**(vars(message) | {"feedback_id": "f-1", "post_id": "2026-001"})))
            assert register.count(CallBack) == 1

    def test_many_processes_may_open_an_empty_database_at_once(self) -> None:
        dsn = postgres.empty_dsn()
        await_all([start(_open_and_append, dsn, number) for number in range(6)])
        with closing(PostgresRegister(dsn)) as register:
            assert register.count(Organisation) == 6

    def test_a_newer_database_is_refused(self) -> None:
        dsn = postgres.fresh_dsn()
        _say(dsn, "INSERT INTO gangpai.applied_migration VALUES (99, 'later', 'x')")
        with pytest.raises(NewerRegister, match="format 99"):
            PostgresRegister(dsn)

    def test_a_step_taken_in_other_words_is_refused(self) -> None:
        dsn = made_by(1)
        _say(dsn, "UPDATE gangpai.applied_migration SET sha256 = 'x'")
        with pytest.raises(AlteredMigration, match="Format 1"):
            PostgresRegister(dsn)

    def test_a_step_that_fails_leaves_the_database_as_it_was(self, monkeypatch: pytest.MonkeyPatch) -> None:
        dsn = with_documents(made_by(1))
        broken = (*migrations()[:-1], _broken(migrations()[-1]))
        monkeypatch.setattr(postgres_schema, "migrations", lambda: broken)
        with pytest.raises(RegisterUnavailable):
            PostgresRegister(dsn)
        monkeypatch.undo()
        with closing(psycopg.connect(dsn)) as owner:
            [(applied,)] = owner.execute("SELECT max(version) FROM gangpai.applied_migration").fetchall()
        assert applied == 1
        PostgresRegister(dsn).close()

    def test_a_login_without_the_right_is_told_whose_business_it_is(self) -> None:
        dsn = postgres.empty_dsn()
        _say(dsn, "DROP ROLE IF EXISTS clerk", "CREATE ROLE clerk LOGIN")
        with pytest.raises(MigrationNeeded, match="gangpai migrate once with the owner's address"):
            PostgresRegister(_as(dsn, "clerk"))
        PostgresRegister(dsn).close()
        with pytest.raises(MigrationNeeded, match="GRANT gangpai_register TO"):
            PostgresRegister(_as(dsn, "clerk"))
        _say(dsn, "GRANT gangpai_register TO clerk")
        with closing(PostgresRegister(_as(dsn, "clerk"))) as register:
            write(register, simplest(Organisation, "o"))

    def test_an_owner_who_is_no_superuser_makes_role_and_tables(self) -> None:
        dsn = postgres.empty_dsn()
        name = psycopg.conninfo.conninfo_to_dict(dsn)["dbname"]
        _say(dsn, "DROP ROLE IF EXISTS keeper", "CREATE ROLE keeper LOGIN CREATEROLE")
        _say(
            dsn,
            "GRANT gangpai_register TO keeper WITH ADMIN OPTION",
            f"ALTER DATABASE {name} OWNER TO keeper",
        )
        with closing(PostgresRegister(_as(dsn, "keeper"))) as register:
            write(register, simplest(Organisation, "o"))
        _say(dsn, "REASSIGN OWNED BY keeper TO postgres")


def _open_and_append(dsn: str, number: int) -> None:
    with closing(PostgresRegister(dsn)) as register:
        write(register, simplest(Organisation, str(number)))


def _broken(step: postgres_schema.Migration) -> postgres_schema.Migration:
    return postgres_schema.Migration(
        version=step.version, name=step.name, script=step.script + b"\nSELECT nonsense;"
    )


def _as(dsn: str, login: str) -> str:
    return dsn.replace("postgres@", f"{login}@")


def _say(dsn: str, *statements: str) -> None:
    with closing(psycopg.connect(dsn, autocommit=True)) as owner:
        for statement in statements:
            owner.execute(statement.encode())
