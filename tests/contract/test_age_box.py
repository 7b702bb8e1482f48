"""Sealing to a node: only it opens, older keys still open what is under way, the keys are for the owner only."""

import stat
import threading
from pathlib import Path

import pytest

from elearn.adapters.age_box import KEPT, KEY_FILE, AgeBox, FileBox
from elearn.core.vocab.errors import Invalid, Refused, Unavailable


@pytest.fixture(params=["memory", "file"])
def box(request: pytest.FixtureRequest, tmp_path: Path) -> AgeBox:
    return AgeBox() if request.param == "memory" else FileBox(tmp_path)


def test_only_the_receiver_opens(box: AgeBox) -> None:
    sealed = AgeBox().seal(box.recipient(), b"names")

    assert box.open(sealed) == b"names"
    assert b"names" not in sealed
    with pytest.raises(Refused) as refused:
        AgeBox().open(sealed)
    assert refused.value.code == "courier.other-key"


def test_what_was_changed_or_cut_is_not_opened(box: AgeBox) -> None:
    sealed = box.seal(box.recipient(), b"x" * 200_000)

    for spoilt in (sealed[:-1], sealed[:100_000], sealed[:-9] + b"z" + sealed[-8:], b"", b"age-encryption.org/v1\n"):
        with pytest.raises(Invalid) as refused:
            box.open(spoilt)
        assert refused.value.code == "courier.damaged"


def test_after_renewals_the_last_few_keys_still_open(box: AgeBox) -> None:
    sealed = []
    for number in range(KEPT + 1):
        sealed.append(box.seal(box.recipient(), b"%d" % number))
        box.renew()

    opened = [box.open(one) for one in sealed[2:]]

    assert opened == [b"%d" % number for number in range(2, KEPT + 1)]
    with pytest.raises(Refused):
        box.open(sealed[0])


@pytest.mark.parametrize("recipient", ["", "age1", "ssh-ed25519 AAAA", "age1" + "q" * 58])
def test_what_is_no_recipient_is_refused(box: AgeBox, recipient: str) -> None:
    with pytest.raises(Invalid) as refused:
        box.seal(recipient, b"x")

    assert refused.value.code == "box.recipient"


def test_the_file_of_keys_is_the_owners_only_and_stays(tmp_path: Path) -> None:
    recipient = FileBox(tmp_path).recipient()
    sealed = AgeBox().seal(recipient, b"x")
    FileBox(tmp_path).renew()

    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600
    assert FileBox(tmp_path).open(sealed) == b"x"
    assert FileBox(tmp_path).recipient() != recipient
    assert [one.name for one in tmp_path.iterdir()] == [KEY_FILE]


def test_who_asks_first_at_the_same_time_gets_the_same_key(tmp_path: Path) -> None:
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(FileBox(tmp_path).recipient())) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert len(set(found)) == 1


@pytest.mark.parametrize("content", [b"", b"nonsense\n", b"AGE-SECRET-KEY-1XYZ\n", b"\xff\xfe"])
def test_a_damaged_file_of_keys_is_named_and_not_replaced(tmp_path: Path, content: bytes) -> None:
    (tmp_path / KEY_FILE).write_bytes(content)

    with pytest.raises(Unavailable) as refused:
        FileBox(tmp_path).recipient()

    assert refused.value.code == "key.damaged"
    assert (tmp_path / KEY_FILE).read_bytes() == content
