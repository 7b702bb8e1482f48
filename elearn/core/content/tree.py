"""YAML bytes to a plain tree in which every node knows its line. Only the plain part of YAML is taken.

Values stay text until somebody asks for a number: an option that reads `20` or `no` is the words "20" and "no",
not a number and not False. Anchors and tags are refused, so a small file cannot grow into a large one.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from elearn.core.content.finding import At, Findings

MAX_BYTES = 1_000_000
MAX_DEPTH = 8
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\x80-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Leaf:
    """A scalar, as text."""

    text: str
    line: int


@dataclass(frozen=True)
class Items:
    """A list."""

    items: "list[Node]"
    line: int


@dataclass(frozen=True)
class Fields:
    """A mapping. lines: key -> line of the key."""

    fields: "dict[str, Node]"
    lines: dict[str, int]
    line: int


Node = Leaf | Items | Fields


def decoded(data: bytes, file: str, findings: Findings) -> str | None:
    """Return the file's text with LF line ends, or None after noting why it cannot be read."""
    if len(data) > MAX_BYTES:
        findings.add("file.too-large", At(file, 1), limit_kb=MAX_BYTES // 1000)
        return None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        findings.add("file.not-utf8", At(file, data.count(b"\n", 0, error.start) + 1))
        return None
    if text.startswith("\ufeff"):
        findings.add("file.bom", At(file, 1))
        text = text[1:]
    if "\r" in text:
        findings.add("file.line-ends", At(file, text.count("\n", 0, text.index("\r")) + 1))
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    control = _CONTROL.search(text)
    if control:
        at = At(file, text.count("\n", 0, control.start()) + 1)
        findings.add("file.control-character", at, character=f"U+{ord(control[0]):04X}")
        return None
    return text


def read_tree(data: bytes, file: str, findings: Findings) -> Node | None:
    """Return the tree of a YAML file, or None after noting what is wrong with it."""
    text = decoded(data, file, findings)
    if text is None:
        return None
    builder = _Builder(file, findings)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except _TooDeepError:
        return None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        problem = getattr(error, "problem", None) or str(error)
        findings.add("yaml.broken", At(file, mark.line + 1 if mark else 1), problem=problem)
        return None
    if builder.root is None:
        findings.add("yaml.empty", At(file, 1))
    return None if builder.spoilt else builder.root


class _TooDeepError(Exception):
    """Ends the reading of a file that is nested like an attack, not like a course."""


@dataclass
class _Open:
    """A list or mapping that is not closed yet. key: the key whose value comes next."""

    node: Items | Fields
    key: Leaf | None = None


@dataclass
class _Builder:
    """Puts the parser's events together, without recursion."""

    file: str
    findings: Findings
    root: Node | None = None
    spoilt: bool = False
    documents: int = 0
    stack: list[_Open] = field(default_factory=list)

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.DocumentStartEvent):
            self._document(event)
        elif isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
            self.stack.pop()
        elif isinstance(event, yaml.AliasEvent):
            self._spoil("yaml.anchor", event)
            self._place(Leaf("", _line(event)))
        elif isinstance(event, yaml.NodeEvent):
            self._node(event)

    def _document(self, event: yaml.Event) -> None:
        self.documents += 1
        if self.documents > 1:
            self._spoil("yaml.more-documents", event)

    def _node(self, event: Any) -> None:
        if event.anchor is not None:
            self._spoil("yaml.anchor", event)
        if event.tag is not None:
            self._spoil("yaml.tag", event, tag=event.tag)
        line = _line(event)
        if isinstance(event, yaml.ScalarEvent):
            plain_null = not event.style and event.value in {"~", "null"}
            self._place(Leaf("" if plain_null else event.value, line))
            return
        node: Items | Fields = Items([], line) if isinstance(event, yaml.SequenceStartEvent) else Fields({}, {}, line)
        self._place(node)
        self.stack.append(_Open(node))
        if len(self.stack) > MAX_DEPTH:
            self._spoil("yaml.too-deep", event, limit=MAX_DEPTH)
            raise _TooDeepError

    def _place(self, node: Node) -> None:
        if not self.stack:
            self.root = self.root if self.root is not None else node
            return
        top = self.stack[-1]
        if isinstance(top.node, Items):
            top.node.items.append(node)
        elif top.key is None:
            top.key = self._key(node)
        else:
            self._keep(top.node, top.key, node)
            top.key = None

    def _key(self, node: Node) -> Leaf:
        if isinstance(node, Leaf):
            return node
        self.findings.add("yaml.key-not-text", At(self.file, node.line))
        self.spoilt = True
        return Leaf("", node.line)

    def _keep(self, fields: Fields, key: Leaf, node: Node) -> None:
        if key.text in fields.fields:
            first = fields.lines[key.text]
            self.findings.add("yaml.duplicate-key", At(self.file, key.line), key=key.text, first=first)
            return
        fields.fields[key.text] = node
        fields.lines[key.text] = key.line

    def _spoil(self, code: str, event: yaml.Event, **details: Any) -> None:
        self.findings.add(code, At(self.file, _line(event)), **details)
        self.spoilt = True


def plain(node: Node) -> Any:
    """Return a node as texts, lists and mappings, without its lines."""
    if isinstance(node, Leaf):
        return node.text.strip()
    if isinstance(node, Items):
        return [plain(one) for one in node.items]
    return {name: plain(one) for name, one in node.fields.items()}


def _line(event: yaml.Event) -> int:
    return int(event.start_mark.line) + 1 if event.start_mark else 1
