"""The machine's own ports: clock, chance, passwords, and the key in its file."""

import stat
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from elearn.adapters.system import KEY_FILE, Argon2Passwords, Ed25519Keys, FileKeys, RandomIds, SystemClock
from elearn.core.vocab.errors import Unavailable


def test_the_clock_says_utc() -> None:
    before = datetime.now(UTC)
    now = SystemClock().now()

    assert before <= now <= datetime.now(UTC)
    assert now.tzinfo is UTC


def test_chance_gives_what_was_never_there() -> None:
    ids = RandomIds()

    assert len({ids.new() for _ in range(100)}) == 100
    assert UUID(ids.new()).version == 4
    assert len({ids.secret(16) for _ in range(100)}) == 100
    assert len(ids.secret(32)) >= 43
    assert all(0 <= ids.seed() < 2**53 for _ in range(100))


def test_a_pin_matches_its_own_hash_only() -> None:
    passwords = Argon2Passwords(memory_kib=8, rounds=1)
    hashed = passwords.hash("739164")

    assert passwords.matches("739164", hashed)
    assert not passwords.matches("739165", hashed)
    assert passwords.hash("739164") != hashed
    assert hashed.startswith("$argon2id$")


@pytest.mark.parametrize("hashed", ["", "no hash", "$argon2id$v=19$m=8,t=1,p=1$"])
def test_a_hash_that_is_none_matches_nothing_and_raises_nothing(hashed: str) -> None:
    assert not Argon2Passwords(memory_kib=8, rounds=1).matches("", hashed)


def test_the_parameters_are_owasps() -> None:
    assert "$m=19456,t=2,p=1$" in Argon2Passwords().hash("739164")


def test_a_node_signs_and_others_check() -> None:
    keys, other = Ed25519Keys(b"\x01" * 32), Ed25519Keys(b"\x02" * 32)
    signature = keys.sign(b"head")

    assert other.check(keys.public_key, b"head", signature)
    assert not other.check(keys.public_key, b"tail", signature)
    assert not other.check(other.public_key, b"head", signature)
    assert not other.check(b"short", b"head", signature)
    assert not other.check(keys.public_key, b"head", b"short")
    assert len(keys.public_key) == 32
    assert len(keys.key_id) == 16
    assert keys.key_id != other.key_id


def test_the_key_is_made_once_and_for_the_owner_only(tmp_path: Path) -> None:
    first = FileKeys(tmp_path / "data")
    again = FileKeys(tmp_path / "data")

    path = tmp_path / "data" / KEY_FILE
    assert again.public_key == first.public_key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [file.name for file in path.parent.iterdir()] == [KEY_FILE]


def test_two_who_start_at_once_have_one_key(tmp_path: Path) -> None:
    made: list[bytes] = []
    threads = [threading.Thread(target=lambda: made.append(FileKeys(tmp_path).public_key)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(made) == 8
    assert len(set(made)) == 1


@pytest.mark.parametrize("damaged", [b"", b"zz" * 32, b"ab" * 31, b"\xff\xfe", b"ab" * 33])
def test_a_damaged_key_is_said_and_never_replaced(tmp_path: Path, damaged: bytes) -> None:
    (tmp_path / KEY_FILE).write_bytes(damaged)

    with pytest.raises(Unavailable) as refused:
        FileKeys(tmp_path)

    assert (refused.value.code, refused.value.details["path"]) == ("key.damaged", str(tmp_path / KEY_FILE))
    assert (tmp_path / KEY_FILE).read_bytes() == damaged


def test_a_key_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(Unavailable) as refused:
        FileKeys(tmp_path / "file")

    assert refused.value.code == "key.unreadable"


def test_the_secret_is_in_no_message(tmp_path: Path) -> None:
    secret = "ab" * 31
    (tmp_path / KEY_FILE).write_text(secret)
    program = (
        "import sys; from pathlib import Path; from elearn.adapters.system import FileKeys; FileKeys(Path(sys.argv[1]))"
    )

    ran = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=False)

    assert "key.damaged" in ran.stderr
    assert secret not in ran.stderr
