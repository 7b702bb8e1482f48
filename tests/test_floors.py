"""The law of the house, kept by reading the source: imports point down only, never sideways between rooms.

Standard library only, so that it runs before anything is installed. The second half feeds it bad sources: a law that
can't be broken in a test keeps nothing.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

FLOORS: dict[str, int] = {
    "elearn.core": 0,
    "elearn.ports": 1,
    "elearn.services": 2,
    "elearn.settings": 2,
    "elearn.web": 3,
    "elearn.cli": 3,
    "elearn.adapters": 3,
    "elearn.wiring": 4,
    "elearn.app": 5,
    "elearn.__main__": 5,
    "elearn": 0,
}
"""`elearn` itself is its version number."""

INNER = ("elearn.core", "elearn.ports", "elearn.services", "elearn.settings")
KINDS_ALLOWED = ("elearn.core.vocab.nodes", "elearn.settings", "elearn.wiring", "elearn.cli", "elearn.__main__")
"""Where it may be asked what kind of node this is. Everywhere else: what it may do (`node.can(Power...)`)."""

FORBIDDEN_IMPORTS = frozenset(
    (
        *("flask", "flask_babel", "werkzeug", "jinja2", "waitress"),
        *("sqlite3", "sqlite_utils", "whoosh", "weasyprint", "pydyf", "argon2", "icu4py", "pyld", "lxml"),
        *("requests", "urllib3", "socket", "ssl", "http", "asyncio", "urllib.request"),
        *("os", "sys", "random", "secrets", "time", "subprocess", "tempfile", "shutil", "glob", "signal", "logging"),
        *("uuid.uuid1", "uuid.uuid4", "pathlib"),
    )
)
PATHS_ALLOWED = "elearn.settings"
"""Names folders, and opens none."""

FORBIDDEN_CALLS = frozenset(("open", "print", "input", "uuid1", "uuid4", "exec", "eval", "__import__"))
CLOCKS = frozenset(("now", "utcnow", "today"))
NODE_KINDS = frozenset(("post", "hub", "regional-hub", "laptop"))
KIND_FLAGS = frozenset(f"is_{kind.replace('-', '_')}" for kind in NODE_KINDS)
BANNED_NAMES = frozenset(("utils", "common", "helpers"))


# --- the law: what is wrong with one module


def faults(module: str, source: str, packages: frozenset[str] = frozenset()) -> list[str]:
    """Return what is wrong with a module, a sentence each. packages: names of those modules that are folders."""
    tree = ast.parse(source)
    found = [*_floor_faults(module, tree, packages), *_kind_faults(module, tree), *_name_faults(module)]
    if module.startswith(INNER):
        found += [*_import_faults(module, tree), *_call_faults(tree)]
    return found


def _floor_faults(module: str, tree: ast.AST, packages: frozenset[str]) -> Iterator[str]:
    for line, wanted in imports(tree):
        if wanted.startswith("."):
            yield f"line {line}: relative import of {wanted}"
        elif wanted.split(".")[0] == "elearn":
            yield from _way_faults(module, wanted, line, packages)


def _way_faults(module: str, wanted: str, line: int, packages: frozenset[str]) -> Iterator[str]:
    here, there = floor_of(module), floor_of(wanted)
    if there > here:
        yield f"line {line}: {wanted} is on floor {there}, above"
    elif there == here == 3 and house_of(module) != house_of(wanted):
        yield f"line {line}: {wanted} is another house of the same floor"
    elif there == here == 3 and len({room_of(module, packages), room_of(wanted, packages)} - {None}) == 2:
        yield f"line {line}: {wanted} is another room of the same floor"


def _import_faults(module: str, tree: ast.AST) -> Iterator[str]:
    for line, wanted in imports(tree):
        parts = wanted.split(".")
        names = {".".join(parts[:size]) for size in range(1, len(parts) + 1)} & FORBIDDEN_IMPORTS
        if names and not (module == PATHS_ALLOWED and names == {"pathlib"}):
            yield f"line {line}: {wanted} belongs to the world outside"


def _call_faults(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        if isinstance(called, ast.Name) and called.id in FORBIDDEN_CALLS:
            yield f"line {node.lineno}: {called.id}() belongs to the world outside"
        if isinstance(called, ast.Attribute):
            if called.attr in CLOCKS and _last_name(called.value) in {"datetime", "date"}:
                yield f"line {node.lineno}: the time comes from the clock that was handed in"
            if called.attr in {"uuid1", "uuid4", "read_text", "read_bytes", "write_text", "write_bytes"}:
                yield f"line {node.lineno}: {called.attr}() belongs to the world outside"


def _kind_faults(module: str, tree: ast.AST) -> Iterator[str]:
    if module.startswith(KINDS_ALLOWED):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and _last_name(node.value) == "NodeKind":
            yield f"line {node.lineno}: NodeKind.{node.attr}: ask for a power instead"
        if _last_name(node) in KIND_FLAGS:
            yield f"line {getattr(node, 'lineno', 0)}: {_last_name(node)}: ask for a power instead"
        if isinstance(node, ast.Compare) and _compares_kind([node.left, *node.comparators]):
            yield f"line {node.lineno}: a test on the kind of node: ask for a power instead"
        if isinstance(node, ast.Match) and _is_kind(node.subject):
            yield f"line {node.lineno}: a match on the kind of node: ask for a power instead"


def _compares_kind(sides: list[ast.expr]) -> bool:
    texts = {
        inner.value
        for side in sides
        for inner in ast.walk(side)
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str)
    }
    return any(_is_kind(side) for side in sides) or bool(
        texts & NODE_KINDS and any(_last_name(side) in {"kind", "value"} for side in sides)
    )


def _is_kind(node: ast.expr) -> bool:
    """`settings.kind`, `node.settings.kind`, with or without `.value`."""
    if isinstance(node, ast.Attribute) and node.attr == "value":
        node = node.value
    return isinstance(node, ast.Attribute) and node.attr == "kind" and _last_name(node.value) == "settings"


def _name_faults(module: str) -> Iterator[str]:
    for part in BANNED_NAMES.intersection(module.split(".")):
        yield f"a module called {part} says nothing about what is in it"


def _last_name(node: ast.AST) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        return str(node.slice.value)
    return ""


# --- reading the house


def imports(tree: ast.AST) -> list[tuple[int, str]]:
    """Return (line, module) of every import, wherever it stands; `from a import b` counts as a and as a.b."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(node.lineno, name.name) for name in node.names]
        if isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            found += [(node.lineno, f"{module}.{name.name}") for name in node.names]
    return found


