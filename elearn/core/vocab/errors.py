"""The five errors of the house, in one tree.

Each carries a stable code (for machines and tests) and details (for the sentence a person reads, which is
translated in one place, `web/phrases.py`, and for the log). Catch only what you can mend.
"""


class ElearnError(Exception):
    """Something was asked for that cannot be done; ``code`` is stable, ``details`` fill the sentence."""

    def __init__(self, code: str, **details: object) -> None:
        self.code = code
        self.details = details
        said = ", ".join(f"{name}={value!r}" for name, value in details.items())
        super().__init__(f"{code}: {said}" if said else code)


class Invalid(ElearnError):
    """What was given is not well formed (HTTP 400)."""


class Refused(ElearnError):
    """Well formed, but this person or node may not do it now (HTTP 403)."""


class NotFound(ElearnError):
    """No such thing here (HTTP 404)."""


class Conflict(ElearnError):
    """It contradicts what is already stored (HTTP 409)."""


class Unavailable(ElearnError):
    """A part of the world is missing for now: disk, press, peer (HTTP 503)."""


STATUS: tuple[tuple[type[ElearnError], int], ...] = (
    (Invalid, 400),
    (Refused, 403),
    (NotFound, 404),
    (Conflict, 409),
    (Unavailable, 503),
)
"""HTTP's word for each, on pages and between nodes."""
