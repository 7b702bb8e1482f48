"""What errands need from the world: Protocols only. `wiring.py` chooses who fulfils them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO, Literal, Protocol, TypeVar

from elearn.core.book.book import Book
from elearn.core.credential.ceremony import CeremonyList
from elearn.core.credential.certificate_batch import BatchPlan, BatchStands, Part
from elearn.core.credential.certificate_file import CertificateFile
from elearn.core.credential.page import CertificatePage
from elearn.core.credential.pictures import PictureBox
from elearn.core.credential.transcript import TranscriptPage
from elearn.core.ledger.entry import Entry, Head
from elearn.core.paper.page import Papers
from elearn.core.search.passage import Hit, Passage
from elearn.core.sync.talk import Answer
from elearn.core.vocab.errors import ElearnError
from elearn.core.vocab.tables import Row, Table, Where
from elearn.core.xapi.statement import Statement

T = TypeVar("T")


class Clock(Protocol):
    """The machine's clock, which at a post may be wrong."""

    def now(self) -> datetime:
        """Return the time, aware, UTC."""
        ...


class Ids(Protocol):
    """Where chance comes in."""

    def new(self) -> str:
        """Return a fresh random uuid4 as text."""
        ...

    def secret(self, size_bytes: int) -> str:
        """Return an unguessable url-safe text with this many bytes of entropy."""
        ...

    def seed(self) -> int:
        """Return a random integer 0 <= n < 2**53 (JSON's safe range), to be kept with what is drawn from it."""
        ...


class Tables(Protocol):
    """Rows of declared tables. Every row given has every column of its table's key; other columns default to None."""

    def get(self, table: Table, *key: str | int) -> Row | None:
        """Return the row with this key (all columns), or None."""
        ...

    def put(self, table: Table, row: Row) -> None:
        """Store the row, in place of the one with its key. Raises Conflict("row.not-unique", table=, columns=)."""
        ...

    def delete(self, table: Table, where: Where) -> int:
        """Delete the matching rows; return how many. An empty ``where`` deletes all."""
        ...

    def select(
        self, table: Table, where: Where | None = None, order: tuple[str, ...] = (), limit: int | None = None
    ) -> list[Row]:
        """Return matching rows, ordered by ``order`` (a leading "-" = descending) and then by key."""
        ...

    def count(self, table: Table, where: Where | None = None) -> int:
        """Return how many rows match."""
        ...

    def group(
        self, table: Table, by: tuple[str, ...], where: Where | None = None, distinct: str | None = None
    ) -> list[Row]:
        """Return one row per combination of ``by`` with ``n``: rows, or distinct values of ``distinct``."""
        ...


class Ledger(Protocol):
    """The chains of all nodes this one holds. Append only, but for `rechain`."""

    def head(self, node: str) -> Head:
        """Return the end of the node's chain; number 0 if it has none here."""
        ...

    def vector(self) -> dict[str, int]:
        """Return node -> highest number held."""
        ...

    def append(self, entry: Entry) -> None:
        """Store the entry. Raises Conflict("entry.exists") if its id or (node, number) is taken."""
        ...

    def rechain(self, node: str, after: int, entries: Iterable[Entry]) -> None:
        """Put ``entries`` in place of what the node's chain holds after number ``after``: the one exception to
        "append only", for a node's own chain whose end was never confirmed by anybody (`services/healing.py`).

        Those held already get their new number and digest and stay where they are in the order of storing, with
        their `stored`; the others are stored as by append(). Nothing may be lost: raises
        Conflict("entry.lost", id=, node=) where an entry held after ``after`` is not among them with the same
        content, and Conflict("entry.exists", id=, node=, number=) where an id or a number is taken elsewhere.
        """
        ...

    def find(self, statement_id: str) -> Entry | None:
        """Return the entry that holds this statement, or None."""
        ...

    def entries(self, node: str, after: int = 0, limit: int | None = None) -> list[Entry]:
        """Return the node's entries with number > ``after``, by number."""
        ...

    def every(self) -> Iterator[Entry]:
        """Yield all entries in the order they were stored here."""
        ...

    def about(self, subject: str) -> list[Statement]:
        """Return all statements whose subject this is, by (timestamp, id)."""
        ...

    def newest_about(self, subject: str) -> tuple[int, str]:
        """Return (place, digest) of the entry stored last whose subject this is; (0, "") if there is none.

        Both are others as soon as there is another entry: what was worked out of all of them holds while they stand.
        """
        ...

    def size(self) -> int:
        """Return how many entries are held."""
        ...

    def last_stored(self) -> str:
        """Return the highest `stored` there is, "" if none."""
        ...


