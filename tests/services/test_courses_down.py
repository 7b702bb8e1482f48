"""Courses handed down: what a hub publishes comes to its posts whole, checked, and only what they lack."""

from dataclasses import replace
from typing import Any

import pytest
import zstandard
from cast import MemoryCourses, MemoryIncoming, memory_node, officer
from exchange_scenes import HUB_URL, Line, hub_node, let_pass, post_on, rows
from good_course import Files, edit, good_course
from illustrated_course import illustrated
from raster_files import noise

from elearn.core.content.package import signed_words
from elearn.core.projections.attempts import ATTEMPT
from elearn.core.sync.files import LARGEST_TEXT_BYTES, FileOf, Offer, bundles_of, offers_in, words_in
from elearn.core.sync.talk import FILE, Answer, Asked, said
from elearn.core.vocab.errors import Invalid, NotFound, Refused
from elearn.core.vocab.kept import (
    LESSON_PAGE,
    LINE_DAY,
    MEDIA,
    PACKAGE,
    PACKAGE_OFFERED,
    PACKAGE_SOURCE,
    PACKAGE_TAKEN,
    PEER,
    QUESTION_TEXT,
    SOURCE_FILE,
    TRUSTED_KEY,
)
from elearn.core.vocab.nodes import NodeKind
from elearn.core.vocab.roles import Role
from elearn.core.xapi import verbs
from elearn.core.xapi.build import build
from elearn.core.xapi.canonical import sha256_hex
from elearn.services import author, fetching, offering
from elearn.services.accounts import Session
from elearn.services.enrolment import enrol
from elearn.services.exchange import exchange_once, state, tick
from elearn.services.hub_line import ask_piece
from elearn.services.news import changes
from elearn.services.node import Node, keep_fact
from elearn.services.packages import package
from elearn.services.parcels import down_parcels, take_parcel
from elearn.services.posts import give_code
from elearn.services.publishing import signers, versions
from elearn.services.record import record, saying_for

RAISED = edit("course.yaml", "version: 1.0.0", "version: 1.1.0")
SAME_VERSION = edit("en/looking.md", "Look", "Look well")


class Scene:
    """A hub that teaches one course, and a post at its line; the files of both can be changed."""

    def __init__(self, files: Files | None = None) -> None:
        self.on_hub: dict[str, Files] = {"seals": files or illustrated()}
        self.on_post: dict[str, Files] = {}
        self.hub = hub_node(course_files=MemoryCourses(self.on_hub))
        self.line = Line(self.hub)
        self.incoming = MemoryIncoming()
        self.post = post_on(self.line, course_files=MemoryCourses(self.on_post), incoming=self.incoming)
        author.publish_all(self.hub)
        enrol(self.post, HUB_URL, give_code(self.hub, "Huay Xai"))

    def exchange(self) -> None:
        outcome = exchange_once(self.post)
        assert outcome.ok, outcome.error

    def published(self, files: Files) -> str:
        self.on_hub["seals"] = files
        return author.publish(self.hub, "seals")

    def pieces(self) -> list[dict[str, Any]]:
        return [said(asked.body) for asked, _ in self.line.calls if asked.path == FILE]


def served(node: Node, course: str = "seals") -> dict[str, Any]:
    [row] = rows(node, PACKAGE, course=course, current=1)
    return row


def test_what_a_hub_publishes_is_taught_at_the_post_word_for_word() -> None:
    scene = Scene()

    scene.exchange()

    for table in (LESSON_PAGE, QUESTION_TEXT, MEDIA):
        assert rows(scene.post, table) == rows(scene.hub, table) != [], table.name
    assert served(scene.post) == served(scene.hub)
    assert rows(scene.post, PACKAGE_OFFERED) == []
    assert scene.incoming.files == {} or exchange_once(scene.post).ok
    with scene.post.store.reading() as tx:
        [version] = versions(tx, "seals")
        assert (version.taken_from, signers(tx, version.digest, scene.post.keys)) == ("Vientiane", ("Vientiane",))


