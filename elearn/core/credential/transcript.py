"""Everything printed on a transcript of training, already put into words: the press only sets it.

A transcript is not signed: each certificate in it can be checked by its number.
"""

from dataclasses import dataclass
from datetime import date

from elearn.core.vocab.languages import SOURCE


@dataclass(frozen=True)
class Said:
    """The same in two languages; english is "" where it would say the same twice."""

    local: str
    english: str = ""


@dataclass(frozen=True)
class Section:
    """One table. columns: their heads; rows: as many cells each; nothing: said in place of a table without rows."""

    heading: Said
    columns: tuple[Said, ...]
    rows: tuple[tuple[Said, ...], ...]
    nothing: Said


@dataclass(frozen=True)
class TranscriptPage:
    """One transcript, ready to be set.

    language: tag of the local words; issuer: the neutral name from the settings; facts: (label, value) of the officer;
    made_on: the day at the post, also the date inside the PDF; watermark: "DEMO" and the like, or "".
    """

    language: str
    heading: Said
    issuer: str
    person_name: str
    facts: tuple[tuple[Said, Said], ...]
    sections: tuple[Section, ...]
    notes: tuple[Said, ...]
    made_on: date
    watermark: str = ""

    @property
    def bilingual(self) -> bool:
        """Tell whether English stands beside the local words."""
        return self.language != SOURCE

    def texts(self) -> list[str]:
        """Return every text that is printed, for checking that the fonts can."""
        said = [self.heading, *self.notes, *(one for pair in self.facts for one in pair)]
        for section in self.sections:
            said += [
                section.heading,
                section.nothing,
                *section.columns,
                *(cell for row in section.rows for cell in row),
            ]
        words = [text for one in said for text in (one.local, one.english)]
        return [text for text in [self.issuer, self.person_name, self.watermark, *words] if text]