class Transaction(Protocol):
    """What can be done inside one write or read."""

    @property
    def tables(self) -> Tables:
        """Return the tables."""
        ...

    @property
    def ledger(self) -> Ledger:
        """Return the ledger."""
        ...


class Store(Protocol):
    """One place that keeps everything, with real transactions."""

    def write(self, work: Callable[[Transaction], T]) -> T:
        """Run ``work`` in one immediate transaction, durable when this returns; undone whole if it raises.

        ``work`` must not call write() again. Raises Unavailable("disk.full" | "disk.read-only" | "store.busy").
        """
        ...

    def reading(self) -> AbstractContextManager[Transaction]:
        """Return a consistent view to read from."""
        ...

    def forget_overwritten(self) -> bool:
        """Let nothing be readable any more, beside the database or in it, of what was overwritten or deleted.

        Not inside write() or reading(). False: somebody was reading just now; ask again later.
        """
        ...

    @property
    def kind(self) -> str:
        """Return what keeps the data, with its version, for an operator: "SQLite 3.40.1"."""
        ...

    def close(self) -> None:
        """Let go of files."""
        ...


class Passwords(Protocol):
    """Slow on purpose."""

    def hash(self, pin: str) -> str:
        """Return a salted argon2id hash."""
        ...

    def matches(self, pin: str, hashed: str) -> bool:
        """Tell whether the PIN is the one hashed; takes as long for a hash of "" as for a real one."""
        ...


class Keys(Protocol):
    """This node's Ed25519 key, and checking other people's signatures. Each use is with the key in force just then."""

    @property
    def key_id(self) -> str:
        """Return the id of this node's key: the first 16 hex digits of the public key's SHA-256."""
        ...

    @property
    def public_key(self) -> bytes:
        """Return the 32 raw bytes."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Return the 64 bytes of an Ed25519 signature."""
        ...

    def check(self, public_key: bytes, message: bytes, signature: bytes) -> bool:
        """Tell whether the signature is right; False for malformed keys too."""
        ...

    def present(self) -> "Keys":
        """Return the key in force now, as one that does not change: for what names a key and is signed by it."""
        ...

    def renew(self, adopt: "Callable[[Keys], None]") -> None:
        """Make a new key, have ``adopt`` keep it for good, and put it in force; the old one is destroyed then.

        If ``adopt`` raises, nothing has changed. Raises Unavailable("key.unreadable" | "key.unwritable", path=).
        """
        ...

    def settle(self, adopted: "Callable[[Keys], bool]") -> bool:
        """At start: put right a renewal that was cut off. adopted: whether a key was kept by `renew`'s ``adopt``.

        Tell whether there was one.
        """
        ...


class Box(Protocol):
    """Sealing what is carried by hand, to one node each; and this node's own keys to open what was sealed to it."""

    def recipient(self) -> str:
        """Return what others need to seal something to this node; not secret. Raises Unavailable("key.unwritable")."""
        ...

    def seal(self, recipient: str, content: bytes) -> bytes:
        """Return what only the recipient can open. Raises Invalid("box.recipient")."""
        ...

    def open(self, sealed: bytes) -> bytes:
        """Return what was sealed to this node.

        Raises Refused("courier.other-key") where it was sealed to a key this node does not have (any more),
        Invalid("courier.damaged", reason=) where it was changed or is not whole.
        """
        ...

    def renew(self) -> None:
        """Have others seal to a new key; some older ones still open what is under way."""
        ...


class Search(Protocol):
    """The full-text index, a cache of what is published."""

    def current(self, fingerprint: str) -> bool:
        """Tell whether the index was built from this."""
        ...

    def rebuild(
        self, fingerprint: str, passages: Iterable[Passage], progress: Callable[[int], None] | None = None
    ) -> None:
        """Build beside, then swap."""
        ...

    def find(self, language: str, query: str, limit: int = 20) -> list[Hit]:
        """Return the best passages of a language; [] for an empty query. Raises Unavailable("search.building")."""
        ...


PagesTold = Callable[[int, int], None]


