"""A post and a hub with no line between them: only files go to and fro."""

from pathlib import Path
from typing import Any

from cast import memory_node, sqlite_node
from exchange_scenes import hub_node

from elearn.core.vocab.nodes import NodeKind
from elearn.services.courier_enrolment import enrol_by_file, make_enrolment_file
from elearn.services.courier_files import content_of
from elearn.services.courier_reading import CourierRead, read_file
from elearn.services.courier_writing import write_files
from elearn.services.node import Node, fact, keep_fact
from elearn.services.operator import operator
from elearn.services.posts import give_code


def enrolled_by_file(post: Node, hub: Node) -> str:
    """Enrol a post by code and file; return the code. The hub does not know of it yet."""
    code = give_code(hub, "Huay Xai")
    _, content = make_enrolment_file(hub, operator(hub), code[:4])
    enrol_by_file(post, operator(post), content, code)
    return code


def stick_pair() -> tuple[Node, Node]:
    """Return (post, hub) without a line; the post was enrolled by file, and the hub has not heard of it."""
    post, hub = memory_node(series=1), hub_node()
    enrolled_by_file(post, hub)
    return post, hub


def stick_pair_on_disk(folder: Path) -> tuple[Node, Node]:
    """Return the same on disk. Close the stores when done."""
    post = sqlite_node(folder / "post", series=1)
    hub = sqlite_node(folder / "hub", kind=NodeKind.HUB, series=9)
    hub.store.write(lambda tx: keep_fact(tx, "name", "Vientiane"))
    enrolled_by_file(post, hub)
    return post, hub


def id_of(node: Node) -> str:
    """Return the id of a node."""
    with node.store.reading() as tx:
        return str(fact(tx, "id"))


def made(node: Node, to: Node | None = None) -> list[bytes]:
    """Return the contents of the files a node makes for its hub, or for a post."""
    by = operator(node)
    return [content_of(node, by, one.file)[1] for one in write_files(node, by, id_of(to) if to else "")]


def read(node: Node, content: bytes, **told: Any) -> CourierRead:
    """Let a node read a file."""
    return read_file(node, operator(node), content, **told)


def carried(sender: Node, receiver: Node, *, down: bool = False) -> list[CourierRead]:
    """Make the files and let the other side read them."""
    return [read(receiver, content) for content in made(sender, receiver if down else None)]


def there_and_back(post: Node, hub: Node) -> None:
    """Carry a stick to the hub and its answer back."""
    for one in (*carried(post, hub), *carried(hub, post, down=True)):
        assert one.problems == []
