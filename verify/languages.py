"""The languages of the public pages: which one a visitor is given, and its words, dates and numbers.

Pages are written in English and read through one gettext catalogue for each language (verify/locale/, kept up
to date by `python docs/catalogues.py`). Texts that belong to a rule, such as a refusal or the name of a
verdict, stay with that rule in both languages; `Language.pick` chooses. Leaves out the pages themselves.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO
from urllib.parse import parse_qs

from babel import Locale, dates, numbers
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from store.calendar import OFFICE_ZONE, office_time
from store.refusals import Refusal

TAGS = ("zh-CN", "en")
"""The languages there are (BCP 47), the one for whoever asks for none of them first."""

COOKIE = "lang"
PARAMETER = "lang"
_QUALITY = re.compile(r"[01](\.\d{0,3})?")
_MOMENT = {"zh-CN": "y年M月d日 HH:mm:ss", "en": "MMM d, y HH:mm:ss"}


@dataclass(frozen=True, kw_only=True)
class Language:
    """One language: `tag` names it (BCP 47), `translations` holds its words."""

    tag: str
    locale: Locale = field(compare=False)
    translations: Translations = field(compare=False, repr=False)

    @property
    def other(self) -> "Language":
        """The other language, which every page leads to."""
        return language(next(tag for tag in TAGS if tag != self.tag))

    @property
    def own_name(self) -> str:
        """What the language calls itself."""
        return str(self.locale.get_language_name(self.locale.language)).capitalize()

    def gettext(self, message: str, **values: object) -> str:
        """Return a text of this program, given in English, with its values filled in."""
        text = str(self.translations.ugettext(message))
        return text % values if values else text

    def pick(self, zh: str, en: str) -> str:
        """Choose between the two wordings of a text that belongs to a rule."""
        return zh if self.tag == "zh-CN" else en

    def told(self, refusal: Refusal) -> str:
        """Return a refusal in words."""
        return self.pick(refusal.zh, refusal.en)

    def day(self, day: date) -> str:
        """Return a date: 2026年7月1日, or July 1, 2026."""
        return str(dates.format_date(day, "long", locale=self.locale))

    def moment(self, moment: datetime) -> str:
        """Return a moment on the office's clock: 2026年11月22日 15:48:07, or Nov 22, 2026 15:48:07."""
        local = office_time(moment)
        return str(dates.format_datetime(local, _MOMENT[self.tag], tzinfo=OFFICE_ZONE, locale=self.locale))

    def clock(self, moment: datetime) -> str:
        """Return the time of day on the office's clock: 15:48:07."""
        return f"{office_time(moment):%H:%M:%S}"

    def number(self, number: float) -> str:
        """Return a number with its thousands set apart."""
        return str(numbers.format_decimal(number, locale=self.locale))

    def percent(self, share: float, digits: int = 0) -> str:
        """Return a share of 1 as per cent."""
        pattern = f"0.{'0' * digits}%" if digits else "0%"
        return str(numbers.format_percent(share, pattern, locale=self.locale))

    def joined(self, words: list[str]) -> str:
        """Return words as a list in a sentence: 甲、乙, or A, B."""
        return self.pick("、", ", ").join(words)


@cache
def language(tag: str) -> Language:
    """Return the language of this tag.

    Raises:
        KeyError: there is none.

    """
    if tag not in TAGS:
        raise KeyError(tag)
    locale = Locale.parse(tag, sep="-")
    catalogue = files("verify") / "locale" / tag.replace("-", "_") / "LC_MESSAGES" / "messages.po"
    compiled = BytesIO()
    with catalogue.open("rb") as source:
        write_mo(compiled, read_po(source, locale=locale))
    compiled.seek(0)
    return Language(tag=tag, locale=locale, translations=Translations(compiled))


def languages() -> tuple[Language, ...]:
    """Return all languages, the first one first."""
    return tuple(map(language, TAGS))


def language_of(request: HTTPConnection) -> Language:
    """Return the language a visitor is answered in: asked for by `?lang=`, chosen before, or understood."""
    asked = request.query_params.get(PARAMETER, "") or request.cookies.get(COOKIE, "")
    return negotiated(asked, request.headers.get("accept-language", ""))


@lru_cache(maxsize=1024)
def negotiated(asked: str, accepted: str) -> Language:
    """Return the language asked for by its tag, else the first understood one there is (RFC 9110, 12.5.4)."""
    known = (tag for wish in (asked, *_by_liking(accepted)) for tag in TAGS if _speaks(wish, tag))
    return language(next(known, TAGS[0]))


def _speaks(wish: str, tag: str) -> bool:
    """Whether a wish is met: somebody who reads any kind of Chinese reads ours."""
    return wish.lower().partition("-")[0] == tag.partition("-")[0]


def _by_liking(accepted: str) -> Iterator[str]:
    ranges = [_language_range(part) for part in accepted.split(",")]
    liked = sorted((each for each in ranges if each[1] > 0), key=lambda each: -each[1])
    return (name for name, _ in liked)


def _language_range(text: str) -> tuple[str, float]:
    name, _, parameter = text.partition(";")
    quality = parameter.strip().removeprefix("q=") or "1"
    return name.strip(), float(quality) if _QUALITY.fullmatch(quality) else 0.0


class RememberLanguage:
    """Lets whoever asked for a language by `?lang=` be answered in it from then on, by a cookie."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app = app
        self._attributes = "Path=/; SameSite=Lax; HttpOnly" + ("; Secure" if secure else "")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request of the ASGI protocol."""
        tag = _tag_asked(scope) if scope["type"] == "http" else None

        async def remembered(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).append("Set-Cookie", f"{COOKIE}={tag}; {self._attributes}")
            await send(message)

        await self._app(scope, receive, remembered if tag else send)


def _tag_asked(scope: Scope) -> str | None:
    query: bytes = scope["query_string"]
    if b"lang=" not in query:
        return None
    asked = parse_qs(query.decode("latin-1")).get(PARAMETER, [""])[-1]
    return asked if asked in TAGS else None
