"""Posts that could not be printed, told as findings: a report says what is missing from a file, and why."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from plaques.artwork.emblem import EmblemMisused, SealMisplaced
from plaques.composition.compose import ModulesTooSmall
from plaques.preflight.findings import Check, Finding, Severity
from plaques.preflight.plate import IncompletePlate, TextsCollide, TooNearTrim
from plaques.print_run import Declined
from plaques.typography.breaking import Unbreakable
from plaques.typography.typefaces import MissingGlyph
from plaques.typography.typesetting import TextTooLong
from store.refusals import Refusal

_CHECKS: Mapping[type[Refusal], Check] = MappingProxyType(
    {
        IncompletePlate: Check.TEXTS,
        MissingGlyph: Check.GLYPHS,
        TooNearTrim: Check.CLEARANCE,
        TextsCollide: Check.OVERLAP,
        TextTooLong: Check.FLOOR,
        Unbreakable: Check.FLOOR,
        ModulesTooSmall: Check.MODULE,
        EmblemMisused: Check.EMBLEM,
        SealMisplaced: Check.EMBLEM,
    }
)


def declined_findings(declined: Iterable[Declined]) -> tuple[Finding, ...]:
    """Return an error for each post that is not in a file; its number is the post's."""
    return tuple(_finding(each) for each in declined)


def _finding(declined: Declined) -> Finding:
    refusal = declined.refusal
    return Finding(
        severity=Severity.ERROR,
        number=declined.post_id,
        part="",
        text=str(refusal.facts.get("text", "")),
        check=_check_of(refusal),
        zh=refusal.zh,
        en=refusal.en,
    )


def _check_of(refusal: Refusal) -> Check:
    """Return the check a refusal comes from; what no other check answers for is a fault of the record."""
    found = (check for kind, check in _CHECKS.items() if isinstance(refusal, kind))
    return next(found, Check.TEXTS)