def test_once_it_is_there_nothing_more_is_asked() -> None:
    scene = Scene()
    scene.exchange()
    scene.line.calls.clear()

    scene.exchange()

    assert [asked.path for asked, _ in scene.line.calls] == ["/peer/hello"]


def test_of_a_new_version_only_what_changed_is_sent() -> None:
    scene = Scene()
    scene.exchange()
    scene.line.calls.clear()

    digest = scene.published(edit("en/looking.md", "Look", "Look well")(RAISED(scene.on_hub["seals"])))
    scene.exchange()

    assert served(scene.post)["digest"] == digest
    with scene.hub.store.reading() as tx:
        changed = {one.digest for one in offering.files_of(tx, digest) if one.name in {".", "en"}}
    assert {one["digest"] for one in scene.pieces()} == changed
    assert len(rows(scene.post, SOURCE_FILE)) == len(rows(scene.hub, SOURCE_FILE))  # the old ones are gone


def test_a_file_goes_on_where_the_line_was_cut_after_any_number_of_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("elearn.services.fetching.FIRST_CHUNK", 100)
    monkeypatch.setattr("elearn.services.fetching.LEAST_CHUNK", 100)
    monkeypatch.setattr("elearn.services.fetching.larger_chunk", lambda size: size)
    monkeypatch.setattr("elearn.services.fetching.smaller_chunk", lambda size: size)
    monkeypatch.setattr("elearn.services.fetching.MOST_PIECES", 10_000)
    scene = Scene()
    tries = 0
    while not rows(scene.post, PACKAGE):
        scene.line.calls_left, scene.line.lost = 5 + tries % 3, bool(tries % 2)
        exchange_once(scene.post)
        tries += 1
        assert tries < 500
    asked = [(one["digest"], one["offset"]) for one in scene.pieces()]
    lost = tries // 2 + 1

    assert tries > 3
    assert len(asked) - len(set(asked)) <= lost  # only a piece whose answer was lost is asked for again
    assert served(scene.post) == served(scene.hub)


def test_one_exchange_fetches_a_bounded_number_of_pieces_and_the_next_minute_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("elearn.services.fetching.MOST_PIECES", 2)
    scene = Scene()

    scene.exchange()
    first = (len(scene.pieces()), rows(scene.post, PACKAGE))
    for _ in range(6):
        tick(scene.post)

    assert first == (2, [])
    assert served(scene.post) == served(scene.hub)


def test_after_cuts_smaller_pieces_are_asked_for_and_larger_ones_when_they_come_through() -> None:
    scene = Scene()
    sizes = []
    for cut in (3, 3, None):
        scene.line.calls.clear()
        scene.line.calls_left = cut
        exchange_once(scene.post)
        sizes.append((rows(scene.post, PEER)[0]["state"] or {}).get("chunk"))

    assert sizes[:2] == [32 * 1024, 16 * 1024]


@pytest.mark.parametrize(
    ("here", "there", "wins"),
    [("1.0.0", "1.1.0", "hub"), ("1.1.0", "1.0.0", "post"), ("1.0.0", "1.0.0", "hub"), ("2.0.0", "2.0.1", "hub")],
)
def test_the_higher_version_is_taught_and_of_the_same_one_the_hubs(here: str, there: str, wins: str) -> None:
    scene = Scene(edit("course.yaml", "version: 1.0.0", f"version: {there}")(illustrated()))
    scene.on_post["seals"] = SAME_VERSION(edit("course.yaml", "version: 1.0.0", f"version: {here}")(illustrated()))
    author.publish_all(scene.post)

    scene.exchange()
    author.publish_all(scene.post)  # the next start
    author.publish_all(scene.post)

    right = served(scene.hub)["digest"] == served(scene.post)["digest"]
    assert right == (wins == "hub")
    with scene.post.store.reading() as tx:
        found = [one.version for one in versions(tx, "seals")]
    assert len(found) == len(set(found))
    assert author.course_state(scene.post, "seals").files == ("overruled" if wins == "hub" else "published")


def test_a_folder_raised_above_the_hubs_version_is_taught_at_the_next_start() -> None:
    scene = Scene()
    scene.exchange()
    scene.on_post["seals"] = edit("course.yaml", "version: 1.0.0", "version: 1.2.0")(illustrated())

    author.publish_all(scene.post)
    scene.exchange()

    assert served(scene.post)["version"] == "1.2.0"


