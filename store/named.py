"""The posts named in an award round (名单, F16): those that hold the title still."""

from dataclasses import dataclass

from store.dossier import Dossier, PostState, dossiers
from store.records import Award
from store.register import Reader
from store.rounds import Round


@dataclass(frozen=True, kw_only=True)
class NamedPost:
    """A post on the list, and the award that put it there."""

    dossier: Dossier
    award: Award


def name_list(reader: Reader, named_in: Round) -> list[NamedPost]:
    """Return the posts named in a round that hold the title still, by number; a fallen one is not named."""
    found = (each for each in dossiers(reader) if each.state is PostState.AWARDED)
    return [
        NamedPost(dossier=each, award=each.award)
        for each in found
        if each.award and each.award.round == named_in.id
    ]
