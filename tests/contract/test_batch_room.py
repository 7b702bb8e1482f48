"""Laws of the room where batches are made: every part once, none missing, whatever is torn, killed or full."""

import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from elearn.adapters import batch_room
from elearn.adapters.batch_folder import BatchFolder
from elearn.adapters.batch_room import FolderBatches
from elearn.core.credential.certificate_batch import BatchPlan, Part, file_name
from elearn.core.vocab.errors import Unavailable

ROOT = Path(__file__).resolve().parents[2]
PLAN = BatchPlan(
    id="batch-1",
    made_by="somebody",
    made_at="2026-11-24T08:00:00.000000Z",
    form="zip",
    language="",
    asked={"course": "seals"},
    title="Seals",
    numbers=tuple(f"N{place:03}" for place in range(40)),
)


class Maker:
    """Makes parts of plain bytes, and notes for which numbers it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.hold: Callable[[str], None] = lambda _number: None
        self._lock = threading.Lock()

    def __call__(self, numbers: tuple[str, ...]) -> Part:
        self.hold(numbers[0])
        with self._lock:
            self.asked += numbers
        return Part(f"content of {numbers[0]}".encode(), f"{numbers[0]}.pdf")


def room(folder: Path, **changes: int) -> FolderBatches:
    return FolderBatches(folder, **{"workers": 2, **changes})


def files(found: FolderBatches, batch: str = PLAN.id) -> dict[str, bytes]:
    opened = found.open(batch)
    assert opened is not None
    with opened, ZipFile(opened) as bundle:
        assert len(bundle.namelist()) == len(set(bundle.namelist()))
        return {name: bundle.read(name) for name in bundle.namelist()}


def wanted(plan: BatchPlan = PLAN) -> dict[str, bytes]:
    return {f"{number}.pdf": f"content of {number}".encode() for number in plan.numbers}


def test_every_part_is_made_once_and_stands_in_the_order_of_the_plan(tmp_path: Path) -> None:
    batches, make = room(tmp_path), Maker()
    batches.begin(PLAN, make)
    batches.wait()
    stands = batches.look(PLAN.id)

    assert stands is not None
    assert (stands.state, stands.done, stands.left_out) == ("ready", 40, {})
    assert list(files(batches)) == [f"{number}.pdf" for number in PLAN.numbers]
    assert files(batches) == wanted()
    assert sorted(make.asked) == sorted(PLAN.numbers)
    assert not (tmp_path / PLAN.id / "parts").exists()


def test_what_is_kept_is_for_this_user_alone(tmp_path: Path) -> None:
    batches, make = room(tmp_path / "room"), Maker()
    seen: list[tuple[str, int]] = []

    def look(number: str) -> None:
        if number == PLAN.numbers[-1]:
            seen.extend((path.name, path.stat().st_mode) for path in (tmp_path / "room" / PLAN.id).rglob("*"))

    make.hold = look
    batches.begin(PLAN, make)
    batches.wait()
    seen += [(path.name, path.stat().st_mode) for path in (tmp_path / "room" / PLAN.id).rglob("*")]

    assert stat.S_IMODE((tmp_path / "room" / PLAN.id).stat().st_mode) == 0o700
    assert len(seen) > 40
    assert {stat.S_IMODE(mode) for _, mode in seen if stat.S_ISREG(mode)} == {0o600}
    assert {stat.S_IMODE(mode) for _, mode in seen if stat.S_ISDIR(mode)} == {0o700}


CHILD = """
import sys, time
sys.path[:0] = [{root!r}, {tests!r}, {contract!r}]
from test_batch_room import Maker, PLAN, room
from pathlib import Path
make = Maker()
make.hold = lambda number: (time.sleep(0.02), print(number, flush=True))
batches = room(Path({folder!r}))
batches.begin(PLAN, make)
batches.wait()
"""


def killed_in_the_middle(folder: Path, after: int) -> set[str]:
    """Begin the batch in another process and kill it, with no warning, after so many parts; return which were begun."""
    here = Path(__file__).resolve().parent
    code = CHILD.format(root=str(ROOT), tests=str(here.parent), contract=str(here), folder=str(folder))
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    begun = {child.stdout.readline().strip() for _ in range(after)}
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()
    return begun


def test_after_a_kill_it_goes_on_where_it_was(tmp_path: Path) -> None:
    killed_in_the_middle(tmp_path, after=15)
    batches, make = room(tmp_path), Maker()
    before = batches.look(PLAN.id)
    assert before is not None
    assert before.moves
    assert 10 <= before.done < 40

    batches.go_on(PLAN.id, make)
    batches.wait()

    assert files(batches) == wanted()
    assert len(make.asked) == 40 - before.done


def test_torn_parts_torn_lines_and_lost_files_are_made_anew_and_nothing_else(tmp_path: Path) -> None:
    killed_in_the_middle(tmp_path, after=15)
    folder = BatchFolder(tmp_path / PLAN.id)
    made = sorted(folder.made())
    torn, lost, forgotten = made[0], made[1], made[2]
    folder.part_path(torn).write_bytes(folder.part_path(torn).read_bytes()[:5])
    folder.part_path(lost).unlink()
    journal = tmp_path / PLAN.id / "made.jsonl"
    lines = [line for line in journal.read_bytes().split(b"\n") if b'"part": %d,' % forgotten not in line]
    journal.write_bytes(b"\n".join(lines) + b'\n{"part": 39, "sha2')
    batches, make = room(tmp_path), Maker()
    batches.go_on(PLAN.id, make)
    batches.wait()

    assert files(batches) == wanted()
    made_anew = {PLAN.numbers[torn], PLAN.numbers[lost], PLAN.numbers[forgotten]}
    assert made_anew <= set(make.asked)
    assert len(make.asked) == 40 - len(made) + 3


def test_a_full_disk_stops_it_with_a_code_and_it_goes_on_later(tmp_path: Path) -> None:
    batches, make = room(tmp_path, workers=1), Maker()
    place = BatchFolder(tmp_path / PLAN.id).part_path(7)
    full = place.with_name(f"{place.name}.half")

    def fill(number: str) -> None:
        if number == PLAN.numbers[7]:
            full.symlink_to("/dev/full")  # the kernel's own word for it

    make.hold = fill
    batches.begin(PLAN, make)
    batches.wait()
    stands = batches.look(PLAN.id)

    assert stands is not None
    assert (stands.state, stands.error, stands.done) == ("failed", "disk.full", 7)
    assert stands.ended_at

    make.hold = lambda _number: None
    batches.go_on(PLAN.id, make)
    batches.wait()

    assert files(batches) == wanted()
    assert sorted(make.asked) == sorted([*PLAN.numbers, PLAN.numbers[7]])


def test_what_the_maker_says_went_wrong_is_kept_and_tried_again(tmp_path: Path) -> None:
    batches, make = room(tmp_path), Maker()

    def fail(number: str) -> None:
        if number == PLAN.numbers[20]:
            raise Unavailable("press.crashed")

    make.hold = fail
    batches.begin(PLAN, make)
    batches.wait()
    stands = batches.look(PLAN.id)
    assert stands is not None
    assert (stands.state, stands.error) == ("failed", "press.crashed")
    again = room(tmp_path).look(PLAN.id)
    assert again is not None
    assert (again.state, again.error) == ("failed", "press.crashed")

    make.hold = lambda _number: None
    batches.go_on(PLAN.id, make)
    batches.wait()

    assert files(batches) == wanted()


def test_cancelled_it_stops_and_nothing_is_left(tmp_path: Path) -> None:
    batches, make = room(tmp_path), Maker()
    reached = threading.Event()

    def wait(number: str) -> None:
        if number >= PLAN.numbers[5]:
            reached.set()
            time.sleep(0.01)

    make.hold = wait
    batches.begin(PLAN, make)
    assert reached.wait(10)
    batches.cancel(PLAN.id)
    batches.wait()

    assert batches.look(PLAN.id) is None
    assert batches.every() == []
    assert len(make.asked) < 40
    assert list(tmp_path.iterdir()) == []


def test_another_process_is_told_to_stop_too(tmp_path: Path) -> None:
    here = Path(__file__).resolve().parent
    code = CHILD.format(root=str(ROOT), tests=str(here.parent), contract=str(here), folder=str(tmp_path))
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    child.stdout.readline()
    room(tmp_path).cancel(PLAN.id)
    rest = child.stdout.read().split()
    child.stdout.close()

    assert child.wait(20) == 0
    assert len(rest) < 39
    assert list(tmp_path.iterdir()) == []


def test_two_processes_do_not_make_the_same_batch(tmp_path: Path) -> None:
    batches, make = room(tmp_path), Maker()
    BatchFolder(tmp_path / PLAN.id).keep_plan(PLAN)
    with BatchFolder(tmp_path / PLAN.id).held() as mine:
        assert mine
        batches.go_on(PLAN.id, make)
        batches.wait()
    held = list(make.asked)
    batches.go_on(PLAN.id, make)
    batches.wait()

    assert held == []
    assert files(batches) == wanted()


def test_what_could_not_be_printed_is_named_and_where_nothing_could_there_is_no_file(tmp_path: Path) -> None:
    batches = room(tmp_path)
    some = replace(PLAN, id="some")
    none = replace(PLAN, id="none")
    batches.begin(
        some, lambda numbers: Part(b"", left_out={numbers[0]: "signs"}) if numbers[0] == "N003" else Maker()(numbers)
    )
    batches.begin(none, lambda numbers: Part(b"", left_out={numbers[0]: "revoked"}))
    batches.wait()
    first, second = batches.look("some"), batches.look("none")

    assert first is not None
    assert second is not None
    assert (first.state, first.left_out) == ("ready", {"N003": "signs"})
    assert set(files(batches, "some")) == set(wanted()) - {"N003.pdf"}
    assert (second.state, second.error, len(second.left_out)) == ("failed", "printing.none", 40)
    assert batches.open("none") is None


def test_old_files_go_and_so_do_the_oldest_of_too_many(tmp_path: Path) -> None:
    batches = room(tmp_path)
    for place, age_days in enumerate((0, 1, 6, 8)):
        plan = replace(PLAN, id=f"b{place}", numbers=PLAN.numbers[:2])
        batches.begin(plan, Maker())
        batches.wait()
        for path in (tmp_path / plan.id).iterdir():
            os.utime(path, (time.time() - age_days * 86_400,) * 2)
    left = sorted(one.plan.id for one in batches.every())
    size = BatchFolder(tmp_path / "b0").size()
    kept = sorted(one.plan.id for one in room(tmp_path, largest_bytes=2 * size + 100).every())

    assert batch_room.KEPT_DAYS == 7
    assert left == ["b0", "b1", "b2"]
    assert kept == ["b0", "b1"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b0", "b1"]


def test_a_folder_that_is_just_being_made_is_not_swept(tmp_path: Path) -> None:
    (tmp_path / "fresh").mkdir()
    (tmp_path / "old").mkdir()
    os.utime(tmp_path / "old", (time.time() - 7200,) * 2)

    assert room(tmp_path).every() == []
    assert [path.name for path in tmp_path.iterdir()] == ["fresh"]


@pytest.mark.parametrize("name", ["../x", "", "a/b", "é", "a.b"])
def test_what_is_no_id_names_nothing(tmp_path: Path, name: str) -> None:
    batches = room(tmp_path / "room")
    (tmp_path / "x").mkdir()
    batches.cancel(name)

    assert batches.look(name) is None
    assert batches.open(name) is None
    assert (tmp_path / "x").is_dir()
    with pytest.raises(ValueError, match="not an id"):
        batches.begin(replace(PLAN, id=name), Maker())


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("Lê An", "N1 Lê An.pdf"),
        ("李娜", "N1 李娜.pdf"),
        ('ឦ/..\\:*?"<>|\n\u200bក', "N1 ឦ..ក.pdf"),
        ("...", "N1.pdf"),
        ("CON.", "N1 CON.pdf"),
        ("\u202eevil", "N1 evil.pdf"),
        ("က" * 39 + "ကြီ", "N1 " + "က" * 39 + ".pdf"),
    ],
)
def test_a_file_is_called_by_number_and_name_and_safely(name: str, called: str) -> None:
    assert file_name("N1", name) == called


def test_a_zip_says_that_its_names_are_unicode(tmp_path: Path) -> None:
    batches = room(tmp_path)
    batches.begin(replace(PLAN, numbers=("N1",)), lambda _numbers: Part(b"x", file_name("N1", "ສົມພອນ")))
    batches.wait()
    opened = batches.open(PLAN.id)
    assert opened is not None
    with opened:
        raw = opened.read()

    assert [(one.filename, bool(one.flag_bits & 0x800)) for one in ZipFile(BytesIO(raw)).infolist()] == [
        ("N1 ສົມພອນ.pdf", True)
    ]
