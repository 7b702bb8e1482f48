"""Courses a hub hands down: what it offers is noted, what is lacking is fetched piece by piece, checked and taken in.

Files come last in an exchange, in pieces that each go on where the line was cut. A package is taken in only when all
its files are there, the hub's signature is right, and what is compiled of them here has the digest that was signed. Two
packages of one course: the higher version is taught; of the same version the hub's, so that a country learns and is
examined by the same words. Nothing is replaced while somebody sits an exam of the course here.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any

from elearn.core.content.finding import Findings
from elearn.core.content.package import Package, package_of, signed_words
from elearn.core.content.parse import parse_course
from elearn.core.content.version import numbers_of
from elearn.core.projections.attempts import ATTEMPT
from elearn.core.sync.files import (
    FIRST_CHUNK,
    LEAST_CHUNK,
    PICTURE,
    WORDS,
    FileOf,
    Offer,
    files_said,
    is_too_large,
    is_whole,
    larger_chunk,
    offers_in,
    smaller_chunk,
    whole_folder,
)
from elearn.core.sync.talk import FILE
from elearn.core.vocab.errors import Conflict, ElearnError, Invalid, NotFound, Refused, Unavailable
from elearn.core.vocab.kept import PACKAGE, PACKAGE_OFFERED, PACKAGE_SIGNATURE, PACKAGE_TAKEN, PEER, TRUSTED_KEY
from elearn.core.vocab.tables import Row, Span
from elearn.core.vocab.times import seconds_between, text_of
from elearn.core.xapi.canonical import sha256_hex
from elearn.ports import Keys, Transaction
from elearn.services.hub_line import ask_piece
from elearn.services.node import Node
from elearn.services.offering import content_of, keep_sources
from elearn.services.outages import LONGEST_SITTING
from elearn.services.publishing import make_current, put_package_taken

WAITING, REFUSED = "waiting", "refused"
MOST_WAITING_BYTES = 2 * 1024 * 1024 * 1024
"""Of all packages that wait together; what is more than that is refused."""

SPARE_BYTES = 256 * 1024 * 1024
"""Stays free on the disk: what officers do needs it."""

MOST_PIECES = 64
LONGEST_S = 300
"""Of one exchange, so that records made meanwhile do not wait long. The rest comes with the next."""

MOST_TRIES = 3
SIGNATURE, TOO_LARGE, DAMAGED = "package.signature", "package.too-large", "package.damaged"
SITTING = "package.sitting"
"""What it waits for where everything is here: that an exam ends."""


@dataclass(frozen=True)
class Coming:
    """What is still to come. courses: how many packages; here, size: bytes; refused: (course, version, code);
    code: of what hinders it, "" = nothing but that it has not come yet."""

    courses: int
    here: int
    size: int
    refused: tuple[tuple[str, str, str], ...]
    code: str = ""


NOTHING = Coming(0, 0, 0, ())


def wanted(tx: Transaction, _node: Node, _hub: Row) -> dict[str, list[str]]:
    """Return what the hub need not name the files of."""
    held = {row["digest"] for row in tx.tables.group(PACKAGE, ("digest",))}
    held |= {row["digest"] for row in tx.tables.group(PACKAGE_OFFERED, ("digest",))}
    return {"held": sorted(held)}


def take(tx: Transaction, node: Node, hub: Row, given: Any) -> bool:
    """Note what the hub offers; tell whether it was all. Raises Invalid("peer.part")."""
    offers, whole = offers_in(given)
    listed = {one.digest for one in offers}
    for row in tx.tables.group(PACKAGE_OFFERED, ("digest",)):
        if row["digest"] not in listed:
            tx.tables.delete(PACKAGE_OFFERED, {"digest": row["digest"]})
    coming = _size(tx)
    for offer in offers:
        if tx.tables.count(PACKAGE, {"digest": offer.digest}):
            _take_held(tx, node, hub, offer)
        elif offer.files is not None and _wins(tx, offer.course, offer.version):
            why = _refused(tx, node.keys, hub, offer, coming)
            coming += 0 if why else offer.size
            tx.tables.put(PACKAGE_OFFERED, _row(hub, offer, why))
    return whole


def _row(hub: Row, offer: Offer, why: str) -> Row:
    return {
        "digest": offer.digest,
        "hub": hub["node"],
        "course": offer.course,
        "version": offer.version,
        "published_at": offer.published_at,
        "files": [one.said() for one in offer.files or ()],
        "signatures": [[key, signature.hex()] for key, signature in offer.signatures],
        "size": offer.size,
        "state": REFUSED if why else WAITING,
        "code": why,
        "tries": 0,
    }


def _refused(tx: Transaction, keys: Keys, hub: Row, offer: Offer, coming: int) -> str:
    if not _signed_by(tx, keys, hub, offer.digest, offer.signatures):
        return SIGNATURE
    too_large = is_too_large(offer) or coming + offer.size > MOST_WAITING_BYTES
    return TOO_LARGE if too_large else ""


def _signed_by(
    tx: Transaction, keys: Keys, hub: Row, digest: str, signatures: tuple[tuple[str, bytes], ...]
) -> dict[str, bytes]:
    """Return the signatures that are right, by key; {} unless one of them is the hub's own, by a key not lost."""
    good, of_hub = {}, False
    for key_id, signature in signatures:
        known = tx.tables.get(TRUSTED_KEY, key_id)
        if known and not known["lost_from"] and keys.check(known["public_key"], signed_words(digest), signature):
            good[key_id] = signature
            of_hub = of_hub or known["node"] == hub["node"]
    return good if of_hub else {}


