"""Puts a package into the store: which version it becomes, what it may not do to the one that is served, its rows.

A published package is never changed. What changed in the files becomes another package; if its version was used
before, it becomes a build of it, ``1.0.0+3fa21b07``, so that no two packages of a course ever share a version.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from elearn.core.content.finding import At, Finding, Findings
from elearn.core.content.package import Package, signed_words
from elearn.core.content.version import (
    CLASSES,
    SAME,
    edit_class,
    needed_class,
    numbers_of,
    raised,
    without_build,
)
from elearn.core.vocab.kept import (
    LESSON_PAGE,
    MEDIA,
    PACKAGE,
    PACKAGE_SIGNATURE,
    PACKAGE_TAKEN,
    PEER,
    QUESTION_TEXT,
    TRUSTED_KEY,
)
from elearn.core.vocab.languages import LANGUAGES
from elearn.ports import Keys, Transaction
from elearn.services.clock_guard import NEWEST_PUBLISHED
from elearn.services.node import fact, keep_fact

_BUILD_DIGITS = 8
_NONE = (0, 0, 0)


@dataclass(frozen=True)
class Version:
    """One published version of a course. taken_from: name of the hub that handed it down, "" = published here."""

    digest: str
    version: str
    published_at: str
    current: bool
    taken_from: str = ""


def versions(tx: Transaction, course: str) -> tuple[Version, ...]:
    """Return the published versions of a course, newest first."""
    rows = tx.tables.group(PACKAGE, ("digest", "version", "published_at", "current"), {"course": course})
    found = [
        Version(row["digest"], row["version"], row["published_at"], bool(row["current"]), taken_from(tx, row["digest"]))
        for row in rows
    ]
    return tuple(sorted(found, key=lambda one: (one.published_at, one.digest), reverse=True))


def taken_from(tx: Transaction, digest: str) -> str:
    """Return the name of the hub that handed a package down, "" for one published here."""
    row = tx.tables.get(PACKAGE_TAKEN, digest)
    if row is None:
        return ""
    peer = tx.tables.get(PEER, row["node"])
    return str(peer["name"] if peer else row["node"])


def against_current(tx: Transaction, package: Package, last_source: str | None, at: At) -> tuple[Finding, ...]:
    """Return what is wrong with a package only because of what is published already; errors forbid publishing.

    last_source: `Package.source` of these files when they were last published, None if not known; at: of the version.
    """
    findings = Findings()
    published = versions(tx, package.course)
    current = next((one for one in published if one.current), None)
    # A version published before may come back, whole: that is an operator undoing a step.
    if current is None or package.digest in {one.digest for one in published}:
        return ()
    row = tx.tables.get(PACKAGE, current.digest) or {"texts": {}, "structure": package.structure}
    for tag in row["texts"]:
        if tag not in package.texts:
            findings.add("language.lost", at, language=LANGUAGES[tag].english_name if tag in LANGUAGES else tag)
    needed = needed_class(row["structure"], package.structure)
    changed = needed != SAME or last_source not in {None, package.source}
    _judge_version(
        package.version, current.version, needed, changed, lambda code, **said: findings.add(code, at, **said)
    )
    return findings.listed()


def _judge_version(version: str, current: str, needed: str, changed: bool, add: Callable[..., None]) -> None:
    said, wanted = edit_class(current, version), raised(current, needed)
    if (numbers_of(version) or _NONE) < (numbers_of(current) or _NONE):
        add("version.older", version=version, current=current)
    elif said == SAME and changed:
        add("version.not-raised", version=version, wanted=wanted)
    elif CLASSES.index(said) < CLASSES.index(needed):
        add("version.too-small", version=version, wanted=wanted)


def put_package(
    tx: Transaction, package: Package, files: Mapping[str, bytes], published_at: str, keys: Keys
) -> Package:
    """Make the package the current one of its course, signed with this node's key; return it under its version.

    files: those the package was made from; its pictures are taken out of them.
    """
    published = versions(tx, package.course)
    known = next((one for one in published if one.digest == package.digest), None)
    named = package.as_version(known.version if known else _free_version(package, published))
    when = known.published_at if known else published_at
    _put_rows(tx, named, files, when)
    sign_package(tx, named.digest, when, keys)
    # The clock guard doubts a clock that stands before this.
    keep_fact(tx, NEWEST_PUBLISHED, max(when, str(fact(tx, NEWEST_PUBLISHED, ""))))
    return named


def put_package_taken(tx: Transaction, package: Package, files: Mapping[str, bytes], published_at: str) -> Package:
    """Make a package of another node the current one of its course, unsigned here; return it under its version.

    published_at: as that node said it.
    """
    named = package.as_version(_free_version(package, versions(tx, package.course)))
    _put_rows(tx, named, files, published_at)
    return named


def make_current(tx: Transaction, course: str, digest: str) -> None:
    """Have a package served that is held already, in place of the one served until now."""
    for row in tx.tables.select(PACKAGE, {"course": course, "current": 1}):
        tx.tables.put(PACKAGE, {**row, "current": 0})
    wanted = tx.tables.get(PACKAGE, digest)
    if wanted is not None:
        tx.tables.put(PACKAGE, {**wanted, "current": 1})


def _put_rows(tx: Transaction, named: Package, files: Mapping[str, bytes], published_at: str) -> None:
    tx.tables.put(
        PACKAGE,
        {
            "digest": named.digest,
            "course": named.course,
            "version": named.version,
            "structure": named.structure,
            "texts": named.texts,
            "translation": named.translation,
            "published_at": published_at,
            "current": 0,
        },
    )
    make_current(tx, named.course, named.digest)
    _put_words(tx, named)
    _put_media(tx, named, files)


def sign_package(tx: Transaction, digest: str, when: str, keys: Keys) -> None:
    """Vouch for a package with this node's key, once."""
    if tx.tables.get(PACKAGE_SIGNATURE, digest, keys.key_id) is None:
        signature = keys.sign(signed_words(digest))
        row = {"digest": digest, "key_id": keys.key_id, "signature": signature, "signed_at": when}
        tx.tables.put(PACKAGE_SIGNATURE, row)


