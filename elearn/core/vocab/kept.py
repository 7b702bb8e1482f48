"""The kept tables: what is true but is not a fold of the ledger. Changed by numbered migrations only.

SQLite makes them by `adapters/sqlite/001_first_tables.sql` and the steps of `adapters/sqlite/migrations.py`: a change
here needs a step there (tests/contract/test_store_sqlite.py tells).

Identities (`person`, `account`) stay on the country's own nodes. Everything an officer *did* is in the ledger.
"""

from elearn.core.vocab.tables import Table

NODE_FACT = Table("node_fact", ("name",), {"name": "text", "value": "json"})
"""This node about itself: id, post name, country, agency, languages, issuer, hub, set_up_at ..."""

PERSON = Table(
    "person",
    ("id",),
    {
        "id": "text",
        "name": "text",
        "service_number": "text",
        "country": "text",
        "agency": "text",
        "post": "text",
        "sex": "text",
        "rank_band": "text",
        "changed_at": "text",
    },
    indexes=(("service_number",),),
    unique=(("agency", "service_number"),),
)

ACCOUNT = Table(
    "account",
    ("person",),
    {
        "person": "text",
        "role": "text",
        "pin_hash": "text",
        "language": "text",
        "active": "integer",
        "must_change_pin": "integer",
        "notice": "json",
        "created_at": "text",
    },
    indexes=(("role",),),
)

SIGN_IN_DELAY = Table("sign_in_delay", ("subject",), {"subject": "text", "failures": "integer", "not_before": "text"})
"""subject: `number:<digest of the service number>`, whether somebody has it or not, or `device:<address>`."""

RECOVERY_CODE = Table(
    "recovery_code",
    ("person", "code_digest"),
    {"person": "text", "code_digest": "text", "made_at": "text"},
)
"""Printed codes, each good for one new PIN without anybody's help."""

SESSION = Table(
    "session",
    ("token_digest",),
    {"token_digest": "text", "person": "text", "started_at": "text", "seen_at": "text", "csrf": "text"},
    indexes=(("person",),),
)

DISPLAY = Table("display", ("person",), {"person": "text", "size": "text", "lines": "text", "colours": "text"})
"""How an officer wants pages to look (`vocab/display.py`); no row = as everybody. Stays on this node."""

PACKAGE = Table(
    "package",
    ("digest",),
    {
        "digest": "text",
        "course": "text",
        "version": "text",
        "structure": "json",
        "texts": "json",
        "translation": "json",
        "published_at": "text",
        "current": "integer",
    },
    # The second finds the current digests without reading past megabytes of texts on every page.
    indexes=(("course",), ("current", "course", "digest")),
)
"""A published course version. structure holds the answer keys: it never leaves the server.
texts: language -> texts.yaml and glossary; translation: language -> state of each unit."""

PACKAGE_SIGNATURE = Table(
    "package_signature",
    ("digest", "key_id"),
    {"digest": "text", "key_id": "text", "signature": "blob", "signed_at": "text"},
)
"""Who vouches for a published package: Ed25519 over `content.package.signed_words(digest)`."""

LESSON_PAGE = Table(
    "lesson_page",
    ("digest", "lesson", "language"),
    {"digest": "text", "lesson": "text", "language": "text", "html": "text", "passages": "json", "sources": "json"},
)
"""passages: [{anchor, title, text}] for search; sources: facts cited, in order."""

QUESTION_TEXT = Table(
    "question_text",
    ("digest", "question", "language"),
    {"digest": "text", "question": "text", "language": "text", "words": "json"},
)
"""words: {stem, options: {key: text}, feedback: {key: text}}. Keys of right answers are not in here."""

MEDIA = Table("media", ("digest",), {"digest": "text", "kind": "text", "content": "blob"})
"""Picture files of published packages, each once: digest is the SHA-256 of content, kind png, jpg or webp. Never
deleted, for an older package may show it."""

PACKAGE_SOURCE = Table(
    "package_source",
    ("digest", "kind", "name"),
    {"digest": "text", "kind": "text", "name": "text", "file": "text", "size": "integer"},
    indexes=(("file",),),
)
"""The files a current package is handed on in (`core/sync/files.py`). digest: of the package; file: of the file, whose
content is in `source_file`, or in `media` for a picture."""

SOURCE_FILE = Table("source_file", ("digest",), {"digest": "text", "content": "blob"})
"""Words of courses as they travel, each once; gone once no current package needs them."""

PACKAGE_TAKEN = Table("package_taken", ("digest",), {"digest": "text", "node": "text", "taken_at": "text"})
"""Packages that were not published here. node: the hub that handed it down."""