def _take_held(tx: Transaction, node: Node, hub: Row, offer: Offer) -> None:
    """The hub offers what is here already: its signature is kept, and it is taught where it wins."""
    good = _signed_by(tx, node.keys, hub, offer.digest, offer.signatures)
    row = tx.tables.get(PACKAGE, offer.digest)
    if not good or row is None:
        return
    _keep_signatures(tx, node, offer.digest, good)
    if not row["current"] and _wins(tx, row["course"], offer.version) and not _sitting(tx, node, row["course"]):
        make_current(tx, row["course"], offer.digest)
        _note_taken(tx, node, hub, offer.digest)


def _wins(tx: Transaction, course: str, version: str) -> bool:
    """Tell whether the hub's version is taught rather than the one served here."""
    rows = tx.tables.group(PACKAGE, ("version",), {"course": course, "current": 1})
    served = numbers_of(str(rows[0]["version"])) if rows else None
    offered = numbers_of(version)
    return served is None or (offered is not None and offered >= served)


def coming(tx: Transaction, node: Node) -> Coming:
    """Return what of the hub's courses is still to come, for the administrator."""
    rows = tx.tables.select(PACKAGE_OFFERED, order=("course",))
    waiting = [row for row in rows if row["state"] == WAITING]
    here = 0
    for row in waiting:
        for one in files_said(row["files"]):
            here += one.size if content_of(tx, one.kind, one.digest) else min(one.size, node.incoming.size(one.digest))
    refused = tuple((row["course"], row["version"], row["code"]) for row in rows if row["state"] == REFUSED)
    code = next((row["code"] for row in waiting if row["code"]), "")
    return Coming(len(waiting), here, sum(row["size"] for row in waiting), refused, code)


def fetch(node: Node, hub: Row) -> bool:
    """Fetch what is lacking, as much as one exchange may; take in what is whole. Tell whether to go on soon.

    Raises Unavailable("peer.no-line") and the like where the line is cut; what came stays. That the day's budget is
    used up, or the disk full, is no error of the exchange: it is kept with what waits.
    """
    with node.store.reading() as tx:
        rows = _waiting(tx)
        hub = tx.tables.get(PEER, hub["node"]) or hub
    node.incoming.keep_only(frozenset(one.digest for row in rows for one in files_said(row["files"])))
    fetcher = _Fetcher(node, hub)
    for row in rows:
        try:
            if not fetcher.fetch(row):
                return True
        except Unavailable as error:
            if error.code not in {"exchange.budget", "disk.full", "disk.failing"}:
                raise
            node.store.write(partial(_note, digest=row["digest"], code=error.code))
            return False
    return False


def bring(node: Node, content: bytes) -> bool:
    """Keep a file that came another way than over the line; False where no package waits for it.

    `take_in_brought` takes in what is whole then. Raises Unavailable("disk.full" | "disk.failing").
    """
    digest = sha256_hex(content)
    with node.store.reading() as tx:
        lacking = any(one.digest == digest for row in _waiting(tx) for one in files_said(row["files"]))
    if lacking:
        if node.incoming.room() < len(content) + SPARE_BYTES:
            raise Unavailable("disk.full")
        node.incoming.add(digest, 0, content)
    return lacking


