"""What an operator may set from outside: environment variables, all with a sensible default.

What is set on the pages (name of post, languages offered, issuer) is not here but in the table `node_fact`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from elearn.core.vocab.errors import Invalid
from elearn.core.vocab.nodes import NodeKind

DATABASE_FILE = "elearn.db"
"""In the data folder, unless the data lies in a PostgreSQL database."""

POSTGRESQL = ("postgresql://", "postgres://")
"""How the address of a PostgreSQL database begins. run.py looks for the same."""


@dataclass(frozen=True)
class Settings:
    """One process's settings. data: the one folder that is the whole node; courses: where course folders lie.

    database: address of the PostgreSQL database that keeps a hub's data, "" for a file in the folder. It may hold a
    password, so it is never printed. press_workers: how many draw a batch of certificates at once, 0 = as many as the
    machine has cores to spare.
    """

    data: Path
    courses: Path
    translations: Path
    kind: NodeKind
    host: str
    port: int
    demo: bool = False
    database: str = field(default="", repr=False)
    press_workers: int = 0


def settings_from(environment: Mapping[str, str], root: Path, kind: NodeKind, demo: bool = False) -> Settings:
    """Return the settings. root: the checkout. Raises Invalid("setting.wrong", name=, value=, hint=)."""
    given = environment.get("ELEARN_DATA")
    name = given or ("demo-data" if demo else "data")
    if kind is not NodeKind.POST and (demo or not given):
        # A demonstration's hub lives beside its post, whatever folder was chosen for the post.
        name = f"{name}-{kind.value}"
    return Settings(
        data=Path(name).absolute(),
        courses=Path(environment.get("ELEARN_COURSES") or root / "courses").absolute(),
        translations=root / "translations",
        kind=kind,
        host=environment.get("ELEARN_HOST") or "127.0.0.1",
        port=_port(environment.get("ELEARN_PORT") or ("8000" if kind is NodeKind.POST else "8100")),
        demo=demo,
        # A post lives in its folder, and a demonstration beside it: what is set for the machine's hub is not for them.
        database="" if demo or kind is NodeKind.POST else _database(environment.get("ELEARN_DATABASE") or ""),
        press_workers=_press_workers(environment.get("ELEARN_PRESS_WORKERS") or "0"),
    )


def _database(text: str) -> str:
    if text.startswith(POSTGRESQL):
        return text
    if text in {"", "sqlite"}:
        return ""
    # Not the value: it may hold a password.
    raise Invalid("setting.wrong", name="ELEARN_DATABASE", value="...", hint="sqlite, postgresql://user@host/database")


def _press_workers(text: str) -> int:
    if text not in {"0", "1", "2"}:
        raise Invalid("setting.wrong", name="ELEARN_PRESS_WORKERS", value=text, hint="1, 2 or 0")
    return int(text)


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 <= int(text) <= 65535:
        raise Invalid("setting.wrong", name="ELEARN_PORT", value=text, hint="0-65535")
    return int(text)
