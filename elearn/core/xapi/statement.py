"""A statement as a value, with the questions the folds ask of it.

The body is the xAPI JSON (xAPI 1.0.3, "Statement"); it is never changed after it was recorded.
"""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from elearn.core.vocab.people import Particulars
from elearn.core.xapi.canonical import canonical_json, sha256_hex
from elearn.core.xapi.verbs import COURSE, EXTENSION


@dataclass(frozen=True)
class Statement:
    """``body``: a checked xAPI statement with id and timestamp. Treat it as read-only."""

    body: dict[str, Any]

    @property
    def id(self) -> str:
        """Return the statement's uuid."""
        return str(self.body["id"])

    @property
    def actor(self) -> str:
        """Return the person id of the actor."""
        return str(self.body["actor"]["account"]["name"])

    @property
    def verb(self) -> str:
        """Return the verb's IRI."""
        return str(self.body["verb"]["id"])

    @property
    def object_id(self) -> str:
        """Return the IRI of the object, or the id of the statement that is voided."""
        return str(self.body["object"]["id"])

    @property
    def timestamp(self) -> str:
        """Return when it was said to happen, as `vocab.times` writes it."""
        return str(self.body["timestamp"])

    @property
    def when(self) -> tuple[str, str]:
        """Return what folds order by: (timestamp, id), never the order of arrival."""
        return (self.timestamp, self.id)

    @property
    def result(self) -> dict[str, Any]:
        """Return the result, {} if there is none."""
        return self.body.get("result") or {}

    @property
    def attempt(self) -> str | None:
        """Return the registration (the attempt's uuid), or None."""
        attempt: str | None = (self.body.get("context") or {}).get("registration")
        return attempt

    @property
    def language(self) -> str:
        """Return the language tag (Babel's form) it happened in, "" if none."""
        return str(self.extension("language") or "")

    @cached_property
    def subject(self) -> str:
        """Return whom it is about: the extension `subject` of administrative statements, else the actor."""
        return str(self.extension("subject") or self.actor)

    @property
    def particulars(self) -> Particulars:
        """Return the coarse snapshot, with "" where it says nothing."""
        return Particulars(
            *(str(self.extension(name) or "") for name in ("country", "agency", "post", "sex", "rank_band"))
        )

    @cached_property
    def course(self) -> str | None:
        """Return the course id named by the object's IRI or by the extension `course`."""
        if self.object_id.startswith(COURSE):
            return self.object_id[len(COURSE) :].split("/", 1)[0]
        named = self.extension("course")
        return None if named is None else str(named)

    @cached_property
    def canonical(self) -> bytes:
        """Return the body as canonical JSON. Raises Invalid("json.not-canonical")."""
        return canonical_json(self.body)

    @cached_property
    def digest(self) -> str:
        """Return the SHA-256 of the canonical body: same id and same digest = the same statement."""
        return sha256_hex(self.canonical)

    @cached_property
    def line(self) -> bytes:
        """Return the body as JSON in one line, in the order it was made, as it travels."""
        return json.dumps(self.body, ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def read(cls, body: dict[str, Any], line: bytes, canonical: bytes | None = None) -> "Statement":
        """Return the statement that was read from a line; canonical: None where it is not known yet."""
        statement = cls(body)
        statement.__dict__["line"] = line
        if canonical is not None:
            statement.__dict__["canonical"] = canonical
        return statement

    def extension(self, name: str) -> Any:
        """Return our context extension ``name``, or None."""
        extensions = (self.body.get("context") or {}).get("extensions") or {}
        return extensions.get(EXTENSION + name)

    def result_extension(self, name: str) -> Any:
        """Return our result extension ``name``, or None."""
        return (self.result.get("extensions") or {}).get(EXTENSION + name)
