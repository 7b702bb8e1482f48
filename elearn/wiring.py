"""Builds a node: the only place that chooses who fulfils each port."""

from elearn.adapters.age_box import FileBox
from elearn.adapters.batch_room import FolderBatches
from elearn.adapters.book_shelf import FolderShelf
from elearn.adapters.code_reading import CodeWorkerLine
from elearn.adapters.collation import IcuCollation
from elearn.adapters.files import FolderCourses
from elearn.adapters.gettext_phrases import GettextPhrases
from elearn.adapters.http_peer import HttpPeer
from elearn.adapters.incoming_files import FolderIncoming
from elearn.adapters.lan import LanNeighbours
from elearn.adapters.linked_data import BundledLinkedData
from elearn.adapters.sqlite.store import SqliteStore
from elearn.adapters.system import Argon2Passwords, FileKeys, RandomIds, SystemClock
from elearn.adapters.weasy_press import WeasyPress
from elearn.adapters.whoosh_search import WhooshSearch
from elearn.core.vocab.errors import Unavailable
from elearn.ports import Store
from elearn.services.key_renewal import settle
from elearn.services.node import Node
from elearn.settings import Settings


def open_store(settings: Settings) -> Store:
    """Return what keeps the node's data: a file in ``settings.data``, or the database a hub was given.

    Raises Unavailable("store.driver") where the package for PostgreSQL is not installed.
    """
    if not settings.database:
        return SqliteStore(settings.data)
    try:
        # Here, as a post has not even the package it needs.
        from elearn.adapters.postgres.store import PostgresStore
    except ImportError as error:
        raise Unavailable("store.driver", reason=str(error)) from error
    return PostgresStore(settings.database)


def build_node(settings: Settings) -> Node:
    """Return the node that lives in ``settings.data``. Raises Unavailable where folder or database cannot be used."""
    store = open_store(settings)
    node = Node(
        settings=settings,
        store=store,
        clock=SystemClock(),
        ids=RandomIds(),
        passwords=Argon2Passwords(),
        keys=FileKeys(settings.data),
        box=FileBox(settings.data),
        search=WhooshSearch(settings.data / "cache" / "search"),
        press=WeasyPress(),
        codes=CodeWorkerLine(),
        shelf=FolderShelf(settings.data / "cache" / "books"),
        phrases=GettextPhrases(settings.translations, settings.data / "cache" / "translations"),
        course_files=FolderCourses(settings.courses, settings.translations),
        peer=HttpPeer(),
        linked_data=BundledLinkedData(),
        neighbours=LanNeighbours(),
        batches=FolderBatches(settings.data / "cache" / "certificates", settings.press_workers),
        incoming=FolderIncoming(settings.data / "cache" / "incoming"),
        collation=IcuCollation(),
    )
    settle(node)
    return node