def test_the_same_course_published_on_both_sides_is_not_sent_and_then_vouched_for_by_the_hub() -> None:
    scene = Scene()
    scene.on_post["seals"] = illustrated()
    author.publish_all(scene.post)

    scene.exchange()

    assert scene.pieces() == []
    with scene.post.store.reading() as tx:
        assert "Vientiane" in signers(tx, served(scene.post)["digest"], scene.post.keys)


def sits(post: Node) -> None:
    """Let somebody sit an exam of the course, begun just now."""
    row = {"attempt": post.ids.new(), "course": "seals", "kind": "exam", "started_at": post.now(), "submitted_at": None}
    post.store.write(lambda tx: tx.tables.put(ATTEMPT, row))


def test_nothing_is_replaced_while_somebody_sits_an_exam_of_it() -> None:
    scene = Scene()
    scene.exchange()
    before = served(scene.post)["digest"]
    sits(scene.post)

    after = scene.published(RAISED(illustrated()))
    scene.exchange()
    waiting = state(scene.post).courses
    still = served(scene.post)["digest"]
    scene.post.clock.shift(fetching.LONGEST_SITTING)  # type: ignore[attr-defined]
    scene.exchange()

    assert (still, waiting.code, waiting.courses, waiting.here) == (before, fetching.SITTING, 1, waiting.size)
    assert served(scene.post)["digest"] == after


def test_a_course_kept_back_is_neither_named_nor_given_out() -> None:
    scene = Scene()
    scene.on_hub["locks"] = edit("course.yaml", "id: seals", "id: locks")(good_course())
    author.publish(scene.hub, "locks")
    by = session(scene.hub, Role.TRAINER)
    offering.keep_back(scene.hub, by, "locks", True)

    scene.exchange()

    assert {row["course"] for row in rows(scene.post, PACKAGE)} == {"seals"}
    [below] = rows(scene.hub, PEER)
    with scene.hub.store.reading() as tx:
        secret = offering.files_of(tx, served(scene.hub, "locks")["digest"])[0]
        shared = {one.digest for one in offering.files_of(tx, served(scene.hub)["digest"])}
        assert secret.digest not in shared
        with pytest.raises(NotFound):
            offering.piece_of(tx, scene.hub, below, secret.digest)
    offering.keep_back(scene.hub, by, "locks", False)
    scene.exchange()
    assert {row["course"] for row in rows(scene.post, PACKAGE)} == {"seals", "locks"}


def session(node: Node, role: Role) -> Session:
    return Session("s", officer(node), "Malee", "LA-1", role, "en", "csrf", False, (), node.now())


def test_an_officer_keeps_nothing_back_and_a_post_hands_nothing_down() -> None:
    scene = Scene()
    scene.exchange()

    for node, role in ((scene.hub, Role.OFFICER), (scene.post, Role.TRAINER)):
        with pytest.raises(Refused):
            offering.keep_back(node, session(node, role), "seals", True)


def test_a_stranger_gets_no_piece() -> None:
    scene = Scene()
    [_, words, *_] = _files(scene)
    stranger = replace(memory_node(series=77), peer=scene.line)
    [above] = rows(scene.post, PEER)

    with pytest.raises(Refused) as refused:
        ask_piece(stranger, above, FILE, {"digest": words.digest, "offset": 0, "size": 100})

    assert refused.value.code == "peer.unknown-key"


def _files(scene: Scene) -> tuple[FileOf, ...]:
    with scene.hub.store.reading() as tx:
        return offering.files_of(tx, served(scene.hub)["digest"])


# what a hub that is broken or not to be trusted may not do


def offered_by(scene: Scene, **changes: Any) -> None:
    """Let the post take a list of one offer, as its hub makes it but for the changes."""
    [below], [above] = rows(scene.hub, PEER), rows(scene.post, PEER)
    with scene.hub.store.reading() as tx:
        value = offering.given(tx, scene.hub, below, {"held": []})
    value["packages"][0] |= changes
    scene.post.store.write(lambda tx: fetching.take(tx, scene.post, above, value))


