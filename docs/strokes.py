"""Makes plaques/data/strokes.tsv: the order of the characters of 通用规范汉字表 by strokes.

Run it by `python docs/strokes.py UNIHAN CNCHAR` after unpacking the two sources that plaques/data/README.md
names: UNIHAN is the folder of Unihan_OtherMappings.txt and Unihan_IRGSources.txt, CNCHAR the file
cnchar.order.min.js. Knows how the sources write strokes; leaves out how names are compared (name_order.py).

The list numbers each of its three levels by number of strokes, then by the strokes in their order
(GF 0023-2020), so it proves every sequence by its neighbours: the making stops if one is out of place. Of a
character whose sequence no source has, its neighbours in the level say between which two it lies.
"""

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from pathlib import Path

TABLE = Path(__file__).parent.parent / "plaques" / "data" / "strokes.tsv"
LEVEL_ENDS = (3500, 6500, 8105)
GROUPS = {"ji": "1", "fg": "2", "s": "3", "kld": "4"}
"""The letters of cnchar-order for 横 and 提, 竖 and 竖钩, 撇, 点 and 捺; every other is a 折."""

DIGITS = {letter: digit for letters, digit in GROUPS.items() for letter in letters}


def rows(numbers: Mapping[str, int], sequences: Mapping[str, str]) -> Iterator[str]:
    """Yield character, number and sequence, or the two sequences between which an unknown one lies."""
    listed = sorted(numbers, key=numbers.__getitem__)
    for start, end in pairwise((0, *LEVEL_ENDS)):
        known = [sequences.get(character, "") for character in listed[start:end]]
        require_order([sequence for sequence in known if sequence])
        spans = zip(filled(known), reversed([*filled(reversed(known))]), strict=True)
        for character, span in zip(listed[start:end], spans, strict=True):
            yield "\t".join((character, str(numbers[character]), *dict.fromkeys(span)))


def filled(sequences: Iterable[str]) -> Iterator[str]:
    """Yield each sequence, in the place of an unknown one the known one before it."""
    return accumulate(sequences, lambda before, sequence: sequence or before)


def require_order(known: Sequence[str]) -> None:
    """Stop if the sequences of a level do not stand in the list's order."""
    for before, after in pairwise(known):
        if (len(before), before) > (len(after), after):
            sys.exit(f"{before} and {after} contradict the list")


def unihan(folder: Path, file: str, field: str) -> dict[str, str]:
    """Return a field of Unihan by character (UAX #38)."""
    lines = (folder / file).read_text(encoding="utf-8").splitlines()
    found = [line.split("\t") for line in lines if f"\t{field}\t" in line]
    return {chr(int(point.removeprefix("U+"), 16)): value for point, _, value in found}


def stroke_sequences(file: Path, counts: Mapping[str, int]) -> dict[str, str]:
    """Return the sequences as digits, leaving out those that Unihan counts otherwise (3.2.6: 皙)."""
    script = file.read_text(encoding="utf-8")
    found = re.search(r"""JSON\.parse\('(\{"一".*?\})'\)""", script)
    letters = json.loads(found.group(1)) if found else {}
    written = {
        character: "".join(DIGITS.get(each, "5") for each in word) for character, word in letters.items()
    }
    return {
        character: digits for character, digits in written.items() if len(digits) == counts.get(character)
    }


def main(folder: Path, script: Path) -> None:
    """Write the table."""
    listed = unihan(folder, "Unihan_OtherMappings.txt", "kTGH")
    numbers = {character: int(value.split()[0].split(":")[1]) for character, value in listed.items()}
    totals = unihan(folder, "Unihan_IRGSources.txt", "kTotalStrokes")
    counts = {character: int(value.split()[0]) for character, value in totals.items()}
    table = rows(numbers, stroke_sequences(script, counts))
    TABLE.write_text("".join(f"{row}\n" for row in table), encoding="utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