PACKAGE_OFFERED = Table(
    "package_offered",
    ("digest",),
    {
        "digest": "text",
        "hub": "text",
        "course": "text",
        "version": "text",
        "published_at": "text",
        "files": "json",
        "signatures": "json",
        "size": "integer",
        "state": "text",
        "code": "text",
        "tries": "integer",
    },
)
"""What the hub offers and this node lacks (`services/fetching.py`). files: as `FileOf.said`; state: "waiting" or
"refused"; code: of why, or of what hindered the last try, "" = nothing; tries: how often it came damaged."""

CERTIFICATE_PICTURE = Table("certificate_picture", ("name",), {"name": "text", "kind": "text", "content": "blob"})
"""Seal and signatures on this node's certificates, drawn anew (`core/credential/pictures.py`). kind: png."""

TRUSTED_KEY = Table(
    "trusted_key",
    ("key_id",),
    {
        "key_id": "text",
        "node": "text",
        "node_name": "text",
        "country": "text",
        "public_key": "blob",
        "valid_from": "text",
        "valid_until": "text",
        "vouched_by": "text",
        "succeeded_by": "text",
        "lost_from": "text",
    },
    indexes=(("node",),),
)
"""Keys believed here, with the node of each. valid_from: when its node was set up, as far as is known; valid_until:
when it went out of use, None = in use; succeeded_by: the key that followed it, by a step both of them signed, None
where the node was enrolled anew; lost_from: the day (ISO) from which somebody else may have it, None = it was never
lost."""

KEY_SUCCESSION = Table(
    "key_succession",
    ("new_key_id",),
    {
        "new_key_id": "text",
        "old_key_id": "text",
        "node": "text",
        "at": "text",
        "words": "text",
        "old_signature": "blob",
        "new_signature": "blob",
    },
    indexes=(("node",),),
)
"""Each step from one key of a node to its next, as both of them signed it (`core/sync/succession.py`)."""

KNOWN_CERTIFICATE = Table(
    "known_certificate",
    ("id",),
    {"id": "text", "node": "text", "course": "text", "facts": "text"},
    indexes=(("node",),),
)
"""Certificates of nodes that lost a key, as the hub lists them: whatever else such a key has signed is doubtful. id: of
the certificate; course: its id; facts: see `credential.verify.facts_of`."""

PEER = Table(
    "peer",
    ("node",),
    {
        "node": "text",
        "name": "text",
        "kind": "text",
        "country": "text",
        "url": "text",
        "public_key": "blob",
        "enrolled_at": "text",
        "last_contact_at": "text",
        "clock_offset_ms": "integer",
        "state": "json",
    },
)
"""The nodes this one talks to: a post's hub, a hub's posts. state: last outcome, vector it named, ..."""

ENROLMENT_CODE = Table(
    "enrolment_code",
    ("code_id",),
    {
        "code_id": "text",
        "secret_digest": "text",
        "post_name": "text",
        "for_node": "text",
        "made_at": "text",
        "expires_at": "text",
        "wrong_tries": "integer",
        "used_by": "text",
        "used_at": "text",
    },
)
"""One-time codes a hub gave out. for_node: the one node that may use it, to be enrolled again with another key."""

CONFIRMED = Table(
    "confirmed",
    ("peer", "node"),
    {"peer": "text", "node": "text", "number": "integer", "digest": "text", "confirmed_at": "text"},
)
"""The highest number of `node`'s chain that `peer` has named as held, and the digest of that entry. Delivered means
this and nothing else."""

CHAIN_HEAD = Table(
    "chain_head",
    ("node", "number"),
    {"node": "text", "number": "integer", "digest": "text", "signature": "blob", "kept_at": "text"},
)
"""Places of other nodes' chains as those nodes signed them: the newest, and older ones at about 500 entries from each
other, so that a chain can be handed on in pieces that can each be checked."""

VOUCHED = Table("vouched", ("peer", "node"), {"peer": "text", "node": "text", "vouched_at": "text"})
"""Whose chains `peer` may send besides its own: the nodes of its country it answers for."""

PERSON_SENT = Table(
    "person_sent",
    ("peer", "person"),
    {"peer": "text", "person": "text", "digest": "text", "sent_at": "text"},
)
"""The digest of the identity `peer` has confirmed: what differs from it is to be sent."""

QUARANTINE = Table(
    "quarantine",
    ("id", "node", "digest"),
    {
        "id": "text",
        "node": "text",
        "digest": "text",
        "kind": "text",
        "number": "integer",
        "reason": "text",
        "entry": "json",
        "seen_at": "text",
        "noted_at": "text",
        "noted_by": "text",
        "note": "text",
    },
    indexes=(("node", "number"),),
)
"""What was received and not taken. kind: "entry" (has its number in the chain of `node`, so the chain stays whole) or
"person" (number None; node: who sent it). noted_*: an administrator has looked at it, None = nobody yet."""

