"""What a hub hands down of its courses: the packages it teaches now, and their files piece by piece.

Everything a hub teaches is offered, what it published itself as well as what a hub above handed down to it, but for the
courses an administrator or trainer of the hub keeps back. Each package is signed anew with the hub's key when it is
offered: the posts know that key.
"""

from collections.abc import Mapping
from typing import Any

from elearn.core.content.package import Package, signed_words
from elearn.core.content.parse import is_raster
from elearn.core.sync.files import PICTURE, WORDS, FileOf, Offer, bundles_of
from elearn.core.sync.talk import part
from elearn.core.vocab.errors import Invalid, NotFound
from elearn.core.vocab.kept import MEDIA, PACKAGE, PACKAGE_SIGNATURE, PACKAGE_SOURCE, SOURCE_FILE, TRUSTED_KEY
from elearn.core.vocab.nodes import Power
from elearn.core.vocab.roles import Permission
from elearn.core.vocab.tables import Row
from elearn.core.xapi.canonical import digest_of, sha256_hex
from elearn.ports import Transaction
from elearn.services.accounts import Session, demand
from elearn.services.node import Node, fact, keep_fact

KEPT_BACK = "courses_kept_back"
"""Node fact: ids of the courses that are not handed down."""

MOST_FILES_SAID = 20_000
"""Named in one answer; about two megabytes. The other packages are asked for at the next exchange."""


def keep_sources(tx: Transaction, package: Package, files: Mapping[str, bytes]) -> None:
    """Keep the files a package that was just made current is handed on in; forget those of the one before.

    files: path -> content of the course's folder.
    """
    rows = []
    for name, content in bundles_of(files).items():
        digest = sha256_hex(content)
        tx.tables.put(SOURCE_FILE, {"digest": digest, "content": content})
        rows.append(FileOf(WORDS, name, digest, len(content)))
    for path, content in sorted(files.items()):
        if is_raster(path) and path in package.media:
            rows.append(FileOf(PICTURE, path, sha256_hex(content), len(content)))
    for one in rows:
        row = {"digest": package.digest, "kind": one.kind, "name": one.name, "file": one.digest, "size": one.size}
        tx.tables.put(PACKAGE_SOURCE, row)
    forget_sources(tx, package.course)


def forget_sources(tx: Transaction, course: str) -> None:
    """Forget the words, as they travel, of all packages of a course that is not taught any more."""
    for package in tx.tables.group(PACKAGE, ("digest",), {"course": course, "current": 0}):
        gone = tx.tables.select(PACKAGE_SOURCE, {"digest": package["digest"]})
        tx.tables.delete(PACKAGE_SOURCE, {"digest": package["digest"]})
        for row in gone:
            if not tx.tables.count(PACKAGE_SOURCE, {"file": row["file"]}):
                tx.tables.delete(SOURCE_FILE, {"digest": row["file"]})


def has_sources(tx: Transaction, digest: str) -> bool:
    """Tell whether a package can be handed on."""
    return bool(tx.tables.count(PACKAGE_SOURCE, {"digest": digest}))


def there(tx: Transaction, _node: Node, _caller: Row) -> str:
    """Return the digest of what is offered, "" if nothing ever was."""
    offered = [[row["digest"], row["version"]] for row in _offered(tx)]
    return digest_of(offered) if offered or kept_back(tx) else ""


def given(tx: Transaction, node: Node, _caller: Row, wanted: Any) -> dict[str, Any]:
    """Return {packages, all}: every package offered, with its files where the caller lacks it. wanted: {held: digests}.

    all: False where more files are to be named than one answer holds. Raises Invalid("peer.part").
    """
    if not isinstance(wanted, dict):
        raise Invalid("peer.part", part="packages", wanted="dict")
    held = {one for one in part(wanted, "held", list) if isinstance(one, str)}
    offers, said, whole = [], 0, True
    for row in _offered(tx):
        files = None if row["digest"] in held else files_of(tx, row["digest"])
        if files is not None and said and said + len(files) > MOST_FILES_SAID:
            whole = False
            continue
        said += len(files or ())
        signatures = _signatures(tx, node, row["digest"])
        offers.append(
            Offer(row["digest"], row["course"], row["version"], row["published_at"], signatures, files).said()
        )
    return {"packages": offers, "all": whole}


def files_of(tx: Transaction, digest: str) -> tuple[FileOf, ...]:
    """Return the files of a package."""
    rows = tx.tables.select(PACKAGE_SOURCE, {"digest": digest}, order=("kind", "name"))
    return tuple(FileOf(row["kind"], row["name"], row["file"], row["size"]) for row in rows)


def piece_of(tx: Transaction, _node: Node, _caller: Row, digest: str) -> bytes:
    """Return the content of a file of a package that is offered. Raises NotFound("package.file-unknown", digest=)."""
    offered = {row["digest"] for row in _offered(tx)}
    for row in tx.tables.select(PACKAGE_SOURCE, {"file": digest}):
        if row["digest"] in offered:
            content = content_of(tx, row["kind"], digest)
            if content is not None:
                return content
    raise NotFound("package.file-unknown", digest=digest)


def content_of(tx: Transaction, kind: str, digest: str) -> bytes | None:
    """Return a file of a package as this node keeps it, None if it does not."""
    row = tx.tables.get(SOURCE_FILE if kind == WORDS else MEDIA, digest)
    return None if row is None else bytes(row["content"])


def kept_back(tx: Transaction) -> frozenset[str]:
    """Return the ids of the courses that are not handed down."""
    return frozenset(fact(tx, KEPT_BACK, None) or ())


def keep_back(node: Node, by: Session, course: str, wanted: bool) -> None:
    """Hand a course down no more, or again. wanted: keep it back.

    Raises Refused("permission" | "node.power"), NotFound("course.unknown").
    """
    demand(by, Permission.PUBLISH_COURSE)
    node.must(Power.ANSWER_POSTS)

    def work(tx: Transaction) -> None:
        if not tx.tables.count(PACKAGE, {"course": course}):
            raise NotFound("course.unknown", course=course)
        now = kept_back(tx)
        keep_fact(tx, KEPT_BACK, sorted(now | {course} if wanted else now - {course}))

    node.store.write(work)


def _offered(tx: Transaction) -> list[Row]:
    """Return {digest, course, version, published_at} of all packages offered, by course."""
    back = kept_back(tx)
    columns = ("course", "digest", "version", "published_at")
    rows = tx.tables.group(PACKAGE, columns, {"current": 1})
    found = [row for row in rows if row["course"] not in back and has_sources(tx, row["digest"])]
    return sorted(found, key=lambda row: (row["course"], row["digest"]))


def _signatures(tx: Transaction, node: Node, digest: str) -> tuple[tuple[str, bytes], ...]:
    """Return this node's signature with its key in force now, and those of others it can check."""
    keys = node.keys.present()
    found = {keys.key_id: keys.sign(signed_words(digest))}
    for row in tx.tables.select(PACKAGE_SIGNATURE, {"digest": digest}):
        known = tx.tables.get(TRUSTED_KEY, row["key_id"])
        if known and not known["lost_from"] and keys.check(known["public_key"], signed_words(digest), row["signature"]):
            found.setdefault(row["key_id"], bytes(row["signature"]))
    return tuple(found.items())[:10]
