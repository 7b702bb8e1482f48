"""The stored HTML of a lesson made fit for paper: ids that differ between lessons, boxes to write in, job aids apart.

It was made and cleaned by our own compiler, so a tag is what stands between < and >, and nothing else has such signs.
"""

import re
from collections.abc import Callable
from html import escape

from elearn.core.book.book import Aid

_TAG = re.compile(r"<[^>]*>")
_ID = re.compile(r'(\s(?:id|aria-labelledby)=")([^"]*)"')
_HERE = re.compile(r'(\shref="#)([^"]*)"')
_SRC = re.compile(r'\ssrc="([^"]*)"')
_SCREEN_ONLY = re.compile(r'\s(?:tabindex|loading|decoding)="[^"]*"')
_AID = re.compile(r'<aside\b([^>]*\bclass="job-aid"[^>]*)>(.*?)</aside>', re.DOTALL)
_CITE = re.compile(r'<sup class="cite">.*?</sup>', re.DOTALL)
_ANCHOR = re.compile(r'\bid="([^"]*)"')
_COUNTRY = '<p class="country-title"></p>'

Picture = Callable[[str], str]
"""From the address of a picture file to one that can be reached on paper (data:), "" for none."""


def chapter_html(html: str, lesson: str, country: str, picture: Picture) -> str:
    """Return a lesson's HTML for a book. lesson: goes before every id; country: heading of the boxes to fill in."""
    titled = html.replace(_COUNTRY, f'<p class="country-title">{escape(country)}</p>')
    return _TAG.sub(lambda tag: _for_paper(tag[0], lesson, picture), titled)


def job_aids(html: str, lesson: str, place: str) -> list[Aid]:
    """Return the job aids of a lesson, in order. place: title of the lesson. Marks of sources are left out."""
    found: list[Aid] = []
    for aid in _AID.finditer(html):
        anchor = _ANCHOR.search(aid[1])
        body = _CITE.sub("", aid[2])
        plain = _TAG.sub(lambda tag: _for_paper(tag[0], lesson, lambda _address: ""), body)
        found.append(Aid(f"{lesson}-{anchor[1] if anchor else len(found)}", place, plain.strip()))
    return found


def has_job_aids(html: str) -> bool:
    """Tell whether there is a job aid in a lesson's HTML."""
    return bool(_AID.search(html))


def _for_paper(tag: str, lesson: str, picture: Picture) -> str:
    tag = _ID.sub(lambda found: f'{found[1]}{lesson}-{found[2]}"', tag)
    tag = _HERE.sub(lambda found: f'{found[1]}{lesson}-{found[2]}"', tag)
    if not tag.startswith("<img"):
        return _SCREEN_ONLY.sub("", tag)
    found = _SRC.search(tag)
    address = picture(found[1]) if found else ""
    if not address:
        return ""
    return _SCREEN_ONLY.sub("", _SRC.sub(lambda _old: f' src="{escape(address)}"', tag))
