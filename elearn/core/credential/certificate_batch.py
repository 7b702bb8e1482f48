"""A batch of certificates as values: what was asked for, how it stands, and how its files are called."""

import unicodedata
from dataclasses import dataclass, field
from typing import Literal

PDF, ZIP = "pdf", "zip"
FORMS = (PDF, ZIP)
"""One file to print, or one with a PDF for each certificate in it."""

BY_NAME, BY_NUMBER = "name", "number"
ORDERS = (BY_NAME, BY_NUMBER)

PART_OF = {PDF: 20, ZIP: 1}
"""Certificates in one part: what is lost at most when the power goes. Of 20 on a PDF each takes 8 kB, of 1 it is 25."""

LONGEST_NAME_BYTES = 120
_NOT_IN_NAMES = frozenset('/\\:*?"<>|\u200b\u200e\u200f')

State = Literal["waiting", "making", "joining", "ready", "failed", "cancelled"]


@dataclass(frozen=True)
class BatchPlan:
    """What a batch shall hold; never changed once it is begun.

    id: letters, digits and dashes; made_by: person id, "" for an operator at the command line; made_at: instant;
    form: one of FORMS; language: tag, "" = each as it was taken; asked: the filters, name -> value, for people;
    title: of the file; numbers: of the certificates, in the order they are printed in.
    """

    id: str
    made_by: str
    made_at: str
    form: str
    language: str
    asked: dict[str, str]
    title: str
    numbers: tuple[str, ...]

    @property
    def parts(self) -> tuple[tuple[str, ...], ...]:
        """Return the numbers, cut into what is made at a time."""
        size = PART_OF[self.form]
        return tuple(self.numbers[start : start + size] for start in range(0, len(self.numbers), size))


@dataclass(frozen=True)
class Part:
    """One part that was made. content: PDF, b"" if nothing could be; name: of the file in a ZIP, "" in a PDF;
    left_out: number -> code of why it could not be printed."""

    content: bytes
    name: str = ""
    left_out: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class BatchStands:
    """How a batch stands. done: certificates made or left out, of all the plan names; size: bytes, once ready;
    seconds_left: at the speed so far, None where nothing tells; error: code, once failed; ended_at: instant, once it
    is ready or failed, "" before."""

    plan: BatchPlan
    state: State
    done: int = 0
    left_out: dict[str, str] = field(default_factory=dict)
    size: int = 0
    seconds_left: float | None = None
    error: str = ""
    ended_at: str = ""

    @property
    def moves(self) -> bool:
        """Tell whether it will be other in a moment, without anybody's doing."""
        return self.state in {"waiting", "making", "joining"}


def file_name(number: str, name: str) -> str:
    """Return how a certificate's PDF is called in a ZIP: number and name, in the script the name is written in.

    Signs that some system refuses in a file's name are left out, and a long name is cut at a letter.
    """
    kept = "".join(sign for sign in unicodedata.normalize("NFC", name) if _may_stand(sign))
    kept = _cut(" ".join(kept.split()).strip(" ."), LONGEST_NAME_BYTES).rstrip(" .")
    return f"{number} {kept}.pdf" if kept else f"{number}.pdf"


def _may_stand(sign: str) -> bool:
    return sign not in _NOT_IN_NAMES and not unicodedata.category(sign).startswith(("C", "Zl", "Zp"))


def _cut(text: str, limit_bytes: int) -> str:
    if len(text.encode()) <= limit_bytes:
        return text
    kept = text.encode()[:limit_bytes].decode(errors="ignore")
    # Back to before the letter that was cut through: its marks would be lost, and the name would read otherwise.
    while kept and unicodedata.category(text[len(kept)]).startswith("M"):
        kept = kept[:-1]
    return kept
