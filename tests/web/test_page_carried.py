"""The way to another post as people go it: a code and a file here, an administrator there, and on with the lessons."""

import re
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from carried_scenes import vouch
from cast import officer
from web_scenes import COURSE, Site, Visitor, read_everything, site

from elearn.core.vocab.kept import ACCOUNT, BROUGHT
from elearn.services.node import keep_fact

NEW_PIN = "582047"


@pytest.fixture(scope="module")
def posts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Site]]:
    folder = tmp_path_factory.mktemp("carried")
    one, two = site(folder / "one", series=1), site(folder / "two", series=2)
    one.node.store.write(lambda tx: keep_fact(tx, "name", "Huay Xai"))
    two.node.store.write(lambda tx: keep_fact(tx, "name", "Boten"))
    vouch(two.node, one.node)
    yield one, two
    one.node.store.close()
    two.node.store.close()


def fetched(visitor: Visitor) -> tuple[bytes, str]:
    """Return (file, code) as the page gives them."""
    page = visitor.get("/record/take-along")
    code = re.search(r'id="file-code"><b class="code">([^<]+)</b>', page.text)
    assert code is not None
    answer = visitor.post("/record/take-along", {"code": code[1]})
    assert answer.headers["Content-Disposition"].startswith("attachment")
    return answer.data, code[1]


def signed_in(here: Site, person: str) -> Visitor:
    visitor = here.visitor()
    visitor.sign_in(here.number(person))
    return visitor


def sent(visitor: Visitor, file: bytes, code: str) -> Any:
    visitor.get("/officers/arriving")
    return visitor.post("/officers/arriving", {"record": (BytesIO(file), "my-record.elearn"), "code": code})


def taken(visitor: Visitor, shown: Any, **more: str) -> Any:
    fields = dict(re.findall(r'<input type="hidden" name="(file|code)" value="([^"]*)">', shown.text))
    return visitor.post("/officers/arriving", {**fields, "take": "yes", **more})


def test_an_officer_takes_the_record_along_and_goes_on_at_the_other_post(posts: tuple[Site, Site]) -> None:
    one, two = posts
    noy = officer(one.node, "Noy <b>Vong</b>", service_number="LA-901")
    read_everything(one, noy)
    file, code = fetched(signed_in(one, noy))
    chief = two.signed_in("administrator")

    shown = sent(chief, file, code)
    nothing_yet = stored(two, noy)
    done = taken(chief, shown)
    pin = re.search(r'id="one-time-pin"><b>(\d+)</b>', done.text)

    assert (shown.status_code, nothing_yet) == (200, (0, False))
    assert "Noy &lt;b&gt;Vong&lt;/b&gt;" in shown.text
    assert "the hub vouches for it" in shown.text
    assert pin is not None
    there = two.visitor()
    there.sign_in("LA-901", pin[1])
    there.post("/pin", {"old": pin[1], "new": NEW_PIN, "again": NEW_PIN})
    page = there.get(f"/courses/{COURSE}")
    record = there.get("/record")
    assert page.status_code == 200
    assert there.post(f"/courses/{COURSE}/exam").status_code == 302
    assert "brought from Huay Xai" in record.text
    assert re.search(r"You brought \d+ more along from Huay Xai\.", record.text)
    again = taken(chief, sent(chief, file, code))
    assert "0 records were added." in again.text
    assert "one-time-pin" not in again.text


def stored(here: Site, person: str) -> tuple[int, bool]:
    with here.node.store.reading() as tx:
        return tx.tables.count(BROUGHT, {"subject": person}), tx.tables.get(ACCOUNT, person) is not None


def test_a_key_nobody_vouches_for_is_shown_to_be_compared(posts: tuple[Site, Site]) -> None:
    one, two = posts
    person = officer(two.node, service_number="LA-902")
    file, code = fetched(signed_in(two, person))
    chief = one.signed_in("administrator")
    key = two.node.keys.key_id

    shown = sent(chief, file, code)
    refused = taken(chief, shown)

    assert f"{key[:4]} {key[4:8]} {key[8:12]} {key[12:]}" in shown.text
    assert f"{key[:4]} {key[4:8]} {key[8:12]} {key[12:]}" in signed_in(two, person).get("/record/take-along").text
    assert refused.status_code == 403
    assert "Nobody vouches here" in refused.text
    assert "one-time-pin" in taken(chief, shown, compared="yes").text


@pytest.mark.parametrize(
    ("file", "says"),
    [(b"", "not the file of a record"), (b"%PDF-1.7 something", "not the file of a record")],
)
def test_a_strange_file_is_told_on_the_same_page(posts: tuple[Site, Site], file: bytes, says: str) -> None:
    answer = sent(posts[1].signed_in("administrator"), file, "2345-6789-ABCD-EFGH")

    assert answer.status_code == 400
    assert says in unescape(answer.text) or "This code has a mistake" in answer.text
    assert "/officers/arriving" in answer.text or 'name="record"' in answer.text


def test_a_wrong_code_and_a_torn_file_are_told_apart_on_the_page(posts: tuple[Site, Site]) -> None:
    one, two = posts
    person = officer(one.node, service_number="LA-903")
    visitor = signed_in(one, person)
    file, code = fetched(visitor)
    _, other = fetched(visitor)
    chief = two.signed_in("administrator")

    assert "This is not the code of this file." in sent(chief, file, other).text
    assert "This file is damaged" in sent(chief, file[:-5], code).text
    assert stored(two, person) == (0, False)


def test_the_code_stands_on_no_page_but_the_one_it_was_made_for(posts: tuple[Site, Site]) -> None:
    visitor = signed_in(posts[0], officer(posts[0].node, service_number="LA-904"))
    first, second = visitor.get("/record/take-along"), visitor.get("/record/take-along")

    codes = [re.search(r'id="file-code"><b class="code">([^<]+)</b>', page.text) for page in (first, second)]
    assert codes[0] is not None
    assert codes[1] is not None
    assert codes[0][1] != codes[1][1]
    assert first.headers["Cache-Control"] == "no-store"
    assert visitor.post("/record/take-along", {"code": "1234"}).status_code == 400


def test_the_copy_for_machines_is_an_attachment(posts: tuple[Site, Site], tmp_path: Path) -> None:
    visitor = signed_in(posts[0], officer(posts[0].node, service_number="LA-905"))
    answer = visitor.get("/record/copy.json")

    assert answer.mimetype == "application/json"
    assert answer.json["service_number"] == "LA-905"
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_without_a_press_the_transcript_is_a_page_to_print(posts: tuple[Site, Site]) -> None:
    visitor = signed_in(posts[0], officer(posts[0].node, service_number="LA-906"))
    answer = visitor.get("/record/transcript.pdf")

    assert answer.headers["Location"].endswith("/record/transcript")
    page = visitor.get("/record/transcript")
    assert "Transcript of training" in page.text
    assert "script-src" not in page.headers["Content-Security-Policy"]