@dataclass(frozen=True)
class Shelved:
    """What a shelf knows of a file. state: "none", "waiting" behind others, "making", "ready" or "failed".

    size: bytes, once ready; done, pages: while it is made, pages at a guess; error: code of what went wrong.
    """

    state: Literal["none", "waiting", "making", "ready", "failed"]
    size: int = 0
    done: int = 0
    pages: int = 0
    error: str = ""


class Shelf(Protocol):
    """Files that take seconds to make: made in the background one after the other, then kept, up to a size."""

    def look(self, key: str) -> Shelved:
        """Return how it stands with a file. key: letters, digits and dashes."""
        ...

    def order(self, key: str, make: Callable[[PagesTold], bytes]) -> Shelved:
        """Have a file made, unless it is there, waits or is being made; return how it stands."""
        ...

    def read(self, key: str) -> bytes | None:
        """Return a file that is ready, None otherwise."""
        ...


@dataclass(frozen=True)
class Together:
    """Many certificates in one PDF. pdf: b"" if none could be drawn; refused: place in what was asked -> why."""

    pdf: bytes
    refused: dict[int, ElearnError] = field(default_factory=dict)


class Incoming(Protocol):
    """Files that come in piece by piece, by their digest: kept over restarts until they are whole."""

    def size(self, digest: str) -> int:
        """Return how many bytes of a file are here, from its beginning; 0 if none."""
        ...

    def add(self, digest: str, offset: int, piece: bytes) -> None:
        """Keep a piece that follows the first ``offset`` bytes. Raises Unavailable("disk.full" | "disk.failing")."""
        ...

    def read(self, digest: str) -> bytes:
        """Return what is here of a file, b"" if nothing is."""
        ...

    def keep_only(self, digests: "frozenset[str]") -> None:
        """Forget all other files."""
        ...

    def room(self) -> int:
        """Return how many bytes may still be written on this disk."""
        ...


class Batches(Protocol):
    """Batches of certificates: made in the background part by part, gone on with after a crash, kept for some days."""

    def every(self) -> list[BatchStands]:
        """Return how all of them stand, the newest first."""
        ...

    def look(self, batch: str) -> BatchStands | None:
        """Return how one stands, None if there is none (any more). batch: its id."""
        ...

    def begin(self, plan: BatchPlan, make: Callable[[tuple[str, ...]], Part]) -> None:
        """Keep a plan and have its parts made. Raises Unavailable("disk.full" | "disk.failing")."""
        ...

    def go_on(self, batch: str, make: Callable[[tuple[str, ...]], Part]) -> None:
        """Have made what is missing, unless somebody is at it, or it is ready; what failed is tried again."""
        ...

    def cancel(self, batch: str) -> None:
        """Stop and forget a batch with all that was made of it; nothing happens if there is none."""
        ...

    def open(self, batch: str) -> BinaryIO | None:
        """Return the file of a batch that is ready, None otherwise."""
        ...


class Collation(Protocol):
    """How a language sorts names."""

    def key(self, language: str, text: str) -> bytes:
        """Return what to sort a text by."""
        ...


