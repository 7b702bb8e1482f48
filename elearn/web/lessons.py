"""What a page adds to a lesson's stored HTML: the heading of country boxes, in the reader's language; its pictures."""

import re
from collections.abc import Collection
from typing import Protocol

from flask import Flask, Response, request
from flask_babel import gettext as _
from markupsafe import Markup, escape

from elearn.core.content.page import COUNTRY_FILLED, COUNTRY_TITLE
from elearn.core.vocab.languages import SOURCE
from elearn.services.media import Picture
from elearn.services.side_by_side import SecondText, second_text
from elearn.web.assets import YEAR_S
from elearn.web.context import current_node
from elearn.web.locale import current_language

_JOB_AID = re.compile(r'(<aside\b[^>]*\bclass="job-aid"[^>]*>.*?)(</aside>)', re.DOTALL)


def lesson_html(html: str, job_aids: str = "") -> Markup:
    """Return stored HTML of a lesson, ready for the page. It was cleaned when it was compiled.

    job_aids: address at which the job aids of the course can be printed; a link to it then stands in each of them.
    """
    if job_aids and 'class="job-aid"' in html:
        lang = current_language().bcp47
        # Words of their own line: inside an f-string the collector of sentences does not see them.
        words = escape(_("Job aids, one on each sheet"))
        link = f'<a href="{escape(job_aids)}">{words}</a>'
        html = _JOB_AID.sub(lambda aid: f'{aid[1]}<p class="small" lang="{lang}">{link}</p>{aid[2]}', html)
    if COUNTRY_TITLE not in html and COUNTRY_FILLED not in html:
        return Markup(html)  # noqa: S704 - cleaned by the compiler
    title, state = escape(_("In my country")), escape(_("Not filled in yet: your national focal point writes here."))
    # The lesson around it may be in another language than the page: found by words, or English beside a stale one.
    lang = current_language().bcp47
    heading = f'<p class="country-title" lang="{lang}">{title}</p>'
    titled = html.replace(COUNTRY_FILLED, heading)
    empty = f'{heading}<p class="small" lang="{lang}">{state}</p>'
    return Markup(titled.replace(COUNTRY_TITLE, empty))  # noqa: S704 - cleaned by the compiler


class Shown(Protocol):
    """What a page of a lesson is made from, of whichever room."""

    @property
    def course(self) -> str: ...
    @property
    def id(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def html(self) -> str: ...
    @property
    def behind(self) -> Collection[str]: ...


def beside(view: Shown) -> SecondText:
    """Return the second text that the address of this page asks for. It stays in the address and is kept nowhere.

    Where nothing is asked for, a translation that is behind has its source beside it.
    """
    wanted = request.args.get("beside", SOURCE if view.behind else "")
    return second_text(current_node(), (view.course, view.id), (view.language, view.html), wanted)


def kept_picture(picture: Picture) -> Response:
    """Return a picture whose address names its digest: a browser may keep it for good, nobody in between may."""
    response = Response(picture.content, content_type=picture.content_type)
    response.headers["Cache-Control"] = f"private, max-age={YEAR_S}, immutable"
    return response


def use_lessons(app: Flask) -> None:
    """Give templates the filter ``lesson_html``."""
    app.jinja_env.filters["lesson_html"] = lesson_html
