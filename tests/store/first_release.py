"""A register file as the first release left it: its tables, indexes and triggers, and some documents."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

APPLICATION_ID = 0x67706169
INDEXED: dict[str, tuple[str, ...]] = {
    "Organisation": ("name",),
    "Post": ("year", "branch_id"),
    "Application": ("post_id", "branch_id", "year"),
    "Approval": ("post_id", "application_id"),
    "Award": ("post_id",),
    "Copy": ("post_id", "branch_id", "replaces"),
    "Loss": ("copy_id", "post_id"),
    "Return": ("copy_id", "post_id"),
    "Departure": ("post_id",),
    "Veto": ("post_id",),
    "RecallLine": ("copy_id", "post_id", "branch_id"),
    "Feedback": ("copy_id", "post_id", "branch_id", "voter"),
    "Investigation": ("post_id",),
    "Officer": (),
    "OfficerDisabled": ("officer_id",),
    "SignInFailure": ("account", "network"),
    "OfficerSession": ("officer_id",),
    "SessionSeen": ("session_id",),
    "SessionEnd": ("session_id",),
    "LogEntry": (),
}
UNIQUE = {"Copy": ("code",)}
TABLE = 'CREATE TABLE "{table}" (doc_id INTEGER PRIMARY KEY, document TEXT NOT NULL)'
INDEX = """CREATE {unique} INDEX "{table}_{field}" ON "{table}" (json_extract(document, '$.{field}'))"""
TRIGGERS = (
    """CREATE TRIGGER "{table}_no_update" BEFORE UPDATE ON "{table}"
    BEGIN SELECT RAISE(ABORT, 'the register is only ever added to'); END""",
    """CREATE TRIGGER "{table}_no_delete" BEFORE DELETE ON "{table}"
    BEGIN SELECT RAISE(ABORT, 'the register is only ever added to'); END""",
    """CREATE TRIGGER "{table}_no_gap" BEFORE INSERT ON "{table}"
    WHEN NEW.doc_id <> (SELECT coalesce(max(doc_id), 0) + 1 FROM "{table}")
    BEGIN SELECT RAISE(ABORT, 'documents are numbered without gaps'); END""",
)
TIME = "2026-03-02T01:30:00Z"
DOCUMENTS: dict[str, list[dict[str, Any]]] = {
    "Organisation": [
        {"id": "o-1", "name": "中心党委", "kind": "committee", "parent_id": None},
        {"id": "o-2", "name": "机关党总支", "kind": "general_branch", "parent_id": "o-1"},
    ],
    "Post": [{"id": "2026-001", "year": 2026, "branch_id": "o-2"}],
    "Application": [
        {
            "id": "a-1",
            "post_id": "2026-001",
            "branch_id": "o-2",
            "year": 2026,
            "content": {
                "name": "服务窗口",
                "kind": "collective",
                "collective_kind": "service_post",
                "place": "一楼大厅",
                "duties": "受理、发证",
                "members": [{"name": "王小明", "title": "岗长"}, {"name": "李𬱖", "title": ""}],
                "other_staff": ["张三"],
                "commitment": "限时办结",
            },
            "filed_at": TIME,
            "timing": "in_window",
        }
    ],
    "Copy": [
        {
            "id": "2026-001-01-11",
            "code": "0123456789ABCDEFGHJKMNPQRS",
            "post_id": "2026-001",
            "branch_id": "o-2",
            "application_id": "a-1",
            "product": "plaque",
            "stage": "creation",
            "design": "plaque-creation",
            "size": "a4",
            "face": {
                "heading": "创建共产党员示范岗",
                "post_name": "服务窗口",
                "duties": "受理、发证",
                "member_count": 2,
                "names": ["王小明", "李𬱖"],
                "holder": "",
                "holder_title": "",
                "branch_name": "机关党总支",
                "issuer": "中心党委",
                "dated_on": "2026-03-02",
                "mark": "",
            },
            "place": "一楼大厅",
            "issued_at": TIME,
            "replaces": None,
        }
    ],
    "Feedback": [
        {
            "id": "f-1",
            "copy_id": "2026-001-01-11",
            "post_id": "2026-001",
            "branch_id": "o-2",
            "topic": "rating",
            "grade": 2,
            "comment": "等了很久",
            "voter": "v",
            "counted": True,
            "given_at": TIME,
        }
    ],
    "LogEntry": [
        {
            "id": "e-1",
            "number": 1,
            "at": TIME,
            "actor": "cli:root",
            "act": "import",
            "object": "",
            "reason": "",
            "digests": ["00" * 32],
            "seal": "11" * 32,
        }
    ],
}


def make_file(path: Path) -> None:
    """Make a register file of format 1 with the documents in it."""
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA journal_mode = WAL")
        for table, indexed in INDEXED.items():
            _define(raw, table, indexed)
        for table, documents in DOCUMENTS.items():
            rows = [(number, json.dumps(each)) for number, each in enumerate(documents, start=1)]
            raw.executemany(f'INSERT INTO "{table}" VALUES (?, ?)', rows)  # noqa: S608 - a name from above
        raw.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        raw.execute("PRAGMA user_version = 1")
        raw.commit()


def _define(raw: sqlite3.Connection, table: str, indexed: tuple[str, ...]) -> None:
    raw.execute(TABLE.format(table=table))
    for field in ("id", *UNIQUE.get(table, ())):
        raw.execute(INDEX.format(unique="UNIQUE", table=table, field=field))
    for field in indexed:
        raw.execute(INDEX.format(unique="", table=table, field=field))
    for trigger in TRIGGERS:
        raw.execute(trigger.format(table=table))
