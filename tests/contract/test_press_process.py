"""Laws of the press as a process: it survives crashes, idles away, tells what is missing, and fetches nothing."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from press_cast import SHORT, page_for

from elearn.adapters.press.sheet import Sheet
from elearn.adapters.weasy_press import WeasyPress
from elearn.core.vocab.errors import Unavailable

pytestmark = pytest.mark.pango

CRASH_ALWAYS = "import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n"
CRASH_ONCE = """import os, pathlib, signal
mark = pathlib.Path(__file__).with_name("crashed")
if not mark.exists():
    mark.touch()
    os.kill(os.getpid(), signal.SIGSEGV)
"""
NO_PANGO = """import ctypes
whole = ctypes.CDLL
class CDLL(whole):
    def __init__(self, name, *rest, **more):
        if name and "pango" in str(name):
            raise OSError(f"{name}: cannot open shared object file")
        super().__init__(name, *rest, **more)
ctypes.CDLL = CDLL
"""


@pytest.fixture
def press() -> Iterator[WeasyPress]:
    press = WeasyPress()
    yield press
    press.close()


def press_with(start: str, folder: Path) -> WeasyPress:
    """Return a press whose worker runs ``start`` before anything else."""
    (folder / "sitecustomize.py").write_text(start)
    return WeasyPress({"PYTHONPATH": str(folder), "ELEARN_PANGO": str(folder / "none")})


def test_a_worker_that_crashed_is_replaced_and_nobody_notices(press: WeasyPress) -> None:
    first = press.certificate(page_for("km"))
    pid = press.worker_pid
    assert pid is not None
    os.kill(pid, signal.SIGSEGV)

    assert press.certificate(page_for("km")) == first
    assert press.worker_pid != pid


def test_a_worker_that_crashes_once_over_a_page_gets_a_second_try(tmp_path: Path) -> None:
    press = press_with(CRASH_ONCE, tmp_path)
    try:
        assert press.certificate(page_for("en")).startswith(b"%PDF-1.7")
        assert (tmp_path / "crashed").exists()
    finally:
        press.close()


def test_a_worker_that_always_crashes_is_said_to(tmp_path: Path) -> None:
    press = press_with(CRASH_ALWAYS, tmp_path)

    with pytest.raises(Unavailable) as caught:
        press.certificate(page_for("en"))
    assert caught.value.code == "press.crashed"
    assert press.worker_pid is None


def test_without_pango_it_says_what_is_missing_and_still_gives_a_page_to_print(tmp_path: Path) -> None:
    press = press_with(NO_PANGO, tmp_path)

    missing = press.missing()
    assert missing is not None
    assert "libpango-1.0.so.0" in missing
    with pytest.raises(Unavailable) as caught:
        press.certificate(page_for("km"))
    assert (caught.value.code, caught.value.details["reason"]) == ("press.missing", missing)
    assert SHORT["km"] in press.printable(page_for("km"))


def test_with_pango_nothing_is_missing(press: WeasyPress) -> None:
    assert press.missing() is None


def test_an_idle_worker_ends_itself_and_the_next_page_starts_another() -> None:
    press = WeasyPress(idle_seconds=0.2)
    try:
        first = press.certificate(page_for("en"))
        pid = press.worker_pid
        waited = time.monotonic() + 10
        while press._worker and press._worker.runs() and time.monotonic() < waited:
            time.sleep(0.02)

        assert press.certificate(page_for("en")) == first
        assert press.worker_pid != pid
    finally:
        press.close()


def test_a_worker_ends_with_its_asker(press: WeasyPress) -> None:
    press.certificate(page_for("en"))
    worker = press._worker
    assert worker is not None
    worker.into.close()  # what the system does when the server is killed

    assert worker.process.wait(timeout=10) == 0


def test_officers_who_ask_at_once_each_get_their_own_certificate(press: WeasyPress) -> None:
    expected = {language: press.certificate(page_for(language)) for language in SHORT}
    got: dict[str, bytes] = {}

    def ask(language: str) -> None:
        got[language] = press.certificate(page_for(language))

    threads = [threading.Thread(target=ask, args=(language,)) for language in SHORT]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert got == expected


def test_no_system_font_and_no_home_is_needed(press: WeasyPress, tmp_path: Path) -> None:
    bare = WeasyPress(
        {"HOME": str(tmp_path / "none"), "FONTCONFIG_PATH": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}
    )
    try:
        assert bare.certificate(page_for("my")) == press.certificate(page_for("my"))
    finally:
        bare.close()


@pytest.mark.parametrize("scheme", ["file:///etc/hostname", "http://127.0.0.1:9/x.png"])
def test_a_page_cannot_make_the_press_fetch_anything(press: WeasyPress, scheme: str) -> None:
    sheet = Sheet(f'<html><body><img src="{scheme}" alt=""></body></html>', (), "EL1:")

    with pytest.raises(Unavailable) as caught:
        press._drawn(sheet, "2026-11-24T00:00:00+00:00")
    assert caught.value.code == "press.failed"
    pages, _ = press._drawn(Sheet("<html><body>next</body></html>", (), "EL1:"), "2026-11-24T00:00:00+00:00")
    assert pages == 1