REVOCATION = Table(
    "revocation",
    ("number",),
    {"number": "text", "revoked_at": "text", "listed_at": "text", "listed_by": "text", "kind": "text"},
)
"""Certificates taken back anywhere, as the hub lists them; the fact `revocations_at` says as of when. kind: one of
`vocab.revoking.KINDS` or REPLACED, None where the hub does not say."""

REVOCATION_PROPOSAL = Table(
    "revocation_proposal",
    ("id",),
    {
        "id": "text",
        "made_by": "text",
        "made_at": "text",
        "expires_at": "text",
        "kind": "text",
        "reason": "text",
        "sought": "json",
        "numbers": "json",
        "digest": "text",
        "decision": "text",
        "decided_by": "text",
        "decided_at": "text",
        "done": "integer",
        "revoked": "integer",
        "ended_at": "text",
    },
)
"""Many certificates one administrator wants to take back, and what another said. numbers: the list, frozen; digest: of
it; sought: what it was found by; decision: None = not yet, "approved" | "declined" | "withdrawn" (by who made it);
done: how many of the list were gone through, revoked: how many of them this took back; ended_at: when all were."""

BALLOT = Table(
    "ballot",
    ("id",),
    {"id": "text", "course": "text", "version": "text", "language": "text", "answers": "json"},
    unordered=True,
)
"""The ballot box: answers to satisfaction forms that still wait for others. No person, no time, no order; id: random,
never told to anybody. version: the major number of the course's version; language: the course was taken in."""

FORM_SETTLED = Table(
    "form_settled",
    ("person", "course", "version"),
    {"person": "text", "course": "text", "version": "text"},
    unordered=True,
)
"""Who is not asked again: answered, or declined. Which of the two, and when, is not kept."""

OUTAGE = Table("outage", ("began_at",), {"began_at": "text", "ended_at": "text"}, indexes=(("ended_at",),))
"""When this node was off while an exam was under way (`services/outages`): not charged to the officer."""

BROUGHT = Table(
    "brought",
    ("id",),
    {
        "id": "text",
        "subject": "text",
        "node": "text",
        "number": "integer",
        "digest": "text",
        "statement": "json",
    },
    indexes=(("subject",), ("node", "subject")),
)
"""Statements of other nodes that officers brought along, beside the ledger: folded like it, never sent on. A row goes
when the same statement arrives by the ledger (`services/brought.py`)."""

BROUGHT_PART = Table(
    "brought_part",
    ("person", "node"),
    {
        "person": "text",
        "node": "text",
        "name": "text",
        "country": "text",
        "last": "integer",
        "words": "text",
        "public_key": "blob",
        "signature": "blob",
        "trust": "text",
        "taken_by": "text",
        "taken_at": "text",
    },
)
"""What was brought, word for word as `node` signed it, to be handed on when the officer goes further. trust: "own" |
"vouched" | "passed-on" | "compared"; taken_by: person id of the administrator."""

PAPER_SESSION = Table(
    "paper_session",
    ("id",),
    {
        "id": "text",
        "course": "text",
        "held_on": "text",
        "place": "text",
        "minutes": "integer",
        "trainer": "text",
        "made_at": "text",
    },
    indexes=(("held_on",),),
)
"""A session in a classroom whose exam is answered on paper. held_on: the day; trainer: person id of who gives it."""

PAPER_MEMBER = Table(
    "paper_member",
    ("session", "person"),
    {
        "session": "text",
        "person": "text",
        "language": "text",
        "said": "text",
        "attended_id": "text",
        "code": "text",
    },
    indexes=(("person",),),
)
"""An officer on the list of a session. said: None, or "present" | "absent" | "lost" (there, but the sheet is lost);
attended_id: the statement that says so, None without one; code: of the sheet in use, None without one."""

PAPER_SHEET = Table(
    "paper_sheet",
    ("code",),
    {
        "code": "text",
        "session": "text",
        "person": "text",
        "attempt": "text",
        "started_id": "text",
        "withdrawn_at": "text",
        "first": "json",
        "first_by": "text",
        "first_at": "text",
        "second": "json",
        "second_by": "text",
        "second_at": "text",
        "third": "json",
        "third_by": "text",
        "done_at": "text",
    },
    indexes=(("session",), ("person",)),
)
"""An answer sheet. started_id: the statement that began its attempt; first, second, third: what was read on it
(`learning.paper.Reading`), None = not yet; third: only the questions in which the two differed, decided by third_by."""

