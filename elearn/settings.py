"""What an operator may set from outside: environment variables, all with a sensible default.

What is set on the pages (name of post, languages offered, issuer) is not here but in the table `node_fact`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from elearn.core.vocab.errors import Invalid
from elearn.core.vocab.nodes import NodeKind


@dataclass(frozen=True)
class Settings:
    """One process's settings. data: the one folder that is the whole node; courses: where course folders lie."""

    data: Path
    courses: Path
    translations: Path
    kind: NodeKind
    host: str
    port: int
    demo: bool = False


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
    )


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 <= int(text) <= 65535:
        raise Invalid("setting.wrong", name="ELEARN_PORT", value=text, hint="0-65535")
    return int(text)
