"""Keeps the catalogues of the public pages: `python docs/catalogues.py` (also `make catalogues`).

Reads every text out of the templates and the code of the public rooms, and lays each catalogue out anew: new
texts come in empty, what nobody says any more goes, what was translated stays. The English one says what the
code says.
"""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
LOCALES = ("zh_CN", "en")
ROOM = ROOT / "verify"
METHODS = [
    ("templates/public/**.html", "jinja2.ext:babel_extract"),
    ("templates/api/**.html", "jinja2.ext:babel_extract"),
    ("*.py", "python"),
    ("public/**.py", "python"),
    ("api/**.py", "python"),
]
OPTIONS = {"templates/**.html": {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"}}
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}
HEADER = """# The texts of the public pages, laid out by docs/catalogues.py.
msgid ""
msgstr ""
"Language: {locale}\\n"
"Plural-Forms: {plural_forms}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
LINE_WIDTH = 110


def main() -> None:
    """Write the catalogue of each language."""
    for locale in LOCALES:
        path_of(locale).write_bytes(spelled(brought_up_to_date(locale)))


def path_of(locale: str) -> Path:
    """Return where a catalogue is kept."""
    return ROOM / "locale" / locale / "LC_MESSAGES" / "messages.po"


def kept(locale: str) -> Catalog:
    """Return a catalogue as it is kept, or an empty one."""
    path = path_of(locale)
    if not path.exists():
        return Catalog(locale=locale)
    with path.open("rb") as source:
        return read_po(source, locale=locale)


def brought_up_to_date(locale: str) -> Catalog:
    """Return the catalogue with the texts there are, each with the translation it had."""
    before, now = kept(locale), Catalog(locale=locale)
    for message in texts():
        known = before.get(message)
        now.add(message, message if locale == "en" else known.string if known else "")
    return now


def texts() -> Iterator[str | tuple[str, ...]]:
    """Return every text of the public rooms, as it is said in English."""
    found = extract_from_dir(ROOM, method_map=METHODS, options_map=OPTIONS, keywords=KEYWORDS)
    for _, _, message, _, _ in found:
        yield message


def spelled(catalogue: Catalog) -> bytes:
    """Return a catalogue as a file: sorted, without places and dates, so that it changes with its texts."""
    out = BytesIO()
    write_po(out, catalogue, width=LINE_WIDTH, sort_output=True, no_location=True, omit_header=True)
    header = HEADER.format(locale=catalogue.locale_identifier, plural_forms=catalogue.plural_forms)
    return header.encode() + out.getvalue()


if __name__ == "__main__":
    main()