ASK = Table(
    "ask",
    ("node", "agency", "service_number"),
    {
        "node": "text",
        "agency": "text",
        "service_number": "text",
        "asked_at": "text",
        "asked_by": "text",
        "state": "text",
        "person": "text",
        "digest": "text",
        "record": "text",
        "error": "text",
    },
)
"""Officers a post asks its hub for (`services/asking.py`): its own questions on the post, those of its posts on a hub.
node: who asks; asked_by: person id of the administrator; record: what came down and was not taken in yet, base64."""

LINE_DAY = Table(
    "line_day",
    ("day", "peer"),
    {
        "day": "text",
        "peer": "text",
        "tries": "integer",
        "came": "integer",
        "sent": "integer",
        "people": "integer",
        "up": "integer",
        "down": "integer",
        "code": "text",
    },
)
"""What went over the line to a node or system on one day of this place (`services/line_use.py`): exchanges begun and
come through, records and identities confirmed, bytes up and down; code: what hindered the last one, "" = nothing."""

COURIER = Table(
    "courier",
    ("file",),
    {
        "file": "text",
        "way": "text",
        "peer": "text",
        "number": "integer",
        "first": "integer",
        "made_at": "text",
        "noted_at": "text",
        "size": "integer",
        "state": "text",
        "carries": "json",
        "problems": "json",
    },
    indexes=(("peer", "way", "number"),),
)
"""Files carried by hand, those made here and those read. file: uuid; way: "written" | "read"; peer: the node on the
other side; number: of the sender's files for the receiver; first: number of the first file made in one go; made_at: by
the sender's clock; noted_at: by this one's; state: written: "written", then "acknowledged"; read: "read" | "hindered";
carries: see `services/courier_head.py`; problems: [{code, details}] of pieces that were not taken."""

COURIER_INSIDE = Table(
    "courier_inside",
    ("file",),
    {"file": "text", "content": "blob", "told": "json", "answers": "json"},
)
"""What is needed until a file is acknowledged. content: of one made here, sealed, None where a newer one holds all of
it; told: [[name, value]] of the parts in it that went up; answers: [[place, answer]] for those of one that was read."""

LRS = Table(
    "lrs",
    ("id",),
    {
        "id": "text",
        "name": "text",
        "url": "text",
        "key": "text",
        "secret": "text",
        "pseudonym_secret": "text",
        "finer": "integer",
        "active": "integer",
        "added_at": "text",
        "state": "json",
    },
)
"""Other systems that keep learning records, which get statements (`services/forwarding.py`). key, secret: of access,
"" once it is taken off the list; pseudonym_secret stays, so that the same persons have the same names there
again; finer: with post and rank; state: {tried_at, ok_at, next_try_at, failures, code, details}."""

LRS_SENT = Table("lrs_sent", ("lrs", "node"), {"lrs": "text", "node": "text", "number": "integer"})
"""Up to which number of `node`'s chain a system has taken, or refused, everything."""

LRS_REFUSED = Table(
    "lrs_refused",
    ("lrs", "id"),
    {
        "lrs": "text",
        "id": "text",
        "node": "text",
        "number": "integer",
        "reason": "text",
        "said": "text",
        "seen_at": "text",
    },
)
"""What a system would not take, one statement each. reason: a code; said: its own words."""

KEPT_TABLES: tuple[Table, ...] = (
    NODE_FACT,
    PERSON,
    ACCOUNT,
    SIGN_IN_DELAY,
    RECOVERY_CODE,
    SESSION,
    PACKAGE,
    PACKAGE_SIGNATURE,
    LESSON_PAGE,
    QUESTION_TEXT,
    MEDIA,
    PACKAGE_SOURCE,
    SOURCE_FILE,
    PACKAGE_TAKEN,
    PACKAGE_OFFERED,
    CERTIFICATE_PICTURE,
    TRUSTED_KEY,
    KEY_SUCCESSION,
    KNOWN_CERTIFICATE,
    PEER,
    ENROLMENT_CODE,
    CONFIRMED,
    CHAIN_HEAD,
    VOUCHED,
    PERSON_SENT,
    QUARANTINE,
    REVOCATION,
    REVOCATION_PROPOSAL,
    BALLOT,
    FORM_SETTLED,
    OUTAGE,
    DISPLAY,
    BROUGHT,
    BROUGHT_PART,
    PAPER_SESSION,
    PAPER_MEMBER,
    PAPER_SHEET,
    ASK,
    LINE_DAY,
    COURIER,
    COURIER_INSIDE,
    LRS,
    LRS_SENT,
    LRS_REFUSED,
)
