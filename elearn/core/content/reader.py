"""Takes typed fields out of a YAML tree; whatever is missing, unknown or of another type becomes a finding.

Every method returns a usable value, so that reading goes on and later mistakes are found in the same run.
"""

import re
from datetime import date
from typing import Any

from elearn.core.content.finding import At, Findings
from elearn.core.content.model import Text
from elearn.core.content.tree import Fields, Items, Leaf, Node, plain

ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
MAX_ID = 64
_WHOLE = re.compile(r"-?\d{1,9}", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,9}(\.\d{1,9})?", re.ASCII)


class Reader:
    """Reads the fields of one mapping. name: what the mapping is called in findings, "" for the whole file."""

    def __init__(self, node: Node | None, file: str, findings: Findings, name: str = "") -> None:
        self.file = file
        self.findings = findings
        self.name = name
        self.line = node.line if node else 1
        self._seen: set[str] = set()
        self._fields: Fields = node if isinstance(node, Fields) else Fields({}, {}, self.line)
        if node is not None and not isinstance(node, Fields):
            findings.add("field.wrong-type", self.here, field=name or file, expected="name: value")

    @property
    def here(self) -> At:
        """Return where the mapping starts."""
        return At(self.file, self.line)

    def at(self, field: str) -> At:
        """Return where a field stands, else where the mapping starts."""
        return At(self.file, self._fields.lines.get(field, self.line))

    def places(self) -> dict[str, At]:
        """Return field -> where it stands."""
        return {field: At(self.file, line) for field, line in self._fields.lines.items()}

    def text(self, field: str, default: str | None = None) -> str:
        """Return a field's text; without a default it must be there and not be empty."""
        node = self._take(field, optional=default is not None)
        if node is None:
            return default or ""
        if not isinstance(node, Leaf):
            self._wrong(field, "text")
            return default or ""
        if not node.text.strip() and default is None:
            self.findings.add("field.missing", self.at(field), field=self._called(field))
        return node.text.strip()

    def id(self, field: str, default: str | None = None) -> str:
        """Return a field's id."""
        text = self.text(field, default)
        return self._checked_id(text, self.at(field)) if text else text

    def whole(self, field: str, low: int, high: int, default: int | None = None) -> int:
        """Return a whole number from low to high."""
        return int(self._number(field, low, high, default, whole=True))

    def number(self, field: str, low: float, high: float) -> float:
        """Return a number from low to high."""
        return self._number(field, low, high, None, whole=False)

    def flag(self, field: str, default: bool = False) -> bool:
        """Return true or false; the default if it is not there."""
        text = self.text(field, "true" if default else "false")
        if text not in {"true", "false"}:
            self._wrong(field, "true or false")
        return text == "true"

    def day(self, field: str, default: str | None = None) -> str:
        """Return an ISO date, "" if it is none."""
        text = self.text(field, default)
        if not text:
            return ""
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError:
            self.findings.add("date.malformed", self.at(field), field=self._called(field))
            return ""

    def has(self, field: str) -> bool:
        """Tell whether a field is there."""
        return field in self._fields.fields

    def pass_over(self, *fields: str) -> None:
        """Leave fields to the rules: `done` does not note them."""
        self._seen.update(fields)

    def texts(self, field: str, optional: bool = False) -> tuple[Text, ...]:
        """Return a list of texts."""
        found = []
        for node in self._list(field, optional):
            if isinstance(node, Leaf):
                found.append(Text(node.text.strip(), At(self.file, node.line)))
            else:
                self.findings.add(
                    "field.wrong-type", At(self.file, node.line), field=self._called(field), expected="a list of texts"
                )
        return tuple(found)

    def one_or_more(self, field: str) -> tuple[Text, ...]:
        """Return a list of texts; one text alone is a list of one."""
        if isinstance(self._fields.fields.get(field), Leaf):
            text = self.text(field)
            return (Text(text, self.at(field)),) if text else ()
        return self.texts(field)

    def value(self, field: str) -> Any:
        """Return a field as texts, lists and mappings, whatever it is; None after noting that it is not there."""
        node = self._take(field)
        return None if node is None else plain(node)

    def ids(self, field: str, optional: bool = False) -> tuple[Text, ...]:
        """Return a list of ids."""
        found = self.texts(field, optional)
        return tuple(text for text in found if self._checked_id(text.text, text.at))

    def part(self, field: str) -> "Reader":
        """Return a reader of the mapping in a field."""
        node = self._take(field)
        reader = Reader(node, self.file, self.findings, self._called(field))
        reader.line = self.at(field).line if node is None else node.line
        return reader

    def rows(self, field: str) -> list["Reader"]:
        """Return readers of the mappings in a list."""
        return [Reader(node, self.file, self.findings, self._called(field)) for node in self._list(field)]

    def counts(self) -> dict[str, int]:
        """Return the whole mapping as id -> number from 0."""
        numbers = {field: self.whole(field, 0, 1000) for field in self._fields.fields}
        return {field: number for field, number in numbers.items() if self._checked_id(field, self.at(field))}

    def names(self) -> list[str]:
        """Return the names of all fields."""
        return list(self._fields.fields)

    def done(self) -> None:
        """Note every field nobody asked for."""
        for field in self._fields.fields:
            if field not in self._seen:
                self.findings.add("field.unknown", self.at(field), field=self._called(field))

    def _take(self, field: str, optional: bool = False) -> Node | None:
        self._seen.add(field)
        node = self._fields.fields.get(field)
        if node is None and not optional:
            self.findings.add("field.missing", self.here, field=self._called(field))
        return node

    def _list(self, field: str, optional: bool = False) -> list[Node]:
        node = self._take(field, optional)
        if node is None:
            return []
        if not isinstance(node, Items):
            self._wrong(field, "a list")
            return []
        return node.items

    def _number(self, field: str, low: float, high: float, default: float | None, *, whole: bool) -> float:
        text = self.text(field, None if default is None else str(default))
        fallback = low if default is None else default
        if not (_WHOLE if whole else _NUMBER).fullmatch(text):
            if text:
                self._wrong(field, "a whole number" if whole else "a number")
            return fallback
        value = float(text)
        if not low <= value <= high:
            self.findings.add(
                "field.range", self.at(field), field=self._called(field), value=text, low=str(low), high=str(high)
            )
            return fallback
        return value

    def _checked_id(self, text: str, at: At) -> str:
        if ID.fullmatch(text) and len(text) <= MAX_ID:
            return text
        self.findings.add("id.malformed", at, id=text[:MAX_ID])
        return ""

    def _called(self, field: str) -> str:
        return f"{self.name}: {field}" if self.name else field

    def _wrong(self, field: str, expected: str) -> None:
        self.findings.add("field.wrong-type", self.at(field), field=self._called(field), expected=expected)


def reader_rows(node: Node | None, file: str, findings: Findings) -> list[Reader]:
    """Return readers of the mappings of a file that is a list."""
    if node is None:
        return []
    if not isinstance(node, Items):
        findings.add("field.wrong-type", At(file, node.line), field=file, expected="a list")
        return []
    return [Reader(item, file, findings) for item in node.items]
