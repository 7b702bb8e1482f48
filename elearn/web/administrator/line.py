"""The administrator's page about the line: what went over it each day, and how much may."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from elearn.core.vocab.errors import Invalid
from elearn.core.vocab.roles import Permission
from elearn.services import line_use
from elearn.web.context import current_node, current_session, needs
from elearn.web.phrases import field_sentence, sentence_for

_KB = 1024
DRAWN_PX = 120


@dataclass(frozen=True)
class Column:
    """A day in the drawing. x, width: percent; height: px; day: what it stands for."""

    x: float
    width: float
    height: int
    day: line_use.Day


def add_line_pages(room: Blueprint) -> None:
    """Put this page into the administrator's room."""
    room.add_url_rule("/exchange/line", "exchange_line", line_page, methods=["GET", "POST"])


@needs(Permission.MANAGE_NODE)
def line_page() -> str | Response | tuple[str, int]:
    """Show the days and the budget; take another budget."""
    error = ""
    node, by = current_node(), current_session()
    if request.method == "POST":
        try:
            line_use.set_budget(node, by, request.form.get("budget", ""))
        except Invalid as problem:
            error = sentence_for(problem)
        else:
            flash(_("The changes were saved."), "good")
            return redirect(url_for("administrator.exchange_line"))
    days = line_use.days(node, by)
    page = render_template(
        "administrator/line.html",
        days=days,
        columns=columns(days),
        drawn_px=DRAWN_PX,
        kilobytes=kilobytes,
        reason=field_sentence,
        budget=request.form.get("budget", "") if error else (line_use.budget_mb(node) or ""),
        error=error,
    )
    return page, 400 if error else 200


def columns(days: list[line_use.Day]) -> list[Column]:
    """Return a column for each of the last SHOWN_DAYS days with an exchange, as high as its bytes; the newest stands at
    the right, and a day without an exchange is a gap."""
    if not days:
        return []
    newest, width = date.fromisoformat(days[0].day), 100 / line_use.SHOWN_DAYS
    placed = [(line_use.SHOWN_DAYS - 1 - (newest - date.fromisoformat(day.day)).days, day) for day in reversed(days)]
    drawn = [(place, day) for place, day in placed if place >= 0]
    highest = max(day.up + day.down for _, day in drawn) or 1
    return [Column(round(place * width, 2), round(width * 0.8, 2), _height(day, highest), day) for place, day in drawn]


def _height(day: line_use.Day, highest: int) -> int:
    return max(2, round(DRAWN_PX * (day.up + day.down) / highest))


def kilobytes(size: int) -> int:
    """Return bytes as kilobytes, rounded up: nothing that went is shown as nothing."""
    return -(-size // _KB)
