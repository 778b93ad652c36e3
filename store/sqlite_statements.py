"""The SQL by which documents are found together with what belongs to them.

Knows that a table holds JSON documents by number, indexed by what json_extract takes out of them. Leaves out
who runs it (sqlite_storage.py).
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from store.register import Link

_ROOTS = """
    WITH root AS MATERIALIZED (
        SELECT document.doc_id, document.document{taken_out}
        FROM json_each(?) AS asked CROSS JOIN "{table}" AS document ON {field} = asked.value
    )
    SELECT doc_id, 0, doc_id, CAST(document AS BLOB) FROM root
"""
_BRANCH = (
    "UNION ALL SELECT root.doc_id, {place}, found.doc_id, CAST(found.document AS BLOB) FROM root {joins}"
)
_JOIN = (
    'CROSS JOIN "{table}" AS {name} ON {field} = {value}'  # CROSS keeps the order: what is few comes first
)


def extracted(name: str, *, of: str = "document") -> str:
    """Return the SQL that takes a field out of a document, spelled as in the indexes."""
    return f"json_extract({of}, '$.{name}')"


@lru_cache
def kinship(table: str, field: str, links: Sequence[Link[Any]]) -> str:
    """Ask for the documents whose field has one of the values in a JSON array, with what belongs to them.

    Each row is the number of the document asked for, the place of the link, number and document, as
    JSON in UTF-8, of what it found.
    """
    roots = _ROOTS.format(
        table=table,
        field=extracted(field, of="document.document"),
        taken_out="".join(
            f', {extracted(name, of="document.document")} AS "to_{name}"' for name in _taken(links)
        ),
    )
    return " ".join((roots, *(_branch(place, link) for place, link in enumerate(links, 1))))


def _branch(place: int, link: Link[Any]) -> str:
    return _BRANCH.format(place=place, joins=" ".join(_joins(link, "found")))


def _taken(links: Sequence[Link[Any]]) -> Iterator[str]:
    yield from dict.fromkeys(link.to for link in links if link.of is None)


def _joins(link: Link[Any], name: str) -> list[str]:
    """Join what the links before found, from the document asked for on, and last what this one finds."""
    owner = f"of_{name}"
    join = _JOIN.format(
        table=link.kind.__name__,
        name=name,
        field=extracted(link.by, of=f"{name}.document"),
        value=extracted(link.to, of=f"{owner}.document") if link.of else f'root."to_{link.to}"',
    )
    return [*(_joins(link.of, owner) if link.of else ()), join]
