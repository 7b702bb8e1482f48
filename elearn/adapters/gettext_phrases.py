"""The catalogs of translations/, compiled when they are first asked for and kept in the node's cache folder.

Layout on both sides is gettext's, `<language>/LC_MESSAGES/messages.po|mo`, so that Flask-Babel reads the cache too.
"""

import os
import tempfile
import threading
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from babel.support import NullTranslations, Translations

from elearn.core.vocab.errors import Unavailable
from elearn.core.vocab.languages import LANGUAGES, SOURCE

_PO = Path("LC_MESSAGES") / "messages.po"
_MO = Path("LC_MESSAGES") / "messages.mo"


class GettextPhrases:
    """The port `Phrases`.

    translations: where the .po files lie; cache: where their .mo go, made if missing.
    """

    def __init__(self, translations: Path, cache: Path) -> None:
        self.cache = cache
        self._translations = translations
        self._loaded: dict[str, NullTranslations] = {}
        self._lock = threading.Lock()

    def say(self, language: str, message: str, **values: object) -> str:
        """Return the translation of ``message``, filled in; English where there is none.

        Never raises for a placeholder that is missing or misspelt: a broken translation falls back to English, and
        a value that was not given leaves its placeholder as it is.
        """
        if not message:
            return ""  # gettext keeps its header under the empty message
        translated = str(self.catalog(language).ugettext(message))
        said = _filled(translated, values)
        return said if said is not None else _filled(message, _Leaving(values)) or message

    def catalog(self, language: str) -> NullTranslations:
        """Return the catalog of a language; an empty one for English and for a language without a file.

        Raises Unavailable("catalog.damaged", path=, reason=) for a .po file that cannot be read.
        """
        with self._lock:
            if language not in self._loaded:
                self._loaded[language] = self._load(language)
            return self._loaded[language]

    def compiled(self) -> str:
        """Bring all catalogs of the cache up to date; return the folder, for Flask-Babel.

        None is loaded for it: each takes half a megabyte, and what Flask-Babel reads it keeps for itself.
        """
        with self._lock:
            for language in LANGUAGES:
                self._compiled(language)
        return str(self.cache)

    def _load(self, language: str) -> NullTranslations:
        target = self._compiled(language)
        if target is None:
            return NullTranslations()
        with target.open("rb") as file:
            return Translations(file)

    def _compiled(self, language: str) -> Path | None:
        """Return the .mo of a language, up to date; None for English and for a language without a file."""
        source = self._translations / language / _PO
        if language not in LANGUAGES or language == SOURCE or not source.is_file():
            return None
        target = self.cache / language / _MO
        if not _fresh(source, target):
            _compile(source, target, language)
        return target


class _Leaving(dict[str, object]):
    """Values that leave an unknown placeholder standing."""

    def __missing__(self, name: str) -> str:
        return f"%({name})s"


def _filled(message: str, values: dict[str, object]) -> str | None:
    try:
        return message % values if values else message
    except (KeyError, ValueError, TypeError):
        return None


def _fresh(source: Path, target: Path) -> bool:
    """Tell whether the .mo was made from this .po: it carries the same time stamp, not just a later one."""
    return target.is_file() and target.stat().st_mtime_ns == source.stat().st_mtime_ns


def _compile(source: Path, target: Path, language: str) -> None:
    stamp = source.stat().st_mtime_ns
    try:
        with source.open("rb") as file:
            catalog = read_po(file, locale=language, abort_invalid=True)
    except (PoFileError, UnicodeError, ValueError) as error:
        raise Unavailable("catalog.damaged", path=str(source), reason=str(error)) from error
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, half_made = tempfile.mkstemp(dir=target.parent)
        with os.fdopen(handle, "wb") as file:
            write_mo(file, catalog)
        os.utime(half_made, ns=(stamp, stamp))
        Path(half_made).replace(target)
    except OSError as error:
        raise Unavailable("disk.read-only", path=str(target), reason=str(error)) from error
