"""What a page adds to a lesson's stored HTML: the heading of country boxes, in the reader's language."""

from flask import Flask
from flask_babel import gettext as _
from markupsafe import Markup, escape

from elearn.core.content.page import COUNTRY_TITLE


def lesson_html(html: str) -> Markup:
    """Return stored HTML of a lesson, ready for the page. It was cleaned when it was compiled."""
    if COUNTRY_TITLE not in html:
        return Markup(html)  # noqa: S704 - cleaned by the compiler
    title, state = escape(_("In my country")), escape(_("Not filled in yet: your national focal point writes here."))
    heading = f'<p class="country-title">{title}</p><p class="small">{state}</p>'
    return Markup(html.replace(COUNTRY_TITLE, heading))  # noqa: S704 - cleaned by the compiler


def use_lessons(app: Flask) -> None:
    """Give templates the filter ``lesson_html``."""
    app.jinja_env.filters["lesson_html"] = lesson_html
