"""How somebody wants pages to look: size of letters, distance of lines, colours. Steps with names, no numbers."""

from dataclasses import astuple, dataclass

from elearn.core.vocab.errors import Invalid

SIZES = ("usual", "large", "larger", "largest")
LINES = ("usual", "wide", "wider")
COLOURS = ("device", "light", "dark", "high", "high-dark")
"""device: light or dark, as the device is set; high: black on white with contrast of 7:1 and more, or the reverse."""


@dataclass(frozen=True)
class Display:
    """One wish. size, lines, colours: each one of the names above, the first is what everybody gets."""

    size: str = SIZES[0]
    lines: str = LINES[0]
    colours: str = COLOURS[0]

    def __post_init__(self) -> None:
        """Raise Invalid("display.unknown", field=, value=) for a name that is none."""
        for field, names in (("size", SIZES), ("lines", LINES), ("colours", COLOURS)):
            value = getattr(self, field)
            if value not in names:
                raise Invalid("display.unknown", field=field, value=value[:40])

    @property
    def as_text(self) -> str:
        """Return it as ``large.usual.dark``, for a cookie."""
        return ".".join(astuple(self))


USUAL = Display()


def display_of(text: str) -> Display | None:
    """Return what `Display.as_text` wrote, None for anything else: a cookie may hold whatever it likes."""
    parts = text.split(".")
    if len(parts) != len(astuple(USUAL)):
        return None
    try:
        return Display(*parts)
    except Invalid:
        return None
