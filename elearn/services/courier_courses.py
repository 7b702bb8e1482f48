"""Courses by stick: a hub puts the files of its packages into what it makes for a post, where somebody chose so.

The list of what the hub offers comes as a part, as over the line; the files follow as pieces of their own. The post
says in its own files which packages it holds, and which files of those that wait, so that a large course may come in
several rounds.
"""

from collections.abc import Iterator
from typing import Any

from elearn.core.sync.courier import LARGEST_FILE_BYTES, Piece
from elearn.core.sync.files import files_said
from elearn.core.sync.talk import part
from elearn.core.vocab.kept import PACKAGE, PACKAGE_OFFERED
from elearn.core.vocab.tables import Row
from elearn.ports import Transaction
from elearn.services.node import Node
from elearn.services.offering import content_of, files_of, kept_back

LARGEST_BYTES = LARGEST_FILE_BYTES - 2_500_000
MOST_SAID = 5000


def courses_here(tx: Transaction, node: Node) -> dict[str, list[str]]:
    """Return what a post says of its courses: {held: digests of packages, here: of the files of those that wait}."""
    held = [row["digest"] for row in tx.tables.group(PACKAGE, ("digest",))]
    waiting = [one for row in tx.tables.select(PACKAGE_OFFERED) for one in files_said(row["files"])]
    here = sorted({one.digest for one in waiting if node.incoming.size(one.digest) >= one.size})
    return {"held": sorted(held)[:MOST_SAID], "here": here[:MOST_SAID]}


def courses_in(value: Any) -> dict[str, list[str]]:
    """Return what was said. Raises Invalid("peer.part")."""
    said = value if isinstance(value, dict) else {}
    return {name: [str(one)[:64] for one in part(said, name, list)[:MOST_SAID]] for name in ("held", "here")}


def course_pieces(node: Node, post: Row) -> Iterator[Piece]:
    """Yield the files of all packages offered that the post did not say it holds, each once."""
    told = (post["state"] or {}).get("courier_courses") or {"held": [], "here": []}
    done = set(told["here"])
    with node.store.reading() as tx:
        back = kept_back(tx)
        rows = tx.tables.group(PACKAGE, ("course", "digest"), {"current": 1})
        offered = [row for row in rows if row["course"] not in back and row["digest"] not in told["held"]]
        files = [one for row in offered for one in files_of(tx, row["digest"])]
    for one in files:
        if one.digest in done or one.size > LARGEST_BYTES:
            continue
        done.add(one.digest)
        with node.store.reading() as tx:
            content = content_of(tx, one.kind, one.digest)
        if content is not None:
            yield Piece("file", one.digest, content)
