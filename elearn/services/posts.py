"""A hub's posts, for its administrators: codes to enrol by, how fresh their records are, what was kept apart."""

from dataclasses import dataclass
from datetime import timedelta

from elearn.core.roster.words import LONGEST_POST, clean, text_problem
from elearn.core.sync.codes import MOST_WRONG_TRIES, VALID_DAYS, code_from, secret_digest
from elearn.core.vocab.errors import Invalid, NotFound
from elearn.core.vocab.kept import ENROLMENT_CODE, PEER, QUARANTINE
from elearn.core.vocab.nodes import Power
from elearn.core.vocab.roles import Permission
from elearn.core.vocab.tables import Row
from elearn.core.vocab.times import instant_of, text_of
from elearn.ports import Transaction
from elearn.services.accounts import Session, demand
from elearn.services.apart_noted import open_apart
from elearn.services.chains import held_head
from elearn.services.healing import is_twice
from elearn.services.node import Node, known

CODE_CHANCE_BYTES = 32
TWO_MACHINES = "chain.two-machines"
"""Problem of a post that fetched its records back twice within a month: a copy of it seems to run beside it."""


@dataclass(frozen=True)
class Post:
    """A post as its hub sees it. held: entries held of it; behind: how many more it said it has, at last contact;
    last_contact_at: None if never; silent_days: whole days since, or since its enrolment; clock_offset_ms: how far its
    clock is ahead; apart: what lies in quarantine of it and nobody has looked at; problem: code of what its last batch
    was refused with, or "".
    """

    node: str
    name: str
    kind: str
    country: str
    enrolled_at: str
    held: int
    behind: int
    last_contact_at: str | None
    silent_days: int
    clock_offset_ms: int
    apart: int
    problem: str


@dataclass(frozen=True)
class GivenCode:
    """An enrolment code without its secret. state: "open" | "used" | "expired" | "blocked" (too many wrong tries)."""

    code_id: str
    post_name: str
    state: str
    made_at: str
    expires_at: str
    used_at: str | None


@dataclass(frozen=True)
class Apart:
    """One thing in quarantine. kind: "entry" | "person"; number: of the entry; said: name and number of a person."""

    id: str
    node: str
    kind: str
    number: int | None
    reason: str
    seen_at: str
    said: str
    digest: str
    noted_at: str = ""
    note: str = ""


def make_code(node: Node, by: Session, post_name: str, for_node: str = "") -> str:
    """Return a new one-time code, to be written down: it can't be shown again.

    post_name: what the hub calls the post until it enrols; for_node: a post enrolled already whose key was lost, the
    only one that may use the code. Raises Refused("permission"), Refused("node.power"), NotFound("post.unknown"),
    Invalid("post-name.missing" | "post-name.characters" | "post-name.formula" | "post-name.too-long").
    """
    demand(by, Permission.MANAGE_NODE)
    return give_code(node, post_name, for_node)


def give_code(node: Node, post_name: str, for_node: str = "") -> str:
    """As `make_code`, for who has the machine itself."""
    node.must(Power.ANSWER_POSTS)
    name = clean(post_name)
    problem = "missing" if not name and not for_node else text_problem(name, LONGEST_POST)
    if problem:
        raise Invalid(f"post-name.{problem}")

    def work(tx: Transaction) -> str:
        known(tx)
        peer = tx.tables.get(PEER, for_node) if for_node else None
        if for_node and peer is None:
            raise NotFound("post.unknown", node=for_node)
        code = code_from(node.ids.secret(CODE_CHANCE_BYTES))
        while tx.tables.get(ENROLMENT_CODE, code.code_id) is not None:
            code = code_from(node.ids.secret(CODE_CHANCE_BYTES))
        now = node.clock.now()
        row = {
            "code_id": code.code_id,
            "secret_digest": secret_digest(code).hex(),
            "post_name": peer["name"] if peer else name,
            "for_node": for_node,
            "made_at": text_of(now),
            "expires_at": text_of(now + timedelta(days=VALID_DAYS)),
            "wrong_tries": 0,
            "used_by": "",
        }
        tx.tables.put(ENROLMENT_CODE, row)
        return str(code)

    return node.store.write(work)


def codes(node: Node) -> list[GivenCode]:
    """Return the codes that were given out, newest first."""
    with node.store.reading() as tx:
        rows = tx.tables.select(ENROLMENT_CODE, order=("-made_at",))
    now = node.now()
    return [
        GivenCode(
            row["code_id"], row["post_name"], _code_state(row, now), row["made_at"], row["expires_at"], row["used_at"]
        )
        for row in rows
    ]


def _code_state(row: Row, now: str) -> str:
    if row["used_by"]:
        return "used"
    if row["wrong_tries"] >= MOST_WRONG_TRIES:
        return "blocked"
    return "expired" if now >= row["expires_at"] else "open"


def posts(node: Node) -> list[Post]:
    """Return the posts enrolled here, the longest silent first."""
    with node.store.reading() as tx:
        rows = tx.tables.select(PEER, {"url": None})
        found = [_post(tx, node, row) for row in rows]
    return sorted(found, key=lambda post: (-post.silent_days, post.name, post.node))


def _post(tx: Transaction, node: Node, row: Row) -> Post:
    state = row["state"] or {}
    held = held_head(tx, row["node"]).number
    since = instant_of(row["last_contact_at"] or row["enrolled_at"])
    return Post(
        node=row["node"],
        name=row["name"],
        kind=row["kind"],
        country=row["country"],
        enrolled_at=row["enrolled_at"],
        held=held,
        behind=max(0, int(state.get("head", 0)) - held),
        last_contact_at=row["last_contact_at"],
        silent_days=max(0, (node.clock.now() - since).days),
        clock_offset_ms=row["clock_offset_ms"] or 0,
        apart=open_apart(tx, row["node"]),
        problem=str(state.get("problem") or "") or (TWO_MACHINES if is_twice(state.get("fetched_back") or []) else ""),
    )


def kept_apart(node: Node, by: Session) -> list[Apart]:
    """Return what lies in quarantine, newest first. Raises Refused("permission")."""
    demand(by, Permission.MANAGE_NODE)
    with node.store.reading() as tx:
        return [_apart(row) for row in tx.tables.select(QUARANTINE, order=("-seen_at",), limit=500)]


def _apart(row: Row) -> Apart:
    person = row["entry"] if row["kind"] == "person" and row["entry"] else {}
    words = f"{person['name']}, {person['service_number']}" if person else ""
    return Apart(
        **{name: row[name] for name in ("id", "node", "kind", "number", "reason", "seen_at", "digest")},
        said=words,
        noted_at=row["noted_at"] or "",
        note=row["note"] or "",
    )