def take_in_brought(node: Node, hub: Row) -> None:
    """Take in the packages of which every file is here, without a line."""
    with node.store.reading() as tx:
        rows = [row for row in _waiting(tx) if not _lacking(tx, node, files_said(row["files"]))]
    for row in rows:
        _Fetcher(node, hub).fetch(row)


def _waiting(tx: Transaction) -> list[Row]:
    rows = tx.tables.select(PACKAGE_OFFERED, {"state": WAITING})
    return sorted(rows, key=lambda row: (row["size"], row["course"]))


def _lacking(tx: Transaction, node: Node, files: tuple[FileOf, ...]) -> list[FileOf]:
    """Return the files of which not every byte is here."""
    absent = [one for one in files if content_of(tx, one.kind, one.digest) is None]
    return [one for one in absent if node.incoming.size(one.digest) < one.size]


class _Fetcher:
    """What one exchange fetches of files."""

    def __init__(self, node: Node, hub: Row) -> None:
        self._node, self._hub = node, hub
        self._began = node.now()
        self._pieces = 0
        self._chunk = int((hub["state"] or {}).get("chunk") or FIRST_CHUNK)

    def fetch(self, row: Row) -> bool:
        """Fetch a package's files and take it in; False once this exchange has had its share."""
        node, files = self._node, files_said(row["files"])
        with node.store.reading() as tx:
            lacking = [one for one in files if content_of(tx, one.kind, one.digest) is None]
        left = sum(one.size - node.incoming.size(one.digest) for one in lacking)
        if node.incoming.room() < left + row["size"] + SPARE_BYTES:
            raise Unavailable("disk.full")
        try:
            for one in lacking:
                if not self._fetch_file(one):
                    return False
            self._take_in(row, files)
        except NotFound:
            # The hub does not offer it any more: its list is asked for again.
            node.store.write(lambda tx: _ask_again(tx, self._hub["node"], row["digest"]))
        except (Invalid, Refused, Conflict) as error:
            node.store.write(partial(_refuse, digest=row["digest"], error=error))
        return True

    def _fetch_file(self, file: FileOf) -> bool:
        node = self._node
        while (offset := node.incoming.size(file.digest)) < file.size:
            if self._pieces >= MOST_PIECES or seconds_between(self._began, node.now()) > LONGEST_S:
                return False
            size = min(self._chunk, file.size - offset)
            try:
                piece = ask_piece(node, self._hub, FILE, {"digest": file.digest, "offset": offset, "size": size})
            except Unavailable as error:
                if error.code == "peer.no-line":
                    self._keep_chunk(smaller_chunk(self._chunk))
                raise
            if not 0 < len(piece) <= size:
                raise Invalid(DAMAGED, reason=f"{len(piece)} bytes at {offset} of a file")
            node.incoming.add(file.digest, offset, piece)
            self._pieces += 1
            if len(piece) == self._chunk:
                self._keep_chunk(larger_chunk(self._chunk))
        if not is_whole(node.incoming.read(file.digest), file):
            node.incoming.add(file.digest, 0, b"")
            raise Invalid(DAMAGED, reason="a file has another digest")
        return True

    def _keep_chunk(self, size: int) -> None:
        if size == self._chunk:
            return
        self._chunk = max(LEAST_CHUNK, size)

        def work(tx: Transaction) -> None:
            row = tx.tables.get(PEER, self._hub["node"])
            if row is not None:
                tx.tables.put(PEER, {**row, "state": {**(row["state"] or {}), "chunk": self._chunk}})

        self._node.store.write(work)

    def _take_in(self, row: Row, files: tuple[FileOf, ...]) -> None:
        node = self._node
        with node.store.reading() as tx:
            contents = {one: content_of(tx, one.kind, one.digest) or node.incoming.read(one.digest) for one in files}
        node.store.write(lambda tx: take_in(tx, node, self._hub, row, contents))


