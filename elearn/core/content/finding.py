"""What is wrong in a course folder: one finding a mistake, with file and line, collected and never thrown.

A checker that stops at the first mistake costs a translator one run a mistake; so everything here adds and goes on.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from elearn.core.content.sentences import RULES

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class At:
    """A place in a course folder. file: relative to the folder; line: from 1."""

    file: str
    line: int


@dataclass(frozen=True)
class Finding:
    """One mistake. code: stable, a row of `sentences.RULES`; details: fill that row's sentence."""

    severity: Severity
    file: str
    line: int
    code: str
    details: dict[str, Any]


class Findings:
    """Collects findings while a course is read and checked."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, int, str, str], Finding] = {}

    def add(self, code: str, at: At, **details: Any) -> None:
        """Note a mistake. code: must be a row of the table of sentences."""
        finding = Finding(RULES[code].severity, at.file, at.line, code, details)
        # By its words, not by comparing with each: a language without its terms gives thousands.
        self._found.setdefault((at.file, at.line, code, str(details)), finding)

    def listed(self) -> tuple[Finding, ...]:
        """Return all, by file, line and code."""
        return by_place(self._found.values())


def by_place(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings by file, line and code."""
    return tuple(sorted(findings, key=lambda f: (f.file, f.line, f.code, sorted(map(str, f.details.items())))))


def sentence_of(finding: Finding, say: Callable[..., str] | None = None) -> str:
    """Return what is wrong and what to do, for a person.

    say: ``say(message, **values)`` translates and fills in; without it, English.
    """
    message = RULES[finding.code].sentence
    return say(message, **finding.details) if say else message % finding.details
