"""The words of a report in a reader's language: names of dimensions, of values, of what is not shown.

Shared by the page and all exports, so that a number has one name everywhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from babel.core import Locale
from babel.dates import format_skeleton
from babel.numbers import format_decimal, format_percent

from elearn.core.stats.followup import FollowUp
from elearn.core.stats.measures import AREA, OUTCOME
from elearn.core.stats.report import Report, Standing
from elearn.core.stats.retention import Retention
from elearn.core.stats.satisfaction import Satisfaction
from elearn.core.vocab.action_plan import AREAS, outcome_words
from elearn.core.vocab.dates import format_date
from elearn.core.vocab.followup import FIRST_DAY, STOPPED
from elearn.core.vocab.languages import LANGUAGES
from elearn.core.vocab.retention import WINDOWS
from elearn.core.vocab.satisfaction import HELPED, ITEMS


class Say(Protocol):
    """Translates an English sentence: the port `Phrases.say`."""

    def __call__(self, language: str, message: str, **values: object) -> str:
        """Return the sentence in the language, filled in."""
        ...


def marked(message: str) -> str:
    """Mark a sentence for the catalogs."""
    return message


NAMES = {
    "country": marked("Country"),
    "agency": marked("Service"),
    "post": marked("Post"),
    "sex": marked("Sex"),
    "rank_band": marked("Rank"),
    "course": marked("Course"),
    "language": marked("Language"),
    "outcome": marked("Outcome of the action plan"),
    "area": marked("Area of the action plan"),
    "period": marked("Period"),
    "certificate": marked("Certificates"),
    "month": marked("Month"),
    "quarter": marked("Quarter"),
    "semester": marked("Half-year"),
    "year": marked("Year"),
    "officers": marked("Officers trained"),
    "completions": marked("Exams passed"),
    "certificates": marked("Certificates"),
    "share": marked("Share of officers"),
    "women_share": marked("Share of women"),
    "mean_score": marked("Mean score"),
    "total": marked("Total"),
    "summary": marked("Summary"),
    "about": marked("About this report"),
    "value": marked("Value"),
    "since": marked("From day"),
    "until": marked("To day"),
    "by": marked("Kind of period"),
    "rows": marked("Rows of the cross table"),
    "columns": marked("Columns of the cross table"),
    "on": marked("Certificates as of"),
    "calendar": marked("Days and months of"),
    "node": marked("Made at"),
    "entries": marked("Entries in the ledger"),
    "position": marked("Ledger position"),
    "sha256": marked("Hash of the figures (SHA-256)"),
    "version": marked("Software version"),
    "standing": marked("Standing of the figures"),
    "satisfaction": marked("What officers think of the courses"),
    "answers": marked("Answers"),
    "response_rate": marked("Share of officers who answered"),
    "item": marked("Statement"),
    "mean": marked("Mean, 1 to 5"),
    "high": marked("Share of 4 and 5"),
    "helped": marked("What would have helped most"),
    "share_of_answers": marked("Share of answers"),
    "retention": marked("What officers still know after the exam"),
    "share_right": marked("Share of right answers"),
    "officers_asked": marked("Officers asked"),
    "follow_up": marked("What officers use at work after the course"),
    "used": marked("Used it at work"),
    "stopped": marked("What stopped them"),
    "seen": marked("Seen used correctly by a colleague"),
    "observed": marked("Officers a colleague spoke of"),
    "silent": marked("Silent post, last heard of"),
}

_VALUES = {
    ("agency", "police"): marked("Police"),
    ("agency", "customs"): marked("Customs"),
    ("agency", "immigration"): marked("Immigration"),
    ("agency", "narcotics"): marked("Narcotics control"),
    ("agency", "border-guard"): marked("Border guard"),
    ("agency", "other"): marked("Other service"),
    ("sex", "female"): marked("Female"),
    ("sex", "male"): marked("Male"),
    ("sex", "undisclosed"): marked("Not stated"),
    ("rank_band", "junior"): marked("Junior ranks"),
    ("rank_band", "middle"): marked("Middle ranks"),
    ("rank_band", "senior"): marked("Senior ranks"),
    ("rank_band", "civilian"): marked("Civilian staff"),
    ("certificate", "valid"): marked("Valid for more than 90 days"),
    ("certificate", "expiring"): marked("Valid, ends within 90 days"),
    ("certificate", "expired"): marked("Expired"),
    ("certificate", "revoked"): marked("Revoked"),
    **{("item", item): statement for item, statement in ITEMS.items()},
    **{("helped", choice): words for choice, words in HELPED.items()},
    **{("stopped", choice): words for choice, words in STOPPED.items()},
}

NOT_SHOWN = marked("not shown")
FEW = marked("fewer than 5")


@dataclass(frozen=True)
class Words:
    """Words in one language. titles: course id -> title in it."""

    language: str
    say: Say
    titles: Mapping[str, str]

    def name(self, thing: str) -> str:
        """Return the name of a dimension, measure or part of a report."""
        return self.say(self.language, NAMES[thing])

    def of(self, dimension: str, value: str) -> str:
        """Return the words for a value of a dimension."""
        if not value:
            return self.say(self.language, marked("Not known"))
        if (dimension, value) in _VALUES:
            return self.say(self.language, _VALUES[(dimension, value)])
        if dimension == "country":
            return str(Locale.parse(self.language).territories.get(value, value))
        if dimension == "language":
            return LANGUAGES[value].own_name if value in LANGUAGES else value
        if dimension == "course":
            return self.titles.get(value, value)
        if dimension in {OUTCOME, AREA}:
            value = self._of_plan(value)
        return self.period(value) if dimension == "period" else value

    def _of_plan(self, code: str) -> str:
        """Return a code of the action plan with its words, the code alone where the plan has none like it."""
        known = AREAS.get(code) or outcome_words(code)
        return code if known == code else f"{code} {self.say(self.language, known)}"

    def period(self, code: str) -> str:
        """Return a period in words: March 2026, first half of 2026."""
        year, _, part = code.partition("-")
        if part.startswith("S"):
            half = marked("%(year)s, first half") if part == "S1" else marked("%(year)s, second half")
            return self.say(self.language, half, year=self._written(date(int(year), 1, 1), "y"))
        if part.startswith("Q"):
            return self._written(date(int(year), 3 * int(part[1:]) - 2, 1), "yQQQ")
        return self._written(date(int(year), int(part or 1), 1), "yMMMM" if part else "y")

    def _written(self, day: date, skeleton: str) -> str:
        return str(format_skeleton(skeleton, day, locale=self.language))

    @property
    def not_shown(self) -> str:
        """Return what stands in a hidden cell."""
        return self.say(self.language, NOT_SHOWN)

    @property
    def few(self) -> str:
        """Return what stands for 1 to 4 persons."""
        return self.say(self.language, FEW)

    def day(self, iso: str, country: str = "") -> str:
        """Return a date, or the day of an instant in a country, in words."""
        return format_date(self.language, iso, country=country) if iso else ""

    def number(self, value: int) -> str:
        """Return a whole number as the language writes it."""
        return str(format_decimal(value, locale=self.language))

    def share(self, value: float) -> str:
        """Return a share 0..1 as percent with one digit after the point."""
        return str(format_percent(value, "#,##0.0%", locale=self.language))

    def mean(self, value: float) -> str:
        """Return a mean of ratings with two digits after the point."""
        return str(format_decimal(value, "0.00", locale=self.language))

    def satisfaction(self, found: Satisfaction) -> list[str]:
        """Return what is to be said beside the satisfaction figures, a sentence each."""
        say, language = self.say, self.language
        if found.state == "filtered":
            return [
                say(language, "Answers are anonymous: they have no country, service, post, sex or rank to filter by.")
            ]
        if found.state == "none":
            return [say(language, "There are no five answers yet about a course that is shown here.")]
        notes = [say(language, "Anonymous answers, recorded five together; those that still wait are not counted.")]
        if found.left_out:
            notes.append(say(language, "Courses and languages that are not shown above are left out here as well."))
        return notes

    def after_days(self, window: int) -> str:
        """Return the name of a window of retention."""
        return self.say(self.language, marked("after %(days)s days"), days=self.number(window))

    def retention(self, found: Retention) -> list[str]:
        """Return what is to be said beside the retention figures, a sentence each."""
        say, language = self.say, self.language
        notes = []
        if found.state == "none":
            notes.append(say(language, "Nobody has answered questions in a shift 15 days or more after an exam yet."))
        else:
            windows = [f"{self.number(first)}–{self.number(last)}" for first, last in WINDOWS.values()]
            notes.append(
                say(
                    language,
                    "First answers to questions in shifts, %(early)s, %(middle)s and %(late)s days after the exam.",
                    **dict(zip(("early", "middle", "late"), windows, strict=True)),
                )
            )
        if found.flags:
            notes.append(say(language, "An asterisk (*) marks shares of fewer than 10 officers: read them with care."))
        if found.left_out:
            notes.append(say(language, "Courses and languages that are not shown above are left out here as well."))
        return notes

    def follow_up(self, found: FollowUp) -> list[str]:
        """Return what is to be said beside the follow-up figures, a sentence each."""
        say, language, days = self.say, self.language, self.number(FIRST_DAY)
        notes = []
        if found.state == "none":
            notes.append(say(language, "Nobody passed an exam %(days)s days ago or more.", days=days))
        else:
            notes.append(
                say(
                    language,
                    "Asked %(days)s days or more after the exam, without cases. What colleagues have seen is said "
                    "without knowing the officer's answer.",
                    days=days,
                )
            )
        if found.flags:
            notes.append(say(language, "An asterisk (*) marks shares of fewer than 10 officers: read them with care."))
        if found.left_out:
            notes.append(say(language, "Courses and languages that are not shown above are left out here as well."))
        return notes

    def standing(self, standing: Standing) -> list[str]:
        """Return whether the figures are confirmed or provisional, and why, a sentence each."""
        return [*self._confirmed(standing), *self._doubtful(standing)]

    def _doubtful(self, standing: Standing) -> list[str]:
        if not standing.doubtful:
            return []
        count = self.number(standing.doubtful)
        return [
            self.say(
                self.language,
                "Records made while the clock of a post was in doubt: %(count)s. Their days may be wrong.",
                count=count,
            )
        ]

    def _confirmed(self, standing: Standing) -> list[str]:
        say, language = self.say, self.language
        if standing.confirmed:
            if standing.collects:
                return [say(language, "Confirmed: every post was heard of in the last 30 days.")]
            return [say(language, "Confirmed: the hub holds every record of this post.")]
        reasons = []
        if standing.alone and standing.collects:
            reasons.append(say(language, "Provisional: no post sends its records here yet."))
        elif standing.alone:
            reasons.append(say(language, "Provisional: this post has no hub yet that could confirm its records."))
        if standing.waiting:
            count = self.number(standing.waiting)
            reasons.append(say(language, "Provisional: records the hub has not confirmed yet: %(count)s.", count=count))
        if standing.silent:
            count = self.number(len(standing.silent))
            reasons.append(say(language, "Provisional: posts silent for more than 30 days: %(count)s.", count=count))
        if standing.refused:
            count = self.number(standing.refused)
            reasons.append(say(language, "Provisional: posts whose records were refused: %(count)s.", count=count))
        return reasons

    def standing_word(self, code: str) -> str:
        """Return "confirmed" or "provisional" in the language."""
        words = {"confirmed": marked("confirmed"), "provisional": marked("provisional")}
        return self.say(self.language, words[code])

    def protection(self, report: Report) -> str:
        """Return why something is not shown, "" if everything is."""
        say, language = self.say, self.language
        if report.state == "few":
            return say(language, "Fewer than 5 officers: no figures are shown, so that nobody can be recognised.")
        if report.state == "withheld":
            return say(
                language,
                "These figures are not shown: together with a wider report they would tell a number of fewer than 5.",
            )
        if report.hides:
            return say(
                language,
                "Not shown: fewer than 5 officers, or a number from which fewer than 5 could be worked out.",
            )
        return ""