def take_in(tx: Transaction, node: Node, hub: Row, row: Row, contents: dict[FileOf, bytes]) -> bool:
    """Take in a package whose files are all here; False while somebody sits an exam of it. row: of PACKAGE_OFFERED.

    Raises Invalid(DAMAGED | SIGNATURE | "package.digest"): nothing was changed.
    """
    signatures = tuple((key, bytes.fromhex(signature)) for key, signature in row["signatures"])
    good = _signed_by(tx, node.keys, hub, row["digest"], signatures)
    if not good:
        raise Invalid(SIGNATURE)
    if not _wins(tx, row["course"], row["version"]) or tx.tables.count(PACKAGE, {"digest": row["digest"]}):
        tx.tables.delete(PACKAGE_OFFERED, {"digest": row["digest"]})
        return True
    if _sitting(tx, node, row["course"]):
        _note(tx, row["digest"], SITTING)
        return False
    package, folder = compiled(row, contents)
    put_package_taken(tx, package, folder, row["published_at"])
    keep_sources(tx, package, folder)
    _keep_signatures(tx, node, row["digest"], good)
    _note_taken(tx, node, hub, row["digest"])
    tx.tables.delete(PACKAGE_OFFERED, {"digest": row["digest"]})
    return True


def compiled(row: Row, contents: dict[FileOf, bytes]) -> tuple[Package, dict[str, bytes]]:
    """Return the package made anew of its files, and the files by path. Raises Invalid(DAMAGED | "package.digest")."""
    for one, content in contents.items():
        if not is_whole(content, one):
            raise Invalid(DAMAGED, reason="a file has another digest")
    words = [content for one, content in contents.items() if one.kind == WORDS]
    folder = whole_folder(words, {one.name: content for one, content in contents.items() if one.kind == PICTURE})
    try:
        course = parse_course(folder, Findings())
        package = package_of(course) if course else None
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise Invalid(DAMAGED, reason=f"{type(error).__name__}: {error}") from error
    if package is None or package.course != row["course"]:
        raise Invalid(DAMAGED, reason="not the course it is said to be")
    if package.digest != row["digest"] or numbers_of(package.version) != numbers_of(row["version"]):
        raise Invalid("package.digest")
    return package, folder


def is_overruled(tx: Transaction, served: str | None, version: str) -> bool:
    """Tell whether what a hub handed down is taught rather than a course folder of this version."""
    row = tx.tables.get(PACKAGE_TAKEN, served) if served else None
    package = tx.tables.group(PACKAGE, ("version",), {"digest": served}) if row else []
    return bool(package) and (numbers_of(version) or (0, 0, 0)) <= (numbers_of(package[0]["version"]) or (0, 0, 0))


def _size(tx: Transaction) -> int:
    return sum(row["size"] or 0 for row in tx.tables.group(PACKAGE_OFFERED, ("digest", "size"), {"state": WAITING}))


def _sitting(tx: Transaction, node: Node, course: str) -> bool:
    since = text_of(node.clock.now() - LONGEST_SITTING)
    return bool(tx.tables.count(ATTEMPT, {"course": course, "submitted_at": None, "started_at": Span(since)}))


def _note(tx: Transaction, digest: str, code: str) -> None:
    row = tx.tables.get(PACKAGE_OFFERED, digest)
    if row is not None:
        tx.tables.put(PACKAGE_OFFERED, {**row, "code": code})


def _refuse(tx: Transaction, digest: str, error: ElearnError) -> None:
    """Note why a package was not taken. What came damaged is fetched again, but not for ever."""
    row = tx.tables.get(PACKAGE_OFFERED, digest)
    if row is not None:
        tries = row["tries"] + 1
        state = REFUSED if error.code != DAMAGED or tries >= MOST_TRIES else WAITING
        tx.tables.put(PACKAGE_OFFERED, {**row, "state": state, "code": error.code, "tries": tries})


def _ask_again(tx: Transaction, hub: str, digest: str) -> None:
    row = tx.tables.get(PEER, hub)
    if row is not None:
        state = row["state"] or {}
        tx.tables.put(PEER, {**row, "state": {**state, "down": {**state.get("down", {}), "packages": ""}}})
    tx.tables.delete(PACKAGE_OFFERED, {"digest": digest})


def _keep_signatures(tx: Transaction, node: Node, digest: str, good: dict[str, bytes]) -> None:
    for key_id, signature in good.items():
        if tx.tables.get(PACKAGE_SIGNATURE, digest, key_id) is None:
            row = {"digest": digest, "key_id": key_id, "signature": signature, "signed_at": node.now()}
            tx.tables.put(PACKAGE_SIGNATURE, row)


def _note_taken(tx: Transaction, node: Node, hub: Row, digest: str) -> None:
    tx.tables.put(PACKAGE_TAKEN, {"digest": digest, "node": hub["node"], "taken_at": node.now()})
