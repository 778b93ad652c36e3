"""Posts that any office might name: names, duties and headings of every length, seeded.

Knows how long each text may be in a roster and what people write. Leaves out plates (test_random_plates.py).
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from store.records import Face, Product, Stage
from store.roster.headers import Field
from store.roster.texts import LONGEST
from tests.plaques.line_rules import RandomText, random_text
from tests.plaques.plates import HEADINGS, RARE_NAMES, content, face

MOST_NAMES = 30
SHORTEST = 2
SHORT_OFTEN = 2.2
"""Lengths are drawn so that most texts are as long as usual and every tenth is near the longest."""

_HAN = (0x4E00, 0x9FA5)
_SPOKEN = "阿依古丽艾合买提努尔江帕曼热孜克木斯坦"
_LATIN = ("Li Na", "O'Neil", "Anna-Maria", "Muhammad Ali", "Nguyễn Văn An", "J. R. Smith")
_UNITS = ("第一党支部", "试验场党总支", "农学院党委", "委员会", "场站管理中心党支部")
_FIRST_DAY = date(2024, 1, 1)


@dataclass(frozen=True)
class Words:
    """What a plate is to say, with name and duties of the post as made up, and the host its code leads to."""

    face: Face
    post_name: RandomText
    duties: RandomText
    host: str


def random_words(random: Random, product: Product) -> Words:
    """Make up a plate's words: 1 to 30 members and texts as long as a roster takes them."""
    stage = random.choice(list(Stage))
    names = tuple(dict.fromkeys(random_person(random) for _ in range(random.randint(1, MOST_NAMES))))
    name, duties = random_post_name(random), random_duties(random)
    post = content(names, name.text, duties.text)
    own = product in (Product.BADGE, Product.DESK)
    said = replace(
        face(post, stage, holder=random.choice(names) if own else ""),
        heading=HEADINGS[stage],
        holder_title=_han(random, _length(random, 0, 12)) if own else "",
        branch_name=_named(random, 3, 24),
        issuer=_named(random, 4, 30),
        dated_on=_FIRST_DAY + timedelta(days=random.randint(0, 3000)),
    )
    return Words(said, name, duties, random_host(random))


def random_post_name(random: Random) -> RandomText:
    """Make up a post's name of 2 to 40 characters."""
    made = random_text(random, 4)
    if SHORTEST <= len(made.text) <= LONGEST[Field.NAME]:
        return made
    return RandomText(_han(random, _length(random, SHORTEST, LONGEST[Field.NAME])), ())


def random_duties(random: Random) -> RandomText:
    """Make up duties of 2 to 300 characters."""
    most = _length(random, SHORTEST, LONGEST[Field.DUTIES])
    made = random_text(random, 1)
    while len(made.text) < most:
        longer = joined(made, random_text(random, 3))
        if len(longer.text) > LONGEST[Field.DUTIES]:
            break
        made = longer
    return made


def joined(first: RandomText, second: RandomText) -> RandomText:
    """Put one text behind the other, a comma between them."""
    shift = len(first.text) + 1
    moved = tuple(range(word.start + shift, word.stop + shift) for word in second.words)
    return RandomText(f"{first.text}，{second.text}", (*first.words, *moved))


def random_person(random: Random) -> str:
    """Make up a name of 2 to 20 characters: Han, with ·, rare or Latin."""
    kind = random.random()
    if kind < 0.8:
        return _han(random, random.choice([2, 3, 3, 3, 3, 4]))
    if kind < 0.92:
        return "·".join(_spoken(random, 9) for _ in range(2))
    if kind < 0.97:
        return random.choice([*RARE_NAMES, _han(random, 1) + chr(random.randint(0x20000, 0x2A6D6))])
    return random.choice(_LATIN)


def random_host(random: Random) -> str:
    """Make up a host name of up to 35 characters."""
    letters = "abcdefghijklmnopqrstuvwxyz0123456789"
    return f"{''.join(random.choices(letters, k=_length(random, 2, 28)))}.edu.cn"


def _named(random: Random, least: int, most: int) -> str:
    unit = random.choice(_UNITS)
    return (_han(random, max(0, _length(random, least, most) - len(unit))) + unit)[-most:]


def _han(random: Random, length: int) -> str:
    return "".join(chr(random.randint(*_HAN)) for _ in range(length))


def _spoken(random: Random, most: int) -> str:
    return "".join(random.choices(_SPOKEN, k=random.randint(2, most)))


def _length(random: Random, least: int, most: int) -> int:
    share: float = random.random() ** SHORT_OFTEN
    return least + round((most - least) * share)
