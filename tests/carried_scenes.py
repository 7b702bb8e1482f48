"""Two posts of one country, each on disk, and an officer who goes from one to the other with a file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cast import memory_node, officer, sqlite_node
from small_course import publish

from elearn.core.projections.all import FOLDED_TABLES
from elearn.core.vocab.kept import NODE_FACT, PERSON, TRUSTED_KEY
from elearn.services import accounts
from elearn.services.accounts import Session
from elearn.services.carrying import new_code, record_file
from elearn.services.node import Node, keep_fact, known

PIN = "739164"


@contextmanager
def two_posts(folder: Path, trusting: bool = True) -> Iterator[tuple[Node, Node]]:
    """Give (Huay Xai, Boten), both on disk with the small course; Boten knows Huay Xai's key as the hub's word."""
    one = sqlite_node(folder / "one", series=1)
    two = sqlite_node(folder / "two", series=2)
    try:
        for node, name in ((one, "Huay Xai"), (two, "Boten")):
            node.store.write(publish)
            node.store.write(lambda tx, name=name: keep_fact(tx, "name", name))
        if trusting:
            vouch(two, one)
            vouch(one, two)
        yield one, two
    finally:
        one.store.close()
        two.store.close()


def post(series: int, name: str = "Post") -> Node:
    """Return a post in memory with the small course."""
    node = memory_node(series=series)
    node.store.write(publish)
    node.store.write(lambda tx: keep_fact(tx, "name", name))
    return node


def vouch(holder: Node, other: Node, **changes: Any) -> None:
    """Let a holder have another's key as the hub hands it down."""
    with other.store.reading() as tx:
        mine = known(tx)
    row = {
        "key_id": other.keys.key_id,
        "node": mine.id,
        "node_name": mine.name,
        "country": mine.country,
        "public_key": other.keys.public_key,
        "valid_from": "2026-01-01",
        "valid_until": None,
        "vouched_by": "hub",
        **changes,
    }
    holder.store.write(lambda tx: tx.tables.put(TRUSTED_KEY, row))


def session_of(node: Node, person: str) -> Session:
    """Sign somebody in whose PIN is the usual one."""
    with node.store.reading() as tx:
        row = tx.tables.get(PERSON, person)
    assert row is not None
    found = accounts.session(node, accounts.sign_in(node, row["service_number"], PIN, "here", row["agency"]).token)
    assert found is not None
    return found


def chief_of(node: Node) -> Session:
    """Return the session of an administrator."""
    return session_of(node, officer(node, "Chan Vanna", role="administrator", service_number=f"CH-{node.ids.seed()}"))


def file_of(node: Node, person: str) -> tuple[bytes, str]:
    """Return (file, code) of an officer's record."""
    code = new_code(node)
    return record_file(node, session_of(node, person), code), code


def learned(node: Node, *without: str) -> dict[str, list[dict[str, Any]]]:
    """Return every row that is folded, by table."""
    with node.store.reading() as tx:
        return {table.name: tx.tables.select(table) for table in FOLDED_TABLES if table.name not in without}


def fact_set(node: Node, name: str, value: Any) -> None:
    """Change a fact of the node about itself."""
    node.store.write(lambda tx: tx.tables.put(NODE_FACT, {"name": name, "value": value}))