def signers(tx: Transaction, digest: str, keys: Keys) -> tuple[str, ...]:
    """Return the names of known nodes whose signature of the package is right, sorted."""
    good = set()
    for row in tx.tables.select(PACKAGE_SIGNATURE, {"digest": digest}):
        known = tx.tables.get(TRUSTED_KEY, row["key_id"])
        public = known["public_key"] if known else (keys.public_key if row["key_id"] == keys.key_id else None)
        if known and known["lost_from"]:
            continue  # anybody may have signed with it
        if public and keys.check(public, signed_words(digest), row["signature"]):
            good.add(str(known["node_name"]) if known else "")
    return tuple(sorted(good))


def _free_version(package: Package, published: tuple[Version, ...]) -> str:
    taken = {without_build(one.version) for one in published}
    return f"{package.version}+{package.digest[:_BUILD_DIGITS]}" if package.version in taken else package.version


def _put_media(tx: Transaction, package: Package, files: Mapping[str, bytes]) -> None:
    for path, raster in package.media.items():
        if not tx.tables.count(MEDIA, {"digest": raster.digest}):
            row = {"digest": raster.digest, "kind": raster.header.kind, "content": files[path]}
            tx.tables.put(MEDIA, row)


def _put_words(tx: Transaction, package: Package) -> None:
    for (lesson, language), page in package.pages.items():
        key = {"digest": package.digest, "lesson": lesson, "language": language}
        rows = {"html": page.html, "passages": page.passages, "sources": package.sources(page)}
        tx.tables.put(LESSON_PAGE, {**key, **rows})
    for (question, language), words in package.questions.items():
        tx.tables.put(
            QUESTION_TEXT, {"digest": package.digest, "question": question, "language": language, "words": words}
        )
