"""Officers with certificates, as many as wanted, in all scripts: for batches and lists."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from cast import memory_node, officer, sqlite_node
from press_cast import LONG, SHORT
from small_course import publish

from elearn.adapters.batch_room import FolderBatches
from elearn.core.credential.number import number_from
from elearn.core.vocab.languages import LANGUAGES
from elearn.core.vocab.times import instant_of, text_of
from elearn.ports import Transaction
from elearn.services.certify import certified
from elearn.services.node import Node
from elearn.services.packages import current_package
from elearn.services.record import record_in, saying_for

COURSE = "seals"
TAGS = tuple(LANGUAGES)


def batch_node(folder: Path, *, workers: int = 2, disk: bool = False, **changes: Any) -> Node:
    """Return a node with the small course; its batches lie in ``folder``. disk: so does its store."""
    room = FolderBatches(folder / "cache" / "certificates", workers=workers)
    node = sqlite_node(folder, batches=room, **changes) if disk else memory_node(batches=room, **changes)
    node.store.write(publish)
    return node


def issue(node: Node, person: str, *, language: str = "en", days_ago: int = 0, score: float = 0.9) -> str:
    """Issue a certificate to somebody and return its number."""
    attempt = node.ids.new()

    def work(tx: Transaction) -> None:
        saying = saying_for(tx, node, person)
        if days_ago:
            at = text_of(instant_of(saying.timestamp) - timedelta(days=days_ago))
            saying = type(saying)(**{**vars(saying), "timestamp": at})
        package = current_package(tx, COURSE)
        record_in(tx, node, certified(tx, node, saying, package, attempt=attempt, score=score, language=language))

    node.store.write(work)
    return number_from(attempt)


def certificates(node: Node, count: int) -> list[str]:
    """Give so many officers a certificate each, names and languages in turn; return the numbers."""
    names = [name for tag in TAGS for name in (SHORT[tag], LONG[tag])]
    made = []
    for place in range(count):
        person = officer(node, names[place % len(names)], agency="customs" if place % 2 else "police")
        made.append(issue(node, person, language=TAGS[place // 2 % len(TAGS)]))
    return made