@pytest.mark.parametrize("whose", ["nobody", "a post", "a lost key"])
def test_what_the_hub_did_not_sign_is_not_even_fetched(whose: str) -> None:
    scene = Scene()
    other = memory_node(series=50)
    digest = served(scene.hub)["digest"]
    signatures = [[other.keys.key_id, other.keys.sign(signed_words(digest)).hex()]]
    if whose == "a post":
        row = {**rows(scene.post, TRUSTED_KEY)[0], "key_id": other.keys.key_id, "public_key": other.keys.public_key}
        scene.post.store.write(lambda tx: tx.tables.put(TRUSTED_KEY, {**row, "node": "another", "lost_from": None}))
    if whose == "a lost key":
        keys = scene.hub.keys
        signatures = [[keys.key_id, keys.sign(signed_words(digest)).hex()]]
        [row] = rows(scene.post, TRUSTED_KEY, key_id=keys.key_id)
        scene.post.store.write(lambda tx: tx.tables.put(TRUSTED_KEY, {**row, "lost_from": "2026-11-01"}))

    offered_by(scene, signatures=signatures)
    [above] = rows(scene.post, PEER)
    more = fetching.fetch(scene.post, above)

    [row] = rows(scene.post, PACKAGE_OFFERED)
    assert (row["state"], row["code"], more) == ("refused", "package.signature", False)
    assert scene.pieces() == []
    assert rows(scene.post, PACKAGE) == []


def test_a_course_larger_than_any_is_refused_before_a_byte_of_it_is_fetched() -> None:
    scene = Scene()
    files = [one.said() for one in _files(scene)]
    files[0][3] = 40 * 1024 * 1024

    offered_by(scene, files=files)
    [above] = rows(scene.post, PEER)
    fetching.fetch(scene.post, above)

    assert [row["code"] for row in rows(scene.post, PACKAGE_OFFERED)] == ["package.too-large"]
    assert scene.pieces() == []


def test_all_that_waits_together_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene()
    scene.on_hub["locks"] = edit("course.yaml", "id: seals", "id: locks")(good_course())
    author.publish(scene.hub, "locks")
    monkeypatch.setattr("elearn.services.fetching.MOST_WAITING_BYTES", 3_000)

    scene.exchange()

    states = sorted(row["code"] for row in rows(scene.post, PACKAGE_OFFERED))
    assert "package.too-large" in states
    assert sum(one["size"] for one in scene.pieces()) <= 3_000


def test_a_full_disk_stops_files_but_no_exchange_and_they_come_once_there_is_room() -> None:
    scene = Scene()
    scene.incoming.free = fetching.SPARE_BYTES
    let_pass(scene.post, 2)

    scene.exchange()
    told = state(scene.post).courses
    scene.incoming.free = 10**12
    scene.exchange()

    assert (told.code, told.courses, told.here) == ("disk.full", 1, 0)
    assert served(scene.post) == served(scene.hub)


