"""How a page looks to whoever reads it: the account's wish > what this browser was told before signing in > usual.

The browser's is set only by somebody who is not signed in: on a shared PC one officer's large letters must not stay for
the next.
"""

from flask import g, request
from flask_babel import lazy_gettext as _l

from elearn.core.vocab.display import COLOURS, LINES, SIZES, USUAL, Display, display_of

COOKIE = "elearn_display"
WISHES = (
    ("size", _l("Text size"), SIZES, (_l("Usual"), _l("Large"), _l("Larger"), _l("Largest"))),
    ("lines", _l("Space between lines"), LINES, (_l("Usual"), _l("Wide"), _l("Wider"))),
    (
        "colours",
        _l("Colours"),
        COLOURS,
        (
            _l("As this device is set"),
            _l("Light"),
            _l("Dark"),
            _l("High contrast, light"),
            _l("High contrast, dark"),
        ),
    ),
)
"""(field, its words, its names, the words of each name)."""


def chosen_display() -> Display:
    """Return how the page of this request is to look."""
    session = g.get("session")
    if session is not None and session.display is not None:
        own: Display = session.display
        return own
    return display_of(request.cookies.get(COOKIE, "")) or USUAL


def display_attributes() -> dict[str, str]:
    """Return the attributes of the page's root element, none for what is usual: the style sheet does the rest."""
    chosen = chosen_display()
    said = {"data-size": chosen.size, "data-lines": chosen.lines, "data-colours": chosen.colours}
    usual = {USUAL.size, USUAL.lines, USUAL.colours}
    return {name: value for name, value in said.items() if value not in usual}


def wishes() -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Return (field, words, [(name, words)]) of everything that can be chosen."""
    return [
        (field, str(words), [(name, str(said)) for name, said in zip(names, of_each, strict=True)])
        for field, words, names, of_each in WISHES
    ]
