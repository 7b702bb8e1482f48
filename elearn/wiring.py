"""Builds a node: the only place that chooses who fulfils each port."""

from elearn.adapters.batch_room import FolderBatches
from elearn.adapters.book_shelf import FolderShelf
from elearn.adapters.code_reading import CodeWorkerLine
from elearn.adapters.collation import IcuCollation
from elearn.adapters.files import FolderCourses
from elearn.adapters.gettext_phrases import GettextPhrases
from elearn.adapters.http_peer import HttpPeer
from elearn.adapters.linked_data import BundledLinkedData
from elearn.adapters.lan import LanNeighbours
from elearn.adapters.sqlite.store import SqliteStore
from elearn.adapters.system import Argon2Passwords, FileKeys, RandomIds, SystemClock
from elearn.adapters.weasy_press import WeasyPress
from elearn.adapters.whoosh_search import WhooshSearch
from elearn.services.key_renewal import settle
from elearn.services.node import Node
from elearn.settings import Settings


def build_node(settings: Settings) -> Node:
    """Return the node that lives in ``settings.data``. Raises Unavailable where the folder cannot be used."""
    store = SqliteStore(settings.data)
    node = Node(
        settings=settings,
        store=store,
        clock=SystemClock(),
        ids=RandomIds(),
        passwords=Argon2Passwords(),
        keys=FileKeys(settings.data),
        search=WhooshSearch(settings.data / "cache" / "search"),
        press=WeasyPress(),
        codes=CodeWorkerLine(),
        shelf=FolderShelf(settings.data / "cache" / "books"),
        phrases=GettextPhrases(settings.translations, settings.data / "cache" / "translations"),
        course_files=FolderCourses(settings.courses, settings.translations),
        peer=HttpPeer(),
        linked_data=BundledLinkedData(),
        neighbours=LanNeighbours(),
        batches=FolderBatches(settings.data / "cache" / "certificates"),
        collation=IcuCollation(),
    )
    settle(node)
    return node
