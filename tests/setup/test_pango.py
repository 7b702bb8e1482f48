"""Finding Pango: what is missing is named, and a library unpacked beside the system's is found by its soname."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from elearn.adapters import pango

TOP = Path(__file__).resolve().parents[2]


def ask(program: str, unpacked: Path) -> str:
    """Run a few lines in a process of their own (what a process has loaded stays loaded); return what they print."""
    environ = {**os.environ, "ELEARN_PANGO": str(unpacked), "PYTHONPATH": str(TOP)}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.strip()


def test_a_library_that_is_nowhere_is_named(tmp_path: Path) -> None:
    program = """
from elearn.adapters import pango
pango.NEEDED = ("libc.so.6", "libno-such-thing.so.7")
print(pango.find_pango())
"""
    assert ask(program, tmp_path) == "missing: libno-such-thing.so.7"


def test_a_folder_that_is_not_there_is_no_error(tmp_path: Path) -> None:
    program = """
from elearn.adapters import pango
pango.NEEDED = ("libno-such-thing.so.7",)
print(pango.find_pango())
"""
    assert ask(program, tmp_path / "nowhere") == "missing: libno-such-thing.so.7"


def test_a_file_that_is_no_library_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "libtorn.so.1").write_bytes(b"\x7fELF torn")
    program = """
from elearn.adapters import pango
pango.NEEDED = ("libtorn.so.1",)
print(pango.find_pango())
"""
    assert ask(program, tmp_path) == "missing: libtorn.so.1"


def test_an_unpacked_library_is_found_by_its_soname(tmp_path: Path) -> None:
    # A library that every Debian has stands in for Pango's, copied under a name that the loader can't know.
    (tmp_path / "usr" / "lib").mkdir(parents=True)
    shutil.copy(file_of("liblzma.so.5"), tmp_path / "usr" / "lib" / "libunpacked.so.5")
    program = """
import ctypes, re
from pathlib import Path
from elearn.adapters import pango
pango.NEEDED = ("libno-such-thing.so.7",)
pango.find_pango()
ctypes.CDLL("liblzma.so.5")
print(*sorted(set(re.findall(r"(?:liblzma|libunpacked)\\S*", Path("/proc/self/maps").read_text()))))
"""
    assert ask(program, tmp_path) == "libunpacked.so.5"


def file_of(soname: str) -> str:
    """Return the path of a system library's file."""
    program = (
        f"import ctypes; from pathlib import Path; ctypes.CDLL({soname!r}); print(Path('/proc/self/maps').read_text())"
    )
    return next(line.split()[-1] for line in ask(program, Path("/nowhere")).splitlines() if "liblzma" in line)


@pytest.mark.pango
def test_pango_is_found_where_set_up_put_it() -> None:
    assert pango.find_pango() is None
