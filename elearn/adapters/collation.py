"""How a language sorts names: ICU's collation, the same on every machine, from the libraries that come with icu4py.

icu4py itself offers word and line breaking only, so its own copy of ICU is asked through its C interface. Where
that copy is not as expected, names are sorted by their letters without marks: readable, and no mistake in any script.
"""

from __future__ import annotations

import ctypes
import logging
import re
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path

import icu4py
from icu4py import breakers  # loads ICU's libraries, so that the one for sorting finds those it needs itself

from elearn.core.vocab.languages import LANGUAGES, SOURCE

log = logging.getLogger("elearn.collation")
_VERSION = re.compile(r"\.so\.(\d+)")


class IcuCollation:
    """Fulfils ports.Collation. Safe in threads: ICU's sort keys may be asked for by many at once."""

    def key(self, language: str, text: str) -> bytes:
        """Return what to sort a text by, in the order of the language; equal texts have equal keys."""
        return _keys_of(language if language in LANGUAGES else SOURCE)(unicodedata.normalize("NFC", text))


@cache
def _keys_of(language: str) -> Callable[[str], bytes]:
    library = _library()
    if library is None:
        return _plain_key
    call, version = library
    status = ctypes.c_int(0)
    opened = getattr(call, f"ucol_open_{version}")
    opened.restype = ctypes.c_void_p
    collator = opened(language.encode(), ctypes.byref(status))
    if status.value > 0 or not collator:
        log.error("ICU has no collation for %s (%s)", language, status.value)
        return _plain_key
    sort_key = getattr(call, f"ucol_getSortKey_{version}")
    sort_key.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int32, ctypes.c_char_p, ctypes.c_int32]
    sort_key.restype = ctypes.c_int32

    def key(text: str) -> bytes:
        units = text.encode("utf-16-le", "replace")
        size = sort_key(collator, units, len(units) // 2, None, 0)
        out = ctypes.create_string_buffer(size)
        sort_key(collator, units, len(units) // 2, out, size)
        return out.raw[: size - 1]

    return key


def exact() -> bool:
    """Tell whether names are sorted by ICU here."""
    return _library() is not None


@cache
def _library() -> tuple[ctypes.CDLL, str] | None:
    beside = Path(icu4py.__file__).resolve().parent.parent / "icu4py.libs"
    for path in sorted(beside.glob("libicui18n*")):
        found = _VERSION.search(path.name)
        if found is None or not breakers:
            continue
        try:
            call = ctypes.CDLL(str(path))
            getattr(call, f"ucol_getSortKey_{found[1]}")
        except (OSError, AttributeError) as error:
            log.warning("names are not sorted by ICU: %s", error)
            continue
        return call, found[1]
    return None


def _plain_key(text: str) -> bytes:
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return bare.casefold().encode("utf-8", "replace") + b"\0" + text.encode("utf-8", "replace")