class Press(Protocol):
    """Pages to PDF."""

    def certificate(self, page: CertificatePage, gentle: bool = False) -> bytes:
        """Return a PDF. gentle: by a worker that gives way to everything else, for batches.

        Raises Unavailable("press.missing"), Invalid("name.characters", characters=).
        """
        ...

    def certificates(self, pages: Sequence[CertificatePage]) -> Together:
        """Return one PDF of some pages, by a worker that gives way to everything else; up to two at a time.

        Raises Unavailable("press.missing" | "press.crashed" | "press.failed").
        """
        ...

    def ceremony(self, ceremony: CeremonyList) -> bytes:
        """Return a PDF; does not hold up certificates. Raises as `certificate`."""
        ...

    def ceremony_printable(self, ceremony: CeremonyList) -> str:
        """Return the same as one HTML page a browser can print."""
        ...

    def printable(self, page: CertificatePage) -> str:
        """Return the same as one HTML page a browser can print."""
        ...

    def book(self, book: Book, told: PagesTold) -> bytes:
        """Return a PDF; takes seconds, and does not hold up certificates. Raises Unavailable("press.missing").

        told: of (pages done, pages at a guess), from time to time.
        """
        ...

    def book_printable(self, book: Book) -> str:
        """Return the same as one HTML page a browser can print."""
        ...

    def transcript(self, page: TranscriptPage) -> bytes:
        """Return a PDF. Raises as `certificate`."""
        ...

    def transcript_printable(self, page: TranscriptPage) -> str:
        """Return the same as one HTML page a browser can print."""
        ...

    def papers(self, papers: Papers) -> bytes:
        """Return a PDF; takes seconds for many officers, and does not hold up certificates. Raises as `certificate`."""
        ...

    def papers_printable(self, papers: Papers) -> str:
        """Return the same as one HTML page a browser can print."""
        ...

    def unprintable(self, text: str) -> str:
        """Return the characters of a name that no bundled font has, "" if all can be printed; needs no Pango."""
        ...

    def too_wide(self, name: str) -> bool:
        """Tell whether an officer's name finds no room on a certificate, even in its smallest type; needs no Pango."""
        ...

    def picture(self, content: bytes, box: PictureBox) -> bytes:
        """Return a picture drawn anew for a certificate, as PNG; needs no Pango. content: as `picture_problem` lets in.

        Raises Invalid("certificate-picture.broken" | "certificate-picture.empty").
        """
        ...

    def missing(self) -> str | None:
        """Return why no PDF can be made here, or None."""
        ...

    def read_certificate(self, pdf: bytes) -> CertificateFile:
        """Return what lies in a certificate's PDF, not yet checked; works without a press too.

        Raises Invalid("pdf.too-large" | "pdf.unreadable" | "pdf.no-payload").
        """
        ...


class CodeReader(Protocol):
    """QR codes in pictures."""

    def texts(self, file: bytes, *, patient: bool = True) -> list[str]:
        """Return the text of each QR code in a picture (JPEG, PNG, WebP), or in the pictures of a scanned PDF.

        Each text once, [] if there is no code; nothing of it is to be trusted. patient: wait while another picture is
        looked at. Raises Invalid("picture.too-large" | "picture.heic" | "picture.kind" | "picture.unreadable"),
        Unavailable("codes.busy" | "codes.missing").
        """
        ...

    def missing(self) -> str | None:
        """Return why no picture can be looked at here, or None."""
        ...


class LinkedData(Protocol):
    """JSON-LD, with the contexts that are bundled and without a line."""

    def canonical(self, document: dict[str, Any]) -> str:
        """Return the canonical N-Quads (RDFC-1.0) of a document. Raises Invalid("credential.form").

        Only for documents of a form that is known: one made to be hard can take for ever.
        """
        ...


class Phrases(Protocol):
    """The catalogs of translations/, outside a web request."""

    def say(self, language: str, message: str, **values: object) -> str:
        """Return the translation of ``message`` (English with %(name)s), filled in; English where there is none."""
        ...

    def compiled(self) -> str:
        """Return the folder of the compiled catalogs, all up to date, for the pages' own gettext."""
        ...


class CourseFiles(Protocol):
    """Course folders as bytes, without a file system in sight."""

    def courses(self) -> list[str]:
        """Return the course ids, sorted."""
        ...

    def read(self, course: str) -> dict[str, bytes]:
        """Return relative path -> content of every file of a course. Raises NotFound("course.unknown")."""
        ...

    def terms(self) -> dict[str, bytes]:
        """Return language -> content of its term list; only languages that have one, {} on a post without any."""
        ...


class Peer(Protocol):
    """The other end of an exchange, reached by HTTP or over a test client."""

    def call(self, url: str, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        """Send one signed request and return the answer, whatever its status.

        url: of the node, without a slash at the end; path: from "/peer/" on. Raises Unavailable("peer.no-line",
        reason=) or Unavailable("peer.strange-answer", reason=).
        """
        ...


@dataclass(frozen=True)
class Neighbour:
    """A hub on the local network: what it calls itself, and an address to try. Nothing of it is proven."""

    name: str
    url: str


class Neighbours(Protocol):
    """Hubs on the local network, for who does not want to type an address."""

    def find(self, seconds: float) -> list[Neighbour]:
        """Return the hubs that answered within that time; [] where there is no network."""
        ...

    def announce(self, name: str, node: str, port: int) -> bool:
        """Let others find this node until ``close``; False where there is no network for it."""
        ...

    def close(self) -> None:
        """Take back what was announced."""
        ...