def floor_of(module: str) -> int:
    """Return the floor. Raises LookupError for a module nobody gave one: say in FLOORS where it belongs."""
    parts = module.split(".")
    for size in (2, 1):
        if ".".join(parts[:size]) in FLOORS and (size == 2 or len(parts) == 1 or parts[1].startswith("__")):
            return FLOORS[".".join(parts[:size])]
    raise LookupError(f"{module} stands on no floor")


def house_of(module: str) -> str:
    """Return web, cli or adapters of `elearn.web.officer.views`."""
    return module.split(".")[1]


def room_of(module: str, packages: frozenset[str]) -> str | None:
    """Return `elearn.web.officer` of `elearn.web.officer.views`; None for a file all rooms of the house may use."""
    room = ".".join(module.split(".")[:3])
    return room if room in packages else None


def modules() -> dict[str, Path]:
    """Return module name -> file, of everything in elearn/."""
    found = {}
    for path in sorted((ROOT / "elearn").rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def packages_of(found: dict[str, Path]) -> frozenset[str]:
    """Return the names of those modules that are folders."""
    return frozenset(name for name, path in found.items() if path.name == "__init__.py")


def circle(graph: dict[str, set[str]]) -> list[str]:
    """Return one circle of imports, [] if there is none."""
    done: set[str] = set()

    def walk(module: str, way: list[str]) -> list[str]:
        if module in way:
            return [*way[way.index(module) :], module]
        if module in done:
            return []
        for wanted in sorted(graph.get(module, ())):
            if found := walk(wanted, [*way, module]):
                return found
        done.add(module)
        return []

    return next((found for module in sorted(graph) if (found := walk(module, []))), [])


def graph_of(sources: dict[str, str]) -> dict[str, set[str]]:
    """Return module -> modules of these it imports."""
    graph = {}
    for module, source in sources.items():
        wanted = {name for _, name in imports(ast.parse(source))}
        found = {name if name in sources else name.rsplit(".", 1)[0] for name in wanted}
        graph[module] = (found & sources.keys()) - {module}
    return graph


def rooms_of(graph: dict[str, set[str]], house: str) -> dict[str, set[str]]:
    """Return the same graph between the rooms of a house: `elearn.core.xapi` for all that is in it."""
    rooms: dict[str, set[str]] = {}
    for module, wanted in graph.items():
        if module.startswith(f"{house}."):
            room = ".".join(module.split(".")[:3])
            others = {".".join(name.split(".")[:3]) for name in wanted if name.startswith(f"{house}.")}
            rooms.setdefault(room, set()).update(others - {room})
    return rooms


def sources() -> dict[str, str]:
    """Return module -> source of everything in elearn/."""
    return {module: path.read_text("utf-8") for module, path in modules().items()}


# --- the house keeps the law

HOUSE = modules()


def test_there_is_a_house() -> None:
    assert {"elearn.ports", "elearn.core.ledger.entry", "elearn.services.record", "elearn.wiring"} <= HOUSE.keys()


@pytest.mark.parametrize("module", HOUSE)
def test_the_module_keeps_the_law(module: str) -> None:
    assert faults(module, HOUSE[module].read_text("utf-8"), packages_of(HOUSE)) == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert circle(graph_of(sources())) == []


@pytest.mark.parametrize("house", ["elearn.core", "elearn.web", "elearn.adapters"])
def test_no_rooms_import_each_other_in_a_circle(house: str) -> None:
    assert circle(rooms_of(graph_of(sources()), house)) == []


def test_the_words_of_the_house_rest_on_nothing() -> None:
    rooms = rooms_of(graph_of(sources()), "elearn.core")

    assert rooms["elearn.core.vocab"] == set()


# --- the law can be broken

ROOMS = frozenset(
    ("elearn.web", "elearn.web.officer", "elearn.web.trainer", "elearn.adapters", "elearn.adapters.sqlite")
)


@pytest.mark.parametrize(
    ("module", "source", "word"),
    [
        ("elearn.core.learning.grade", "from elearn.ports import Clock", "above"),
        ("elearn.core.learning.grade", "import elearn.services.learn", "above"),
        ("elearn.ports", "from elearn import services", "above"),
        ("elearn.services.learn", "from elearn.web.shell import g", "above"),
        ("elearn.services.learn", "def f():\n    from elearn.adapters.memory import MemoryStore", "above"),
        ("elearn.services.learn", "if TYPE_CHECKING:\n    from elearn.wiring import build_node", "above"),
        ("elearn.settings", "from elearn.wiring import build_node", "above"),
        ("elearn.web.shell", "from elearn.app import create_app", "above"),
        ("elearn.web.officer.views", "from elearn.adapters.memory import MemoryStore", "another house"),
        ("elearn.adapters.http_peer", "from elearn.web.shell import g", "another house"),
        ("elearn.cli.serve", "from elearn.web import shell", "another house"),
        ("elearn.web.officer.views", "from elearn.web.trainer.views import room", "another room"),
        ("elearn.web.officer.views", "from elearn.web import trainer", "another room"),
        ("elearn.services.learn", "from . import record", "relative"),
        ("elearn.services.learn", "from .record import record", "relative"),
        ("elearn.core.learning.draw", "import random", "outside"),
        ("elearn.core.learning.draw", "import os.path", "outside"),
        ("elearn.core.learning.draw", "from os import environ", "outside"),
        ("elearn.core.learning.draw", "from pathlib import Path", "outside"),
        ("elearn.core.xapi.build", "from uuid import uuid4", "outside"),
        ("elearn.core.xapi.build", "from urllib import request", "outside"),
        ("elearn.services.learn", "import sqlite3", "outside"),
        ("elearn.services.learn", "def f():\n    import flask", "outside"),
        ("elearn.ports", "from flask import g", "outside"),
        ("elearn.settings", "import os", "outside"),
        ("elearn.core.content.parse", "open('x')", "outside"),
        ("elearn.services.learn", "folder.read_text()", "outside"),
        ("elearn.services.learn", "import uuid\nuuid.uuid4()", "outside"),
        ("elearn.services.learn", "print('x')", "outside"),
        ("elearn.services.learn", "datetime.now(UTC)", "clock"),
        ("elearn.services.learn", "datetime.datetime.utcnow()", "clock"),
        ("elearn.core.vocab.dates", "date.today()", "clock"),
        ("elearn.services.exchange", "if node.settings.kind is NodeKind.HUB: pass", "power"),
        ("elearn.services.exchange", "x = NodeKind.POST", "power"),
        ("elearn.web.shell", "a if settings.kind == other else b", "power"),
        ("elearn.web.shell", "if node.settings.kind.value == 'hub': pass", "power"),
        ("elearn.web.shell", "if kind in ('hub', 'laptop'): pass", "power"),
        ("elearn.web.shell", "if row['kind'] == 'post': pass", "power"),
        ("elearn.web.shell", "if node.is_hub: pass", "power"),
        ("elearn.app", "match node.settings.kind:\n    case _: pass", "power"),
        ("elearn.services.utils", "", "says nothing"),
        ("elearn.web.helpers.texts", "", "says nothing"),
    ],
)
def test_what_breaks_the_law_is_found(module: str, source: str, word: str) -> None:
    found = faults(module, source, ROOMS)

    assert any(word in fault for fault in found), found


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("elearn.core.xapi.build", "from elearn.core.vocab.people import Particulars\nfrom uuid import UUID"),
        ("elearn.services.learn", "from elearn.ports import Store\nfrom elearn.core.xapi import verbs"),
        ("elearn.services.learn", "node.clock.now()\nnode.now()\nself.reopen('x')"),
        ("elearn.services.learn", "from urllib.parse import quote"),
        ("elearn.settings", "from pathlib import Path"),
        (
            "elearn.web.officer.views",
            "from elearn.web.shell import g\nfrom elearn.web.officer import forms\nimport flask",
        ),
        ("elearn.adapters.sqlite.store", "import os\nopen('x')\nfrom elearn.core.vocab.tables import Table"),
        ("elearn.wiring", "from elearn.adapters.memory import MemoryStore\nx = NodeKind.HUB"),
        ("elearn.app", "from elearn.web.officer.views import room\nfrom elearn import __version__"),
        ("elearn.services.sit", "if found.kind == EXAM: pass\nif question.kind == 'choice': pass"),
        ("elearn.services.node", "POWERS[self.settings.kind]"),
        ("elearn.web.shell", "if node.can(Power.ANSWER_POSTS): pass\nif about.hub: pass"),
    ],
)
def test_what_keeps_the_law_is_left_alone(module: str, source: str) -> None:
    assert faults(module, source, ROOMS) == []


def test_a_module_on_no_floor_is_noticed() -> None:
    with pytest.raises(LookupError):
        faults("elearn.cellar", "from elearn.core import vocab")


def test_circles_of_modules_and_of_rooms_are_found() -> None:
    knot = {
        "elearn.core.a.one": "from elearn.core.b.two import x",
        "elearn.core.b.two": "def late():\n    from elearn.core.a import three",
        "elearn.core.a.three": "",
    }
    graph = graph_of(knot)

    assert circle(graph) == []
    assert circle(rooms_of(graph, "elearn.core")) == ["elearn.core.a", "elearn.core.b", "elearn.core.a"]
    knot["elearn.core.a.three"] = "import elearn.core.a.one"
    assert circle(graph_of(knot)) == [
        "elearn.core.a.one",
        "elearn.core.b.two",
        "elearn.core.a.three",
        "elearn.core.a.one",
    ]
