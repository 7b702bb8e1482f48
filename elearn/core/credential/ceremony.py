"""The list that is read aloud when certificates are handed over, already put into words: the press only sets it."""

from dataclasses import dataclass
from datetime import date

from elearn.core.credential.transcript import Said
from elearn.core.vocab.languages import SOURCE


@dataclass(frozen=True)
class CalledUp:
    """One line: who comes forward, and for what. A second certificate is a line of its own."""

    name: str
    course: Said
    number: str


@dataclass(frozen=True)
class Group:
    """The officers of one unit. heading: agency and post, or what is said where neither is known."""

    heading: Said
    lines: tuple[CalledUp, ...]


@dataclass(frozen=True)
class CeremonyList:
    """One list. columns: name, course, number, signature; facts: (label, value); made_on: the day at the post;
    watermark: "DEMONSTRATION" or ""."""

    language: str
    heading: Said
    issuer: str
    facts: tuple[tuple[Said, Said], ...]
    columns: tuple[Said, ...]
    groups: tuple[Group, ...]
    made_on: date
    watermark: str = ""

    @property
    def bilingual(self) -> bool:
        """Tell whether English stands beside the local words."""
        return self.language != SOURCE

    def texts(self) -> list[str]:
        """Return every text that is printed, for checking that the fonts can."""
        said = [self.heading, *self.columns, *(one for pair in self.facts for one in pair)]
        said += [group.heading for group in self.groups]
        lines = [line for group in self.groups for line in group.lines]
        said += [line.course for line in lines]
        plain = [self.issuer, self.watermark, *(text for line in lines for text in (line.name, line.number))]
        return [text for text in [*plain, *(text for one in said for text in (one.local, one.english))] if text]