def test_files_leave_a_quarter_of_the_days_budget_to_records(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("elearn.services.line_use._MB", 400_000)
    big = {**illustrated(), "en/pictures/desk.png": noise("png", 400, 400)}
    scene = Scene(big)
    scene.post.store.write(lambda tx: keep_fact(tx, "line_budget_mb", 1))

    scene.exchange()
    told = state(scene.post).courses
    let_pass(scene.post, 3)
    outcome = exchange_once(scene.post)

    used = sum(row["up"] + row["down"] for row in rows(scene.post, LINE_DAY))

    assert told.code == "exchange.budget"
    assert 60_000 < used < 300_000
    assert (outcome.ok, outcome.sent, outcome.more) == (True, 3, False)
    exchange_once(scene.post, by_hand=True)
    assert served(scene.post) == served(scene.hub)


def altered(change: Any) -> Any:
    def changed(asked: Asked, given: Answer) -> Answer:
        return replace(given, body=change(given.body)) if asked.path == FILE else given

    return changed


@pytest.mark.parametrize("change", [lambda body: body[:-1] + b"x", lambda body: body[:-1], lambda _: b""])
def test_a_piece_altered_on_the_way_is_not_kept(change: Any) -> None:
    scene = Scene()
    scene.line.change_answer = altered(change)

    outcome = exchange_once(scene.post)
    kept = dict(scene.incoming.files)
    scene.line.change_answer = lambda _, given: given
    scene.exchange()

    assert outcome.error is not None
    assert outcome.error.code == "peer.strange-answer"
    assert kept == {}
    assert served(scene.post) == served(scene.hub)


def test_a_hub_whose_files_are_not_what_it_offered_is_tried_three_times(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene()
    right = offering.piece_of
    monkeypatch.setattr("elearn.services.answer.piece_of", lambda *said: right(*said)[::-1])

    for _ in range(5):
        scene.exchange()

    [row] = rows(scene.post, PACKAGE_OFFERED)
    assert (row["state"], row["code"], row["tries"]) == ("refused", "package.damaged", 3)
    assert len(scene.pieces()) == 3
    assert rows(scene.post, PACKAGE) == []


def test_a_piece_on_this_disk_that_went_bad_is_fetched_again(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene()
    monkeypatch.setattr("elearn.services.fetching.FIRST_CHUNK", 100)
    scene.line.calls_left = 4
    exchange_once(scene.post)
    scene.line.calls_left = None
    [digest] = scene.incoming.files
    scene.incoming.files[digest] = b"\0" * len(scene.incoming.files[digest])

    scene.exchange()
    scene.exchange()

    assert served(scene.post) == served(scene.hub)


def test_words_that_do_not_make_what_was_signed_are_refused() -> None:
    scene = Scene()
    digest = served(scene.hub)["digest"]
    other = edit("en/looking.md", "Look", "Never look")(illustrated())
    bundle = bundles_of(other)["en"]
    files = [
        one.said() if one.name != "en" else ["words", "en", sha256_hex(bundle), len(bundle)] for one in _files(scene)
    ]

    def swap(tx: Any) -> None:
        tx.tables.put(SOURCE_FILE, {"digest": sha256_hex(bundle), "content": bundle})
        [row] = tx.tables.select(PACKAGE_SOURCE, {"digest": digest, "name": "en"})
        tx.tables.put(PACKAGE_SOURCE, {**row, "file": sha256_hex(bundle), "size": len(bundle)})

    scene.hub.store.write(swap)
    offered_by(scene, files=files)
    [above] = rows(scene.post, PEER)
    fetching.fetch(scene.post, above)

    [row] = rows(scene.post, PACKAGE_OFFERED)
    assert (row["state"], row["code"]) == ("refused", "package.digest")
    assert rows(scene.post, PACKAGE) == []
    assert rows(scene.post, LESSON_PAGE) == []


@pytest.mark.parametrize(
    "broken",
    [
        {"packages": []},
        {"packages": [{}], "all": True},
        {"packages": [[]], "all": True},
        {"packages": [{"digest": "x" * 64}], "all": True},
        {"packages": {}, "all": True},
        [],
    ],
)
def test_a_list_that_is_none_is_refused(broken: Any) -> None:
    with pytest.raises(Invalid):
        offers_in(broken)


@pytest.mark.parametrize(
    "change",
    [
        {"version": "one"},
        {"published_at": "yesterday"},
        {"signatures": [["ab", "cd"]]},
        {"signatures": [[]] * 30},
        {"files": [["film", "x", "a" * 64, 1]]},
        {"files": [["words", "en", "a" * 64, 0]]},
        {"files": [["words", "en", "a" * 64, 1]] * 2},
        {"files": [["words", "en", "a" * 64, 1]] * 2001},
        {"course": "a" * 65},
    ],
)
def test_an_offer_that_is_none_is_refused(change: dict[str, Any]) -> None:
    good = Offer("a" * 64, "seals", "1.0.0", "2026-11-24T07:00:00.000000Z", (), ()).said()
    assert offers_in({"packages": [good], "all": True})[0][0].course == "seals"

    with pytest.raises(Invalid):
        offers_in({"packages": [{**good, **change}], "all": True})


def test_a_bomb_of_words_is_refused_before_it_is_unpacked() -> None:
    bomb = zstandard.ZstdCompressor().compress(b" " * (LARGEST_TEXT_BYTES + 1))
    assert len(bomb) < 20_000

    with pytest.raises(Invalid) as refused:
        words_in(bomb)

    assert refused.value.code == "package.damaged"


def test_a_course_the_hub_takes_back_from_its_list_is_not_fetched_on() -> None:
    scene = Scene()
    scene.line.calls_left = 4
    exchange_once(scene.post)
    scene.line.calls_left = None
    assert rows(scene.post, PACKAGE_OFFERED)

    offering.keep_back(scene.hub, session(scene.hub, Role.TRAINER), "seals", True)
    scene.exchange()

    assert rows(scene.post, PACKAGE_OFFERED) == []
    assert scene.incoming.files == {}


def test_a_list_and_its_files_can_be_carried_by_hand() -> None:
    scene = Scene()
    [above], [below] = rows(scene.post, PEER), rows(scene.hub, PEER)
    scene.line.calls_left = 0

    for parcel in down_parcels(scene.hub, below):
        take_parcel(scene.post, above, parcel)
    with scene.hub.store.reading() as tx:
        contents = [offering.piece_of(tx, scene.hub, below, one.digest) for one in _files(scene)]
    kept = [fetching.bring(scene.post, one) for one in [*contents, b"something else"]]
    fetching.take_in_brought(scene.post, above)

    assert kept == [True] * len(contents) + [False]
    assert served(scene.post) == served(scene.hub)


def test_a_region_hands_its_courses_down_through_the_hub_to_the_post() -> None:
    region = memory_node(kind=NodeKind.REGIONAL_HUB, series=20, course_files=MemoryCourses({"seals": illustrated()}))
    region.store.write(lambda tx: keep_fact(tx, "name", "Region"))
    author.publish_all(region)
    hub = hub_node(peer=Line(region))
    enrol(hub, "http://region.example", give_code(region, "Vientiane"))
    post = post_on(Line(hub))
    enrol(post, HUB_URL, give_code(hub, "Huay Xai"))

    assert exchange_once(hub).ok
    assert exchange_once(post).ok

    assert served(post) == served(hub) == served(region)
    with post.store.reading() as tx:
        assert "Vientiane" in signers(tx, served(post)["digest"], post.keys)


def test_an_officer_is_told_what_is_new_when_the_hub_hands_down_another_version() -> None:
    scene = Scene()
    scene.exchange()
    person, first = officer(scene.post), served(scene.post)
    with scene.post.store.reading() as tx:
        saying = saying_for(tx, scene.post, person)
    said_of = {"version": "1.0.0", "digest": first["digest"], "language": "en"}
    iri = verbs.lesson_iri("seals", "looking")
    record(scene.post, build(saying, scene.post.ids.new(), verbs.COMPLETED, iri, extensions=said_of))

    scene.published(edit("en/looking.md", "Look", "Look well")(RAISED(illustrated())))
    scene.exchange()

    with scene.post.store.reading() as tx:
        held = package(tx, served(scene.post)["digest"])
        readings = {"looking": {**said_of, "at": scene.post.now(), "id": "x"}}
        assert changes(tx, held, readings) == {"looking": "clarification"}


@pytest.mark.parametrize("taken", [False, True])
def test_a_hub_that_published_before_it_could_hand_down_does_so_from_its_next_start(taken: bool) -> None:
    scene = Scene()
    digest = served(scene.hub)["digest"]

    def as_before(tx: Any) -> None:
        tx.tables.delete(PACKAGE_SOURCE, {})
        tx.tables.delete(SOURCE_FILE, {})
        if taken:
            row = {"digest": digest, "node": "region", "taken_at": scene.hub.now()}
            tx.tables.put(PACKAGE_TAKEN, row)

    scene.hub.store.write(as_before)
    scene.exchange()
    before = rows(scene.post, PACKAGE)
    author.publish_all(scene.hub)
    scene.exchange()

    assert before == []
    assert served(scene.post) == served(scene.hub)
    assert [one.published for one in author.publish_all(scene.hub)] == [False]
